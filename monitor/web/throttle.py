"""Slows down who guesses passwords: after a few wrong tries each must wait longer than the last. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 4
"""Wrong tries that cost nothing."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
FORGET = timedelta(hours=1)
MOST_ADDRESSES = 1000
EVERYBODY = ""
"""All addresses together: many that guess a little are one that guesses much."""
FREE_FOR_ALL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    count: int
    last: datetime


class Throttle:
    """Counts wrong tries by address; forgets them with time."""

    def __init__(self) -> None:
        self._wrong: dict[str, _Wrong] = {}

    def wait(self, address: str, *, now: datetime) -> timedelta:
        """How long this address has to wait before its next try; nothing if it need not."""
        return max(self._wait(address, FREE, now), self._wait(EVERYBODY, FREE_FOR_ALL, now))

    def failed(self, address: str, *, now: datetime) -> None:
        """A try was wrong."""
        self._tidy(now)
        for key in (address, EVERYBODY):
            known = self._wrong.get(key)
            self._wrong[key] = _Wrong(count=known.count + 1 if known else 1, last=now)

    def succeeded(self, address: str) -> None:
        """A try was right: what was wrong before does not count any more."""
        self._wrong.pop(address, None)

    def _wait(self, key: str, free: int, now: datetime) -> timedelta:
        known = self._wrong.get(key)
        if known is None or known.count < free:
            return timedelta(0)
        pause: timedelta = min(FIRST_WAIT * 2 ** min(known.count - free, 20), LONGEST_WAIT)
        return max(known.last + pause - now, timedelta(0))

    def _tidy(self, now: datetime) -> None:
        kept = {key: wrong for key, wrong in self._wrong.items() if now - wrong.last < FORGET}
        self._wrong = kept if len(kept) < MOST_ADDRESSES else {EVERYBODY: kept[EVERYBODY]}
