"""What hubs tell: taken where it is signed, then read and ingested as the document of a poll is.

    callback ─ take ─ signed? room? ─ the store ─ bell ─ PushReader ─ read what is new ─ arrival ─ ingest
                          └── ignored, and counted            └── unreadable: the feed is polled soon

A push holds only what is new, or all of a feed: it says nothing of the entries that are not in it, and
nothing of how the feed's own server is. While a feed is polled its pushes wait.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from monitor.arrival import Arrival, Ingested
from monitor.commits import Commits
from monitor.errors import MonitorError, ParseError, StoreError
from monitor.feeds.moved import asked_url
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.signature import signed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.feeds.websub import Pact
from monitor.reading import read
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.pushes import Outcome, Push
from monitor.store.store import Store
from monitor.store.thread import StoreThread

LEASE = timedelta(minutes=5)
MOST_WAITING = 20
"""So many pushes of one hub wait to be read; then it is asked to come again later."""
REST = timedelta(minutes=1)
"""What can not be read, or only half be believed, has its feed polled, but no more often than this."""

Taken = Literal["taken", "unknown", "ended", "ignored", "no room"]


class Follows(Protocol):
    """What must be known of the configuration; asked anew for each push."""

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """Subscriptions by URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReport:
    """What came of a push: what was ingested, or why it could not be read."""

    subscription: Subscription
    at: datetime
    came_at: datetime
    ingested: Ingested | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A push that was not taken, and why; `times` it has been so with this hub."""

    pact: Pact
    outcome: Outcome
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A push as it came: what it holds, what kind that is, and the signature that stands above it."""

    body: bytes
    content_type: str = ""
    signature: str = ""


def take(
    store: Store,
    token: str,
    push: Signed,
    *,
    allow_sha1: bool,
    now: datetime,
) -> tuple[Taken, Ignored | None]:
    """Keep a push that is signed by the hub that we have a pact with; of others only that they came."""
    pact = store.pact_at(token)
    if pact is None or pact.state == "due":
        return "unknown", None
    if pact.state != "live":
        return "ended", None
    outcome = signed(push.signature, push.body, secret=pact.secret, allow_sha1=allow_sha1)
    if outcome == "good" and store.waiting_pushes(pact) < MOST_WAITING:
        store.add_push(pact, content_type=push.content_type, body=push.body, now=now)
        return "taken", None
    if outcome == "good":
        return "no room", ignore(store, pact, "too many")
    if outcome == "weak":  # nothing of it is believed but that there may be something new
        store.poll_soon(pact.feed_id, now=now, rest=REST)
    return "ignored", ignore(store, pact, outcome)


def ignore(store: Store, pact: Pact, outcome: Outcome) -> Ignored:
    """Count a push that is not taken, and say why."""
    store.ignore_push(pact, outcome)
    return Ignored(pact=pact, outcome=outcome, times=pact.ignored + 1)


class PushReader:
    """Reads pushes. `tick` claims and starts what is there; reports come as they are ingested."""

    def __init__(
        self,
        *,
        store: StoreThread,
        sandbox: Sandbox,
        commits: Commits,
        follows: Follows,
        clock: Callable[[], datetime],
        on_report: Callable[[PushReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 8,
    ) -> None:
        self._store = store
        self._sandbox = sandbox
        self._commits = commits
        self._follows = follows
        self._clock = clock
        self._on_report = on_report
        self._slots = Slots(concurrency, on_error=on_trouble)

    async def tick(self) -> int:
        """Start reading what has come, as far as there are free slots; returns how many pushes were taken."""
        free, now = self._slots.free, self._clock()
        if not free:
            return 0
        claimed = await self._store.run(lambda store: _claim(store, now=now, limit=free))
        for push, state in claimed:
            self._slots.start(self._read(push, state))
        return len(claimed)

    async def drain(self) -> None:
        """Return when every push that was taken is committed."""
        await self._slots.drain()

    async def close(self) -> None:
        """Give up what runs; its leases end by themselves, its pushes are read again."""
        await self._slots.cancel()

    async def _read(self, push: Push, state: FeedState) -> None:
        subscription = self._follows.subscriptions.get(state.url) or Subscription(url=state.url)
        try:
            ingested, error = await self._take_in(push, state, subscription), ""
        except StoreError:
            raise  # it is still there, and is read again when its lease has ended
        except Exception as failure:  # noqa: BLE001 - a push that breaks something must not come again
            error, ingested = _words(failure), None
            now = self._clock()
            await self._store.run(
                lambda store: store.drop_push(push.push_id, state.feed_id, now=now, rest=REST)
            )
        self._on_report(
            PushReport(
                subscription=subscription,
                at=self._clock(),
                came_at=push.came_at,
                ingested=ingested,
                error=error,
            )
        )

    async def _take_in(self, push: Push, state: FeedState, subscription: Subscription) -> Ingested:
        """Read and ingest what is new in it; whole, where in doubt."""
        known = state.shown.may_leave_out(self._clock())
        ingested = await self._commits.commit(await self._arrival(push, state, subscription, known))
        if ingested.doubt:
            ingested = await self._commits.commit(await self._arrival(push, state, subscription, {}))
        return ingested

    async def _arrival(
        self, push: Push, state: FeedState, subscription: Subscription, known: Mapping[bytes, int]
    ) -> Arrival:
        document = Retrieved(
            url=asked_url(subscription, state), status=200, body=push.body, content_type=push.content_type
        )
        reading = await read(self._sandbox, document, known=known)
        return Arrival(
            state=state,
            subscription=subscription,
            next_poll_at=None,
            parsed=reading.parsed,
            items=reading.items,
            left_out=reading.left_out,
            push=push.push_id,
        )


def _claim(store: Store, *, now: datetime, limit: int) -> list[tuple[Push, FeedState]]:
    """Pushes with their feeds, which nobody polls until they are read."""
    pushes = store.free_pushes(now=now, limit=limit)
    if not pushes:
        return []
    with store.transaction():
        states = {one.url: one for one in store.claim_all(now=now, lease=LEASE, urls=_urls(pushes))}
    return [(one, states[one.feed_url]) for one in pushes if one.feed_url in states]


def _urls(pushes: list[Push]) -> list[str]:
    return [one.feed_url for one in pushes]


def _words(error: Exception) -> str:
    """Why a push could not be read, in words."""
    if isinstance(error, ParseError):
        return str(error)
    kind = "" if isinstance(error, MonitorError) else f"{type(error).__name__}: "
    return f"it could not be read: {kind}{error}"
