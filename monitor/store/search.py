"""The SQL of looking back: which stored entries may match a query, and how many hold a word.

Whether an entry does match is for the percolator to say.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from monitor.store.entries import stored_entry
from monitor.store.index import IndexTable
from monitor.store.moment import to_micros
from monitor.store.records import StoredEntry
from monitor.store.table import marks, slices

# Ids grow with time: from the first one since a moment on there is little that is older.
_FIRST_SINCE = "SELECT min(id) FROM entries WHERE seen_at >= ?"
_OLDER_BEHIND = "SELECT id FROM entries WHERE seen_at < ? AND id >= ?"

# What the monitor says of itself is no news: it is not in the full-text index either.
_ALL_IDS = """
SELECT entries.id FROM entries JOIN feeds ON feeds.id = feed_id
WHERE entries.id >= ? AND feeds.url != 'monitor:notices' ORDER BY entries.id DESC
"""
_FOUND_IDS = """
SELECT rowid FROM entries_fts WHERE entries_fts MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC
"""
_FOUND_COUNT = "SELECT count(*) FROM entries_fts WHERE entries_fts MATCH ?"

_BY_ID = """
SELECT entries.*, feeds.name AS feed_name, feeds.url AS feed_url
FROM entries JOIN feeds ON feeds.id = entries.feed_id
"""

_UNINDEXED = f"{_BY_ID} WHERE entries.id > ? ORDER BY entries.id LIMIT ?"

# In the connection's own memory: the file is not written to.
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, entries_fts, row)"
_WORD = "SELECT doc FROM temp.vocabulary WHERE term = ?"
_WORDS_FROM = "SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ? LIMIT ?"

_AT_A_TIME = 100
"""Entries that are read at once: between two reads the daemon can write and tidy up."""


class SearchTables(IndexTable):
    """Looking back over all stored entries."""

    def candidates(self, expression: str | None, *, since: datetime | None = None) -> list[int]:
        """Ids of the entries seen since a moment that the full-text index finds, the newest first.

        `expression` is one of FTS5 (see topics/narrowing.py); None finds every entry. Entries that are not
        indexed yet may all be what is looked for.
        """
        first, older = self._since(since)
        if first is None:
            return []
        if expression is None:
            found = self._conn.execute(_ALL_IDS, (first,)).fetchall()
        else:
            last = self.last_indexed()
            found = self._conn.execute(_ALL_IDS, (max(first, last + 1),)).fetchall()
            found += self._conn.execute(_FOUND_IDS, (expression, first, last))
        return [row[0] for row in found if row[0] not in older]

    def unindexed(self, *, most: int) -> list[StoredEntry]:
        """So many of the entries that are to be indexed, the oldest first."""
        return [stored_entry(row) for row in self._rows(_UNINDEXED, (self.last_indexed(), most))]

    def entries_of(self, entry_ids: Iterable[int]) -> Iterator[StoredEntry]:
        """These entries, in this order, a few at a time; those that are forgotten meanwhile are left out."""
        for some in slices(list(entry_ids), _AT_A_TIME):
            rows = self._rows(f"{_BY_ID} WHERE entries.id IN ({marks(len(some))})", tuple(some))
            by_id = {row["id"]: row for row in rows}
            yield from (stored_entry(by_id[entry_id]) for entry_id in some if entry_id in by_id)

    def count_entries(self, expression: str | None = None) -> int:
        """How many entries the full-text index finds, or how many there are."""
        if expression is None:
            return int(self._conn.execute("SELECT count(*) FROM entries").fetchone()[0])
        return int(self._conn.execute(_FOUND_COUNT, (expression,)).fetchone()[0])

    def word_counts(self, words: Collection[str]) -> dict[str, int]:
        """In how many entries each of these folded words stands; a word that stands in none is left out."""
        self._conn.execute(_VOCABULARY)
        rows = ((word, self._conn.execute(_WORD, (word,)).fetchone()) for word in words)
        return {word: row[0] for word, row in rows if row}

    def words_beginning(self, start: str, *, limit: int = 2000) -> dict[str, int]:
        """The folded words that begin so, and in how many entries each stands."""
        self._conn.execute(_VOCABULARY)
        end = start[:-1] + chr(ord(start[-1]) + 1)
        return dict(self._conn.execute(_WORDS_FROM, (start, end, limit)).fetchall())

    def _since(self, since: datetime | None) -> tuple[int | None, set[int]]:
        """The first id since a moment, and the ids behind it that are older (the clock was set back)."""
        if since is None:
            return 0, set()
        moment = to_micros(since)
        first = self._conn.execute(_FIRST_SINCE, (moment,)).fetchone()[0]
        if first is None:
            return None, set()
        return first, {row[0] for row in self._conn.execute(_OLDER_BEHIND, (moment, first))}
