"""Silences: for a while hits with these labels are kept and told to nobody. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.route import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Who does not want to hear of what, from when to when, and why."""

    number: int
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    comment: str = ""
    who: str = ""

    @property
    def name(self) -> str:
        """How it is called: `S-3`."""
        return f"S-{self.number}"

    def mutes(self, labels: Mapping[str, str], *, since: datetime, now: datetime) -> bool:
        """Whether it keeps still what has waited since then: that it has ended meanwhile changes nothing.

        So what is found while it holds stays untold, whenever somebody looks. What waits since a moment that
        is yet to come does since now: the clock was set back.
        """
        if self.starts_at > now or self.ends_at <= min(since, now):
            return False
        return all(matcher.matches(labels) for matcher in self.matchers)


def silenced_by(
    silences: Iterable[Silence], labels: Mapping[str, str], *, since: datetime, now: datetime
) -> str:
    """Why something with these labels that has waited since then is not told, "" if nothing mutes it."""
    for silence in silences:
        if silence.mutes(labels, since=since, now=now):
            return f"silenced by {silence.name}"
    return ""
