"""The SQL of the full-text index: what is new is indexed at the end of its commit, or left to whoever looks.

Entries are indexed in the order of their ids: those wait that are behind the last one indexed. Whoever looks
something up in the index looks at these, too.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from monitor.store.table import Tables

if TYPE_CHECKING:
    from monitor.store.records import StoredEntry

_INDEX = "INSERT INTO entries_fts (rowid, title, body) VALUES (?, ?, ?)"
_REINDEX = "INSERT OR REPLACE INTO entries_fts (rowid, title, body) VALUES (?, ?, ?)"
_LAST = "SELECT rowid FROM entries_fts ORDER BY rowid DESC LIMIT 1"
_ARE_BETWEEN = "SELECT EXISTS (SELECT 1 FROM entries WHERE id > ? AND id < ?)"
_COUNT = "SELECT count(*) FROM entries WHERE id > ?"


class KeepsIndex(Protocol):
    """The store as it knows which entries are to be indexed."""

    def count_unindexed(self) -> int:
        """How many entries are to be indexed."""

    def unindexed(self, *, most: int) -> "list[StoredEntry]":
        """So many of the entries that are to be indexed, the oldest first."""

    def index(self, texts: Mapping[int, tuple[str, str]]) -> None:
        """Index entries that wait: title and body of each, by its id; none before them waits."""


class IndexTable(Tables):
    """The full-text index.

    What is new is indexed at the end of its commit, all in one go: nearly every other statement has FTS5
    write out what it holds, and a small part of the index for each feed costs more than storing its entries.
    """

    _unindexed: dict[int, tuple[str, str]]

    def index_added(self) -> None:
        """Index what was added in this transaction; behind others that wait it waits, too."""
        added = self._unindexed
        if added and not self._are_waiting(among=added):
            self.index(added)
        added.clear()

    def count_unindexed(self) -> int:
        """How many entries are to be indexed."""
        return int(self._conn.execute(_COUNT, (self.last_indexed(),)).fetchone()[0])

    def index(self, texts: Mapping[int, tuple[str, str]]) -> None:
        """Index entries that wait: title and body of each, by its id; none before them waits."""
        with self.transaction():
            self._conn.executemany(_INDEX, [(entry_id, *texts[entry_id]) for entry_id in sorted(texts)])

    def last_indexed(self) -> int:
        """The id of the last entry that is indexed; those behind it wait."""
        found = self._conn.execute(_LAST).fetchone()
        return int(found[0]) if found else 0

    def _are_waiting(self, *, among: Collection[int]) -> bool:
        """Whether others wait before these or between them: ids of one transaction follow each other."""
        first, last = min(among), max(among)
        if last - first >= len(among):
            return True
        return bool(self._conn.execute(_ARE_BETWEEN, (self.last_indexed(), first)).fetchone()[0])

    def _reindex(self, entry_id: int, index_text: tuple[str, str]) -> None:
        """An entry says something else now."""
        if entry_id in self._unindexed:
            self._unindexed[entry_id] = index_text
        elif entry_id <= self.last_indexed():
            self._conn.execute(_REINDEX, (entry_id, *index_text))
