"""A receiver that can not be reached for a day: the others are unmoved; then it gets one digest."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from monitor.alerts.alert import Alert
from monitor.alerts.pending import Rules
from monitor.alerts.retry import Policy
from monitor.alerts.route import Receiver, Route, Target
from monitor.alerts.template import Template
from monitor.catching_up import catch_up
from monitor.courier import Courier, DeliveryReport
from monitor.dispatcher import dispatch
from monitor.senders import senders
from monitor.store import open_store
from monitor.store.records import Delivery, NewDelivery
from monitor.store.sqlite import SQLiteStore
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from tests.alerts.examples import alert, hit
from tests.alerts.sinks import answers, http_sink
from tests.store.contract import followed, new_entry, new_hit

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)


@pytest.fixture
def store() -> Iterator[SQLiteStore]:
    store = open_store(":memory:")
    yield store
    store.close()


def tell(store: SQLiteStore, key: str, *targets: str, at: datetime = NOON, topic: str = "Cuba") -> None:
    made = replace(alert(hit(int(key), topic=topic)), id=f"A-{key}", created_at=at, thread=f"topic:{topic}")
    new = [NewDelivery(target=target, label=f"{target}'s") for target in targets]
    store.add_alert(made, new, hit_ids=(), now=at)


def fail(store: SQLiteStore, at: datetime, *, uncertain: bool = False) -> list[Delivery]:
    """Everything that is due at this moment is tried, and fails."""
    claimed = store.claim_deliveries(now=at, limit=99, lease=LEASE)
    for one in claimed:
        store.save_attempt(
            one.delivery_id,
            state="due",
            now=at,
            next_at=at + 10 * MINUTE,
            error="refused",
            uncertain=uncertain,
        )
    return claimed


def waiting(store: SQLiteStore) -> list[tuple[str, str]]:
    return sorted((one.alert.kind, one.target) for one in store.deliveries(state="due"))


def test_what_waits_for_a_target_that_has_long_failed_becomes_one_message(store: SQLiteStore) -> None:
    tell(store, "1", "bad", "good")
    fail(store, NOON)
    tell(store, "2", "bad", at=NOON + 30 * MINUTE, topic="Peru")
    assert catch_up(store, now=NOON + 59 * MINUTE) == ()
    (made,) = catch_up(store, now=NOON + HOUR)
    assert (made.kind, made.earlier, made.receiver) == ("catch-up", ("A-1", "A-2"), "desk")
    assert [section.topic for section in made.sections] == ["Peru", "Cuba"]
    assert waiting(store) == [("alert", "good"), ("catch-up", "bad")]
    (late,) = [one for one in store.deliveries(state="due") if one.target == "bad"]
    assert (late.attempts, late.first_at, late.next_at, late.label) == (1, NOON, NOON + HOUR, "bad's")
    assert [(one.alert_id, one.label, one.by_alert) for one in store.caught_up(["A-1", "A-2"])] == [
        ("A-1", "bad's", made.id),
        ("A-2", "bad's", made.id),
    ]


def test_one_delivery_that_waits_alone_stays_what_it_is(store: SQLiteStore) -> None:
    tell(store, "1", "bad")
    fail(store, NOON)
    assert catch_up(store, now=NOON + 2 * HOUR) == ()


def test_a_message_that_its_target_does_not_take_while_it_takes_others_holds_up_none(
    store: SQLiteStore,
) -> None:
    tell(store, "1", "odd")
    fail(store, NOON)
    tell(store, "2", "odd", at=NOON + MINUTE)
    (other,) = store.claim_deliveries(now=NOON + MINUTE, limit=1, lease=LEASE)
    store.save_attempt(other.delivery_id, state="delivered", now=NOON + MINUTE)
    tell(store, "3", "odd", at=NOON + 2 * HOUR)
    assert catch_up(store, now=NOON + 2 * HOUR) == ()


def test_while_one_is_being_sent_nothing_is_put_in_its_place(store: SQLiteStore) -> None:
    tell(store, "1", "bad")
    fail(store, NOON)
    tell(store, "2", "bad", at=NOON + HOUR)
    store.claim_deliveries(now=NOON + HOUR, limit=1, lease=LEASE)
    assert catch_up(store, now=NOON + HOUR) == ()


def test_a_later_catch_up_stands_for_all_and_the_earlier_is_gone(store: SQLiteStore) -> None:
    tell(store, "1", "bad")
    tell(store, "2", "bad")
    fail(store, NOON)
    (first,) = catch_up(store, now=NOON + HOUR)
    fail(store, NOON + HOUR)
    tell(store, "3", "bad", at=NOON + 2 * HOUR)
    (second,) = catch_up(store, now=NOON + 2 * HOUR)
    assert second.earlier == ("A-1", "A-2", "A-3")
    assert store.alert(first.id) is None
    assert {one.by_alert for one in store.caught_up(second.earlier)} == {second.id}
    assert waiting(store) == [("catch-up", "bad")]


def test_an_earlier_catch_up_that_may_have_arrived_is_still_known(store: SQLiteStore) -> None:
    tell(store, "1", "bad")
    tell(store, "2", "bad")
    fail(store, NOON)
    (first,) = catch_up(store, now=NOON + HOUR)
    fail(store, NOON + HOUR, uncertain=True)
    tell(store, "3", "bad", at=NOON + 2 * HOUR)
    (second,) = catch_up(store, now=NOON + 2 * HOUR)
    assert store.alert(first.id) == first
    (late,) = store.deliveries(state="due")
    assert (late.alert.id, late.may_repeat) == (second.id, True)


@dataclass
class Day:
    """A store, the rules for two receivers, and a clock that the test moves: what a courier asks for."""

    thread: StoreThread
    rules: Rules
    now: datetime = NOON
    policy: Policy = field(default_factory=Policy)
    send_seconds: float = 20.0
    site: str = ""
    zone: tzinfo = UTC
    templates: Mapping[str, Template] = field(default_factory=dict)
    reports: list[DeliveryReport] = field(default_factory=list)

    @property
    def route(self) -> Route:
        return self.rules.root

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        return self.rules.receivers

    def find(self, store: Store) -> None:
        """A hit, in turn of one of three topics."""
        title = f"{self.now:%d %H:%M}"
        (entry_id,) = store.add_entries([new_entry(1, title, title=title)], now=self.now)
        store.add_hits([new_hit(entry_id, topic=("Cuba", "Peru", "Chile")[entry_id % 3], found_at=self.now)])

    def reports_of(self, receiver: str) -> list[DeliveryReport]:
        return [one for one in self.reports if one.delivery.receiver == receiver]

    def arrived(self, receiver: str) -> list[Alert]:
        """What a receiver was told."""
        return [one.delivery.alert for one in self.reports_of(receiver) if one.state == "delivered"]

    async def pass_by(self, courier: Courier, *, until: datetime) -> None:
        """Every half an hour a hit is found; every five minutes somebody looks what is due."""
        while self.now < until:
            if self.now.minute % 30 == 0:
                await self.thread.run(self.find)
            await self.thread.run(lambda store: dispatch(store, rules=self.rules, now=self.now))
            while await courier.tick():
                await courier.drain()
            self.now += 5 * MINUTE


def rules(**urls: str) -> Rules:
    """All hits to each of these receivers."""
    receivers = {
        name: Receiver(name=name, targets=(Target(key=name, url=url),), allow_private=True)
        for name, url in urls.items()
    }
    routes = tuple(
        Route(receiver=name, path=f"0.{at}", continues=True, group_wait=timedelta())
        for at, name in enumerate(receivers)
    )
    return Rules(root=Route(receiver="", routes=routes), receivers=receivers)


@asynccontextmanager
async def a_day(told: Rules) -> AsyncIterator[tuple[Day, Courier]]:
    thread = StoreThread(lambda: open_store(":memory:"))
    await thread.open()
    await thread.run(followed)
    day = Day(thread=thread, rules=told)
    with senders(4) as sandbox:
        courier = Courier(
            store=thread,
            sandbox=sandbox,
            hears=day,
            clock=lambda: day.now,
            on_report=day.reports.append,
            on_trouble=_raise,
        )
        yield day, courier
        await courier.close(grace=0)
    await thread.close()


@pytest.mark.slow
async def test_after_a_day_without_its_receiver_comes_one_digest_and_the_others_are_unmoved() -> None:
    with http_sink() as bad, http_sink() as good:
        bad.behave = answers(503)
        async with a_day(rules(bad=bad.url(), good=good.url())) as (day, courier):
            await day.pass_by(courier, until=NOON + 24 * HOUR)
            told = day.arrived("good")
            # The day's hits, and that the other receiver fails.
            assert [alert.kind for alert in told] == ["alert"] * 49
            assert all(one.at == one.delivery.alert.created_at for one in day.reports_of("good"))
            assert day.arrived("bad") == []
            assert len(bad.bodies) < 49 + 35, (
                "each alert is tried when it is made, and the oldest now and then"
            )

            bad.behave = answers(200)
            await day.pass_by(courier, until=NOON + 24 * HOUR + 30 * MINUTE)
            (caught_up,) = day.arrived("bad")
            assert caught_up.kind == "catch-up"
            assert len(caught_up.earlier) == len(caught_up.hits) + caught_up.more == 50
            assert {section.topic for section in caught_up.sections} == {"Cuba", "Peru", "Chile", "_monitor"}

            await day.pass_by(courier, until=NOON + 25 * HOUR)
            assert [alert.kind for alert in day.arrived("bad")] == ["catch-up", "alert"]
            assert len(day.arrived("good")) == 51
            assert await day.thread.run(lambda store: store.deliveries(state="due")) == []


def _raise(error: Exception) -> None:
    raise error
