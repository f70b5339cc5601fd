"""What goes over the wire to each service, byte for byte: rendered by us, sent by Apprise, wire mocked.

The expected requests stand in golden/. After a change that is meant, write them anew with
`WRITE_GOLDEN=1 pytest tests/alerts/test_golden.py` and read the difference.
"""

import email
import email.policy
import json
import os
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.alert import Alert, Section
from monitor.alerts.deliver import deliver
from monitor.alerts.message import Message
from monitor.alerts.render import render
from monitor.alerts.services import service_of
from monitor.alerts.signature import Signer
from tests.alerts.examples import alert, hit, marked
from tests.alerts.sinks import mail_sink

GOLDEN = Path(__file__).parent / "golden"

ALERT = alert(
    hit(
        1,
        marked("Spy base near Havana_1 grows *again* @everyone", "Havana"),
        snippets=(marked("… “the base” <b>near</b> Havana & [click](https://evil.example) …", "Havana"),),
        severity="high",
        link="https://example.org/a_b(c)?d=1&e=2",
        clauses=('"spy base"', "Havana NEAR/10 base"),
    ),
    hit(2, marked("哈瓦那附近的间谍基地", "哈瓦那"), severity="high", feed="新闻 <!channel>"),
    more=7,
)
ALERT = replace(ALERT, thread="topic:Cuba")

DIGEST = replace(
    alert(
        *(hit(number, f"Cuba entry {number}", published=None) for number in (1, 2)),
        *(hit(9 + number, f"Strait entry {number}", topic="Taiwan Strait") for number in (1, 2)),
        more=5,
    ),
    kind="digest",
    sections=(Section(topic="Cuba", shown=2), Section(topic="Taiwan Strait", shown=2, more=5)),
    coverage="212 of 214 feeds polled, 3,120 entries read; 2 blind: Beta, Gamma",
    group_labels={},
    thread="",
)

TARGETS = {
    "slack": "slack://TokenAAAA/TokenBBBB/TokenCCCCCCCCCCCCCCCCCCCC",
    "slack-blocks": "slack://TokenAAAA/TokenBBBB/TokenCCCCCCCCCCCCCCCCCCCC?blocks=yes",
    "discord": "discord://1234567890/abcdefghijklmnopqrstuvwxyz",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "teams": "workflows://prod.logic.azure.com:443/643e69f83c8944/438jKkTok/",
    "matrix-hookshot": "matrix://hook@matrix.example.org?mode=hookshot",
    "mattermost": "mmost://chat.example.org/aaaabbbbccccddddeeeeffff12",
    "google-chat": "gchat://workspace/key/token",
    "webex": f"webex://{'a' * 80}/",
    "zulip": "zulip://bot@org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/general",
    "ntfy": "ntfys://ntfy.example.org/topic",
    "gotify": "gotify://gotify.example.org/aaaaaaaaaaaaaaa",
    "pushover": f"pover://{'u' * 30}@{'a' * 30}",
    "webhook": "jsons://hooks.example.org/path",
    "sms": "voipms://password:user@example.org/16135551234/16135554321",
}


class Wire:
    """Stands for the network: keeps the last request and answers 200."""

    def __init__(self) -> None:
        self.request: Any = None

    def send(self, request: Any, **_: object) -> Any:
        import requests

        self.request = request
        reply = requests.Response()
        reply.status_code, reply.url, reply.request = 200, request.url, request
        reply._content_consumed = True
        reply._content = b'{"status": "success"}' if "voip.ms" in request.url else b"ok"
        return reply

    def sent(self) -> str:
        body = self.request.body or b""
        text = body.decode() if isinstance(body, bytes) else body
        return f"{self.request.method} {self.request.url}\n\n{readable(text)}\n"


def readable(body: str) -> str:
    try:
        content = json.loads(body)
    except ValueError:
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(body))
    for attachment in content.get("attachments", []):
        attachment.pop("ts", None)
    return json.dumps(content, ensure_ascii=False, indent=2)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    import requests

    wire = Wire()
    monkeypatch.setattr(
        requests.adapters.HTTPAdapter, "send", lambda _self, *args, **kw: wire.send(*args, **kw)
    )
    return wire


SIGNER = Signer(site="https://news.example.org", key=b"a key")
"""Makes the links of messages where the desk can be reached from elsewhere."""

SINGLE = replace(
    alert(
        replace(
            hit(1, marked("Spy base near Havana", "Havana")),
            labels={"topic": "Cuba", "feed": "World News", "story": "17"},
        )
    ),
    thread="topic:Cuba",
)


def expect(name: str, sent: str) -> None:
    path = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(sent, encoding="utf-8")
    assert sent == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TARGETS)
def test_what_a_service_gets(name: str, wire: Wire) -> None:
    url = TARGETS[name]
    message = render(ALERT, zone=ZoneInfo("Europe/Prague"), service=service_of(url))
    outcome = deliver(url, message, allow_private=True)
    assert outcome.detail == ""
    expect(f"{name}.txt", wire.sent())


@pytest.mark.parametrize("name", ["slack", "telegram", "ntfy", "webhook", "discord"])
def test_what_a_service_gets_as_a_digest(name: str, wire: Wire) -> None:
    message = render(DIGEST, zone=ZoneInfo("Europe/Prague"), service=service_of(TARGETS[name]))
    assert deliver(TARGETS[name], message, allow_private=True).detail == ""
    expect(f"{name}-digest.txt", wire.sent())


@pytest.mark.parametrize(
    "name", ["slack", "telegram", "ntfy", "webhook", "discord", "teams", "sms", "pushover"]
)
def test_what_a_service_gets_with_links_to_act(name: str, wire: Wire) -> None:
    url = TARGETS[name]
    message = render(SINGLE, zone=ZoneInfo("Europe/Prague"), service=service_of(url), signer=SIGNER)
    assert deliver(url, message, allow_private=True).detail == ""
    expect(f"{name}-act.txt", wire.sent())


@pytest.mark.parametrize(("made", "name"), [(SINGLE, "mail-act"), (DIGEST, "mail-digest-act")])
def test_what_a_mailbox_gets_with_links_to_act(made: Alert, name: str) -> None:
    mail_is(name, render(made, zone=ZoneInfo("Europe/Prague"), service="mailto", signer=SIGNER))


def test_what_a_mailbox_gets() -> None:
    mail_is("mail", render(ALERT, zone=ZoneInfo("Europe/Prague"), service="mailto"))


def mail_is(name: str, message: Message) -> None:
    """Sent, it arrives as both parts of its golden."""
    with mail_sink() as mails:
        url = (
            f"mailto://127.0.0.1:{mails.port}/?from=monitor@example.org&to=reader@example.org&smtp=127.0.0.1"
        )
        deliver(url, message, allow_private=True)
    mail = email.message_from_bytes(mails.mails[0], policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    for kind, suffix in (("plain", "txt"), ("html", "html")):
        part = mail.get_body([kind])
        assert part is not None
        content = part.get_content().replace("\r\n", "\n")
        subject = f"Subject: {mail['Subject']}\n\n" if kind == "plain" else ""
        expect(f"{name}.{suffix}", subject + content)
