"""Due feeds → retrieve → read → ingest: many at once, committed together, each failing alone.

    claim due feeds (with a lease) ─┬─ retrieve ─ read what is new ─┐
                                    ├─ retrieve ─ 304 ──────────────┼─ arrivals ─ ingest, one commit for all
                                    └─ retrieve ─ error in words ───┘             that have arrived

Does not decide how often a feed is polled (feeds/cadence.py), nor what is new (feeds/identity.py). A feed has
its slot until it is committed, so that what waits for a slow disk does not grow.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from monitor.arrival import Arrival, Ingested
from monitor.commits import Commits
from monitor.egress import MAX_CONNECTIONS_PER_HOST, Egress
from monitor.errors import RetrieveError
from monitor.feeds.cadence import SPREAD, after_a_stop
from monitor.feeds.network import Network
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.fetching import Fetched, Fetcher
from monitor.learned import as_before, words_of
from monitor.records import dataclass
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.feeds import PutOff
from monitor.store.polls import PollStore
from monitor.store.table import slices
from monitor.store.thread import StoreThread
from monitor.turns import Turns
from monitor.watch import Watch

if TYPE_CHECKING:
    from monitor.placer import Placer

LEASE = timedelta(minutes=5)
CLAIM_AT_ONCE = 64
PROBES = 3
"""So many feeds are polled in a tick while our network is down."""


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
    """How a poll of a feed ended: `error` in plain words, or what was ingested.

    An error is not the feed's where we are `offline`.
    """

    subscription: Subscription
    at: datetime
    ingested: Ingested
    unchanged: bool = False
    error: str = ""
    offline: bool = False


class Poller:
    """Polls feeds. `tick` claims and starts what is due; reports come as polls end.

    Feeds of one host take turns, and those that wait for theirs hold no slot. While our own network is down a
    few feeds are polled, to see when it is back, and no failure counts.
    """

    def __init__(  # noqa: PLR0913 - its parts, and what is set
        self,
        *,
        store: StoreThread,
        egress: Egress,
        sandbox: Sandbox,
        follows: Follows,
        clock: Callable[[], datetime],
        on_report: Callable[[PollReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 100,
        placer: "Placer | None" = None,
    ) -> None:
        self._store = store
        self._fetcher = Fetcher(egress=egress, sandbox=sandbox, clock=clock)
        self._follows = follows
        self._clock = clock
        self._on_report = on_report
        self._on_trouble = on_trouble
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._turns: Turns[FeedState] = Turns(MAX_CONNECTIONS_PER_HOST)
        self._network = Network()
        self._blamed: dict[int, Arrival] = {}
        self._commits = Commits(store, watch=lambda: follows.watch, clock=clock, placer=placer)

    @property
    def commits(self) -> Commits:
        """Where what is polled is committed, together with what comes another way."""
        return self._commits

    @property
    def offline_since(self) -> datetime | None:
        """Since when no server can be reached, None where our network works."""
        return self._network.down_since

    async def tick(self) -> int:
        """Start polling what is due, until there is no more; returns how many feeds were taken."""
        taken = 0
        while True:
            await self._slots.wait_for_free()
            offline = self.offline_since is not None
            claimed = await self._claim(PROBES if offline else self._slots.free)
            for state in claimed:
                self._start(state)
            taken += len(claimed)
            if offline or not claimed:
                return taken

    async def _claim(self, limit: int) -> list[FeedState]:
        now, busy = self._clock(), self._turns.full
        return await self._store.run_poll(
            lambda store: store.claim_due(now=now, limit=limit, lease=LEASE, busy=busy)
        )

    async def poll_all(self, urls: Collection[str] = ()) -> int:
        """Poll every followed feed (or those of `urls`) once, due or not; returns when all have ended."""
        wanted = list(urls) or await self._store.run_poll(lambda store: store.followed())
        taken = 0
        for some in slices(wanted, CLAIM_AT_ONCE):
            now = self._clock()
            claimed = await self._store.run_poll(partial(_claim_these, urls=some, now=now))
            for state in claimed:
                await self._slots.wait_for_free()
                self._start(state)
            taken += len(claimed)
        await self.drain()
        return taken

    async def prepare(self) -> None:
        """Build what the first document would wait for."""
        await self._commits.prepare()

    async def keep(self) -> None:
        """Keep what a start would otherwise have to make again."""
        await self._commits.keep()

    async def drain(self) -> None:
        """Return when every poll that has started is committed."""
        await self._slots.drain()

    async def close(self) -> None:
        """Give up what runs; its leases end by themselves, its feeds are polled again."""
        await self._slots.cancel()
        await self._commits.close()

    def _start(self, state: FeedState) -> None:
        if self._turns.take(state.host, state):
            self._slots.start(self._poll_in_turn(state))

    async def _poll_in_turn(self, first: FeedState) -> None:
        """Poll a feed, and after it those that wait for a turn at its host."""
        state: FeedState | None = first
        while state is not None:
            try:
                await self._poll(state)
            except Exception as error:  # noqa: BLE001 - one feed's trouble must not end those that wait behind it
                self._on_trouble(error)
            state = self._turns.hand_on(state.host)

    async def _poll(self, state: FeedState) -> None:
        subscription = self._follows.subscriptions.get(state.url) or Subscription(url=state.url)
        fetched = await self._fetcher.fetch(state, subscription)
        arrival = await self._unblamed(state, fetched)
        ingested = await self._commits.commit(arrival)
        if ingested.doubt and fetched.retrieved is not None:
            whole = await self._fetcher.read(state, subscription, fetched.retrieved, known={})
            arrival = whole.arrival
            ingested = await self._commits.commit(arrival)
        self._on_report(
            PollReport(
                subscription=subscription,
                at=self._clock(),
                ingested=ingested,
                unchanged=arrival.parsed is None and fetched.error is None,
                error=words_of(fetched.error) if fetched.error else "",
                offline=fetched.error is not None and arrival is not fetched.arrival,
            )
        )

    async def _unblamed(self, state: FeedState, fetched: Fetched) -> Arrival:
        """The arrival; where our network is down one that takes nothing for the feed's failure.

        Feeds that failed before that could be known are as they were before, too.
        """
        now, error = self._clock(), fetched.error
        reached = not isinstance(error, RetrieveError) or error.reached
        self._network.saw(state.host, reached=reached, now=now)
        if self.offline_since is None:
            if reached:
                self._blamed.clear()
            else:
                self._blamed[state.feed_id] = as_before(fetched.arrival, state, now)
            return fetched.arrival
        blamed, self._blamed = self._blamed, {}
        for arrival in blamed.values():
            await self._commits.commit(arrival)
        return fetched.arrival if reached else as_before(fetched.arrival, state, now)


def spread_out(store: PollStore, *, now: datetime) -> int:
    """Part the feeds that became due while nobody polled; returns how many there are."""
    overdue = store.overdue(before=now - SPREAD)
    polls = [(one, after_a_stop(one.url, one.interval, now=now)) for one in overdue]
    store.put_off(
        PutOff(feed_id=one.feed_id, next_poll_at=poll.at or now, note=poll.reason) for one, poll in polls
    )
    return len(polls)


def _claim_these(store: PollStore, urls: Collection[str], now: datetime) -> list[FeedState]:
    return store.claim_all(now=now, lease=LEASE, urls=urls)
