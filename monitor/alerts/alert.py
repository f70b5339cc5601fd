"""Hits as the alerts room sees them, and the alerts made of them. Data only."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from monitor.records import dataclass

MAX_SHOWN = 50
"""How many hits of an alert are worth loading to show: the newest. The rest are told by their count."""

AlertKind = Literal["alert", "digest", "catch-up", "escalation"]
"""What a message is: one group's hits; what waited in many groups; what a receiver missed while it could
not be reached; what somebody else did not acknowledge in time."""

EDITED = "edited"
"""The label of a hit that is told because its entry was edited."""
RETURNED = "returned"
"""The label of a hit that came after a long silence of its feed, with how long that was: `3 weeks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A piece of plain text with the stretches to mark: (start, end, why), sorted, not overlapping."""

    text: str
    marks: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHit:
    """A hit as an alert tells it. All text is plain and comes from strangers: defuse it before sending."""

    hit_id: int
    topic: str
    labels: Mapping[str, str]
    found_at: datetime
    headline: Marked
    snippets: tuple[Marked, ...] = ()
    clauses: tuple[str, ...] = ()
    """Why it matched: the clauses of the query, as they print themselves, without repeats."""
    link: str = ""
    feed: str = ""
    published: datetime | None = None
    other_feeds: int = 0
    """How many other feeds carry it."""
    story: str = ""
    """How its story stands: who told it, and how many of its entries are copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What an alert of many groups tells of one topic: the next `shown` of its hits, and how many more."""

    topic: str
    shown: int
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to one receiver about a group of hits. `id` is stable and stands in its text.

    `thread` is the same for all that is told of one story or topic ("" where it is about several).
    """

    id: str
    receiver: str
    group_key: str
    group_labels: Mapping[str, str]
    created_at: datetime
    hits: tuple[AlertHit, ...] = field(default=())
    more: int = 0
    """How many hits it tells besides those in `hits`: counted in its text, kept in the store."""
    kind: AlertKind = "alert"
    sections: tuple[Section, ...] = ()
    """How `hits` are parted by topic, in order; the sections' `more` are those of the alert. Only an alert
    that is not of the kind "alert" has them."""
    thread: str = ""
    reason: str = ""
    """Why it is told now: what it had waited for."""
    earlier: tuple[str, ...] = ()
    """The ids of alerts that it tells anew: those a catch-up stands for, the one that is escalated."""
    coverage: str = ""
    """A line on what was looked at, as a digest says it."""

    def by_topic(self) -> Iterator[tuple[Section, tuple[AlertHit, ...]]]:
        """Each section with its hits."""
        at = 0
        for section in self.sections:
            yield section, self.hits[at : at + section.shown]
            at += section.shown


def thread_of(labels: Mapping[str, str]) -> str:
    """The thread of what is told of a group with these labels: its story, else its topic, else none."""
    for name in ("story", "topic"):
        if value := labels.get(name):
            return f"{name}:{value}"
    return ""
