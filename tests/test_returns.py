"""No flood: a new topic, a feed that returns, a restored backup; and edits, which are told to who asks."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from monitor.alerts.alert import Alert
from monitor.alerts.pending import Rules
from monitor.alerts.render import render
from monitor.alerts.route import Receiver, Route, Target
from monitor.app import horizons
from monitor.arrival import Arrival, Ingested
from monitor.dispatcher import dispatch
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.ingest import ingest
from monitor.store import open_store
from monitor.store.store import Store
from monitor.watch import Watch
from tests.test_ingest import CUBA, NOW, STRAIT, SUBSCRIPTION, Desk, entry

QUARTER = timedelta(minutes=15)
WEEKS = timedelta(weeks=3)
ROOT = Route(receiver="desk", group_wait=timedelta(), group_interval=timedelta(), group_by=("topic",))
RECEIVERS = {"desk": Receiver(name="desk", targets=(Target(key="k", url="stdout://"),))}
RULES = Rules(root=ROOT, receivers=RECEIVERS)
HEARING = Watch.of([replace(CUBA, on_edit="alert"), STRAIT])


class Heard(Desk):
    """A feed that is polled and told of, as the poller and the dispatcher do it."""

    def hear(self, *entries: Entry, after: timedelta = QUARTER, watch: Watch | None = None) -> Ingested:
        """The next poll that goes well."""
        self.now += after
        arrival = Arrival(
            state=replace(self.state, last_ok_at=self.now),
            subscription=self.subscription,
            next_poll_at=self.now + QUARTER,
            parsed=Parsed(feed=Feed(), entries=entries),
            heard_at=self.state.last_ok_at,
        )
        (ingested,) = ingest(self.store, [arrival], watch=watch or Watch.of([CUBA, STRAIT]), now=self.now)
        self.state = ingested.state
        return ingested

    def tell(self) -> tuple[Alert, ...]:
        """What is due now."""
        return dispatch(self.store, rules=RULES, now=self.now).alerts


@pytest.fixture
def desk() -> Iterator[Heard]:
    store = open_store(":memory:")
    yield Heard(store)
    store.close()


def many(count: int, start: int = 0) -> list[Entry]:
    titles = ("Cuba", "Ships cross the Taiwan Strait")
    return [entry(str(n), f"{titles[n % 2]} {n}") for n in range(start, start + count)]


def reasons(store: Store) -> set[str]:
    return {hit.reason for hit in store.hits()}


def test_a_new_topic_is_not_told_of_what_is_in_the_feeds_already(desk: Heard) -> None:
    old = many(40)
    desk.hear(*old, watch=Watch.of([]))
    desk.hear(*old)
    assert desk.store.hits() == []
    desk.hear(entry("new", "Cuba now"), *old)
    assert [len(alert.hits) for alert in desk.tell()] == [1]


def test_a_new_topic_is_not_told_of_old_entries_that_are_edited(desk: Heard) -> None:
    desk.hear(entry("1", "Cuba then"), watch=Watch.of([]))
    desk.hear(entry("1", "Cuba then, corrected"))
    assert desk.tell() == ()
    assert reasons(desk.store) == {"edited: it matched only when the entry was edited (on_edit: silent)"}


def test_a_feed_that_returns_after_weeks_is_told_in_one_alert(desk: Heard) -> None:
    desk.hear(*many(5))
    desk.hear(*many(41, start=4), after=WEEKS)
    (alert,) = desk.tell()
    assert len(alert.hits) + alert.more == 40
    assert alert.group_labels == {"returned": "3 weeks"}
    assert (
        "Not heard for 3 weeks: this is what came since."
        in render(
            alert,
            zone=UTC,
            service="text",
        ).text
    )
    assert {hit.state for hit in desk.store.hits()} == {"told", "kept"}
    desk.hear(entry("fresh", "Cuba, a new entry"), *many(41, start=4))
    (alert,) = desk.tell()
    assert alert.group_labels == {"topic": "Cuba"}


def test_a_feed_that_shows_nothing_for_weeks_is_told_in_one_alert_too(desk: Heard) -> None:
    desk.hear(*many(5))
    desk.hear()
    for _ in range(21):
        desk.hear(after=timedelta(days=1))
    desk.hear(*many(41, start=4))
    (alert,) = desk.tell()
    assert len(alert.hits) + alert.more == 40


def test_a_feed_that_shows_nothing_now_and_then_tells_nothing_twice(desk: Heard) -> None:
    desk.hear(*many(40))
    for _ in range(5):
        assert desk.hear().entries == ()
        assert desk.hear(*many(40)).entries == ()
    assert desk.store.gaps(NOW) == []
    assert desk.tell() == ()


def test_a_restored_backup_is_told_in_one_alert(tmp_path: Path) -> None:
    store = open_store(tmp_path / "monitor.db")
    desk = Heard(store)
    desk.hear(*many(5))
    store.close()
    shutil.copy(tmp_path / "monitor.db", tmp_path / "backup.db")
    restored = Heard.__new__(Heard)
    restored.store = open_store(tmp_path / "backup.db")
    restored.now, restored.state, restored.subscription = desk.now, desk.state, SUBSCRIPTION
    restored.hear(*many(41), after=WEEKS)
    assert len(restored.tell()) == 1
    restored.store.close()


# --- edits ---


def test_an_edit_is_told_again_where_the_topic_asks_for_it(desk: Heard) -> None:
    desk.hear(watch=HEARING)
    desk.hear(entry("1", "Cuba"), watch=HEARING)
    assert len(desk.tell()) == 1
    desk.hear(entry("1", "Cuba, corrected"), watch=HEARING)
    (alert,) = desk.tell()
    assert [hit.headline.text for hit in alert.hits] == ["Cuba, corrected"]
    assert "edited" in render(alert, zone=UTC, service="text").text
    desk.hear(entry("1", "Cuba, corrected"), watch=HEARING)
    assert desk.tell() == ()
    assert [(hit.state, hit.labels["edited"]) for hit in desk.store.hits()] == [("told", "yes")]


def test_an_edit_is_silent_where_the_topic_does_not_ask(desk: Heard) -> None:
    desk.hear()
    desk.hear(entry("1", "Cuba"))
    desk.tell()
    desk.hear(entry("1", "Cuba, corrected"))
    assert desk.tell() == ()
    assert [hit.state for hit in desk.store.hits()] == ["told"]


def test_a_hit_that_waits_when_its_entry_is_edited_is_told_once_as_it_is_now(desk: Heard) -> None:
    for watch in (HEARING, Watch.of([CUBA, STRAIT])):
        guid = watch.topics["Cuba"].on_edit
        desk.hear(watch=watch)
        desk.hear(entry(guid, "Cuba without light"), watch=watch)
        desk.hear(entry(guid, "No light: Cuba"), watch=watch)
        (alert,) = desk.tell()
        (hit,) = alert.hits
        assert hit.headline.text == "No light: Cuba"
        assert [hit.headline.text[start:end] for start, end, _ in hit.headline.marks] == ["Cuba"]


def test_what_is_told_to_one_of_two_receivers_is_not_told_to_it_again_by_a_clock_set_back(
    desk: Heard,
) -> None:
    patient = replace(ROOT, path="0.1", receiver="late", group_wait=timedelta(days=1))
    both = replace(ROOT, receiver="", routes=(replace(ROOT, path="0.0", continues=True), patient))
    rules = replace(RULES, root=both)
    desk.hear()
    desk.hear(entry("1", "Cuba"))
    earlier = desk.now - timedelta(days=9)
    assert len(dispatch(desk.store, rules=rules, now=desk.now).alerts) == 1
    for at in (earlier, desk.now, desk.now + timedelta(hours=1)):
        told = dispatch(desk.store, rules=rules, now=at).alerts
        assert [alert.receiver for alert in told if alert.receiver == "desk"] == []


# --- windows that run over ---


def test_a_window_that_ran_over_is_recorded_and_polled_sooner(desk: Heard) -> None:
    desk.hear(*many(10))
    ingested = desk.hear(*many(10, start=20))
    assert ingested.lost == QUARTER
    (gap,) = desk.store.gaps(NOW)
    assert (gap.feed, gap.from_at, gap.to_at) == ("A", desk.now - QUARTER, desk.now)
    (row,) = desk.store.feeds()
    assert row.next_poll_at == desk.now + QUARTER / 2
    assert "entries may be lost" in row.note


def test_a_feed_that_shows_its_entries_by_turns_has_lost_nothing(desk: Heard) -> None:
    one, other = many(10), many(10, start=20)
    desk.hear(*one, *other)
    for _ in range(5):
        desk.hear(*one)
        desk.hear(*other)
    assert desk.store.gaps(NOW) == []
    desk.hear(entry("new", "Cuba"), *one)
    assert desk.store.gaps(NOW) == []


def test_a_long_outage_is_a_gap_but_no_reason_to_hurry(desk: Heard) -> None:
    desk.hear(*many(10))
    desk.hear(*many(10, start=20), after=WEEKS)
    assert len(desk.store.gaps(NOW)) == 1
    assert desk.store.feeds()[0].next_poll_at == desk.now + QUARTER


def test_an_empty_document_between_hides_no_overrun(desk: Heard) -> None:
    desk.hear(*many(10))
    desk.hear()
    desk.hear(*many(10, start=20))
    assert len(desk.store.gaps(NOW)) == 1


# --- forgetting ---


@pytest.mark.parametrize(("days", "told"), [(89, 0), (92, 1)])
def test_an_entry_is_known_for_ninety_days_after_it_left_its_feed(desk: Heard, days: int, told: int) -> None:
    """However short the retention."""
    desk.hear(entry("0", "Peru"), entry("1", "Cuba"))
    desk.hear(entry("0", "Peru"))
    for _ in range(days):
        desk.hear(entry("0", "Peru"), after=timedelta(days=1))
        before, left_before = horizons(timedelta(days=7), now=desk.now)
        while desk.store.forget(before=before, left_before=left_before):
            pass
    desk.hear(entry("0", "Peru"), entry("1", "Cuba"))
    assert len(desk.tell()) == told


def test_a_long_retention_is_longer_than_ninety_days() -> None:
    year = timedelta(days=365)
    assert horizons(year, now=NOW) == (NOW - year, NOW - year)
