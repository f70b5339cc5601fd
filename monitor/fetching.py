"""A feed's address → what a poll brings: retrieved, what is new of it read, and what was learned of the feed.

Does not know which feeds are due (poller.py), nor what the store has.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.arrival import Arrival
from monitor.egress import Egress
from monitor.errors import MonitorError
from monitor.feeds.cadence import Outcome, next_poll
from monitor.feeds.moved import after_answer
from monitor.feeds.offers import learnt_offer
from monitor.feeds.retrieve import Retrieved, body_hash, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.learned import bad, good, words_of
from monitor.records import dataclass
from monitor.sandbox import Sandbox
from monitor.steps import Company

if TYPE_CHECKING:
    from monitor.reading import Reading

READ_AT_ONCE = 1024 * 1024
"""Bytes that are gone through in step before the event loop looks what else there is: 50 ms at the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a poll brought: the arrival, with the answer that it was in or the error that there was."""

    arrival: Arrival
    retrieved: Retrieved | None = None
    error: MonitorError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches feeds: whatever happens to one comes as an arrival, an error in words."""

    egress: Egress
    sandbox: Sandbox
    clock: Callable[[], datetime]
    company: Company = field(default_factory=lambda: Company(READ_AT_ONCE))

    async def fetch(self, state: FeedState, subscription: Subscription) -> Fetched:
        """What a poll brings."""
        try:
            retrieved = await retrieve(self.egress, subscription, state)
        except MonitorError as error:
            return self._failed(state, subscription, error)
        except Exception as error:  # noqa: BLE001 - a bug with one feed must not end the others
            return self._failed(state, subscription, _bug(error))
        known = {} if retrieved.body is None else state.shown.may_leave_out(self.clock())
        return await self.read(state, subscription, retrieved, known=known)

    async def read(
        self,
        state: FeedState,
        subscription: Subscription,
        retrieved: Retrieved,
        *,
        known: Mapping[bytes, int],
    ) -> Fetched:
        """What an answer brings; items that are `known` are left out of what is read."""
        hashed = "" if retrieved.body is None else body_hash(retrieved.body)
        same = retrieved.not_modified or hashed == state.body_hash
        try:
            is_first = state.baseline_at is None
            reading = None if same else await self._reading(retrieved, known, is_first=is_first)
        except MonitorError as error:
            return self._failed(state, subscription, error)
        except Exception as error:  # noqa: BLE001 - as above
            return self._failed(state, subscription, _bug(error))
        feed = reading.parsed.feed if reading and reading.parsed else None
        state = learnt_offer(state, retrieved.link, feed, url=retrieved.url)
        learned = good(state, retrieved, hashed=hashed, now=self.clock())
        learned = after_answer(learned, subscription, retrieved.moved_to)
        outcome = Outcome.of(retrieved, reading.parsed if reading else None)
        arrival = self._arrival(learned, subscription, outcome, reading, heard_at=state.last_ok_at)
        return Fetched(arrival=arrival, retrieved=retrieved)

    async def _reading(
        self, retrieved: Retrieved, known: Mapping[bytes, int], *, is_first: bool
    ) -> "Reading":
        from monitor.reading import read  # with all that reads documents, for which most polls have no work

        return await read(self.sandbox, retrieved, known=known, is_first=is_first, company=self.company)

    def _failed(self, state: FeedState, subscription: Subscription, error: MonitorError) -> Fetched:
        learned = bad(state, words_of(error), self.clock())
        return Fetched(arrival=self._arrival(learned, subscription, Outcome.failed(error), None), error=error)

    def _arrival(
        self,
        state: FeedState,
        subscription: Subscription,
        outcome: Outcome,
        reading: "Reading | None",
        *,
        heard_at: datetime | None = None,
    ) -> Arrival:
        due = next_poll(state, outcome, now=self.clock())
        return Arrival(
            state=state,
            subscription=subscription,
            next_poll_at=due.at,
            parsed=reading.parsed if reading else None,
            prepared=reading.prepared if reading else None,
            items=reading.items if reading else (),
            left_out=reading.left_out if reading else {},
            heard_at=heard_at,
            note=due.reason,
        )


def _bug(error: Exception) -> MonitorError:
    return MonitorError(f"{type(error).__name__}: {error}")
