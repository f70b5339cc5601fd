"""What topics would have caught in the stored entries, the newest first.

The full-text index narrows, the percolator decides. Nothing is stored and nobody is told.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from monitor.documents import document_of
from monitor.errors import QueryError
from monitor.store.records import StoredEntry
from monitor.store.store import Store
from monitor.topics.document import Document
from monitor.topics.match import Match, Span
from monitor.topics.narrowing import narrowing
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

Looked = Callable[[], None]
"""Called for each entry that was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """An entry that a topic would have caught, and why."""

    stored: StoredEntry
    document: Document
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many were caught on a day."""

    day: date
    count: int


def candidates(store: Store, topic: Topic, *, since: datetime | None) -> list[int]:
    """Ids of the entries that the topic may catch, the newest first."""
    return store.candidates(narrowing(topic), since=since)


def catches(store: Store, topic: Topic, entry_ids: Iterable[int], *, looked: Looked) -> Iterator[Catch]:
    """What the topic catches of these entries; raises QueryError where it breaks on one."""
    percolator = Percolator([topic])
    for stored, document, matches in percolated(store, percolator, entry_ids, looked=looked):
        for match in matches:
            yield Catch(stored=stored, document=document, spans=match.spans)
    if why := percolator.broken.get(topic.name):
        raise QueryError(f"the monitor would leave this topic out: {why}")


def percolated(
    store: Store, percolator: Percolator, entry_ids: Iterable[int], *, looked: Looked
) -> Iterator[tuple[StoredEntry, Document, Sequence[Match]]]:
    """These entries, each with the topics that match it."""
    for stored in store.entries_of(entry_ids):
        document = document_of(stored.entry, feed=stored.feed)
        yield stored, document, percolator.match(document)
        looked()


def by_day(
    moments: Iterable[datetime], *, since: datetime | None, now: datetime, zone: tzinfo
) -> list[DayCount]:
    """How many of the moments are on each day, from the first to the last, days without any included."""
    counts = Counter(moment.astimezone(zone).date() for moment in moments)
    last = max([now.astimezone(zone).date(), *counts])
    first = min([(since or now).astimezone(zone).date(), *counts])
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [DayCount(day=day, count=counts[day]) for day in days]
