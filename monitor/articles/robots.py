"""What a host's robots.txt lets us read, and how slowly (RFC 9309), through protego. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

MOST_BYTES = 512 * 1024
"""A longer file is read so far (RFC 9309 asks for 500 KiB at least)."""
SLOWEST = timedelta(minutes=1)
"""A host that asks for longer waits between two requests gets these."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host."""

    _rules: Any = None

    @classmethod
    def read(cls, text: str) -> "Robots":
        """The rules that a robots.txt gives; what can not be understood in it is not there."""
        from protego import Protego

        return cls(Protego.parse(text[:MOST_BYTES]))

    def allow(self, url: str, agent: str) -> bool:
        """Whether somebody of this name may read the page."""
        return self._rules is None or bool(self._rules.can_fetch(url, agent))

    def pause(self, agent: str) -> timedelta:
        """How long to wait between two requests, zero where it is not said."""
        seconds = self._rules.crawl_delay(agent) if self._rules is not None else None
        return min(timedelta(seconds=max(0.0, seconds)), SLOWEST) if seconds else timedelta()


ALL_ALLOWED = Robots()
"""Of a host that has no rules."""
