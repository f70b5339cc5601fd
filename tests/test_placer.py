"""Placing at ingest: the memory follows the store, over restarts, rollbacks and other processes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.arrival import Arrival, Ingested
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer, _piece
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.records import Hit, NewEntry
from monitor.store.store import Store
from monitor.store.stories import Member
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch
from tests.stories.telling import FERRY, OTHERS, glued

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WATCH = Watch.of([Topic(name="Ferry", query=parse("ferry").node)])


class Newsroom:
    """Feeds that each show one entry at a time, an hour apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.placer = Placer()
        self.count = 0

    def show(
        self,
        title: str,
        text: str,
        *,
        site: str = "a.example",
        owner: str = "",
        published: datetime | None = None,
        source: str = "",
    ) -> int:
        """A feed of this site shows one more entry; returns its id."""
        (found,) = self.take(title, text, site=site, owner=owner, published=published, source=source).entries
        return found.entry_id

    def take(
        self,
        title: str,
        text: str,
        *,
        site: str = "a.example",
        owner: str = "",
        published: datetime | None = None,
        source: str = "",
    ) -> Ingested:
        self.count += 1
        self.now += timedelta(hours=1)
        url = f"https://{site}/feed"
        self.store.follow([Follow(url=url, name=site, interval=timedelta(hours=1))], now=self.now)
        (state,) = self.store.claim_all(now=self.now, lease=timedelta(), urls=[url])
        entry = Entry(
            guid=f"{self.count}",
            link=f"https://{site}/{self.count}",
            title=title,
            summary=text,
            published=published,
            source=source,
        )
        arrival = Arrival(
            state=state if state.baseline_at else _heard(state),
            subscription=Subscription(url=url, name=site, owner=owner),
            next_poll_at=self.now,
            parsed=Parsed(feed=Feed(), entries=(entry,)),
        )
        (ingested,) = ingest(self.store, [arrival], watch=WATCH, now=self.now, placer=self.placer)
        return ingested

    def member(self, entry_id: int) -> Member:
        (member,) = self.store.members([entry_id])
        return member

    def hit(self, entry_id: int) -> Hit:
        (hit,) = self.store.hits(entry_id=entry_id)
        return hit


def _heard(state: FeedState) -> FeedState:
    return replace(state, baseline_at=NOW)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    store = open_store(":memory:")
    yield Newsroom(store)
    store.close()


def test_a_hit_carries_its_story_and_its_origin(room: Newsroom) -> None:
    first = room.show(*FERRY[0])
    second = room.show(*FERRY[1], site="b.example")
    assert {name: room.hit(first).labels[name] for name in ("story", "origin")} == {
        "story": str(first),
        "origin": "Reuters",
    }
    assert room.hit(second).labels["story"] == str(first)
    assert room.hit(second).labels["origin"] == "b.example"


def test_a_copy_that_credits_nobody_has_the_origin_of_what_it_copies(room: Newsroom) -> None:
    first = room.show(*FERRY[0])
    copied = room.show(FERRY[0][0], glued(FERRY[0][1].partition(" - ")[2]), site="b.example")
    assert room.member(copied).copy_of == first
    assert room.member(copied).origin == "Reuters"


def test_feeds_of_one_owner_are_one_origin(room: Newsroom) -> None:
    ids = [
        room.show(*FERRY[1], site="a.example", owner="Group"),
        room.show(*FERRY[2], site="b.example", owner="Group"),
    ]
    assert {room.member(entry_id).origin for entry_id in ids} == {"Group"}


def test_after_a_restart_a_story_goes_on(room: Newsroom) -> None:
    first = room.show(*FERRY[0])
    room.placer = Placer()
    assert room.member(room.show(*FERRY[1])).story_id == first


def test_after_a_restart_what_is_kept_is_not_read_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = room.show(*FERRY[0])
    put_away(room, monkeypatch)
    room.store.revise_entry(first, blank(room), now=room.now)  # it says something else now
    assert room.member(room.show(*FERRY[1])).story_id == first


