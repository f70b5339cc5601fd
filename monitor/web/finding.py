"""Hits as a page asks for them: by topic, feed, severity and words, the newest first.

The full-text index narrows, the percolator decides: words mean here what they mean in a topic.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from monitor.documents import document_of
from monitor.errors import QueryError
from monitor.store.desk import HitQuery
from monitor.store.records import Hit
from monitor.store.store import Store
from monitor.topics.narrowing import narrowing
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

MOST_LOOKED_AT = 5000
"""Hits that are looked at for one page, where only the percolator can say."""
AT_A_TIME = 200
WITHOUT_INDEX = 2
"""So often the newest hits are looked at one by one before the index is asked."""
HOUR = timedelta(hours=1)
ANYWHERE = "words"
NAMED = ("topic", "watchlist", "feed", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which hits somebody wants to see; what is empty does not matter. `words` are a query."""

    topic: str = ""
    watchlist: str = ""
    feed: str = ""
    severity: str = ""
    words: str = ""
    story: int = 0
    starred: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """What an address asks for."""
        named = {name: asked.get(name, "").strip()[:2000] for name in NAMED}
        return cls(
            **named,
            story=number_of(asked.get("story", "")) or 0,
            starred=asked.get("starred", "") == "yes",
            words=asked.get("q", "").strip()[:10_000],
        )

    def address(self, **more: object) -> str:
        """The same as an address asks for it."""
        given = {
            "topic": self.topic,
            "watchlist": self.watchlist,
            "feed": self.feed,
            "severity": self.severity,
            "story": self.story,
            "starred": "yes" if self.starred else "",
            "q": self.words,
            **more,
        }
        return urlencode({name: value for name, value in given.items() if value})


def number_of(text: str) -> int | None:
    """A number as an address names things by it, None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is asked of the store, and the topic that decides where words are asked for."""

    query: HitQuery
    topic: Topic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of hits. `next` is the id before which the next page begins, None where this is the last."""

    hits: tuple[Hit, ...]
    next: int | None


def sought(wanted: Wanted) -> Sought:
    """What somebody wants, ready to be asked for; raises QueryError."""
    topic = Topic(name=ANYWHERE, query=parse(wanted.words).node) if wanted.words else None
    if topic and (why := Percolator([topic]).broken.get(ANYWHERE)):
        raise QueryError(why)
    query = HitQuery(
        topic=wanted.topic,
        watchlist=wanted.watchlist,
        feed=wanted.feed,
        severity=wanted.severity,
        story=wanted.story,
        starred=wanted.starred,
        expression=narrowing(topic) if topic else None,
    )
    return Sought(query=query, topic=topic)


def find(store: Store, what: Sought, *, before: int | None = None, limit: int) -> Found:
    """The newest hits before one, as many as a page has."""
    if what.topic is None:
        hits = store.desk_hits(what.query, before=before, limit=limit)
        return Found(hits=tuple(hits), next=hits[-1].hit_id if len(hits) == limit else None)
    percolator, found, last = Percolator([what.topic]), [], None
    for hit in _looked_at(store, what.query, before):
        last = hit.hit_id
        if _holds(percolator, hit):
            found.append(hit)
            if len(found) == limit:
                return Found(hits=tuple(found), next=last)
    more = last is not None and store.desk_hits(what.query, before=last, limit=1)
    return Found(hits=tuple(found), next=last if more else None)


def find_new(store: Store, *, what: Sought, after: int, limit: int) -> list[Hit]:
    """Hits that came after one, the oldest first."""
    hits = store.desk_hits(what.query, after=after, limit=limit)
    if what.topic is not None:
        percolator = Percolator([what.topic])
        hits = [hit for hit in hits if _holds(percolator, hit)]
    return hits[::-1]


def find_story(store: Store, what: Sought, story: int, *, limit: int) -> tuple[Hit, ...]:
    """The newest hits of a story among those that somebody wants."""
    return find(store, replace(what, query=replace(what.query, story=story)), limit=limit).hits


def hours(store: Store, what: Sought, *, now: datetime) -> list[int]:
    """How many hits each of the last 24 hours had; words are counted as the index finds them."""
    since = now.replace(minute=0, second=0, microsecond=0) - 23 * HOUR
    counts = store.rhythm(what.query, since=since, step=HOUR)
    return [counts.get(number, 0) for number in range(24)]


def _looked_at(store: Store, query: HitQuery, before: int | None) -> Iterator[Hit]:
    # A word that is everywhere is in the newest hits too, and costs the index most.
    without_index = replace(query, expression=None)
    for number in range(MOST_LOOKED_AT // AT_A_TIME):
        asked = without_index if number < WITHOUT_INDEX else query
        hits = store.desk_hits(asked, before=before, limit=AT_A_TIME)
        yield from hits
        if len(hits) < AT_A_TIME:
            return
        before = hits[-1].hit_id


def _holds(percolator: Percolator, hit: Hit) -> bool:
    return bool(percolator.match(document_of(hit.entry.entry, feed=hit.entry.feed)))
