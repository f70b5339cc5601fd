"""The store as ingest knows it: what new entries and their hits need, and few imports.

What else a document may bring (a gap, a page to read, an edit, what a hub has told) is rare: `whole` has it.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from monitor.store.entries import EntryTables
from monitor.store.hits import HitTables
from monitor.store.polls import PollStore, SQLitePolls
from monitor.store.unplaced import UnplacedTable

if TYPE_CHECKING:
    from monitor.feeds.identity import Known
    from monitor.store.records import NewEntry, NewHit
    from monitor.store.store import Store


class IntakeStore(PollStore, Protocol):
    """What ingest asks of the store."""

    def known_keys(self, feed_id: int, keys: Iterable[bytes]) -> "dict[bytes, Known]":
        """Which of these keys the feed has shown before, and for which entries."""

    def add_entries(self, entries: "Sequence[NewEntry]", *, now: datetime) -> list[int]:
        """Store new entries; returns their ids in the same order."""

    def revise_entry(self, entry_id: int, revision: "NewEntry", *, now: datetime) -> None:
        """Keep an edited entry's new text and add its new keys; what it said before becomes a revision."""

    def add_keys(self, feed_id: int, entry_id: int, keys: Collection[bytes]) -> None:
        """Know an entry by these keys too: its link or its text changed, but it is the same."""

    def add_hits(self, hits: "Sequence[NewHit]") -> list[int | None]:
        """Store hits; returns their ids, None for a topic that this entry has hit before.

        One that is to be told `again` replaces what was said and told before; one that still waits only
        learns where it matches now.
        """

    def leave_unplaced(self, entry_ids: Collection[int], *, owner: str) -> None:
        """Somebody else is to place these entries of a feed in stories."""


class SQLiteIntake(SQLitePolls, EntryTables, HitTables, UnplacedTable):
    """The tables that ingest asks for, over one SQLite connection; for the thread that opened it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        super().__init__(conn)
        self._unindexed = {}

    def whole(self) -> "Store":
        """The store over the same connection, with all its tables; in the same transaction."""
        from monitor.store.sqlite import SQLiteStore

        store = SQLiteStore(self._conn)
        store._unindexed = self._unindexed
        return store

    def intake(self) -> "SQLiteIntake":
        """Itself."""
        return self

    def _before_commit(self) -> None:
        self.index_added()

    def _after_failure(self) -> None:
        self._unindexed.clear()
