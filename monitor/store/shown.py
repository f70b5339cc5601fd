"""The SQL of what feeds' last documents showed: written when it changes, read with a feed that is claimed."""

import sqlite3
from typing import Protocol

from monitor.feeds.shown import Shown
from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

_KEEP = "INSERT OR REPLACE INTO shown (feed_id, packed, whole_at) VALUES (?, ?, ?)"


class KeepsShown(Protocol):
    """The store as it keeps what feeds' last documents showed."""

    def keep_shown(self, feed_id: int, shown: Shown) -> None:
        """What the feed's last document showed, in place of what the one before did."""


class ShownTable(Tables):
    """What each feed's last document showed."""

    def keep_shown(self, feed_id: int, shown: Shown) -> None:
        """What the feed's last document showed, in place of what the one before did."""
        with self.transaction():
            self._conn.execute(_KEEP, (feed_id, shown.packed, to_micros(shown.whole_at)))


def shown_of(row: sqlite3.Row) -> Shown:
    """What stands in the row of a claimed feed."""
    return Shown(packed=row["shown_packed"] or b"", whole_at=to_moment(row["shown_whole_at"]))
