"""The SQL of what feeds' last documents showed: written when it changes, read with a feed that is claimed."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from monitor.feeds.shown import Shown
from monitor.records import dataclass
from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

_KEEP = """
INSERT INTO shown (feed_id, packed, whole_at) VALUES (?, ?, ?)
ON CONFLICT (feed_id) DO UPDATE SET packed = excluded.packed, whole_at = excluded.whole_at
"""

# All in one row: with each the interpreter's lock would change hands.
_PRESENT = "SELECT json_group_array(id) FROM entries WHERE feed_id = ? AND left_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How many entries were in a feed's last document, and how many of these stayed in this one."""

    before: int
    stayed: int


class KeepsShown(Protocol):
    """The store as it keeps what feeds' last documents showed."""

    def keep_shown(self, feed_id: int, shown: Shown) -> None:
        """What the feed's last document showed, in place of what the one before did."""

    def mark_present(self, feed_id: int, entry_ids: Collection[int], *, now: datetime) -> Present:
        """These entries are in the feed's document now; the others that were there have left it."""

    def mark_absent(self, entry_ids: Collection[int], *, now: datetime) -> None:
        """These entries are in no document of the feed that was polled, as far as anybody knows."""


class ShownTable(Tables):
    """What each feed's last document showed."""

    def keep_shown(self, feed_id: int, shown: Shown) -> None:
        """What the feed's last document showed, in place of what the one before did."""
        with self.transaction():
            self._conn.execute(_KEEP, (feed_id, shown.packed, to_micros(shown.whole_at)))

    def mark_present(self, feed_id: int, entry_ids: Collection[int], *, now: datetime) -> Present:
        """These entries are in the feed's document now; the others that were there have left it."""
        present = set(entry_ids)
        before = set(json.loads(self._conn.execute(_PRESENT, (feed_id,)).fetchone()[0]))
        with self.transaction():
            left = [(to_micros(now), entry_id) for entry_id in before - present]
            self._conn.executemany("UPDATE entries SET left_at = ? WHERE id = ?", left)
            if back := [(entry_id,) for entry_id in present - before]:
                self._conn.executemany("UPDATE entries SET left_at = NULL WHERE id = ?", back)
        return Present(before=len(before), stayed=len(before & present))

    def mark_absent(self, entry_ids: Collection[int], *, now: datetime) -> None:
        """These entries are in no document of the feed that was polled, as far as anybody knows."""
        rows = [(to_micros(now), entry_id) for entry_id in entry_ids]
        with self.transaction():
            self._conn.executemany("UPDATE entries SET left_at = ? WHERE id = ?", rows)


def shown_of(row: sqlite3.Row) -> Shown:
    """What stands in the row of a claimed feed."""
    return Shown(packed=row["shown_packed"] or b"", whole_at=to_moment(row["shown_whole_at"]))
