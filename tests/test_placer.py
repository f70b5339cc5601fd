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
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.records import Follow, Hit
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
    ) -> int:
        """A feed of this site shows one more entry; returns its id."""
        (found,) = self.take(title, text, site=site, owner=owner, published=published).entries
        return found.entry_id

    def take(
        self,
        title: str,
        text: str,
        *,
        site: str = "a.example",
        owner: str = "",
        published: datetime | None = None,
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
