"""The SQL of entries that are in no story yet, and of their hits, which learn of it later."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from monitor.records import dataclass
from monitor.store.entries import stored_entry
from monitor.store.hits import HITS, hit_of
from monitor.store.moment import to_json
from monitor.store.records import Hit, StoredEntry
from monitor.store.table import Tables

_UNPLACED = """
SELECT entries.*, feeds.name AS feed_name, feeds.url AS feed_url, unplaced.owner
FROM unplaced JOIN entries ON entries.id = unplaced.entry_id JOIN feeds ON feeds.id = entries.feed_id
ORDER BY unplaced.entry_id LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """An entry that is in no story yet, and the owner that its feed's subscription names, if any."""

    stored: StoredEntry
    owner: str


class KeepsUnplaced(Protocol):
    """The store as it knows which entries are to be placed in stories."""

    def count_unplaced(self) -> int:
        """How many entries are to be placed."""

    def unplaced(self, *, most: int) -> list[Unplaced]:
        """So many of the entries that are to be placed, the oldest first."""

    def end_unplaced(self, entry_ids: Collection[int]) -> None:
        """These entries are placed."""

    def hits_of(self, entry_ids: Collection[int]) -> list[Hit]:
        """The hits of these entries, the oldest first."""

    def label_hits(self, labels: Mapping[int, Mapping[str, str]]) -> None:
        """These hits have these labels, and no others."""


class UnplacedTable(Tables):
    """Entries that are to be placed in stories."""

    def leave_unplaced(self, entry_ids: Collection[int], *, owner: str) -> None:
        """Somebody else is to place these entries of a feed."""
        rows = [(entry_id, owner) for entry_id in entry_ids]
        with self.transaction():
            self._conn.executemany("INSERT OR IGNORE INTO unplaced (entry_id, owner) VALUES (?, ?)", rows)

    def count_unplaced(self) -> int:
        """How many entries are to be placed."""
        return int(self._conn.execute("SELECT count(*) FROM unplaced").fetchone()[0])

    def unplaced(self, *, most: int) -> list[Unplaced]:
        """So many of the entries that are to be placed, the oldest first."""
        return [_unplaced(row) for row in self._rows(_UNPLACED, (most,))]

    def end_unplaced(self, entry_ids: Collection[int]) -> None:
        """These entries are placed."""
        with self.transaction():
            rows = [(entry_id,) for entry_id in entry_ids]
            self._conn.executemany("DELETE FROM unplaced WHERE entry_id = ?", rows)

    def hits_of(self, entry_ids: Collection[int]) -> list[Hit]:
        """The hits of these entries, the oldest first."""
        where = "WHERE hits.entry_id IN (SELECT value FROM json_each(?)) ORDER BY hits.id"
        return [hit_of(row) for row in self._rows(f"{HITS} {where}", (to_json(list(entry_ids)),))]

    def label_hits(self, labels: Mapping[int, Mapping[str, str]]) -> None:
        """These hits have these labels, and no others."""
        with self.transaction():
            rows: Sequence[tuple[str, int]] = [(to_json(dict(own)), key) for key, own in labels.items()]
            self._conn.executemany("UPDATE hits SET labels = ? WHERE id = ?", rows)


def _unplaced(row: sqlite3.Row) -> Unplaced:
    return Unplaced(stored=stored_entry(row), owner=row["owner"])
