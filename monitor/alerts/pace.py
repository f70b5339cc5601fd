"""When a target may be sent the next message: some services take one a while, some ask for patience.

Kept in memory only: what a restart forgets costs one refused message.
"""

from datetime import datetime, timedelta

from monitor.alerts.outcome import Outcome
from monitor.alerts.route import Target
from monitor.alerts.services import pace_of, service_of


class Paces:
    """The targets that rest, each until a moment."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._longest = timedelta()

    def sent(self, target: Target, outcome: Outcome, now: datetime, *, longest: timedelta) -> None:
        """A message went to this target, and this came of it; no target rests for longer than `longest`."""
        asked = timedelta(seconds=min(outcome.retry_after or 0.0, longest.total_seconds()))
        rest = max(pace_of(service_of(target.url)), asked)
        self._longest = max(longest, rest)
        if rest:
            self._until[target.key] = now + rest

    def resting(self, now: datetime) -> tuple[str, ...]:
        """The keys of the targets that rest. One whose rest is absurdly far away saw the clock set back."""
        self._until = {key: end for key, end in self._until.items() if now < end <= now + self._longest}
        return tuple(self._until)

    def next_end(self, now: datetime) -> datetime | None:
        """When the first of them has rested."""
        self.resting(now)
        return min(self._until.values(), default=None)
