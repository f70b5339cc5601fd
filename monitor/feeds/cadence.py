"""When a feed is polled next, and why. Pure; what looks like chance is a hash of the URL.

    good     the interval, longer where server or feed ask for it (within limits), outside the hours to skip
    failed   exponential back-off from a minute to a day, for ever; Retry-After where it asks for more
    gone     never again
    first    somewhere in the first interval, so that feeds that began together part

A new feed is due at once: what spreads a fresh daemon's first polls is only how many it makes at a time.
A feed's own rhythm, once it is learnt, belongs into `_wait_after_good`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from monitor.errors import MonitorError, RetrieveError
from monitor.feeds.entry import Feed, Parsed
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.state import FeedState

FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.25
TIGHTEST = timedelta(minutes=1)
"""As often as a feed whose window runs over is polled, unless its interval is shorter still."""
HINTS_MOST = 4
"""Intervals: as much as a feed's own wishes can lengthen one."""

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a poll ended, as far as it matters for the next one."""

    kind: Literal["good", "failed", "gone"] = "good"
    retry_after: str = ""
    cache_control: str = ""
    server_date: datetime | None = None
    feed: Feed | None = None

    @classmethod
    def of(cls, retrieved: Retrieved, parsed: Parsed | None) -> "Outcome":
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
    asked = _retry_after(outcome, now)
    if outcome.kind == "failed":
        return _after_failure(state, asked, now)
    wait, reason = _wait_after_good(_base(state, now), outcome, asked)
    if state.baseline_at is None:
        wait *= 0.5 + 0.5 * _share(state.url)
        reason = f"{reason}; sooner after the first poll, to spread the load"
    at, skipped = _not_skipped(now + wait, outcome.feed)
    return NextPoll(at=min(at, now + max(wait, LONGEST_WAIT)), reason=skipped or reason)


def tightened(state: FeedState, lost: timedelta, *, now: datetime) -> FeedState:
    """The state of a feed whose window ran over in so long a time: half of that might have been enough."""
    return replace(state, pace=lost / 2, overrun_at=now)


def sooner(at: datetime | None, before: FeedState, after: FeedState, *, now: datetime) -> datetime | None:
    """When to poll a feed that was to be polled `at`, before it was found to need another pace."""
    if at is None or at <= now:
        return at
    return now + (at - now) * min(1.0, _base(after, now) / _base(before, now))


def _base(state: FeedState, now: datetime) -> timedelta:
    """The interval, shorter while the feed needs it: a day without an overrun allows twice the time."""
    if state.pace is None or state.overrun_at is None:
        return state.interval
    days = max(now - state.overrun_at, timedelta()) / timedelta(days=1)
    allowed = max(state.pace * 2 ** min(days, 30), TIGHTEST)
    return min(allowed, state.interval)


def _wait_after_good(interval: timedelta, outcome: Outcome, asked: timedelta) -> tuple[timedelta, str]:
    """The interval, or the longest that is asked for within limits."""
    hints = [(asked, "the server asks for it (Retry-After)"), *_hints(outcome)]
    hint, who = max(hints, key=lambda pair: pair[0])
    wait = min(max(hint, interval), interval * HINTS_MOST)
    if wait == interval:
        return wait, f"every {in_words(wait)}"
    return wait, f"every {in_words(wait)}: {who}"


def _hints(outcome: Outcome) -> Iterator[tuple[timedelta, str]]:
    """How long the server and the feed would have us wait, and where they say so."""
    if age := _MAX_AGE.search(outcome.cache_control):
        yield _seconds(int(age[1])), "the server asks for it (Cache-Control)"
    feed = outcome.feed
    if feed is None:
        return
    if feed.ttl:
        yield _seconds(feed.ttl * 60), "the feed asks for it (ttl)"
    if period := _PERIODS.get(feed.update_period):
        yield period / max(feed.update_frequency or 1, 1), "the feed asks for it (updatePeriod)"


def _after_failure(state: FeedState, asked: timedelta, now: datetime) -> NextPoll:
    failures = max(state.failures, 1)
    wait = min(min(FIRST_RETRY, state.interval) * 2 ** min(failures - 1, 30), LONGEST_WAIT)
    wait = min(wait * (1 + JITTER * (2 * _share(f"{failures} {state.url}") - 1)), LONGEST_WAIT)
    times = "once" if failures == 1 else f"{failures} times in a row"
    if asked > wait:
        return NextPoll(at=now + asked, reason=f"failed {times}; the server asks to wait {in_words(asked)}")
    return NextPoll(at=now + wait, reason=f"failed {times}; again after {in_words(wait)}")


def _retry_after(outcome: Outcome, now: datetime) -> timedelta:
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


def _not_skipped(at: datetime, feed: Feed | None) -> tuple[datetime, str]:
    """The first moment from `at` on that is in no hour or day that the feed asks to skip, and why."""
    if feed is None or not (feed.skip_hours or feed.skip_days):
        return at, ""
    moment = at.astimezone(UTC)
    for _ in range(8 * 24):
        if not _is_skipped(moment, feed):
            return moment, "" if moment == at else "the feed asks to skip the hours until then"
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at, ""  # all of them: nobody means that


def _is_skipped(moment: datetime, feed: Feed) -> bool:
    return moment.hour in feed.skip_hours or _WEEK[moment.weekday()] in feed.skip_days


def _seconds(count: int) -> timedelta:
    return min(timedelta(seconds=min(count, 10**9)), LONGEST_WAIT)


def _share(text: str) -> float:
    """A number from 0 to 1, always the same for the same text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64


def in_words(wait: timedelta) -> str:
    """A time in its largest unit that fits: 90 s, 15 min, 4 h."""
    seconds = wait.total_seconds()
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size or seconds == size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
