"""The SQL of coverage: how much was read since a moment, and how long somebody watches."""

from datetime import datetime
from typing import Protocol

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables


class CoverageStore(Protocol):
    """What was looked at."""

    def entries_read(self, since: datetime) -> int:
        """How many new entries were read since a moment; the monitor's own notices are none."""

    def watched(self) -> tuple[datetime, datetime] | None:
        """Since when, and until when, somebody has watched the feeds without a break."""


class CoverageTables(Tables):
    """What was looked at."""

    def entries_read(self, since: datetime) -> int:
        """How many new entries were read since a moment; the monitor's own notices are none."""
        sql = """
        SELECT count(*) FROM entries
        WHERE seen_at >= ? AND feed_id NOT IN (SELECT id FROM feeds WHERE url LIKE 'monitor:%')
        """
        count: int = self._conn.execute(sql, (to_micros(since),)).fetchone()[0]
        return count

    def watched(self) -> tuple[datetime, datetime] | None:
        """Since when, and until when, somebody has watched the feeds without a break."""
        for row in self._rows("SELECT since, until FROM health_watch"):
            return to_moment(row["since"]), to_moment(row["until"])
        return None
