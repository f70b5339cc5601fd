"""The courier: what becomes of an alert at each target, in real children and over real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
import pytest_asyncio

from monitor.alerts.route import Route
from monitor.alerts.template import Template
from monitor.sandbox import Sandbox
from monitor.senders import senders
from tests.alerts.sinks import Behaviour, answers, free_port, http_sink, never_answers
from tests.couriers import SECOND, Round, courier_round
from tests.load import slowdown

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""A loop for all: children belong to one, and to start them anew for each test takes longer than the test."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def children() -> AsyncIterator[Sandbox]:
    with senders(32) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="module")
async def round_(children: Sandbox) -> AsyncIterator[Round]:
    async with courier_round(concurrency=32, children=children) as made:
        yield made


async def test_twenty_receivers_that_hang_do_not_delay_a_healthy_one(round_: Round) -> None:
    with http_sink() as twenty, http_sink() as healthy:
        names = [f"hanging{number}" for number in range(20)]
        for name in names:
            round_.receiver(name, twenty.url())
        round_.receiver("healthy", healthy.url())
        with slowdown() as machine:
            usual = await until_delivered(round_, "healthy", *names, "healthy", key="A-1")
            twenty.behave = never_answers
            delayed = await until_delivered(round_, "healthy", *names, "healthy", key="A-2")
        assert delayed - usual < 1 * machine.times
        assert len(healthy.bodies) == 2


async def until_delivered(round_: Round, waited_for: str, *names: str, key: str) -> float:
    """Tell all of these; the seconds until one of them has heard."""
    began = time.monotonic()
    await round_.tell(*names, key=key)
    await round_.courier.tick()
    while (f"{key}-{waited_for}", "delivered") not in [
        (report.delivery.alert.id, report.state) for report in round_.reports
    ]:
        await asyncio.sleep(0.005)
    return time.monotonic() - began


async def test_receivers_that_have_failed_leave_slots_to_those_that_work() -> None:
    async with courier_round(concurrency=4) as now:
        with http_sink() as hanging, http_sink() as healthy:
            hanging.behave = answers(500)
            for name in "abcd":
                now.receiver(name, hanging.url())
            now.receiver("healthy", healthy.url())
            await now.tell(*"abcd")
            await now.go()
            await now.go()
            hanging.behave = never_answers
            now.now += timedelta(minutes=1)
            assert await now.courier.tick() == 3, "the fourth slot is kept free"
            await now.tell("healthy", key="A-2")
            assert await now.courier.tick() == 1
            while now.reports[-1].delivery.receiver != "healthy":
                await asyncio.sleep(0.005)


async def test_a_message_refused_as_it_was_is_said_plainly_and_then_is_a_dead_letter(
    round_: Round,
) -> None:
    with http_sink() as sink:
        sink.behave = answers(400)
        round_.receiver("desk", sink.url())
        await round_.tell("desk")
        assert [await round_.go(), await round_.go(), await round_.go()] == [1, 1, 0]
        (one,) = await round_.deliveries()
    assert (one.state, one.error) == ("dead", "refused for good: HTTP 400 bad request")
    rich, plain = sink.bodies
    assert len(plain) < len(rich)
    assert b"A-11111-11111" in plain


async def test_a_plain_message_that_is_taken_is_delivered(round_: Round) -> None:
    with http_sink() as sink:

        def behave(request: BaseHTTPRequestHandler) -> None:
            answers(413 if len(sink.bodies) == 1 else 200)(request)

        sink.behave = behave
        round_.receiver("desk", sink.url())
        await round_.tell("desk")
        await round_.go()
        await round_.go()
        assert await round_.states() == [("desk", "delivered")]


async def test_a_target_that_asks_for_patience_has_it_from_all_its_deliveries(round_: Round) -> None:
    with http_sink() as sink:
        sink.behave = answers(429, b"", {"Retry-After": "90"})
        round_.receiver("desk", sink.url())
        await round_.tell("desk")
        await round_.go()
        await round_.tell("desk", key="A-2")
        sink.behave = answers(200)
        round_.now += 89 * SECOND
        assert await round_.go() == 0
        round_.now += SECOND
        assert await round_.go() == 1
        assert len(sink.bodies) == 2


async def test_a_service_that_takes_a_message_a_while_gets_one_a_while(round_: Round) -> None:
    # Nobody is at the other end: what counts is when it is tried.
    round_.receiver("desk", f"mmost://127.0.0.1:{free_port()}/aaaabbbbccccddddeeeeffff12")
    await round_.tell("desk")
    await round_.tell("desk", key="A-2")
    assert (await round_.go(), await round_.go()) == (1, 0)
    round_.now += SECOND
    assert await round_.go() == 1


async def test_a_clock_that_is_set_back_does_not_make_a_target_rest_for_ever(round_: Round) -> None:
    round_.receiver("desk", f"mmost://127.0.0.1:{free_port()}/aaaabbbbccccddddeeeeffff12")
    await round_.tell("desk")
    await round_.go()
    round_.now -= timedelta(days=1)
    await round_.tell("desk", key="A-2")
    assert await round_.go() == 1


async def test_what_is_due_is_delivered_to_the_end_also_at_a_pace(round_: Round) -> None:
    with http_sink() as sink:
        round_.receiver("desk", sink.url())
        for number in range(3):
            await round_.tell("desk", key=f"A-{number}")
        await round_.courier.deliver_all()
        assert len(sink.bodies) == 3


async def test_what_may_have_arrived_says_so_when_it_is_told_again(round_: Round) -> None:
    with http_sink() as sink:
        sink.behave = lambda request: None  # takes it and hangs up
        round_.receiver("desk", sink.url())
        await round_.tell("desk")
        await round_.go()
        sink.behave = answers(200)
        round_.now += 10 * SECOND
        await round_.go()
        assert "This may repeat an earlier message." not in sink.bodies[0].decode()
        assert "This may repeat an earlier message." in sink.bodies[1].decode()


async def test_a_send_that_does_not_end_is_ended_and_uncertain(round_: Round) -> None:
    with http_sink() as sink:
        sink.behave = never_answers
        round_.send_seconds = 0.2
        round_.receiver("desk", sink.url())
        await round_.tell("desk")
        await round_.go()
    (one,) = await round_.deliveries()
    assert (one.state, one.may_repeat, one.error) == ("due", True, "no end within 0 s, given up")


async def test_the_terminal_is_the_monitors_own(round_: Round, capsys: pytest.CaptureFixture[str]) -> None:
    round_.receiver("desk", "stdout://")
    await round_.tell("desk")
    await round_.go()
    assert await round_.states() == [("desk", "delivered")]
    assert "Cuba: Spy base grows\n" in capsys.readouterr().out


async def test_a_receiver_that_is_configured_no_more_is_a_dead_letter(round_: Round) -> None:
    round_.receiver("desk", "stdout://")
    await round_.tell("desk")
    round_.receivers.clear()
    await round_.go()
    (one,) = await round_.deliveries()
    assert one.error == "refused for good: the receiver or its target is no longer configured"


@pytest.mark.parametrize("behave", [answers(404), answers(403)])
async def test_a_dead_letter_is_told_to_another_receiver(round_: Round, behave: Behaviour) -> None:
    with http_sink() as broken, http_sink() as other:
        broken.behave = behave
        round_.receiver("desk", broken.url())  # the root's receiver: the notice would go to it alone
        round_.receiver("other", other.url())
        await round_.tell("desk")
        await round_.go()
        assert await round_.go() == 1
        assert other.last["title"].startswith("_monitor: Not delivered: alert A-11111-11111-desk to desk")
        assert round_.reports[0].noticed


async def test_one_dead_letter_a_day_is_told_of_a_target(round_: Round) -> None:
    with http_sink() as broken, http_sink() as other:
        broken.behave = answers(404)
        round_.receiver("desk", broken.url())
        round_.receiver("other", other.url())
        for number in range(3):
            await round_.tell("desk", key=f"A-{number}")
            await round_.go()
            await round_.go()
        assert len(other.bodies) == 1


async def test_a_notice_that_others_hear_of_anyhow_makes_no_alert_of_its_own(round_: Round) -> None:
    with http_sink() as broken:
        broken.behave = answers(404)
        round_.route = Route(receiver="other")
        round_.receiver("desk", broken.url())
        round_.receiver("other", broken.url())
        await round_.tell("desk")
        await round_.go()
        assert len(round_.reports[0].noticed) == 1
        assert await round_.go() == 0


async def test_a_receiver_that_fails_for_half_an_hour_is_told_to_another(round_: Round) -> None:
    with http_sink() as broken, http_sink() as other:
        broken.behave = answers(503)
        round_.receiver("desk", broken.url())
        round_.receiver("other", other.url())
        await round_.tell("desk")
        for _ in range(70):
            await round_.go()
            round_.now += timedelta(minutes=1)
        await round_.go()
        (body,) = other.bodies
        assert b"does not take alerts" in body


async def test_the_only_receiver_can_not_be_told_that_it_fails(round_: Round) -> None:
    with http_sink() as broken:
        broken.behave = answers(404)
        round_.receiver("desk", broken.url())
        await round_.tell("desk")
        await round_.go()
        assert await round_.states() == [("desk", "dead")]


def template(source: str) -> Template:
    return Template(sources={"text": source}, files={"text": "templates/my.txt"})


async def test_a_template_writes_the_message(round_: Round) -> None:
    with http_sink() as sink:
        round_.receiver("desk", sink.url())
        round_.templates["json"] = template("mine: {{ hits[0].headline }}")
        await round_.tell("desk")
        await round_.go()
        assert sink.last["message"].startswith("mine: Spy base grows")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ hits[0].nope }}", "templates/my.txt:1: 'dict object' has no attribute 'nope'"),
        (
            "{% for a in 'x' * 9999 %}{% for b in 'x' * 9999 %}{% for c in 'x' * 9999 %}{% endfor %}"
            "{% endfor %}{% endfor %}",
            "templates/my.txt: not done within 0.5 s, killed",
        ),
        ("{{ ('x' * 9999999999)|length }}", "templates/my.txt: out of memory"),
    ],
)
async def test_a_template_that_fails_is_named_and_the_alert_is_told_as_ever(
    round_: Round, source: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.sending.FILL_SECONDS", 0.5)
    with http_sink() as sink:
        round_.receiver("desk", sink.url())
        round_.templates["desk"] = template(source)
        await round_.tell("desk")
        await round_.go()
        assert "Spy base grows" in sink.last["message"]
    (one,) = await round_.deliveries()
    assert one.state == "delivered"
    assert one.error == f"the template can not be used, our own was: {problem}"
    assert round_.reports[0].detail == one.error


async def test_every_attempt_carries_the_same_links_and_nobody_else_learns_the_key(round_: Round) -> None:
    with http_sink() as hook:
        hook.behave = answers(503)
        round_.receiver("desk", hook.url())
        round_.site = "https://news.example.org"
        await round_.tell("desk")
        await round_.go()
        hook.behave = answers(200)
        round_.now += timedelta(minutes=1)
        await round_.go()
    first, second = (json.loads(body)["alert"]["acts"] for body in hook.bodies)
    assert first == second
    assert first[0]["url"].startswith("https://news.example.org/act/ack.A-11111-11111-desk.0.")
    key = await round_.store.run(lambda store: store.secret("links"))
    assert key
    assert not any(key.encode() in body for body in hook.bodies)


@pytest.mark.parametrize(("site", "acts"), [("", True), ("https://news.example.org", False)])
async def test_messages_have_no_links_where_the_desk_can_not_be_reached_or_the_receiver_wants_none(
    round_: Round, site: str, acts: bool
) -> None:
    with http_sink() as hook:
        round_.receiver("desk", hook.url())
        round_.site = site
        round_.receivers["desk"] = replace(round_.receivers["desk"], acts=acts)
        await round_.tell("desk")
        await round_.go()
    assert "acts" not in json.loads(hook.bodies[0])["alert"]
