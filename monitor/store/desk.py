"""The SQL of the desk: hits as a page lists them, and how many there were in each stretch of time."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.store.hits import HITS, hit_of
from monitor.store.moment import interval_to_micros, to_micros
from monitor.store.records import Hit, HitState
from monitor.store.standings import STORY_OF
from monitor.store.table import Tables, marks, numbers, slices

_IDS = "SELECT hits.id FROM hits"

_STEPS = "SELECT (found_at - :since) / :step, count(*) FROM hits"

_VERDICTS = "SELECT hit_id, verdict FROM judgements WHERE replaced_at IS NULL"

# By story and not by entry: a story of thousands is counted once.
_SUMS = """
SELECT story_id, origin, count(*) AS entries, sum(tie = 'copy') AS copies
FROM entry_stories WHERE story_id IN (
    SELECT story_id FROM entry_stories WHERE entry_id IN (SELECT value FROM json_each(?))
)
GROUP BY story_id, origin ORDER BY story_id, min(entry_id)
"""

# The plus keeps SQLite from beginning with all entries that hold a word.
_HOLDS = "+hits.entry_id IN (SELECT rowid FROM entries_fts WHERE entries_fts MATCH :expression)"
_HOLDS_SINCE = (
    "+hits.entry_id IN (SELECT rowid FROM entries_fts WHERE entries_fts MATCH :since_first"
    " AND rowid >= (SELECT min(entry_id) FROM hits WHERE found_at >= :since))"
)
# What waits for the index may hold any words.
_WAITS = "hits.entry_id > coalesce((SELECT rowid FROM entries_fts ORDER BY rowid DESC LIMIT 1), 0)"

_WHERE = {
    "topic": "hits.topic = :topic",
    "watchlist": "hits.watchlist = :watchlist",
    "feed": "hits.entry_id IN (SELECT id FROM entries WHERE feed_id IN"
    " (SELECT id FROM feeds WHERE name = :feed OR url = :feed))",
    "severity": "json_extract(hits.labels, '$.severity') = :severity",
    "expression": f"({_HOLDS} OR {_WAITS})",
    "since_first": f"({_HOLDS_SINCE} OR {_WAITS})",
    "story": "hits.entry_id IN (SELECT entry_id FROM entry_stories WHERE story_id IN"
    " (SELECT coalesce(merged_into, id) FROM stories WHERE id = :story))",
    "starred": "hits.id IN (SELECT hit_id FROM remarks WHERE starred AND :starred)",
    "before": "hits.id < :before",
    "after": "hits.id > :after",
    "since": "hits.found_at >= :since",
}

_BECAME = """
SELECT id AS hit_id, state, reason FROM hits WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitQuery:
    """Which hits are wanted; what is empty does not matter. `expression` is one of FTS5."""

    topic: str = ""
    watchlist: str = ""
    feed: str = ""
    severity: str = ""
    story: int = 0
    starred: bool = False
    expression: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What has become of a hit: whether it waits, was told or is kept, and why."""

    hit_id: int
    state: HitState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySum:
    """What a story comes to: its entries, how many are copies, its origins, the first to tell it first."""

    story_id: int
    entries: int
    copies: int
    origins: tuple[str, ...]


class DeskStore(Protocol):
    """The store's part for the desk."""

    def desk_hits(
        self, query: HitQuery, *, before: int | None = None, after: int | None = None, limit: int
    ) -> list[Hit]:
        """The hits that a query asks for, the newest first; before and after a hit's id."""

    def newest_hit_id(self) -> int:
        """The id of the newest hit, 0 where there is none."""

    def rhythm(self, query: HitQuery, *, since: datetime, step: timedelta) -> dict[int, int]:
        """How many hits there were in each step since a moment, by the step's number; empty ones left out."""

    def became_of(self, hit_ids: Collection[int]) -> list[Became]:
        """What has become of these hits so far; of one that is forgotten, nothing."""

    def verdicts(self, hit_ids: Collection[int]) -> dict[int, str]:
        """What was last said of these hits; those that nobody judged are left out."""

    def story_sums(self, entry_ids: Collection[int]) -> dict[int, StorySum]:
        """What the stories of these entries come to; an entry that is in none is left out."""


class DeskTables(Tables):
    """Hits as the desk asks for them."""

    def desk_hits(
        self, query: HitQuery, *, before: int | None = None, after: int | None = None, limit: int
    ) -> list[Hit]:
        """The hits that a query asks for, the newest first; before and after a hit's id."""
        where, values = _asked(query, before=before, after=after)
        # The ids first: what is sorted is narrow, and whole hits are read only for one page.
        ids = f"{_IDS} WHERE {where} ORDER BY hits.id DESC LIMIT :limit"
        sql = f"{HITS} WHERE hits.id IN ({ids}) ORDER BY hits.id DESC"
        return [hit_of(row) for row in self._rows(sql, {**values, "limit": limit})]

    def newest_hit_id(self) -> int:
        """The id of the newest hit, 0 where there is none."""
        return int(self._conn.execute("SELECT coalesce(max(id), 0) FROM hits").fetchone()[0])

    def rhythm(self, query: HitQuery, *, since: datetime, step: timedelta) -> dict[int, int]:
        """How many hits there were in each step since a moment, by the step's number; empty ones left out."""
        rest = replace(query, expression=None)
        where, values = _asked(rest, since=to_micros(since), since_first=query.expression)
        sql = f"{_STEPS} WHERE {where} GROUP BY 1"
        return dict(self._conn.execute(sql, {**values, "step": interval_to_micros(step)}).fetchall())

    def became_of(self, hit_ids: Collection[int]) -> list[Became]:
        """What has become of these hits so far; of one that is forgotten, nothing."""
        rows = self._rows(_BECAME, (numbers(hit_ids),)) if hit_ids else []
        return [Became(**dict(row)) for row in rows]

    def verdicts(self, hit_ids: Collection[int]) -> dict[int, str]:
        """What was last said of these hits; those that nobody judged are left out."""
        said: dict[int, str] = {}
        for some in slices(hit_ids):
            sql = f"{_VERDICTS} AND hit_id IN ({marks(len(some))})"
            said.update(self._conn.execute(sql, tuple(some)).fetchall())
        return said

    def story_sums(self, entry_ids: Collection[int]) -> dict[int, StorySum]:
        """What the stories of these entries come to; an entry that is in none is left out."""
        asked = (numbers(entry_ids),)
        parts: dict[int, list[sqlite3.Row]] = {}
        for row in self._rows(_SUMS, asked):
            parts.setdefault(row["story_id"], []).append(row)
        sums = {story: _sum(story, rows) for story, rows in parts.items()}
        return {entry: sums[story] for entry, story in self._conn.execute(STORY_OF, asked)}


def _sum(story: int, rows: Sequence[sqlite3.Row]) -> StorySum:
    return StorySum(
        story_id=story,
        entries=sum(row["entries"] for row in rows),
        copies=sum(row["copies"] for row in rows),
        origins=tuple(row["origin"] for row in rows),
    )


def _asked(query: HitQuery, **more: int | str | None) -> tuple[str, dict[str, object]]:
    """The conditions that are asked for, and their values."""
    given: dict[str, object] = {
        "topic": query.topic or None,
        "watchlist": query.watchlist or None,
        "feed": query.feed or None,
        "severity": query.severity or None,
        "story": query.story or None,
        "starred": query.starred or None,
        "expression": query.expression,
        **more,
    }
    values = {name: value for name, value in given.items() if value is not None}
    return " AND ".join(_WHERE[name] for name in values) or "true", values
