"""The SQL of stories: placing entries in them, joining two, listing them."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.store.entries import stored_entry
from monitor.store.moment import to_micros, to_moment
from monitor.store.records import StoredEntry
from monitor.store.table import Tables, marks, numbers, slices

_ENTRIES = """
SELECT entries.*, feeds.name AS feed_name, feeds.url AS feed_url,
       entry_stories.story_id, entry_stories.tie, entry_stories.copy_of, entry_stories.origin,
       entry_stories.reason
FROM entry_stories
JOIN entries ON entries.id = entry_stories.entry_id
JOIN feeds ON feeds.id = entries.feed_id
"""

_PLACE = """
INSERT INTO entry_stories (entry_id, story_id, tie, copy_of, origin, fingerprint, reason)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_TOUCH = """
INSERT INTO stories (id, first_at, last_at) VALUES (?1, ?2, ?2)
ON CONFLICT (id) DO UPDATE SET last_at = max(last_at, excluded.last_at)
"""

_JOIN = (
    "UPDATE entry_stories SET story_id = :into WHERE story_id = :absorbed",
    "UPDATE stories SET merged_into = :into WHERE :absorbed IN (id, merged_into)",
    """UPDATE stories SET
    first_at = (SELECT min(first_at) FROM stories WHERE :into IN (id, merged_into)),
    last_at = (SELECT max(last_at) FROM stories WHERE :into IN (id, merged_into))
    WHERE id = :into""",
)

_ORIGINS = "SELECT entry_id, origin FROM entry_stories WHERE entry_id IN (SELECT value FROM json_each(?))"

_FIRST_SEEN = """
SELECT fingerprint, min(entries.seen_at)
FROM entry_stories JOIN entries ON entries.id = entry_stories.entry_id
WHERE fingerprint IN (SELECT value FROM json_each(?)) GROUP BY fingerprint
"""

_LISTED = """
SELECT id, first_at, last_at FROM stories
WHERE merged_into IS NULL AND last_at >= :since AND (:topic = '' OR id IN (
    SELECT entry_stories.story_id FROM hits JOIN entry_stories USING (entry_id) WHERE hits.topic = :topic
))
ORDER BY last_at DESC, id DESC LIMIT :limit
"""

_TOPICS = """
SELECT DISTINCT topic FROM hits JOIN entry_stories USING (entry_id) WHERE story_id = ? ORDER BY topic
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """An entry to place in a story; the story named like the entry is a new one."""

    entry_id: int
    story_id: int
    tie: str
    copy_of: int | None
    origin: str
    fingerprint: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An entry in its story."""

    stored: StoredEntry
    story_id: int
    tie: str
    copy_of: int | None
    origin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story with its entries, the oldest first."""

    story_id: int
    first_at: datetime
    last_at: datetime
    members: tuple[Member, ...]
    topics: tuple[str, ...]

    @property
    def copies(self) -> int:
        """How many of its entries are copies of others."""
        return sum(1 for member in self.members if member.tie == "copy")

    @property
    def origins(self) -> Mapping[str, int]:
        """Who told it, and in how many entries, the first to tell it first."""
        counts: dict[str, int] = {}
        for member in self.members:
            counts[member.origin] = counts.get(member.origin, 0) + 1
        return counts


class Stories(Protocol):
    """What the store knows of stories."""

    def add_members(self, new: Sequence[NewMember], *, at: datetime) -> None:
        """Place entries in stories."""

    def join_stories(self, absorbed: Collection[int], *, into: int) -> None:
        """These stories turned out to be another: their entries are in that one from now on."""

    def newest_member(self) -> int:
        """The newest entry that is in a story, 0 where none is."""

    def members(self, entry_ids: Collection[int]) -> list[Member]:
        """These entries, as far as they are in stories, the oldest first."""

    def members_since(self, since: datetime, *, after: int = 0, most: int) -> list[Member]:
        """So many entries after this one that were seen at a moment or later, the oldest first."""

    def origins(self, entry_ids: Collection[int]) -> dict[int, str]:
        """Who told each of these entries first, as far as they are in stories."""

    def first_seen(self, fingerprints: Collection[int]) -> dict[int, datetime]:
        """When a text of each of these wordings was first seen; none where it never was."""

    def stories(
        self,
        *,
        topic: str = "",
        since: datetime | None = None,
        ids: Collection[int] = (),
        limit: int = 100,
    ) -> list[StoryRow]:
        """Stories, the last told first: those of a topic's hits, told since a moment, or by their ids."""


