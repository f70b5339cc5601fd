"""Hubs are asked to tell us of feeds, again before their leases end, and no more of what nobody follows.

    what feeds offer ─ settle ─ pacts ─ due? ─ ask the hub ─┬─ it takes it, and comes back to us (hear)
                                                            └─ it does not: why, and when it is asked again

Does not read what hubs tell (pushes.py), nor decide what they may ask us (feeds/websub.py).
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from monitor.egress import Egress, Response
from monitor.errors import RetrieveError
from monitor.feeds.cadence import Outcome, pause_asked
from monitor.feeds.subscription import Subscription
from monitor.feeds.text import line
from monitor.feeds.websub import (
    LONGEST_RETRY,
    Answer,
    Pact,
    Question,
    answer,
    may_be_pushed,
    request_of,
    retry_after,
    settle,
)
from monitor.slots import Slots
from monitor.store.store import Store
from monitor.store.thread import StoreThread

SETTLE = timedelta(minutes=1)
"""How often it is looked whether feeds offer something else."""
SECONDS = 30.0
MOST_BYTES = 64 * 1024
"""Of what a hub answers: it has nothing to say but why not."""
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain, */*;q=0.1"}

HubOutcome = Literal["asked", "refused", "agreed", "left", "denied"]


class Asks(Protocol):
    """What must be known of the configuration; asked anew each time."""

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """Subscriptions by URL."""

    @property
    def callback_site(self) -> str:
        """Where hubs reach us, "" where they do not."""

    @property
    def allow_private(self) -> bool:
        """Whether hubs of feeds that nobody follows any more may be in private networks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubReport:
    """What came of a word with a hub: it was asked, has refused, has agreed, or tells us no more."""

    pact: Pact
    at: datetime
    outcome: HubOutcome
    reason: str = ""
    until: datetime | None = None


class Hubs:
    """Asks hubs. `tick` settles what is to be agreed and asks who is due; reports come as hubs answer."""

    def __init__(
        self,
        *,
        store: StoreThread,
        egress: Egress,
        asks: Asks,
        clock: Callable[[], datetime],
        on_report: Callable[[HubReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 8,
    ) -> None:
        self._store = store
        self._egress = egress
        self._asks = asks
        self._clock = clock
        self._on_report = on_report
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._busy: set[str] = set()
        self._settled_at: datetime | None = None

    def look_again(self) -> None:
        """What feeds offer, or what we want, may have changed: the next tick looks at all of it."""
        self._settled_at = None

    async def tick(self) -> int:
        """Ask the hubs that are due, as far as there are free slots; returns how many were asked."""
        now, site, free = self._clock(), self._asks.callback_site, self._slots.free
        if self._settled_at is None or not timedelta() <= now - self._settled_at < SETTLE:
            asks = self._asks.subscriptions.items()
            wanted = {url for url, one in asks if may_be_pushed(one, site=site)}
            await self._store.run(lambda store: agree(store, site=site, wanted=wanted, now=now))
            self._settled_at = now
        if not site or not free:
            return 0
        busy = tuple(self._busy)
        due = await self._store.run(lambda store: store.claim_pacts(now=now, limit=free, busy=busy))
        for pact in due:
            self._busy.add(pact.hub)
            self._slots.start(self._ask_alone(pact))
        return len(due)

    async def drain(self) -> None:
        """Return when every hub that was asked has answered."""
        await self._slots.drain()

    async def close(self) -> None:
        """Give up what runs; it is asked again some time later."""
        await self._slots.cancel()

    async def _ask_alone(self, pact: Pact) -> None:
        """Ask a hub; it is asked nothing else meanwhile."""
        try:
            report = await self._ask(pact)
        finally:
            self._busy.discard(pact.hub)
        self._on_report(report)

    async def _ask(self, pact: Pact) -> HubReport:
        subscription = self._asks.subscriptions.get(pact.feed_url)
        private = subscription.allow_private if subscription else self._asks.allow_private
        wait = retry_after(pact)
        try:
            response = await self._egress.request(
                "POST",
                pact.hub,
                headers=_HEADERS,
                body=request_of(pact),
                body_travels=True,
                allow_private=private,
                timeout=SECONDS,
                max_bytes=MOST_BYTES,
            )
            reason = why_not(response, pact)
            outcome = Outcome(retry_after=response.headers.get("Retry-After", ""))
            wait = max(wait, pause_asked(outcome, self._clock()))
        except RetrieveError as error:
            reason = str(error)
            wait = wait if error.retryable else max(wait, LONGEST_RETRY)
        now = self._clock()
        if reason:
            await self._store.run(lambda store: store.save_refusal(pact, reason=reason, next_at=now + wait))
        return HubReport(pact=pact, at=now, outcome="refused" if reason else "asked", reason=reason)


def agree(store: Store, *, site: str, wanted: Collection[str], now: datetime) -> None:
    """Make the pacts that are to be made now, and end those that are over."""
    settled = settle(store.offerings(), store.pacts(), site=site, wanted=wanted)
    if settled.over or settled.new:
        with store.transaction():
            store.end_pacts(settled.over, farewell=bool(site), now=now)
            store.add_pacts(settled.new, site=site, new_key=_new_key, now=now)


def hear(store: Store, token: str, question: Question, *, now: datetime) -> tuple[Answer, Pact | None]:
    """What a hub is told that asks us something, kept before it is told, and with whom we have it."""
    pact = store.pact_at(token)
    said = answer(question, pact, now=now)
    if pact is not None:
        store.save_answer(pact, said, now=now)
    return said, pact


def why_not(response: Response, pact: Pact) -> str:
    """Why a hub does not want to, in its own words if they give away nothing; "" where it wants to."""
    if 200 <= response.status < 300:
        return ""
    words = line(response.body.decode("utf-8", "replace"))
    if not words or words.startswith("<") or pact.token in words or pact.secret in words:
        return f"the hub answers {response.status}"
    return f"the hub answers {response.status}: {words[:200]}"


def _new_key() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)
