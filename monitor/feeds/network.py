"""Whether it is our own network that is down, and not many feeds at once. Pure.

Nearly every poll fails before any server has answered: that is one state of ours, and no failure of theirs.
"""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta

from monitor.records import dataclass

WINDOW = timedelta(minutes=5)
HOSTS_MOST, HOSTS_LEAST = 50, 5
"""The last polls of so many hosts count; of fewer nobody can tell."""
NEARLY_ALL = 0.9
AGAIN_AFTER = timedelta(seconds=60)
"""About so long after a poll that found the network down its feed is polled again."""


@dataclass(frozen=True, slots=True)
class _Try:
    at: datetime
    reached: bool


class Network:
    """What the last polls say of our network; `down_since` is None while it works, or nobody knows better."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, _Try] = OrderedDict()
        self._missed = 0
        """Tries that reached nobody."""
        self.down_since: datetime | None = None

    def saw(self, host: str, *, reached: bool, now: datetime) -> None:
        """A poll of the host ended; `reached` where some server answered, whatever it said."""
        if before := self._tries.pop(host, None):
            self._missed -= not before.reached
        self._tries[host] = _Try(now, reached)
        self._missed += not reached
        while len(self._tries) > HOSTS_MOST or next(iter(self._tries.values())).at < now - WINDOW:
            self._missed -= not self._tries.popitem(last=False)[1].reached
        if not self._is_down():
            self.down_since = None
        elif self.down_since is None:
            self.down_since = min(one.at for one in self._tries.values() if not one.reached)

    def _is_down(self) -> bool:
        return len(self._tries) >= HOSTS_LEAST and self._missed >= NEARLY_ALL * len(self._tries)


def again_at(url: str, *, now: datetime) -> datetime:
    """When to poll a feed again that could not be polled while the network was down: each at another time."""
    share = int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), "big") / 2**64
    return now + AGAIN_AFTER * (0.5 + share)