class StoryTables(Tables):
    """Stories and the entries in them."""

    def add_members(self, new: Sequence[NewMember], *, at: datetime) -> None:
        """Place entries in stories."""
        moment = to_micros(at)
        rows = [
            (one.entry_id, one.story_id, one.tie, one.copy_of, one.origin, one.fingerprint, one.reason)
            for one in new
        ]
        with self.transaction():
            self._conn.executemany(_TOUCH, [(story, moment) for story in {one.story_id for one in new}])
            self._conn.executemany(_PLACE, rows)

    def join_stories(self, absorbed: Collection[int], *, into: int) -> None:
        """These stories turned out to be another: their entries are in that one from now on."""
        with self.transaction():
            for story_id in absorbed:
                for statement in _JOIN:
                    self._conn.execute(statement, {"absorbed": story_id, "into": into})

    def newest_member(self) -> int:
        """The newest entry that is in a story, 0 where none is."""
        row = self._conn.execute("SELECT max(entry_id) FROM entry_stories").fetchone()
        return int(row[0] or 0)

    def members(self, entry_ids: Collection[int]) -> list[Member]:
        """These entries, as far as they are in stories, the oldest first."""
        found: list[Member] = []
        for some in slices(sorted(entry_ids)):
            sql = f"{_ENTRIES} WHERE entry_stories.entry_id IN ({marks(len(some))}) ORDER BY entries.id"
            found += map(_member, self._rows(sql, tuple(some)))
        return found

    def members_since(self, since: datetime, *, after: int = 0, most: int) -> list[Member]:
        """So many entries after this one that were seen at a moment or later, the oldest first."""
        where = "WHERE entries.id > ? AND entries.seen_at >= ? ORDER BY entries.id LIMIT ?"
        return list(map(_member, self._rows(f"{_ENTRIES} {where}", (after, to_micros(since), most))))

    def origins(self, entry_ids: Collection[int]) -> dict[int, str]:
        """Who told each of these entries first, as far as they are in stories."""
        return dict(self._conn.execute(_ORIGINS, (numbers(entry_ids),))) if entry_ids else {}

    def first_seen(self, fingerprints: Collection[int]) -> dict[int, datetime]:
        """When a text of each of these wordings was first seen; none where it never was."""
        found = self._conn.execute(_FIRST_SEEN, (numbers(fingerprints),)) if fingerprints else ()
        return {fingerprint: to_moment(first) for fingerprint, first in found}

    def stories(
        self,
        *,
        topic: str = "",
        since: datetime | None = None,
        ids: Collection[int] = (),
        limit: int = 100,
    ) -> list[StoryRow]:
        """Stories, the last told first: those of a topic's hits, told since a moment, or by their ids."""
        if ids:
            sql = "SELECT id, first_at, last_at FROM stories WHERE merged_into IS NULL AND id IN ({})"
            rows = [
                row
                for some in slices(sorted(ids))
                for row in self._rows(sql.format(marks(len(some))), tuple(some))
            ]
        else:
            asked = {"topic": topic, "since": to_micros(since) or 0, "limit": limit}
            rows = self._rows(_LISTED, asked)
        return [self._story(row) for row in rows]

    def _story(self, row: sqlite3.Row) -> StoryRow:
        own = (row["id"],)
        members = self._rows(f"{_ENTRIES} WHERE entry_stories.story_id = ? ORDER BY entries.id", own)
        topics = self._conn.execute(_TOPICS, own)
        return StoryRow(
            story_id=row["id"],
            first_at=to_moment(row["first_at"]),
            last_at=to_moment(row["last_at"]),
            members=tuple(map(_member, members)),
            topics=tuple(topic for (topic,) in topics),
        )


def _member(row: sqlite3.Row) -> Member:
    return Member(
        stored=stored_entry(row),
        story_id=row["story_id"],
        tie=row["tie"],
        copy_of=row["copy_of"],
        origin=row["origin"],
        reason=row["reason"],
    )
