"""Due feeds → retrieve → parse → ingest: many at once, committed together, each failing alone.

    claim due feeds (with a lease) ─┬─ retrieve ─ parse in a child ─┐
                                    ├─ retrieve ─ 304 ──────────────┼─ arrivals ─ ingest, one commit for all
                                    └─ retrieve ─ error in words ───┘             that have arrived

Does not decide how often a feed is polled (feeds/cadence.py), nor what is new (feeds/identity.py).
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.egress import Egress
from monitor.errors import MonitorError, ParseError, RetrieveError, SandboxError
from monitor.feeds.cadence import Outcome, next_poll
from monitor.feeds.entry import Parsed
from monitor.feeds.parse import parse
from monitor.feeds.retrieve import Retrieved, body_hash, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import Arrival, Ingested, Watch, ingest
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.thread import StoreThread

COMMIT_AT_MOST = 64
"""How many arrivals one commit takes."""
LEASE = timedelta(minutes=5)
PARSE_SECONDS = 20.0


class Follows(Protocol):
    """What the poller must know of the configuration; asked anew for each poll."""

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """Subscriptions by URL."""

    @property
    def watch(self) -> Watch:
        """The topics that run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How a poll of a feed ended: `error` in plain words, or what was ingested."""

    subscription: Subscription
    at: datetime
    ingested: Ingested
    unchanged: bool = False

    @property
    def error(self) -> str:
        """Why the poll failed, "" where it did not."""
        return self.ingested.arrival.state.error


class Poller:
    """Polls feeds. `tick` claims and starts what is due and returns at once; reports come as polls end."""

    def __init__(
        self,
        *,
        store: StoreThread,
        egress: Egress,
        sandbox: Sandbox,
        follows: Follows,
        clock: Callable[[], datetime],
        on_report: Callable[[PollReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 50,
    ) -> None:
        self._store = store
        self._egress = egress
        self._sandbox = sandbox
        self._follows = follows
        self._clock = clock
        self._on_report = on_report
        self._on_trouble = on_trouble
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._arrived: asyncio.Queue[tuple[Arrival, bool]] = asyncio.Queue()
        self._committer: asyncio.Task[None] | None = None

    async def tick(self) -> int:
        """Start polling what is due, as far as there are free slots; returns how many were started."""
        if not self._slots.free:
            return 0
        now = self._clock()
        free = self._slots.free
        claimed = await self._store.run(lambda store: store.claim_due(now=now, limit=free, lease=LEASE))
        for state in claimed:
            self._start(state)
        return len(claimed)

    async def poll_all(self, urls: Collection[str] = ()) -> int:
        """Poll every followed feed (or those of `urls`) once, due or not; returns when all have ended."""
        now = self._clock()
        claimed = await self._store.run(lambda store: store.claim_all(now=now, lease=LEASE, urls=urls))
        for state in claimed:
            await self._slots.wait_for_free()
            self._start(state)
        await self.drain()
        return len(claimed)

    async def drain(self) -> None:
        """Return when every poll that has started is committed."""
        await self._slots.drain()
        await self._arrived.join()

    async def close(self) -> None:
        """Give up what runs; its leases end by themselves, its feeds are polled again."""
        await self._slots.cancel()
        if self._committer is not None:
            self._committer.cancel()
            await asyncio.gather(self._committer, return_exceptions=True)

    def _start(self, state: FeedState) -> None:
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit_arrivals())
        self._slots.start(self._poll(state))

    async def _poll(self, state: FeedState) -> None:
        subscription = self._follows.subscriptions.get(state.url) or Subscription(url=state.url)
        arrival, unchanged = await self._fetch(state, subscription)
        self._arrived.put_nowait((arrival, unchanged))

    async def _fetch(self, state: FeedState, subscription: Subscription) -> tuple[Arrival, bool]:
        try:
            retrieved = await retrieve(self._egress, subscription, state)
            hashed = "" if retrieved.body is None else body_hash(retrieved.body)
            unchanged = retrieved.not_modified or hashed == state.body_hash
            parsed = None if unchanged else await self._parse(retrieved)
        except MonitorError as error:
            return self._failed(state, subscription, error), False
        except Exception as error:  # noqa: BLE001 - a bug with one feed must not end the others
            bug = MonitorError(f"{type(error).__name__}: {error}")
            return self._failed(state, subscription, bug), False
        learned = replace(
            good(state, self._clock()),
            etag=retrieved.etag or (state.etag if unchanged else ""),
            last_modified=retrieved.last_modified or (state.last_modified if unchanged else ""),
            body_hash=state.body_hash if unchanged else hashed,
        )
        outcome = Outcome.of(retrieved, parsed)
        return self._arrival(learned, subscription, outcome, parsed, heard_at=state.last_ok_at), unchanged

    async def _parse(self, retrieved: Retrieved) -> Parsed:
        return await self._sandbox.run(
            parse,
            retrieved.body,
            url=retrieved.url,
            content_type=retrieved.content_type,
            timeout=PARSE_SECONDS,
        )

    def _failed(self, state: FeedState, subscription: Subscription, error: MonitorError) -> Arrival:
        learned = bad(state, words_of(error), self._clock())
        return self._arrival(learned, subscription, Outcome.failed(error), None)

    def _arrival(
        self,
        state: FeedState,
        subscription: Subscription,
        outcome: Outcome,
        parsed: Parsed | None,
        *,
        heard_at: datetime | None = None,
    ) -> Arrival:
        due = next_poll(state, outcome, now=self._clock())
        return Arrival(
            state=state,
            subscription=subscription,
            next_poll_at=due.at,
            parsed=parsed,
            heard_at=heard_at,
            note=due.reason,
        )

    async def _commit_arrivals(self) -> None:
        while True:
            batch = [await self._arrived.get()]
            while len(batch) < COMMIT_AT_MOST and not self._arrived.empty():
                batch.append(self._arrived.get_nowait())
            await self._commit_or_say(batch)
            for _ in batch:
                self._arrived.task_done()

    async def _commit_or_say(self, batch: Sequence[tuple[Arrival, bool]]) -> None:
        """Commit; where that fails, each alone. Who fails alone is polled again when its lease ends."""
        try:
            await self._commit(batch)
        except Exception as error:  # noqa: BLE001 - one feed's commit must not end the others'
            if len(batch) == 1:
                self._on_trouble(error)
            else:
                for one in batch:
                    await self._commit_or_say([one])

    async def _commit(self, batch: Sequence[tuple[Arrival, bool]]) -> None:
        now = self._clock()
        arrivals = [arrival for arrival, _ in batch]
        watch = self._follows.watch
        ingested = await self._store.run(lambda store: ingest(store, arrivals, watch=watch, now=now))
        for one, (_, unchanged) in zip(ingested, batch, strict=True):
            self._on_report(
                PollReport(subscription=one.arrival.subscription, at=now, ingested=one, unchanged=unchanged)
            )


def good(state: FeedState, now: datetime) -> FeedState:
    """The state after a poll that went well."""
    return replace(state, last_polled_at=now, last_ok_at=now, failures=0, error="")


def bad(state: FeedState, error: str, now: datetime) -> FeedState:
    """The state after a poll that failed."""
    return replace(state, last_polled_at=now, failures=state.failures + 1, error=error)


def words_of(error: MonitorError) -> str:
    """What went wrong with a poll, in words for the feed's reader."""
    match error:
        case RetrieveError() | ParseError():
            return str(error)
        case SandboxError():
            return f"the document could not be read: {error}"
        case _:
            return f"the poll failed: {error}"
