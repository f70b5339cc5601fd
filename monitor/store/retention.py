"""The SQL of forgetting: what is older than the settings want to keep, a little at a time."""

from datetime import datetime

from monitor.store.moment import to_micros
from monitor.store.table import Tables

_OLD_ALERTS = """
SELECT id FROM alerts WHERE created_at < :before
AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = alerts.id AND state = 'due')
LIMIT :limit
"""

_OLD_HITS = """
SELECT id FROM hits WHERE found_at < :before AND state != 'pending'
AND NOT EXISTS (SELECT 1 FROM alert_hits WHERE hit_id = hits.id)
AND NOT EXISTS (SELECT 1 FROM remarks WHERE hit_id = hits.id)
LIMIT :limit
"""

_OLD_GAPS = "SELECT id FROM gaps WHERE to_at < :before LIMIT :limit"

# An entry that is still in its feed must stay known, whatever its age.
_OLD_ENTRIES = """
SELECT id FROM entries WHERE seen_at < :before AND left_at < :left_before
AND NOT EXISTS (SELECT 1 FROM hits WHERE entry_id = entries.id)
LIMIT :limit
"""

# What it tells is forgotten with its last entry; a merged story, with the one that it is.
_OLD_STORIES = """
SELECT id FROM stories WHERE last_at < :before
AND NOT EXISTS (SELECT 1 FROM entry_stories WHERE story_id = stories.id)
LIMIT :limit
"""

_WITH_ALERT = (
    "DELETE FROM deliveries WHERE alert_id = ?",
    "DELETE FROM alert_hits WHERE alert_id = ?",
    "DELETE FROM acknowledgements WHERE alert_id = ?",
    "DELETE FROM acts WHERE alert_id = ?",
    "DELETE FROM escalations WHERE alert_id = ?",
    "DELETE FROM caught_up WHERE alert_id = ?",
)
_OLD_MEMORIES = (
    "DELETE FROM groups WHERE last_told_at < :before",
    "DELETE FROM told_topics WHERE told_at < :before",
    "DELETE FROM silences WHERE ends_at < :before",
)

# A feed that is followed no more shows nothing; should it come back, its document is a first one again.
_OLD_FEEDS = """
SELECT id FROM feeds WHERE NOT subscribed AND last_polled_at < :left_before AND baseline_at IS NOT NULL
"""
_WITH_FEED = (
    "UPDATE entries SET left_at = (SELECT last_polled_at FROM feeds WHERE id = feed_id)"
    " WHERE left_at IS NULL AND feed_id = ?",
    "DELETE FROM shown WHERE feed_id = ?",
    "UPDATE feeds SET baseline_at = NULL, etag = '', last_modified = '', body_hash = '' WHERE id = ?",
)

_WITH_ENTRY = (
    "DELETE FROM revisions WHERE entry_id = ?",
    "DELETE FROM pages WHERE entry_id = ?",
    "DELETE FROM entry_keys WHERE entry_id = ?",
    "DELETE FROM entries_fts WHERE rowid = ?",
    "DELETE FROM entry_stories WHERE entry_id = ?",
    "DELETE FROM unplaced WHERE entry_id = ?",
)


class Retention(Tables):
    """Forgetting what is old."""

    def forget(self, *, before: datetime, left_before: datetime, limit: int = 500) -> int:
        """Forget up to `limit` each of the alerts, hits and entries from before a moment; returns how many.

        What still waits to be told or delivered stays, and so does what has a star or a note; entries that
        were in their feed's document at `left_before` or later, too: they must not come back as new. Feeds
        that were polled last before then and are followed no more begin anew, should they come back.
        """
        values: dict[str, object] = {
            "before": to_micros(before),
            "left_before": to_micros(left_before),
            "limit": limit,
        }
        with self.transaction():
            for delete in _OLD_MEMORIES:
                self._conn.execute(delete, values)
            self._forget(_OLD_FEEDS, values, _WITH_FEED)
            forgotten = self._forget(_OLD_ALERTS, values, (*_WITH_ALERT, "DELETE FROM alerts WHERE id = ?"))
            forgotten += self._forget(_OLD_GAPS, values, ("DELETE FROM gaps WHERE id = ?",))
            forgotten += self._forget(_OLD_HITS, values, ("DELETE FROM hits WHERE id = ?",))
            with_entry = (*_WITH_ENTRY, "DELETE FROM entries WHERE id = ?")
            forgotten += self._forget(_OLD_ENTRIES, values, with_entry)
            return forgotten + self._forget(_OLD_STORIES, values, ("DELETE FROM stories WHERE id = ?",))

    def _forget(self, select: str, values: dict[str, object], deletes: tuple[str, ...]) -> int:
        ids = [tuple(row) for row in self._rows(select, values)]
        for delete in deletes:
            self._conn.executemany(delete, ids)
        return len(ids)
