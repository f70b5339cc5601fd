"""Commits: what comes while one is made joins it, and what can not be committed fails alone."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from monitor.arrival import Arrival
from monitor.commits import Commits
from monitor.errors import StoreError
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.sqlite import SQLiteStore
from monitor.store.thread import StoreThread
from monitor.topics.batch import Batch
from monitor.topics.document import Document
from monitor.topics.match import Match
from monitor.watch import Watch

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LONG = 10.0
"""Seconds after which a test gives up."""


class Held(Watch):
    """Topics that hold up the first document that is matched against them, until they are let go."""

    def __init__(self) -> None:
        super().__init__([])
        self.reached, self.go = threading.Event(), threading.Event()

    @cached_property
    def percolator(self) -> Any:
        return self

    @cached_property
    def full_text(self) -> Any:
        return {}

    def may_match(self, documents: Batch) -> list[bool]:
        return [True] * len(documents.ends())

    def match(self, _: Document) -> tuple[Match, ...]:
        self.reached.set()
        assert self.go.wait(LONG)
        return ()


class Desk:
    """A store in its thread, that notes its statements, and who commits to it."""

    def __init__(self) -> None:
        self.watch = Held()
        self.statements: list[str] = []
        self.store = StoreThread(self._open)
        self.commits = Commits(self.store, watch=lambda: self.watch, clock=lambda: NOW)
        self.states: list[FeedState] = []

    def _open(self) -> SQLiteStore:
        store = open_store(":memory:")
        store._conn.set_trace_callback(self.statements.append)
        return store

    async def begin(self) -> None:
        await self.store.open()
        urls = [f"https://{name}.example/feed" for name in "abcd"]
        follows = [Follow(url=url, name=url, interval=timedelta(hours=1)) for url in urls]
        await self.store.run(lambda store: store.follow(follows, now=NOW))
        self.states = await self.store.run(
            lambda store: store.claim_all(now=NOW, lease=timedelta(), urls=urls)
        )
        self.statements.clear()

    def arrival(self, number: int, parsed: Parsed | None = None) -> Arrival:
        state = self.states[number]
        return Arrival(state=state, subscription=Subscription(url=state.url), next_poll_at=NOW, parsed=parsed)

    def document(self, number: int) -> Arrival:
        entry = Entry(guid=f"{number}", title="Ferry aground")
        return self.arrival(number, Parsed(feed=Feed(), entries=(entry,)))

    @property
    def committed(self) -> int:
        return self.statements.count("COMMIT")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    await desk.begin()
    yield desk
    await desk.commits.close()
    await desk.store.close()


async def test_what_comes_while_a_commit_is_made_joins_it(desk: Desk) -> None:
    first = asyncio.create_task(desk.commits.commit(desk.document(0)))
    assert await asyncio.to_thread(desk.watch.reached.wait, LONG)
    others = [asyncio.create_task(desk.commits.commit(one)) for one in (desk.document(1), desk.arrival(2))]
    await asyncio.sleep(0)
    desk.watch.go.set()
    ingested = await asyncio.gather(first, *others)
    assert [one.state.feed_id for one in ingested] == [state.feed_id for state in desk.states[:3]]
    assert [len(one.entries) for one in ingested] == [1, 1, 0]
    assert desk.committed == 1


async def test_documents_do_not_join_a_commit_of_those_that_bring_none(desk: Desk) -> None:
    """It is made without topics, which most polls need not have built."""
    desk.watch.go.set()
    quiet, late = desk.arrival(0), desk.document(1)
    taken = [(quiet, asyncio.get_running_loop().create_future())]
    joining = desk.commits._joining(taken, are_quiet=True)
    assert next(joining) == [quiet]
    waits = asyncio.create_task(desk.commits.commit(late))
    await asyncio.sleep(0)
    assert list(joining) == []
    assert len((await waits).entries) == 1


async def test_what_can_not_be_committed_fails_alone(desk: Desk) -> None:
    desk.watch.go.set()
    unknown = Arrival(
        state=FeedState(feed_id=99, url="https://no.example/"),
        subscription=Subscription(url="https://no.example/"),
        next_poll_at=NOW,
        parsed=Parsed(feed=Feed(), entries=(Entry(guid="1"),)),
    )
    arrivals = [desk.document(0), unknown, desk.document(1)]
    first, bad, last = await asyncio.gather(*map(desk.commits.commit, arrivals), return_exceptions=True)
    assert isinstance(bad, StoreError)
    assert "FOREIGN KEY" in str(bad)
    found = await desk.store.run(lambda store: store.count_entries())
    assert (found, *(type(one).__name__ for one in (first, last))) == (2, "Ingested", "Ingested")
