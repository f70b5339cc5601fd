"""What follows an attempt to read a page: read, again later, or unreadable, with the reason. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

PageState = Literal["due", "read", "unreadable"]

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
)
"""Between one attempt and the next: after the last of them the page is no news any more."""
LONGEST_ASKED = timedelta(hours=12)
"""A host that asks for more patience than this is asked again all the same."""

_REFUSED = {
    401: "it asks for a login",
    402: "it is behind a paywall",
    403: "the site refuses us",
    404: "there is no such page",
    410: "the page is gone",
    451: "it is withheld for legal reasons",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a page: its state, why in words, and when it is tried again."""

    state: PageState
    reason: str = ""
    next_at: datetime | None = None


READ = Verdict(state="read")
PAID = Verdict(state="read", reason="it is behind a paywall: only what it shows to all")


def unreadable(reason: str) -> Verdict:
    """It is not tried again."""
    return Verdict(state="unreadable", reason=reason)


def after_status(status: int, *, retry_after: str, attempts: int, now: datetime) -> Verdict:
    """What an answer other than the page means; `attempts` counts those that failed, this one included."""
    if status in _REFUSED:
        return unreadable(f"{status}: {_REFUSED[status]}")
    if status == 429 or status >= 500:
        asked = _asked(retry_after, now)
        words = "the site asks for patience" if status == 429 else "the server failed"
        return again(f"{status}: {words}", attempts=attempts, now=now, asked=asked)
    return unreadable(f"{status}: this is no page")


def again(reason: str, *, attempts: int, now: datetime, asked: timedelta = timedelta()) -> Verdict:
    """Try again later, as long as the page may still be news."""
    if attempts > len(WAITS):
        return unreadable(f"given up after {attempts} attempts: {reason}")
    wait = max(WAITS[attempts - 1], min(asked, LONGEST_ASKED))
    return Verdict(state="due", reason=reason, next_at=now + wait)


def _asked(retry_after: str, now: datetime) -> timedelta:
    """How long a Retry-After header asks to wait, in seconds or until a date; zero where it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        return max(timedelta(), parsedate_to_datetime(text) - now)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
