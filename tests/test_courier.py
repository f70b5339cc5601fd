"""The courier: what becomes of an alert at each target, in real children and over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest

from monitor.alerts.alert import Alert
from monitor.alerts.retry import Policy
from monitor.alerts.route import Receiver, Route, Target
from monitor.courier import Courier, DeliveryReport
from monitor.sending import senders
from monitor.store import open_store
from monitor.store.records import Delivery, NewDelivery
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from tests.alerts.examples import alert, hit, marked
from tests.alerts.sinks import Behaviour, answers, free_port, http_sink, never_answers

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HIT = hit(snippets=(marked("… soldiers at the base near Havana … " * 9, "Havana"),))


@dataclass
class Round:
    """A courier with a clock that the test moves, and its receivers: one target each, named by its key."""

    store: StoreThread
    courier: Courier = field(init=False)
    now: datetime = NOON
    receivers: dict[str, Receiver] = field(default_factory=dict)
    reports: list[DeliveryReport] = field(default_factory=list)
    route: Route = field(default_factory=lambda: Route(receiver="desk"))
    zone: tzinfo = UTC
    policy: Policy = field(default_factory=Policy)
    send_seconds: float = 20.0

    def receiver(self, name: str, url: str) -> None:
        target = Target(key=name, url=url, label=f"{name}'s")
        self.receivers[name] = Receiver(name=name, targets=(target,), allow_private=True)

    async def tell(self, *names: str, key: str = "A-11111-11111") -> None:
        """Make an alert with a delivery to each of these receivers; it is due at once."""
        for name in names:
            made = replace(alert(HIT), id=f"{key}-{name}", receiver=name)
            new = [NewDelivery(target=name, label=f"{name}'s")]
            await self.store.run(partial(_add, made, new, self.now))

    async def go(self) -> int:
        """Deliver what is due; returns how much it was."""
        started = await self.courier.tick()
        await self.courier.drain()
        return started

    async def deliveries(self) -> list[Delivery]:
        return await self.store.run(lambda store: store.deliveries()[::-1])

    async def states(self) -> list[tuple[str, str]]:
        return [(one.receiver, one.state) for one in await self.deliveries()]


@pytest.fixture
async def round_() -> AsyncIterator[Round]:
    async with _round(concurrency=32) as made:
        yield made


@asynccontextmanager
async def _round(*, concurrency: int) -> AsyncIterator[Round]:
    store = StoreThread(lambda: open_store(":memory:"))
    await store.open()
    made = Round(store=store)
    with senders(concurrency) as sandbox:
        made.courier = Courier(
            store=store,
            sandbox=sandbox,
            hears=made,
            clock=lambda: made.now,
            on_report=made.reports.append,
            on_trouble=_raise,
            concurrency=concurrency,
        )
        yield made
        await made.courier.close(grace=0)
    await store.close()


def _add(made: Alert, new: list[NewDelivery], now: datetime, store: Store) -> None:
    store.add_alert(made, new, hit_ids=[], now=now)


def _raise(error: Exception) -> None:
    raise error


async def test_twenty_receivers_that_hang_do_not_delay_a_healthy_one(round_: Round) -> None:
    with http_sink() as hanging, http_sink() as healthy:
        hanging.behave = never_answers
        for number in range(20):
            round_.receiver(f"hanging{number}", hanging.url())
        round_.receiver("healthy", healthy.url())
        await round_.tell("healthy")  # the children's modules are loaded once, at the first alert of all
        await round_.go()
        await round_.tell(*(f"hanging{number}" for number in range(20)), "healthy", key="A-2")
        began = time.monotonic()
        await round_.courier.tick()
        while len(round_.reports) < 2:
            assert time.monotonic() - began < 1
            await asyncio.sleep(0.005)
        assert round_.reports[-1].delivery.receiver == "healthy"
        assert len(healthy.bodies) == 2


async def test_receivers_that_have_failed_leave_slots_to_those_that_work() -> None:
    async with _round(concurrency=4) as now:
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
