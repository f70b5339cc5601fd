"""Entries that a poll leaves unplaced: their stories, and what their hits learn before anybody is told."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.pending import Rules
from monitor.alerts.route import Receiver, Route
from monitor.arrival import Arrival, Ingested
from monitor.dispatcher import Dispatched, dispatch
from monitor.errors import PlacingError
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.records import Hit
from monitor.store.sqlite import SQLiteStore
from monitor.stories.piece import Piece, Placed
from monitor.stories.stories import Stories
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.unplaced import place_all, place_some
from monitor.watch import Watch
from tests.stories.telling import FERRY, OTHERS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch.of([Topic(name="Ferry", query=parse("ferry").node, on_edit="alert")])
RULES = Rules(root=Route(receiver="desk", group_wait=timedelta()), receivers={"desk": Receiver(name="desk")})
TEXTS = (*FERRY, *OTHERS)


class Polls:
    """Polls of a process that does not stay: each an hour after the one before, each of another feed."""

    def __init__(self, store: SQLiteStore) -> None:
        self.store = store
        self.now = NOW
        self.pause = HOUR

    def show(
        self, title: str, text: str, *, site: str, placer: Placer | None = None, owner: str = ""
    ) -> Ingested:
        """The feed of this site shows an entry; without a placer it is left unplaced."""
        self.now += self.pause
        url = f"https://{site}/feed"
        self.store.follow([Follow(url=url, name=site, interval=HOUR)], now=self.now)
        (state,) = self.store.claim_all(now=self.now, lease=timedelta(), urls=[url])
        entry = Entry(guid="1", link=f"https://{site}/1", title=title, summary=text)
        arrival = Arrival(
            state=replace(state, baseline_at=NOW),
            subscription=Subscription(url=url, name=site, owner=owner),
            next_poll_at=self.now,
            parsed=Parsed(feed=Feed(), entries=(entry,)),
        )
        (ingested,) = ingest(self.store, [arrival], watch=WATCH, now=self.now, placer=placer)
        return ingested

    def show_all(self, *, placer: Placer | None = None) -> None:
        """Feeds show all texts, one after the other."""
        for number, text in enumerate(TEXTS):
            self.show(*text, site=f"{number}.example", placer=placer, owner=f"Owner {number % 2}")

    def hit(self, entry_id: int) -> Hit:
        (hit,) = self.store.hits(entry_id=entry_id)
        return hit

    def facts(self) -> list[object]:
        """What the store knows of all stories and of their hits."""
        return [self.store.stories(), self.store.hits()]


@pytest.fixture
def polls() -> Iterator[Polls]:
    store = open_store(":memory:")
    yield Polls(store)
    store.close()


def test_placed_late_they_are_in_the_stories_that_they_would_be_in(polls: Polls) -> None:
    other = Polls(open_store(":memory:"))
    other.show_all(placer=Placer())
    polls.show_all()
    assert polls.store.stories() == []
    place_all(polls.store, Placer())
    assert polls.facts() == other.facts()
    other.store.close()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_few_at_a_time_they_are_in_the_same_stories(polls: Polls, most: int) -> None:
    other = Polls(open_store(":memory:"))
    other.show_all(placer=Placer())
    polls.show_all()
    while not place_some(polls.store, Placer(), most=most):  # each time by another process
        pass
    assert polls.facts() == other.facts()
    other.store.close()


def test_who_places_at_once_places_what_waits_before(polls: Polls) -> None:
    (first,) = polls.show(*FERRY[0], site="a.example").entries
    (second,) = polls.show(*FERRY[1], site="b.example", placer=Placer()).entries
    members = polls.store.members([first.entry_id, second.entry_id])
    assert [member.story_id for member in members] == [first.entry_id, first.entry_id]


def test_an_entry_that_is_edited_while_it_waits_is_placed_once(polls: Polls) -> None:
    (found,) = polls.show(*FERRY[0], site="a.example").entries
    (edited,) = polls.show("A ferry, aground", "All are ashore.", site="a.example").entries
    assert (edited.entry_id, edited.revised) == (found.entry_id, True)
    polls.show("A ferry, afloat", "All is well.", site="a.example", placer=Placer())
    assert len(polls.store.members([found.entry_id])) == 1
    assert polls.store.count_unplaced() == 0


def test_an_entry_that_is_edited_while_it_waits_is_placed_by_what_it_says_now(polls: Polls) -> None:
    (other,) = polls.show(*OTHERS[0], site="a.example").entries
    (edited,) = polls.show(*OTHERS[0], site="b.example").entries
    (ferry,) = polls.show(*FERRY[0], site="c.example").entries
    polls.show(*FERRY[1], site="b.example")
    place_all(polls.store, Placer())
    stories = {
        story.story_id: [one.stored.entry_id for one in story.members] for story in polls.store.stories()
    }
    assert stories == {other.entry_id: [other.entry_id], edited.entry_id: [edited.entry_id, ferry.entry_id]}


def test_hits_are_told_by_their_stories(polls: Polls) -> None:
    (hit,) = polls.show(*FERRY[0], site="a.example").hits
    told = dispatch(polls.store, rules=RULES, now=polls.now, placer=Placer())
    (alert,) = told.alerts
    assert alert.group_labels["story"] == str(polls.hit(hit.hit.entry_id).entry.entry_id)


def test_what_a_poll_beside_the_daemon_leaves_is_told_with_its_story_whatever_else_comes(
    polls: Polls,
) -> None:
    placer, last = Placer(), None
    polls.show(*OTHERS[0], site="a.example", placer=placer)
    last = dispatch(polls.store, rules=RULES, now=polls.now, last=last, placer=placer)
    (hit,) = polls.show(*FERRY[0], site="b.example").hits
    last = dispatch(polls.store, rules=RULES, now=polls.now, last=last, placer=placer)
    assert [alert.group_labels["story"] for alert in last.alerts] == [str(hit.hit.entry_id)]


def test_what_it_leaves_is_placed_by_the_next_dispatch_though_nothing_is_to_be_told(polls: Polls) -> None:
    (left,) = polls.show(*OTHERS[0], site="a.example").entries
    assert dispatch(polls.store, rules=RULES, now=polls.now, placer=Placer()) == Dispatched()
    assert [one.story_id for one in polls.store.members([left.entry_id])] == [left.entry_id]


def test_of_much_that_it_leaves_each_dispatch_places_some_and_the_next_is_due_at_once(
    polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_some, "__kwdefaults__", {"most": 3})
    polls.show_all()
    placer, told = Placer(), None
    for left in (4, 1):
        told = dispatch(polls.store, rules=RULES, now=polls.now, last=told, placer=placer)
        assert (told.next_at, told.are_placed, told.alerts) == (polls.now, False, ())
        assert polls.store.count_unplaced() == left
    told = dispatch(polls.store, rules=RULES, now=polls.now, last=told, placer=placer)
    assert (len(told.alerts), polls.store.count_unplaced()) == (1, 0)


def test_a_text_that_was_seen_weeks_ago_is_kept_when_that_is_known(polls: Polls) -> None:
    polls.show(*FERRY[0], site="a.example")
    seen, polls.now = polls.now, polls.now + timedelta(days=20)
    (again,) = polls.show(*FERRY[0], site="b.example").hits
    assert polls.hit(again.hit.entry_id).state == "pending"
    place_all(polls.store, Placer())
    hit = polls.hit(again.hit.entry_id)
    assert (hit.state, hit.reason) == ("kept", f"recycled: first seen {seen:%Y-%m-%d}")


def test_where_placing_fails_they_go_on_waiting(polls: Polls) -> None:
    polls.show_all()
    placer = Placer()
    with suppress(RuntimeError), polls.store.transaction():
        place_all(polls.store, placer)
        raise RuntimeError
    assert polls.store.count_unplaced() == len(TEXTS)
    place_all(polls.store, placer)
    assert len(polls.store.members(range(1, len(TEXTS) + 1))) == len(TEXTS)


def test_an_entry_that_is_forgotten_waits_no_more(polls: Polls) -> None:
    polls.show(*OTHERS[0], site="a.example")
    polls.store.mark_absent([1], now=polls.now)
    assert polls.store.forget(before=polls.now + HOUR, left_before=polls.now + HOUR) == 1
    assert polls.store.count_unplaced() == 0


def test_what_another_process_places_meanwhile_is_not_placed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls, other = Polls(open_store(tmp_path / "monitor.db")), open_store(tmp_path / "monitor.db")
    polls.show_all()
    begin = polls.store.transaction

    def begin_behind_the_other() -> AbstractContextManager[None]:
        if not polls.store._conn.in_transaction:
            place_some(other, Placer())
        return begin()

    monkeypatch.setattr(polls.store, "transaction", begin_behind_the_other)
    assert place_some(polls.store, Placer())
    assert len(polls.store.members(range(1, len(TEXTS) + 1))) == len(TEXTS)
    other.close()
    polls.store.close()


def test_one_that_can_not_be_placed_is_told_of_once_and_holds_up_no_other(
    polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    placer, place = Placer(), Stories.place
    polls.show("An earthquake", "It shook the capital.", site="first.example", placer=placer)
    polls.pause = timedelta()
    polls.show_all()

    def breaks(self: Stories, piece: Piece) -> Placed:
        if piece.id == 3:
            raise ValueError("odd")
        return place(self, piece)

    monkeypatch.setattr(Stories, "place", breaks)
    with pytest.raises(PlacingError) as raised:
        place_some(polls.store, placer)
    assert str(raised.value) == "entry 3 can not be placed in a story, a bug of the monitor (ValueError: odd)"
    assert isinstance(raised.value.__cause__, ValueError)
    assert place_some(polls.store, placer)
    placed = {member.stored.entry_id for member in polls.store.members(range(1, len(TEXTS) + 2))}
    assert placed == {*range(1, len(TEXTS) + 2)} - {3}
    (first,) = polls.store.members([2])
    assert (first.tie, first.copy_of) == ("first", None)
