"""Coverage: what was looked at, and what silence is worth."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.route import Receiver, Target
from monitor.caretaker import tell_coverage
from monitor.coverage import Coverage, coverage_of, daily_notice, day_told, is_blind
from monitor.feeds.state import FeedState
from monitor.store import open_store
from monitor.store.feeds import FeedRow, Follow
from monitor.store.store import Store
from tests.store.contract import new_entry, new_hit

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAY = timedelta(days=1)
DESK = Receiver(name="desk", targets=(Target(key="k1", url="stdout://"), Target(key="k2", url="stdout://")))


@pytest.fixture
def store() -> Iterator[Store]:
    """Two feeds that were polled a minute ago, watched for two days."""
    store = open_store(":memory:")
    urls = ("https://a.example/feed", "https://b.example/feed")
    store.follow([Follow(url=url, name=url[8].upper(), interval=15 * MINUTE) for url in urls], now=NOW)
    for state in store.claim_due(now=NOW, limit=9, lease=HOUR):
        polled = replace(state, last_polled_at=NOW - MINUTE, last_ok_at=NOW - MINUTE, baseline_at=NOW - DAY)
        store.save_poll(polled, next_poll_at=NOW + 14 * MINUTE)
    for hours in range(48, -1, -1):
        store.watch_on(now=NOW - hours * HOUR, gap=HOUR)
    yield store
    store.close()


def looked(store: Store, **changes: str) -> Coverage:
    return coverage_of(store, {"desk": DESK}, since=NOW - DAY, now=NOW, **changes)


def feed(**changes: object) -> FeedRow:
    state = FeedState(feed_id=1, url="https://a.example/", last_ok_at=NOW - MINUTE)
    facts: dict[str, object] = {"next_poll_at": NOW + 14 * MINUTE} | {
        name: value for name, value in changes.items() if name == "next_poll_at"
    }
    rest = {name: value for name, value in changes.items() if name != "next_poll_at"}
    return FeedRow(
        state=replace(state, **rest),  # type: ignore[arg-type]
        name="A",
        note="",
        entries=0,
        **facts,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("changes", "blind"),
    [
        ({}, False),
        ({"failures": 1}, False),  # it was read a minute ago
        ({"failures": 3, "last_ok_at": NOW - 59 * MINUTE}, False),
        ({"failures": 4, "last_ok_at": NOW - 61 * MINUTE}, True),
        ({"failures": 4, "last_ok_at": NOW - 61 * MINUTE, "interval": HOUR}, False),
        ({"failures": 4, "last_ok_at": NOW - 181 * MINUTE, "interval": HOUR}, True),
        ({"last_ok_at": NOW - 2 * DAY}, False),  # it is not due before
        ({"last_ok_at": NOW - 2 * DAY, "next_poll_at": NOW - 2 * HOUR}, True),
        ({"last_ok_at": None}, True),
        ({"next_poll_at": None}, True),
        ({"failures": 1, "last_ok_at": NOW - 90 * MINUTE, "pushed_until": NOW + DAY}, False),
        ({"failures": 9, "last_ok_at": NOW - 121 * MINUTE, "pushed_until": NOW + DAY}, True),
        ({"failures": 1, "last_ok_at": NOW - 90 * MINUTE, "pushed_until": NOW - DAY}, True),
    ],
)
def test_a_feed_is_blind_when_what_it_shows_would_not_be_seen(
    changes: dict[str, object], blind: bool
) -> None:
    assert is_blind(feed(**changes), now=NOW) is blind


def test_where_all_was_looked_at_silence_can_be_trusted(store: Store) -> None:
    seen = looked(store)
    assert seen.is_whole
    assert seen.line == "2 of 2 feeds polled, 0 entries read"


def test_blind_feeds_and_gaps_are_named(store: Store) -> None:
    (first, _) = store.feeds()
    store.save_poll(
        replace(first.state, failures=9, last_ok_at=NOW - 3 * HOUR), next_poll_at=NOW + 14 * MINUTE
    )
    store.add_gap(2, from_at=NOW - 3 * HOUR, to_at=NOW - 2 * HOUR)
    seen = looked(store)
    assert not seen.is_whole
    assert seen.line == "1 of 2 feeds polled, 0 entries read; 1 blind: A; gaps in B"


def test_many_blind_feeds_are_counted() -> None:
    blind = tuple(replace(feed(), name=f"Feed {number}") for number in range(8))
    seen = Coverage(
        since=NOW, at=NOW, feeds=9, blind=blind, entries=3120, hits={}, gaps=(), proofs=(), watched_since=NOW
    )
    assert seen.line == (
        "1 of 9 feeds polled, 3,120 entries read; 8 blind: Feed 0, Feed 1, Feed 2, Feed 3, Feed 4 and 3 more"
    )


def test_hits_are_counted_by_topic_and_the_monitors_own_notices_are_none(store: Store) -> None:
    (entry_id,) = store.add_entries([new_entry(1, "1")], now=NOW)
    store.add_hits([new_hit(entry_id, topic=topic, found_at=NOW) for topic in ("Cuba", "Spy", "_monitor")])
    assert looked(store).hits == {"Cuba": 1, "Spy": 1}
    assert looked(store, topic="Cuba").hits == {"Cuba": 1}
    assert looked(store).entries == 1


def test_a_receiver_is_proven_by_what_arrived_at_each_of_its_targets(store: Store) -> None:
    assert looked(store).proofs[0].arrived_at is None
    from monitor.store.records import NewDelivery
    from tests.store.contract import new_alert

    targets = [NewDelivery(target=key, label="") for key in ("k1", "k2")]
    store.add_alert(new_alert(1), targets, hit_ids=[], now=NOW)
    second, first = store.deliveries()
    store.save_attempt(first.delivery_id, state="delivered", now=NOW - 2 * HOUR)
    assert looked(store).proofs[0].arrived_at is None
    store.save_attempt(second.delivery_id, state="delivered", now=NOW - HOUR)
    assert looked(store).proofs[0].arrived_at == NOW - 2 * HOUR


def test_silence_is_worth_nothing_while_nobody_watched(store: Store) -> None:
    late = NOW + 3 * HOUR
    seen = coverage_of(store, {}, since=NOW, now=late)
    assert (seen.watched_since, seen.is_whole) == (None, False)
    store.watch_on(now=late, gap=HOUR)
    seen = coverage_of(store, {}, since=NOW, now=late)
    assert (seen.watched_since, seen.is_whole) == (late, False)


def test_a_watch_ends_with_the_last_look(store: Store) -> None:
    seen = coverage_of(store, {}, since=NOW, now=NOW + HOUR / 2)
    assert (seen.watched_since, seen.watched_until) == (NOW - 2 * DAY, NOW)


PRAGUE = ZoneInfo("Europe/Prague")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 5, 6, 59, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 5, 7, 0, tzinfo=UTC), date(2026, 3, 5)),
        (datetime(2026, 3, 29, 6, 0, tzinfo=UTC), date(2026, 3, 29)),  # the clocks went forward that night
        (datetime(2026, 10, 25, 6, 59, tzinfo=UTC), date(2026, 10, 24)),  # and back
    ],
)
def test_the_daily_message_is_due_at_its_time_of_the_local_clock(now: datetime, day: date) -> None:
    assert day_told(time(8), zone=PRAGUE, now=now) == day


def test_the_daily_message_is_told_once_a_day(store: Store) -> None:
    day = date(2026, 3, 5)
    (hit_id,) = tell_coverage(store, {"desk": DESK}, day=day, now=NOW)
    assert tell_coverage(store, {"desk": DESK}, day=day, now=NOW + HOUR) == ()
    (hit,) = store.hits(ids=[hit_id])
    assert hit.entry.entry.title == "2 of 2 feeds polled, 0 entries read"
    assert hit.entry.entry.summary == "0 hits of 0 topics. Nothing has arrived yet at: desk."
    assert (hit.labels["kind"], hit.labels["severity"]) == ("coverage", "info")


def test_a_day_that_was_not_covered_is_a_warning(store: Store) -> None:
    seen = coverage_of(store, {}, since=NOW, now=NOW + 3 * HOUR)
    notice = daily_notice(seen, day=date(2026, 3, 5))
    assert notice.severity == "warning"
    assert "Nobody was watching." in notice.text
