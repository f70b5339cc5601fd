"""Recorded histories through reading and ingest: only what is new, beside everything each time."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import pytest

from monitor.arrival import Arrival, Ingested
from monitor.feeds.entry import Feed, Parsed
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.reading import read
from monitor.sandbox import Sandbox
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.sqlite import SQLiteStore
from monitor.watch import Watch
from tests.corpora.test_feeds_corpus import HISTORIES, URL, captured, index, polls, whole

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch.of([])

T = TypeVar("T")


class Here:
    """A sandbox that is this process: what is read is the same, and ten thousand documents take less time."""

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        timeout: float,
        quick: float | None = None,
        **kwargs: Any,
    ) -> T:
        return function(*args, **kwargs)


SANDBOX = cast(Sandbox, Here())


class Desk:
    """A feed and its store; counts the documents that had to be read a second time, whole."""

    def __init__(self) -> None:
        self.store = open_store(":memory:")
        self.subscription = Subscription(url=URL)
        self.store.follow([Follow(url=URL, name="", interval=HOUR)], now=NOW)
        (self.state,) = self.store.claim_due(now=NOW, limit=1, lease=HOUR)
        self.now = NOW
        self.changed = self.doubted = 0

    async def show(self, document: bytes) -> Ingested:
        """What a poll does with a document that changed."""
        self.now += HOUR
        self.changed += 1
        retrieved = Retrieved(url=URL, status=200, body=document)
        ingested = self._take(await self._arrival(retrieved, self.state.shown.may_leave_out(self.now)))
        if ingested.doubt:
            self.doubted += 1
            ingested = self._take(await self._arrival(retrieved, {}))
        return ingested

    def show_all(self, parsed: Parsed) -> Ingested:
        """All entries of a document, known or not."""
        self.now += HOUR
        return self._take(self._as(self.state, parsed=parsed))

    async def _arrival(self, retrieved: Retrieved, known: dict[bytes, int]) -> Arrival:
        reading = await read(SANDBOX, retrieved, known=known)
        return replace(
            self._as(self.state, parsed=reading.parsed), items=reading.items, left_out=reading.left_out
        )

    def _as(self, state: FeedState, *, parsed: Parsed | None) -> Arrival:
        return Arrival(state=state, subscription=self.subscription, next_poll_at=self.now, parsed=parsed)

    def _take(self, arrival: Arrival) -> Ingested:
        (ingested,) = ingest(self.store, [arrival], watch=WATCH, now=self.now)
        self.state = ingested.state
        return ingested

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """What is stored, in its order."""
        return {name: sorted(rows(self.store, name)) for name in ("entries", "revisions", "entry_keys")}


def rows(store: SQLiteStore, table: str) -> Iterator[tuple[Any, ...]]:
    cursor: sqlite3.Cursor = store._conn.execute(f"SELECT * FROM {table}")
    yield from map(tuple, cursor)


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_recorded_history_is_stored_alike_in_parts_and_whole(name: str) -> None:
    """The same entries, revisions, keys, and moments at which entries left their feed."""
    parts, whole = Desk(), Desk()
    last: bytes | None = None
    for document, entries in polls(name):
        if document == last:
            continue
        last = document
        ingested = await parts.show(document)
        plain = whole.show_all(Parsed(feed=Feed(), entries=tuple(entries)))
        found, expected = (
            [(one.entry.guid, one.revised) for one in each.entries] for each in (ingested, plain)
        )
        assert found == expected
    print(f"{name}: {parts.changed} documents, {parts.doubted} read again")
    assert parts.state.identity == whole.state.identity
    assert parts.tables() == whole.tables()


@pytest.mark.parametrize("row", index(), ids=lambda row: str(row["id"]))
async def test_what_is_new_in_a_captured_feed_is_seen_as_in_the_whole(row: dict[str, str]) -> None:
    """With the first item new, one in the middle, every second, and none."""
    document, first = captured()[row["file"]], whole(row["file"])
    if not first.items:
        return
    retrieved = Retrieved(url=URL, status=200, body=document)
    entries = dict(zip(first.places, first.entries, strict=True))
    count = len(first.items)
    for new in ({0}, {count // 2}, set(range(0, count, 2)), set[int]()):
        known = {one: number + 1 for number, one in enumerate(first.items) if number not in new}
        reading = await read(SANDBOX, retrieved, known=known)
        parsed = reading.parsed or Parsed(feed=Feed())
        expected = {at: entry for at, entry in entries.items() if first.items[at] not in reading.left_out}
        assert dict(zip(parsed.places, parsed.entries, strict=True)) == expected
        assert reading.items == first.items
