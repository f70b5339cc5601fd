"""Due feeds → retrieve → read → ingest: many at once, committed together, each failing alone.

    claim due feeds (with a lease) ─┬─ retrieve ─ read what is new ─┐
                                    ├─ retrieve ─ 304 ──────────────┼─ arrivals ─ ingest, one commit for all
                                    └─ retrieve ─ error in words ───┘             that have arrived

Does not decide how often a feed is polled (feeds/cadence.py), nor what is new (feeds/identity.py). A feed has
its slot until it is committed, so that what waits for a slow disk does not grow.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.commits import Commits
from monitor.egress import Egress
from monitor.errors import MonitorError, ParseError, RetrieveError, SandboxError
from monitor.feeds.cadence import Outcome, next_poll
from monitor.feeds.moved import after_answer, after_failure
from monitor.feeds.retrieve import Retrieved, body_hash, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import Arrival, Ingested, Watch
from monitor.reading import Reading, read
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.thread import StoreThread

LEASE = timedelta(minutes=5)


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
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._commits = Commits(store, watch=lambda: follows.watch, clock=clock)

    async def tick(self) -> int:
        """Start polling what is due, as far as there are free slots; returns how many were started."""
        if not self._slots.free:
            return 0
        now = self._clock()
        free = self._slots.free
        claimed = await self._store.run(lambda store: store.claim_due(now=now, limit=free, lease=LEASE))
        for state in claimed:
            self._slots.start(self._poll(state))
        return len(claimed)

    async def poll_all(self, urls: Collection[str] = ()) -> int:
        """Poll every followed feed (or those of `urls`) once, due or not; returns when all have ended."""
        now = self._clock()
        claimed = await self._store.run(lambda store: store.claim_all(now=now, lease=LEASE, urls=urls))
        for state in claimed:
            await self._slots.wait_for_free()
            self._slots.start(self._poll(state))
        await self.drain()
        return len(claimed)

    async def drain(self) -> None:
        """Return when every poll that has started is committed."""
        await self._slots.drain()

    async def close(self) -> None:
        """Give up what runs; its leases end by themselves, its feeds are polled again."""
        await self._slots.cancel()
        await self._commits.close()

    async def _poll(self, state: FeedState) -> None:
        subscription = self._follows.subscriptions.get(state.url) or Subscription(url=state.url)
        arrival, retrieved = await self._fetch(state, subscription)
        ingested = await self._commits.commit(arrival)
        if ingested.doubt and retrieved is not None:
            arrival = await self._read(state, subscription, retrieved, known={})
            ingested = await self._commits.commit(arrival)
        unchanged = arrival.parsed is None and not arrival.state.error
        self._on_report(
            PollReport(subscription=subscription, at=self._clock(), ingested=ingested, unchanged=unchanged)
        )

    async def _fetch(self, state: FeedState, subscription: Subscription) -> tuple[Arrival, Retrieved | None]:
        """What a poll brought, and the answer that it was in."""
        try:
            retrieved = await retrieve(self._egress, subscription, state)
        except MonitorError as error:
            return self._failed(state, subscription, error), None
        except Exception as error:  # noqa: BLE001 - a bug with one feed must not end the others
            return self._failed(state, subscription, _bug(error)), None
        known = state.shown.may_leave_out(self._clock())
        return await self._read(state, subscription, retrieved, known=known), retrieved

    async def _read(
        self,
        state: FeedState,
        subscription: Subscription,
        retrieved: Retrieved,
        *,
        known: Mapping[bytes, int],
    ) -> Arrival:
        hashed = "" if retrieved.body is None else body_hash(retrieved.body)
        same = retrieved.not_modified or hashed == state.body_hash
        try:
            reading = None if same else await read(self._sandbox, retrieved, known=known)
        except MonitorError as error:
            return self._failed(state, subscription, error)
        except Exception as error:  # noqa: BLE001 - as above
            return self._failed(state, subscription, _bug(error))
        learned = replace(
            after_answer(good(state, self._clock()), subscription, retrieved.moved_to),
            etag=retrieved.etag or (state.etag if same else ""),
            last_modified=retrieved.last_modified or (state.last_modified if same else ""),
            body_hash=state.body_hash if same else hashed,
        )
        outcome = Outcome.of(retrieved, reading.parsed if reading else None)
        return self._arrival(learned, subscription, outcome, reading, heard_at=state.last_ok_at)

    def _failed(self, state: FeedState, subscription: Subscription, error: MonitorError) -> Arrival:
        learned = bad(state, words_of(error), self._clock())
        return self._arrival(learned, subscription, Outcome.failed(error), None)

    def _arrival(
        self,
        state: FeedState,
        subscription: Subscription,
        outcome: Outcome,
        reading: Reading | None,
        *,
        heard_at: datetime | None = None,
    ) -> Arrival:
        due = next_poll(state, outcome, now=self._clock())
        return Arrival(
            state=state,
            subscription=subscription,
            next_poll_at=due.at,
            parsed=reading.parsed if reading else None,
            items=reading.items if reading else (),
            left_out=reading.left_out if reading else {},
            heard_at=heard_at,
            note=due.reason,
        )


def _bug(error: Exception) -> MonitorError:
    return MonitorError(f"{type(error).__name__}: {error}")


def good(state: FeedState, now: datetime) -> FeedState:
    """The state after a poll that went well."""
    return replace(state, last_polled_at=now, last_ok_at=now, failures=0, error="")


def bad(state: FeedState, error: str, now: datetime) -> FeedState:
    """The state after a poll that failed."""
    return replace(after_failure(state), last_polled_at=now, failures=state.failures + 1, error=error)


def words_of(error: MonitorError) -> str:
    """What went wrong with a poll, in words for the feed's reader."""
    match error:
        case RetrieveError() | ParseError():
            return str(error)
        case SandboxError():
            return f"the document could not be read: {error}"
        case _:
            return f"the poll failed: {error}"
