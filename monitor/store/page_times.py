"""The SQL of when a page is to be read next, which is asked far more often than there is one."""

from datetime import datetime
from typing import Protocol

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

_NEXT = """
SELECT min(next_at) FROM pages WHERE state = 'due' AND (leased_until IS NULL OR leased_until <= :now)
"""


class KnowsPageTimes(Protocol):
    """The store as it knows when pages are due."""

    def next_page_at(self, *, now: datetime) -> datetime | None:
        """When the next page is due that nobody reads at this moment."""


class PageTimes(Tables):
    """When pages are due."""

    def next_page_at(self, *, now: datetime) -> datetime | None:
        """When the next page is due that nobody reads at this moment."""
        row = self._conn.execute(_NEXT, {"now": to_micros(now)}).fetchone()
        moment: datetime | None = to_moment(row[0])
        return moment
