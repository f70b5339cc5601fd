"""Sending through Apprise to receivers on loopback: what arrives, and how each failure is understood."""

import email
import email.policy
import logging
import pickle
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from typing import NoReturn

import pytest

from monitor.alerts.deliver import check_url, deliver
from monitor.alerts.message import Message
from monitor.alerts.outcome import Kind, Outcome
from monitor.errors import SandboxTimeoutError
from monitor.sandbox import Sandbox
from tests.alerts.sinks import (
    Behaviour,
    HttpSink,
    MailSink,
    answers,
    breaks_off,
    closes,
    drips,
    free_port,
    http_sink,
    mail_sink,
    never_answers,
    never_ends,
    resets,
)

MESSAGE = Message(title="Cuba: Spy base grows", text="Spy base grows\nA-7K3QX-9ZD4M", html="<b>Spy base</b>")

TEXT = replace(MESSAGE, html=None)

send = partial(deliver, message=MESSAGE, allow_private=True)


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as sink:
        yield sink


def test_a_web_hook_gets_title_and_text(sink: HttpSink) -> None:
    assert send(sink.url(), message=TEXT) == Outcome(kind="delivered")
    assert (sink.last["title"], sink.last["message"]) == (MESSAGE.title, MESSAGE.text)


def test_a_topic_of_ntfy_gets_title_and_text(sink: HttpSink) -> None:
    assert send(sink.url("ntfy", "alerts"), message=TEXT).kind == "delivered"
    assert sink.last == {"topic": "alerts", "title": MESSAGE.title, "message": MESSAGE.text}


def test_text_of_strangers_is_neither_unescaped_nor_turned_into_emoji(sink: HttpSink) -> None:
    text = r"\n \x41 :smile: \u0041"
    deliver(sink.url(rest="?emojis=yes"), Message(title="", text=text), allow_private=True)
    assert sink.last["message"] == text


@pytest.mark.parametrize(
    ("behave", "kind", "detail"),
    [
        (answers(400, b""), "refused", "HTTP 400 bad request"),
        (answers(404, b'{"error": "no such hook"}'), "permanent", "HTTP 404 not found: no such hook"),
        (answers(429, b""), "retry", "HTTP 429 too many requests"),
        (answers(500, b""), "retry", "HTTP 500 server error"),
        (answers(503, b"<html>"), "retry", "HTTP 503 unavailable"),
        (answers(302, b"", {"Location": "/elsewhere"}), "permanent", "HTTP 302 moved to another address"),
        (closes, "uncertain", "sent, but no whole reply came: closed without a reply"),
        (resets, "uncertain", "sent, but no whole reply came: connection reset"),
        (breaks_off(200), "uncertain", "sent, but no whole reply came: cut short"),
        (breaks_off(500), "retry", "HTTP 500 server error"),
        (breaks_off(404), "permanent", "HTTP 404 not found"),
    ],
)
def test_each_failure_is_understood(sink: HttpSink, behave: Behaviour, kind: Kind, detail: str) -> None:
    sink.behave = behave
    outcome = send(sink.url())
    assert (outcome.kind, outcome.detail) == (kind, detail)
    assert len(sink.bodies) == 1


def test_a_receiver_that_never_answers_may_have_taken_it(sink: HttpSink) -> None:
    sink.behave = never_answers
    outcome = send(sink.url(rest="?rto=0.2"))
    assert outcome == Outcome(kind="uncertain", detail="sent, but no whole reply came: timed out")


def test_a_second_address_that_answers_no_more_than_half_may_have_taken_it(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing, taking = (
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (free_port(), sink.port)
    )
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [refusing, taking])
    sink.behave = closes
    assert send("json://two-addresses.example/").kind == "uncertain"


def test_a_reply_that_never_ends_is_read_in_part(sink: HttpSink) -> None:
    sink.behave = never_ends
    assert send(sink.url()) == Outcome(kind="delivered")


async def test_a_receiver_that_drips_is_ended_with_its_child_process(sink: HttpSink) -> None:
    sink.behave = drips
    with Sandbox(1, preload=("monitor.alerts.deliver",)) as sandbox:
        with pytest.raises(SandboxTimeoutError):
            await sandbox.run(deliver, sink.url(), MESSAGE, allow_private=True, timeout=1)
        sink.behave = answers(200)
        outcome = await sandbox.run(deliver, sink.url(), MESSAGE, allow_private=True, timeout=20)
    assert outcome == Outcome(kind="delivered")
    assert len(sink.bodies) == 2


def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    outcome = send(f"json://127.0.0.1:{free_port()}/")
    assert outcome == Outcome(kind="retry", detail="no connection: connection refused")


