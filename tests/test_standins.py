"""Stand-ins of real services, and every way in which one fails: what becomes of an alert is as promised.

An SMTP server, an ntfy, a chat with web hooks (Mattermost takes Slack's), and a web hook that takes JSON.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.store.records import Delivery
from tests.alerts.sinks import (
    Behaviour,
    answers,
    breaks_off,
    closes,
    drips,
    free_port,
    http_sink,
    never_answers,
    never_ends,
    resets,
)
from tests.couriers import NOON, SECOND, Round, courier_round

PATIENCE = 3.0
"""Seconds that a send may take here."""


def slow(request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)  # slowness is what is tried
    answers(200)(request)


FAILURES: dict[str, tuple[Behaviour, str, bool, str]] = {
    # what is done: how it answers, the delivery's state, whether it may repeat, the error
    "healthy": (answers(200), "delivered", False, ""),
    "slow": (slow, "delivered", False, ""),
    "endless reply": (never_ends, "delivered", False, ""),
    "never answers": (never_answers, "due", True, "no end within 3 s, given up"),
    "drip": (drips, "due", True, "no end within 3 s, given up"),
    "429": (answers(429, b"", {"Retry-After": "77"}), "due", False, "HTTP 429 too many requests"),
    "500": (answers(500), "due", False, "HTTP 500 server error"),
    "400": (answers(400), "dead", False, "refused for good: HTTP 400 bad request"),
    "404": (answers(404), "dead", False, "refused for good: HTTP 404 not found"),
    "truncated": (breaks_off(200), "due", True, "sent, but no whole reply came: cut short"),
    "truncated failure": (breaks_off(500), "due", False, "HTTP 500 server error"),
    "hangs up": (closes, "due", True, "sent, but no whole reply came: closed without a reply"),
    "reset": (resets, "due", True, "sent, but no whole reply came: connection reset"),
}

SERVICES = {
    "ntfy": "ntfy://127.0.0.1:{port}/topic",
    "mattermost": "mmost://127.0.0.1:{port}/aaaabbbbccccddddeeeeffff12",
    "webhook": "json://127.0.0.1:{port}/hook",
}


async def outcomes(round_: Round) -> dict[str, Delivery]:
    """Deliver to all receivers at once, and a second later what is due again; the deliveries by receiver."""
    await round_.tell(*round_.receivers)
    await round_.go()
    round_.now += SECOND
    await round_.go()
    return {one.receiver: one for one in await round_.deliveries() if one.alert.id.startswith("A-11111")}


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
async def test_each_failure_of_a_service_has_the_outcome_that_is_promised(service: str) -> None:
    async with courier_round(concurrency=32) as round_:
        round_.send_seconds = PATIENCE
        with ExitStack() as sinks:
            for name, (behave, *_) in FAILURES.items():
                sink = sinks.enter_context(http_sink())
                sink.behave = behave
                round_.receiver(name, SERVICES[service].format(port=sink.port))
            round_.receiver("refused", SERVICES[service].format(port=free_port()))
            found = await outcomes(round_)
        refused = found.pop("refused")
        assert (refused.state, refused.error) == ("due", "no connection: connection refused")
        assert {name: (one.state, one.may_repeat, one.error) for name, one in found.items()} == {
            name: (state, repeats, error) for name, (_, state, repeats, error) in FAILURES.items()
        }
        assert found["429"].next_at == NOON + 77 * SECOND


class Postbox:
    """Keeps mails; answers a mail as it is told."""

    def __init__(self, answer: Callable[[SMTP], Any]) -> None:
        self.answer = answer
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        reply: str = await self.answer(server)
        return reply


@contextmanager
def mail_server(answer: Callable[[SMTP], Any]) -> Iterator[tuple[Postbox, int]]:
    postbox = Postbox(answer)
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield postbox, controller.port
    finally:
        controller.stop()


def says(reply: str, *, after: float = 0) -> Callable[[SMTP], Any]:
    async def answer(_: SMTP) -> str:
        await asyncio.sleep(after)  # a slow server is what is tried
        return reply

    return answer


async def resets_after_accepting(server: SMTP) -> str:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()
    return "250 OK"


MAIL_FAILURES: dict[str, tuple[Callable[[SMTP], Any], str, bool, str]] = {
    "healthy": (says("250 OK"), "delivered", False, ""),
    "slow": (says("250 OK", after=0.5), "delivered", False, ""),
    "hangs": (says("250 OK", after=60), "due", True, "no end within 3 s, given up"),
    "try later": (says("451 try later"), "due", False, "SMTP 451: try later"),
    "too many": (says("421 too many messages"), "due", False, "SMTP 421: too many messages"),
    "too large": (says("552 too large"), "dead", False, "refused for good: SMTP 552: too large"),
    "no such user": (says("550 no such user"), "dead", False, "refused for good: SMTP 550: no such user"),
    "reset": (
        resets_after_accepting, "due", True, "the mail was sent, and the server did not confirm it"
    ),
}  # fmt: skip


@pytest.mark.slow
async def test_each_failure_of_a_mail_server_has_the_outcome_that_is_promised() -> None:
    async with courier_round(concurrency=32) as round_:
        round_.send_seconds = PATIENCE
        with ExitStack() as servers:
            boxes = {}
            for name, (answer, *_) in MAIL_FAILURES.items():
                boxes[name], port = servers.enter_context(mail_server(answer))
                round_.receiver(name, f"mailto://127.0.0.1:{port}/?from=a@example.org&to=b@example.org")
            round_.receiver(
                "refused", f"mailto://127.0.0.1:{free_port()}/?from=a@example.org&to=b@example.org"
            )
            found = await outcomes(round_)
        refused = found.pop("refused")
        assert (refused.state, refused.error) == ("due", "no connection: connection refused")
        assert {name: (one.state, one.may_repeat, one.error) for name, one in found.items()} == {
            name: (state, repeats, error) for name, (_, state, repeats, error) in MAIL_FAILURES.items()
        }
        assert boxes["healthy"].mails
        rich, plain = boxes["too large"].mails
        assert b"text/html" in rich
        assert b"text/html" not in plain
