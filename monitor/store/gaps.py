"""The SQL of gaps: between which polls a feed's window ran over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

_GAPS = """
SELECT gaps.*, feeds.name AS name, feeds.url AS url
FROM gaps JOIN feeds ON feeds.id = gaps.feed_id
WHERE to_at >= ? ORDER BY to_at DESC, gaps.id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which a feed may have shown entries that no poll saw; `feed` is its name, or its URL."""

    feed_id: int
    feed: str
    url: str
    from_at: datetime
    to_at: datetime


class Gaps(Protocol):
    """What the store knows of gaps."""

    def add_gap(self, feed_id: int, *, from_at: datetime, to_at: datetime) -> None:
        """Keep that a feed's window ran over between two polls."""

    def gaps(self, since: datetime) -> list[Gap]:
        """The gaps that ended at a moment or later, the newest first."""


class GapTable(Tables):
    """Gaps: which feeds may have lost entries, and when."""

    def add_gap(self, feed_id: int, *, from_at: datetime, to_at: datetime) -> None:
        """Keep that a feed's window ran over between two polls."""
        sql = "INSERT INTO gaps (feed_id, from_at, to_at) VALUES (?, ?, ?)"
        with self.transaction():
            self._conn.execute(sql, (feed_id, to_micros(from_at), to_micros(to_at)))

    def gaps(self, since: datetime) -> list[Gap]:
        """The gaps that ended at a moment or later, the newest first."""
        return [
            Gap(
                feed_id=row["feed_id"],
                feed=row["name"] or row["url"],
                url=row["url"],
                from_at=to_moment(row["from_at"]),
                to_at=to_moment(row["to_at"]),
            )
            for row in self._rows(_GAPS, (to_micros(since),))
        ]
