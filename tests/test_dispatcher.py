"""The dispatcher: pending hits become alerts with one delivery a target, in one commit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from monitor.alerts.pending import Rules
from monitor.alerts.route import Matcher, Receiver, Route, Target
from monitor.alerts.times import Schedule
from monitor.dispatcher import Dispatched, dispatch
from monitor.feeds.entry import Entry
from monitor.store import open_store
from monitor.store.store import Store
from monitor.watch import Watch
from tests.store.contract import new_entry
from tests.store.contract_stories import place
from tests.test_ingest import CUBA, STRAIT, Desk

WAIT = timedelta(seconds=30)
ROOT = Route(receiver="desk", group_by=("topic",), group_wait=WAIT, group_interval=timedelta(minutes=5))
RECEIVERS = {
    "desk": Receiver(
        name="desk", targets=(Target(key="k1", url="stdout://"), Target(key="k2", url="json://h"))
    )
}
RULES = Rules(root=ROOT, receivers=RECEIVERS)


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = open_store(":memory:")
    desk = Desk(store)
    desk.show()
    yield desk
    store.close()


def show(desk: Desk, *titles: str) -> datetime:
    entries = [Entry(guid=title, link=f"https://a.example/{title[:4]}", title=title) for title in titles]
    desk.show(*entries, watch=Watch.of([CUBA, STRAIT]))
    return desk.now


def tell(store: Store, now: datetime, root: Route = ROOT) -> list[tuple[str, list[str]]]:
    told = dispatch(store, rules=Rules(root=root, receivers=RECEIVERS), now=now)
    return [(alert.receiver, [hit.headline.text for hit in alert.hits]) for alert in told.alerts]


def test_a_group_waits_for_company_and_is_told_as_one(desk: Desk) -> None:
    now = show(desk, "Cuba one", "Cuba two")
    assert tell(desk.store, now) == []
    assert tell(desk.store, now + WAIT) == [("desk", ["Cuba one", "Cuba two"])]
    assert tell(desk.store, now + WAIT * 99) == []


def test_each_target_gets_a_delivery_of_its_own(desk: Desk) -> None:
    now = show(desk, "Cuba one")
    tell(desk.store, now + WAIT)
    assert {one.target for one in desk.store.deliveries()} == {"k1", "k2"}
    assert desk.store.hits()[0].state == "told"


def test_topics_are_told_apart_by_default(desk: Desk) -> None:
    now = show(desk, "Cuba one", "Across the Taiwan Strait")
    assert len(tell(desk.store, now + WAIT)) == 2


def test_a_hit_that_no_route_tells_is_kept_with_its_reason(desk: Desk) -> None:
    quiet = Route(
        receiver="desk", path="0.0", store_only=True, matchers=(Matcher(label="topic", op="=", value="Cuba"),)
    )
    now = show(desk, "Cuba one")
    assert tell(desk.store, now + WAIT, Route(receiver="desk", routes=(quiet,))) == []
    (hit,) = desk.store.hits()
    assert (hit.state, hit.reason) == ("kept", "store_only: route 0.0")


def test_an_alert_says_where_the_words_stood_and_why(desk: Desk) -> None:
    now = show(desk, "Cuba one")
    told = dispatch(desk.store, rules=RULES, now=now + WAIT)
    (hit,) = told.alerts[0].hits
    assert hit.headline.marks == ((0, 4, "Cuba"),)
    assert hit.clauses == ("Cuba",)
    assert (hit.feed, hit.topic) == ("A", "Cuba")


def test_a_hit_whose_entry_was_edited_before_it_was_told_marks_no_other_words(desk: Desk) -> None:
    show(desk, "Cuba one")
    desk.show(
        Entry(guid="Cuba one", link="https://a.example/Cuba", title="Havana: one"), watch=Watch.of([CUBA])
    )
    (alert,) = dispatch(desk.store, rules=RULES, now=desk.now + WAIT).alerts
    (hit,) = alert.hits
    assert (hit.headline.text, hit.headline.marks) == ("Havana: one", ())
    assert hit.clauses == ("Cuba",)


def test_when_nothing_waits_nothing_is_written(desk: Desk) -> None:
    before = desk.store._conn.total_changes  # type: ignore[attr-defined]
    assert tell(desk.store, desk.now) == []
    assert desk.store._conn.total_changes == before  # type: ignore[attr-defined]


@pytest.mark.slow
def test_thousands_of_hits_of_one_group_are_one_message(desk: Desk) -> None:
    now = show(desk, *(f"Cuba number {number}" for number in range(3000)))
    told = dispatch(desk.store, rules=RULES, now=now + WAIT)
    (alert,) = told.alerts
    assert len(alert.hits) <= 50
    assert desk.store.waiting_hits() == []
    assert desk.store.counts().hits == {"told": 3000}


# asked again and again


def waiting(desk: Desk) -> Dispatched:
    """A dispatch that found a hit that waits for company."""
    now = show(desk, "Cuba one")
    last = dispatch(desk.store, rules=RULES, now=now)
    assert (last.alerts, last.next_at) == ((), now + WAIT)
    return last


def asked_again(desk: Desk, last: Dispatched, *, rules: Rules = RULES, after: timedelta = WAIT / 2) -> bool:
    """Whether a dispatch that knows the last one looks at what waits."""
    looked: list[bool] = []
    waiting_hits = desk.store.waiting_hits
    desk.store.waiting_hits = lambda: looked.append(True) or waiting_hits()  # type: ignore[method-assign,func-returns-value]
    told = dispatch(desk.store, rules=rules, now=desk.now + after, last=last)
    del desk.store.waiting_hits
    assert looked or (told.alerts, told.next_at) == ((), last.next_at)
    return bool(looked)


def test_as_long_as_nothing_changes_nobody_looks_before_something_is_due(desk: Desk) -> None:
    last = waiting(desk)
    assert not asked_again(desk, last)
    assert asked_again(desk, last, after=WAIT)


def test_a_new_hit_a_silence_other_rules_and_a_clock_set_back_are_changes(desk: Desk) -> None:
    last = waiting(desk)
    assert asked_again(desk, last, rules=replace(RULES))
    assert asked_again(desk, last, after=-WAIT)
    show(desk, "Cuba two")
    assert asked_again(desk, last)
    last = dispatch(desk.store, rules=RULES, now=desk.now)
    matcher = Matcher(label="topic", op="=", value="Cuba")
    number = desk.store.add_silence(
        [matcher], starts_at=desk.now, ends_at=desk.now + WAIT, comment="", who=""
    )
    assert asked_again(desk, last)
    assert desk.store.hits()[0].reason == f"silenced by S-{number}"


def test_a_digest_says_what_was_looked_at_and_an_alert_does_not(desk: Desk) -> None:
    now = show(desk, "Cuba one")
    gathers = replace(RECEIVERS["desk"], digest=Schedule(times=(time(18),)))
    told = dispatch(
        desk.store, rules=Rules(root=ROOT, receivers={"desk": gathers}), now=now + timedelta(days=1)
    )
    (digest,) = told.alerts
    assert digest.kind == "digest"
    assert digest.coverage == "0 of 1 feeds polled, 1 entry read; 1 blind: A"
    later = show(desk, "Cuba two") + WAIT
    (alert,) = dispatch(desk.store, rules=RULES, now=later).alerts
    assert (alert.kind, alert.coverage) == ("alert", "")


def test_a_hit_is_told_with_how_many_other_feeds_carry_its_story(desk: Desk) -> None:
    now = show(desk, "Cuba one", "Warships cross the Taiwan Strait")
    one, two = sorted(desk.store.hits(), key=lambda hit: hit.topic)
    (other,) = desk.store.add_entries(
        [new_entry(desk.store.notice_feed(), "elsewhere", title="Cuba one")], now=now
    )
    (member,) = desk.store.members([one.entry.entry_id])
    place(desk.store, other, member.story_id)
    told = [hit for alert in dispatch(desk.store, rules=RULES, now=now + WAIT).alerts for hit in alert.hits]
    assert {hit.hit_id: hit.other_feeds for hit in told} == {one.hit_id: 1, two.hit_id: 0}
