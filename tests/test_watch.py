"""The topics that run are built beside the loop and outside of commits; what waits for them loses nothing."""

import threading
from datetime import UTC, datetime, timedelta
from functools import cached_property

from monitor.arrival import Arrival
from monitor.commits import Commits
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.subscription import Subscription
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.thread import StoreThread
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic
from monitor.watch import Watch

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://a.example/feed"


class Noting(Watch):
    """Notes which thread builds."""

    @cached_property
    def percolator(self) -> Percolator:
        self.thread = threading.current_thread().name
        return super().percolator


def watching() -> Noting:
    return Noting([Topic(name="Ferry", query=parse("ferry").node)])


async def test_topics_are_built_once_and_by_another_thread() -> None:
    watch = watching()
    assert await watch.built() is watch
    built, thread = watch.percolator, watch.thread
    assert thread != threading.current_thread().name
    assert (await watch.built()).percolator is built


async def test_a_document_waits_for_the_topics_which_are_built_before_its_commit() -> None:
    store, watch = StoreThread(lambda: open_store(":memory:")), watching()
    await store.open()
    commits = Commits(store, watch=lambda: watch, clock=lambda: NOW)
    try:
        arrival = await first_document(store)
        ingested = await commits.commit(arrival)
        assert [hit.hit.topic for hit in ingested.hits] == ["Ferry"]
        assert not watch.thread.startswith("store")
    finally:
        await commits.close()
        await store.close()


async def test_a_poll_without_a_document_builds_nothing() -> None:
    store, watch = StoreThread(lambda: open_store(":memory:")), watching()
    await store.open()
    commits = Commits(store, watch=lambda: watch, clock=lambda: NOW)
    try:
        arrival = await first_document(store)
        await commits.commit(
            Arrival(state=arrival.state, subscription=arrival.subscription, next_poll_at=NOW)
        )
        assert not hasattr(watch, "thread")
    finally:
        await commits.close()
        await store.close()


async def first_document(store: StoreThread) -> Arrival:
    """A feed's first document, with one entry."""
    follow = Follow(url=URL, name="A", interval=timedelta(hours=1))
    await store.run(lambda known: known.follow([follow], now=NOW))
    (state,) = await store.run(lambda known: known.claim_all(now=NOW, lease=timedelta(), urls=[URL]))
    return Arrival(
        state=state,
        subscription=Subscription(url=URL, name="A"),
        next_poll_at=NOW,
        parsed=Parsed(feed=Feed(), entries=(Entry(guid="1", title="Ferry aground"),)),
    )
