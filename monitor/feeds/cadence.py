"""When a feed is polled next, and why. Pure; what looks like chance is a hash of the URL.

    good     the interval: by the feed's rhythm, within the user's limits; shorter where its window ran over,
             longer where server or feed ask for it, or where its hub tells us; outside the hours to skip
    failed   exponential back-off from a minute to a day, for ever; Retry-After where it asks for more
    gone     never again
    stopped  somewhere in the next minute, if it became due while nobody polled
    first    somewhere in the first interval, so that feeds that began together part

A new feed is due at once: what spreads a fresh daemon's first polls is only how many it makes at a time.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from monitor.errors import MonitorError, RetrieveError
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.rhythm import is_learnt, wait_for
from monitor.feeds.state import FeedState
from monitor.feeds.wishes import Wishes, wishes_of
from monitor.records import dataclass

if TYPE_CHECKING:
    from monitor.feeds.entry import Feed, Parsed

FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.25
SPREAD = timedelta(minutes=1)
"""Over so long a time, or their interval, those are polled that became due while nobody polled."""
TIGHTEST = timedelta(minutes=1)
"""As often as a feed whose window runs over is polled, unless its interval is shorter still."""
HINTS_MOST = 4
"""Intervals: as much as a feed's own wishes can lengthen one."""
PUSHED_MOST = 4
"""Intervals: as rarely a feed is polled whose hub tells us what is new ..."""
PUSHED_LONGEST = timedelta(hours=6)
"""... but some times a day all the same: a hub's silence proves nothing."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a poll ended, as far as it matters for the next one."""

    kind: Literal["good", "failed", "gone"] = "good"
    retry_after: str = ""
    cache_control: str = ""
    server_date: datetime | None = None
    feed: "Feed | None" = None

    @classmethod
    def of(cls, retrieved: Retrieved, parsed: "Parsed | None") -> "Outcome":
        """The outcome of a poll that went well; `parsed` is None where the document did not change."""
        return cls(
            retry_after=retrieved.retry_after,
            cache_control=retrieved.cache_control,
            server_date=retrieved.server_date,
            feed=parsed.feed if parsed else None,
        )

    @classmethod
    def failed(cls, error: MonitorError) -> "Outcome":
        """The outcome of a poll that failed; only a 410 says that there is nothing to wait for."""
        if not isinstance(error, RetrieveError):
            return cls(kind="failed")
        return cls(kind="gone" if error.status == 410 else "failed", retry_after=error.retry_after or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is polled next (None: never again), and why then."""

    at: datetime | None
    reason: str


def next_poll(state: FeedState, outcome: Outcome, *, now: datetime) -> NextPoll:
    """When to poll a feed again; `state` is as the poll left it, with its failure counted."""
    if outcome.kind == "gone":
        return NextPoll(at=None, reason="the feed is gone for good (410): polled no more")
    if outcome.kind == "failed":
        return _after_failure(state, pause_asked(outcome, now), now)
    wishes = wishes_of(outcome.feed) if outcome.feed else state.wishes
    wait, reason = _wait_after_good(state, outcome, wishes, now=now)
    if state.baseline_at is None:
        wait *= 0.5 + 0.5 * share(state.url)
        reason = f"{reason}; sooner after the first poll, to spread the load"
    at, skipped = _not_skipped(now + wait, wishes)
    return NextPoll(at=min(at, now + max(wait, LONGEST_WAIT)), reason=skipped or reason)


def after_a_stop(url: str, interval: timedelta, *, now: datetime) -> NextPoll:
    """When to poll a feed that became due while nobody polled: soon, and not when all the others are."""
    return NextPoll(
        at=now + min(SPREAD, interval) * share(url),
        reason="became due while the monitor did not run: spread, so that not all are polled at once",
    )


def tightened(state: FeedState, lost: timedelta, *, now: datetime) -> FeedState:
    """The state of a feed whose window ran over in so long a time: half of that might have been enough."""
    return replace(state, pace=lost / 2, overrun_at=now)


def sooner(at: datetime | None, before: FeedState, after: FeedState, *, now: datetime) -> datetime | None:
    """When to poll a feed that was to be polled `at`, before it was found to need another pace."""
    if at is None or at <= now:
        return at
    return now + (at - now) * min(1.0, _base(after, now)[0] / _base(before, now)[0])


def _base(state: FeedState, now: datetime) -> tuple[timedelta, str]:
    """The interval by the feed's rhythm, within the user's limits; shorter while its window runs over."""
    wait, why = _by_rhythm(state, now)
    if state.pace is not None and state.overrun_at is not None:
        days = max(now - state.overrun_at, timedelta()) / timedelta(days=1)
        floor = TIGHTEST if state.min_interval is None else state.min_interval
        allowed = max(state.pace * 2 ** min(days, 30), floor)
        if allowed < wait:
            return allowed, "its window ran over"
    return _when_pushed(state, wait, why, now)


def _when_pushed(state: FeedState, wait: timedelta, why: str, now: datetime) -> tuple[timedelta, str]:
    """The interval while a hub tells us what is new: longer, but not beyond the end of its lease."""
    if state.pushed_until is None or state.pushed_until <= now:
        return wait, why
    rarely = min(wait * PUSHED_MOST, PUSHED_LONGEST, state.pushed_until - now)
    return (rarely, "its hub tells what is new") if rarely > wait else (wait, why)


def _by_rhythm(state: FeedState, now: datetime) -> tuple[timedelta, str]:
    """The interval that was asked for, until the rhythm is learnt, or where no limits let it move."""
    shortest, longest = state.min_interval or state.interval, state.max_interval or state.interval
    rhythm = state.rhythm
    if rhythm is None or shortest >= longest or not is_learnt(rhythm, at=now):
        return state.interval, ""
    wait = max(shortest, wait_for(rhythm, at=now, longest=longest))
    return wait, "" if wait == state.interval else "by its rhythm"


def _wait_after_good(
    state: FeedState, outcome: Outcome, wishes: Wishes, *, now: datetime
) -> tuple[timedelta, str]:
    """The interval, or the longest that is asked for within limits."""
    base, why = _base(state, now)
    hints = _hints(outcome, wishes, pause_asked(outcome, now))
    hint, who = max(hints, key=lambda pair: pair[0])
    wait = min(max(hint, base), max(state.max_interval or state.interval * HINTS_MOST, base))
    reason = who if wait > base else why
    return wait, f"every {in_words(wait)}{': ' if reason else ''}{reason}"


def _hints(outcome: Outcome, wishes: Wishes, asked: timedelta) -> Iterator[tuple[timedelta, str]]:
    """How long the server and the feed would have us wait, and where they say so."""
    yield asked, "the server asks for it (Retry-After)"
    if age := _MAX_AGE.search(outcome.cache_control):
        yield _seconds(int(age[1])), "the server asks for it (Cache-Control)"
    yield min(wishes.every, LONGEST_WAIT), f"the feed asks for it ({wishes.by})"


def _after_failure(state: FeedState, asked: timedelta, now: datetime) -> NextPoll:
    failures = max(state.failures, 1)
    wait = min(min(FIRST_RETRY, state.interval) * 2 ** min(failures - 1, 30), LONGEST_WAIT)
    wait = min(wait * (1 + JITTER * (2 * share(f"{failures} {state.url}") - 1)), LONGEST_WAIT)
    times = "once" if failures == 1 else f"{failures} times in a row"
    if asked > wait:
        return NextPoll(at=now + asked, reason=f"failed {times}; the server asks to wait {in_words(asked)}")
    return NextPoll(at=now + wait, reason=f"failed {times}; again after {in_words(wait)}")


def pause_asked(outcome: Outcome, now: datetime) -> timedelta:
    """What Retry-After asks for, at most a day, nothing for the absurd; dates are by the server's clock."""
    text = outcome.retry_after.strip()
    if text.isascii() and text.isdigit():
        return _seconds(int(text[:12]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max(moment - (outcome.server_date or now), timedelta()), LONGEST_WAIT)


def _not_skipped(at: datetime, wishes: Wishes) -> tuple[datetime, str]:
    """The first moment from `at` on that is in no hour or day that the feed asks to skip, and why."""
    if not (wishes.skip_hours or wishes.skip_days):
        return at, ""
    moment = at.astimezone(UTC)
    for _ in range(8 * 24):
        if not wishes.skips(moment):
            return moment, "" if moment == at else "the feed asks to skip the hours until then"
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at, ""  # all of them: nobody means that


def _seconds(count: int) -> timedelta:
    return min(timedelta(seconds=min(count, 10**9)), LONGEST_WAIT)


def share(text: str) -> float:
    """A number from 0 to 1, always the same for the same text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64


def in_words(wait: timedelta) -> str:
    """A time in its largest unit that fits: 90 s, 15 min, 4 h."""
    seconds = wait.total_seconds()
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size or seconds == size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