def test_a_host_that_has_no_address_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = send("json://nowhere.invalid/")
    assert outcome == Outcome(kind="retry", detail="the host was not found: no such name")


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "17"}, b"", 17.0),
        ({"Retry-After": "1.5"}, b"", 1.5),
        (
            {"Retry-After": "Tue, 05 Mar 2024 12:01:00 GMT", "Date": "Tue, 05 Mar 2024 12:00:00 GMT"},
            b"",
            60.0,
        ),
        ({"Retry-After": "soon"}, b"", None),
        ({}, b'{"ok": false, "parameters": {"retry_after": 30}}', 30.0),
        ({}, b'{"retry_after": 0.25}', 0.25),
        ({}, b"[]", None),
    ],
)
def test_how_long_a_receiver_asks_to_wait(
    sink: HttpSink, headers: dict[str, str], body: bytes, seconds: float | None
) -> None:
    def behave(request: object) -> None:
        request.send_response_only(429)  # type: ignore[attr-defined]  # sends no Date of its own
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)  # type: ignore[attr-defined]
        request.end_headers()  # type: ignore[attr-defined]
        request.wfile.write(body)  # type: ignore[attr-defined]

    sink.behave = behave
    assert send(sink.url()).retry_after == seconds


def test_no_sender_tries_again_by_itself(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.discord import NotifyDiscord

    monkeypatch.setattr(NotifyDiscord, "notify_url", sink.url("http", "hooks"))
    sink.behave = answers(429, b"{}", {"Retry-After": "5"})
    assert send("discord://1234567890/abcdefghijklmnopqrstuvwxyz") == Outcome(
        kind="retry", detail="HTTP 429 too many requests", retry_after=5.0
    )
    assert len(sink.bodies) == 1


def test_a_retry_asked_for_in_the_url_is_left_to_the_courier(sink: HttpSink) -> None:
    sink.behave = answers(500)
    send(sink.url(rest="?retry=3&wait=0.01"))
    assert len(sink.bodies) == 1


def test_a_failure_of_an_optional_target_is_a_failure(sink: HttpSink) -> None:
    sink.behave = answers(500)
    assert send(sink.url(rest="?optional=yes")).kind == "retry"


def test_a_service_that_answers_200_with_an_error_did_not_take_it(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", sink.url("http", "services"))
    sink.behave = answers(200, b'{"ok": false, "error": "channel_not_found"}')
    outcome = send("slack://TokenAAAA/TokenBBBB/TokenCCCCCCCCCCCCCCCCCCCC")
    assert outcome == Outcome(kind="permanent", detail="HTTP 200, but it was not taken: channel_not_found")


@pytest.mark.parametrize(
    "url", ["json://127.0.0.1:{port}/", "json://localhost:{port}/", "json://[::1]:{port}/"]
)
def test_a_private_address_is_refused_and_not_contacted(sink: HttpSink, url: str) -> None:
    outcome = deliver(url.format(port=sink.port), MESSAGE, allow_private=False)
    assert outcome.kind == "permanent"
    assert "is this machine: set allow_private on the receiver" in outcome.detail
    assert sink.bodies == []


def test_a_private_mail_server_is_refused_too() -> None:
    with mail_sink() as mails:
        outcome = deliver(mail_url(mails), MESSAGE, allow_private=False)
    assert (outcome.kind, mails.mails) == ("permanent", [])


@pytest.mark.parametrize("url", ["rsyslog://127.0.0.1:5140", "syslog://?facility=nonsense"])
def test_other_protocols_are_watched_or_explained(url: str) -> None:
    assert deliver(url, MESSAGE, allow_private=False).kind == "permanent"


def mail_url(mails: MailSink, rest: str = "to=reader@example.org") -> str:
    return f"mailto://127.0.0.1:{mails.port}/?from=monitor@example.org&smtp=127.0.0.1&{rest}"


def test_a_mail_has_our_text_and_our_html() -> None:
    with mail_sink() as mails:
        assert send(mail_url(mails)) == Outcome(kind="delivered")
    mail = email.message_from_bytes(mails.mails[0], policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    text, html = (mail.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert (mail["Subject"], mail["To"]) == (MESSAGE.title, "reader@example.org")
    assert text.get_content().replace("\r\n", "\n").strip() == MESSAGE.text
    assert html.get_content().strip() == MESSAGE.html


def test_mails_of_one_thread_refer_to_one_root_and_have_ids_of_their_own() -> None:
    with mail_sink() as mails:
        for text in ("one", "two"):
            send(
                mail_url(mails), message=replace(MESSAGE, text=text, thread="topic:Cuba @everyone\r\nBcc: x")
            )
        send(mail_url(mails), message=replace(MESSAGE, thread="topic:Taiwan Strait"))
        send(mail_url(mails))
    one, two, other, none = (
        email.message_from_bytes(mail, policy=email.policy.default) for mail in mails.mails
    )
    assert one["References"] == two["References"] == one["In-Reply-To"]
    assert one["References"] != other["References"]
    assert none["References"] is None
    assert len({mail["Message-ID"] for mail in (one, two, other, none)}) == 4
    assert "Bcc" not in one


def test_a_web_hook_gets_the_alert_as_data_too(sink: HttpSink) -> None:
    send(sink.url(), message=replace(TEXT, data={"id": "A-1"}))
    assert sink.last["alert"] == {"id": "A-1"}
    assert sink.last["message"] == TEXT.text


def test_a_mail_of_plain_text_is_asked_for_in_the_url() -> None:
    with mail_sink() as mails:
        send(mail_url(mails, "to=reader@example.org&format=text"))
    mail = email.message_from_bytes(mails.mails[0], policy=email.policy.default)
    assert mail.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("replies", "kind", "detail"),
    [
        ({"rcpt": "550 no such user"}, "permanent", "SMTP 550: no such user"),
        ({"rcpt": "450 try later"}, "retry", "SMTP 450: try later"),
        ({"mail": "421 closing"}, "retry", "SMTP 421: closing"),
        ({"data": "554 spam"}, "refused", "SMTP 554: spam"),
        ({"body": "552 too large"}, "refused", "SMTP 552: too large"),
        ({"body": ""}, "uncertain", "the mail was sent, and the server did not confirm it"),
        ({"mail": ""}, "retry", "the mail server ended the connection before the mail was sent"),
    ],
)
def test_a_mail_servers_answers_are_understood(replies: dict[str, str], kind: Kind, detail: str) -> None:
    with mail_sink(**replies) as mails:
        outcome = send(mail_url(mails))
    assert (outcome.kind, outcome.detail) == (kind, detail)


def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    outcome = send(f"mailto://127.0.0.1:{free_port()}/?from=a@example.org&to=b@example.org&smtp=127.0.0.1")
    assert outcome == Outcome(kind="retry", detail="no connection: connection refused")


def test_a_detail_holds_no_secret(sink: HttpSink) -> None:
    sink.behave = answers(403, b'{"message": "bad key s3cr3t-key for https://x.example/?t=tok-en"}')
    detail = send(f"json://user:s3cr3t-pass@127.0.0.1:{sink.port}/s3cr3t-key").detail
    assert detail == "HTTP 403 forbidden: bad key … for …"


def test_foreign_words_in_a_detail_are_safe(sink: HttpSink) -> None:
    sink.behave = answers(400, b'{"error": "a\\n\\u001b[31m@everyone"}')
    assert send(sink.url()).detail == "HTTP 400 bad request: a [31m＠everyone"


def test_nothing_of_apprise_reaches_the_programs_log(
    sink: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.behave = answers(500)
    with caplog.at_level(logging.DEBUG):
        send(sink.url())
        send("nonsense://x")
    assert [record for record in caplog.records if record.name.startswith(("apprise", "urllib3"))] == []


def test_the_doors_are_as_before_when_the_message_is_sent(sink: HttpSink) -> None:
    import requests

    before = (requests.Session.send, requests.adapters.HTTPAdapter.send)
    send(sink.url())
    assert (requests.Session.send, requests.adapters.HTTPAdapter.send) == before
    assert "connect" not in vars(socket.socket)


def test_a_sender_that_crashes_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.alerts import deliver as module

    def crash(*_: object) -> Outcome:
        raise RuntimeError("a bug, and s3cr3t")

    monkeypatch.setattr(module, "_by_apprise", crash)
    assert send("json://x") == Outcome(kind="retry", detail="the sender failed: RuntimeError")


def test_delivering_can_be_handed_to_a_child_process() -> None:
    assert pickle.loads(pickle.dumps((deliver, MESSAGE, Outcome(kind="delivered"))))


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("json://127.0.0.1/", None),
        ("stdout://", None),
        ("slack://TokenAAAA/TokenBBBB/TokenCCCCCCCCCCCCCCCCCCCC", None),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", None),
        ("mailtos://user:secret@gmail.com", None),
        ("", "not a URL such as slack://… or mailtos://…"),
        ("just words", "not a URL such as slack://… or mailtos://…"),
        ("json://a json://b", "not a URL such as slack://… or mailtos://…"),
        ("slcak://a/b/c", "no service has the scheme slcak://: did you mean slack://?"),
        ("https://example.org/hook", "https:// is no service: write jsons:// for a web hook"),
        ("mqtt://127.0.0.1/topic", "mqtt:// needs a Python package that is not installed"),
        (
            "ntfy://ntfy.example.org/one/two",
            "names 2 targets: give each a URL of its own, so that a retry never repeats another",
        ),
    ],
)
def test_what_is_wrong_with_a_url_is_said_in_words(url: str, wrong: str | None) -> None:
    assert check_url(url) == wrong


@pytest.mark.parametrize("url", ["tgram://not-a-token-s3cr3t", "discord://s3cr3t", "mailto://", "matrix://"])
def test_a_malformed_url_is_refused_without_showing_its_secrets(url: str) -> None:
    wrong = check_url(url)
    assert wrong
    assert "s3cr3t" not in wrong
    assert send(url).kind == "permanent"
