"""The SQL of how stories stand: who tells them, and what was told of them."""

import sqlite3
from collections.abc import Collection
from typing import Protocol

from monitor.alerts.story import Standing, ToldOrigins
from monitor.store.table import Tables, numbers

STORY_OF = """
SELECT entry_id, story_id FROM entry_stories WHERE entry_id IN (SELECT value FROM json_each(?))
"""

# By story and not by entry: a story of thousands is counted once.
_OTHER_FEEDS = """
SELECT story_id, count(DISTINCT entries.feed_id) - 1 AS others
FROM entry_stories JOIN entries ON entries.id = entry_id
WHERE story_id IN (SELECT value FROM json_each(?))
GROUP BY story_id HAVING others > 0
"""

# By the name that the waiting hits know their stories by, whatever these were called when they were told.
_TOLD = """
SELECT DISTINCT own.label, hits.topic, theirs.origin
FROM (
    SELECT DISTINCT json_extract(hits.labels, '$.story') AS label, hits.topic, entry_stories.story_id
    FROM hits JOIN entry_stories USING (entry_id) WHERE hits.state = 'pending'
) AS own
JOIN entry_stories AS theirs USING (story_id)
JOIN hits ON hits.entry_id = theirs.entry_id AND hits.topic = own.topic
WHERE hits.state = 'told'
"""

_STANDINGS = """
SELECT story_id, origin, sum(tie = 'copy') AS copies
FROM entry_stories WHERE story_id IN (SELECT value FROM json_each(?))
GROUP BY story_id, origin ORDER BY story_id, min(entry_id)
"""


class KnowsStandings(Protocol):
    """The store as it knows how stories stand."""

    def other_feeds(self, entry_ids: Collection[int]) -> dict[int, int]:
        """How many other feeds tell the story of each of these entries; none where it is 0."""

    def told_stories(self) -> ToldOrigins:
        """Of the stories of the hits that wait: from which origins they were told before."""

    def standings(self, entry_ids: Collection[int]) -> dict[int, Standing]:
        """How the stories of these entries stand."""


class StandingTables(Tables):
    """How the stories of entries stand."""

    def other_feeds(self, entry_ids: Collection[int]) -> dict[int, int]:
        """How many other feeds tell the story of each of these entries; none where it is 0."""
        story_of = self._story_of(entry_ids)
        others = dict(self._conn.execute(_OTHER_FEEDS, (numbers(story_of.values()),)).fetchall())
        return {entry_id: others[story] for entry_id, story in story_of.items() if story in others}

    def told_stories(self) -> ToldOrigins:
        """Of the stories of the hits that wait: from which origins they were told before."""
        origins: dict[tuple[str, str], set[str]] = {}
        for label, topic, origin in self._conn.execute(_TOLD):
            origins.setdefault((label, topic), set()).add(origin)
        return {key: frozenset(names) for key, names in origins.items()}

    def standings(self, entry_ids: Collection[int]) -> dict[int, Standing]:
        """How the stories of these entries stand."""
        story_of = self._story_of(entry_ids)
        parts: dict[int, list[sqlite3.Row]] = {}
        for row in self._rows(_STANDINGS, (numbers(story_of.values()),)):
            parts.setdefault(row["story_id"], []).append(row)
        standings = {
            story: Standing(
                copies=sum(row["copies"] for row in rows),
                origins=tuple(row["origin"] for row in rows),
            )
            for story, rows in parts.items()
        }
        return {entry_id: standings[story] for entry_id, story in story_of.items()}

    def _story_of(self, entry_ids: Collection[int]) -> dict[int, int]:
        return dict(self._conn.execute(STORY_OF, (numbers(entry_ids),)).fetchall())