def test_after_a_restart_what_came_since_the_memory_was_kept_is_known(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.show(*OTHERS[0])
    put_away(room, monkeypatch)
    late = room.show(*FERRY[0])
    room.placer = Placer()
    assert room.member(room.show(*FERRY[1])).story_id == late


def test_stories_that_were_joined_since_the_memory_was_kept_are_one(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = room.show(*OTHERS[0]), room.show(*FERRY[0])
    put_away(room, monkeypatch)
    room.store.join_stories([second], into=first)
    room.show(*OTHERS[1])
    room.placer = Placer()
    assert room.member(room.show(*FERRY[1])).story_id == first


def test_a_damaged_memory_is_made_again_of_the_entries(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = room.show(*FERRY[0])
    put_away(room, monkeypatch)
    room.store.keep_memory([b"nonsense"], newest=first)
    assert room.member(room.show(*FERRY[1])).story_id == first


def test_a_memory_that_lacks_little_is_not_kept_anew(room: Newsroom) -> None:
    room.show(*FERRY[0])
    room.placer.keep(room.store)
    assert room.store.memory() is None


def test_what_is_recalled_in_slices_is_the_same(room: Newsroom) -> None:
    first = room.show(*FERRY[0])
    room.show(*OTHERS[0])
    room.placer = Placer()
    slices = [room.placer.catch_up(room.store, now=room.now, most=1) for _ in range(3)]
    assert slices[-1] is True
    assert slices[0] is False
    assert room.member(room.show(*FERRY[1])).story_id == first


def put_away(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is kept, and the next entry is placed by another process."""
    monkeypatch.setattr("monitor.placer.KEEP_AFTER", 0)
    room.placer.keep(room.store)
    room.placer = Placer()


def blank(room: Newsroom) -> NewEntry:
    """The entry, as if it said nothing."""
    state = room.store.feeds()[0]
    return NewEntry(
        feed_id=state.state.feed_id, entry=Entry(guid="1"), keys=(), content_hash=b"", index_text=("", "")
    )


def test_what_another_process_placed_is_known(room: Newsroom) -> None:
    room.show(*OTHERS[0])
    mine, room.placer = room.placer, Placer()
    theirs = room.show(*FERRY[0])
    room.placer = mine
    assert room.member(room.show(*FERRY[1])).story_id == theirs


def test_what_was_rolled_back_was_never_placed(room: Newsroom) -> None:
    room.show(*OTHERS[0])
    with suppress(RuntimeError), room.store.transaction():
        room.show(*FERRY[0])
        raise RuntimeError
    second = room.show(*OTHERS[1])
    third = room.show(*FERRY[1])
    assert room.member(third).story_id == third
    assert room.member(second).story_id == second


def test_an_edited_entry_stays_in_its_story(room: Newsroom) -> None:
    first = room.show(*FERRY[0])
    room.count -= 1
    edited = room.take("Ferry aground: all are safe", "Everyone was brought ashore.")
    assert [(one.entry_id, one.revised) for one in edited.entries] == [(first, True)]
    assert room.member(first).story_id == first


def test_a_text_that_was_shown_weeks_ago_is_kept_as_recycled(room: Newsroom) -> None:
    seen = room.now + timedelta(hours=1)
    room.show(*FERRY[0])
    room.now += timedelta(days=20)
    again = room.hit(room.show(*FERRY[0], site="b.example", published=room.now))
    assert (again.state, again.reason) == ("kept", f"recycled: first seen {seen:%Y-%m-%d}")


def test_an_old_date_keeps_a_hit_as_recycled(room: Newsroom) -> None:
    hit = room.hit(room.show(*FERRY[0], published=datetime(2019, 3, 12, tzinfo=UTC)))
    assert (hit.state, hit.reason) == ("kept", "recycled: published 2019-03-12")


def test_what_an_aggregator_leads_to_through_its_own_site_is_told_by_whom_it_says(room: Newsroom) -> None:
    first = room.show(*FERRY[1], site="all.example", source="https://www.one.example")
    second = room.show(*FERRY[2], site="all.example", source="https://two.example/feed.xml")
    third = room.show(*OTHERS[0], site="all.example")
    told = {entry: room.member(entry) for entry in (first, second, third)}
    assert [member.origin for member in told.values()] == ["one.example", "two.example", "all.example"]
    assert told[first].story_id == told[second].story_id


def test_placed_late_or_recalled_it_is_told_by_the_same(room: Newsroom) -> None:
    first = room.show(*FERRY[1], site="all.example", source="https://www.one.example")
    (stored,) = room.store.entries_of([first])
    assert stored.entry.source == "https://www.one.example"
    assert _piece(stored).publisher == "www.one.example"
