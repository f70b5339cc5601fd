"""Hits as the alerts room sees them, and the alerts made of them. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to one receiver about a group of hits. `id` is stable and stands in its text."""

    id: str
    receiver: str
    group_key: str
    group_labels: Mapping[str, str]
    created_at: datetime
    hits: tuple[AlertHit, ...] = field(default=())
    more: int = 0
    """How many hits it tells besides those in `hits`: counted in its text, kept in the store."""
