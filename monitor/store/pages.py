"""The SQL of pages: which are to be read for their full text, and what came of it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from monitor.records import dataclass
from monitor.store.moment import to_json, to_micros, to_moment
from monitor.store.table import Tables

if TYPE_CHECKING:
    from monitor.articles.article import Head
    from monitor.articles.reading import PageState, Verdict

# What a page taught, or when it is next tried; a page that is read already is not read again.
_WISH = """
INSERT INTO pages (entry_id, url, host, topics, state, next_at)
VALUES (:entry_id, :url, :host, :topics, 'due', :now)
ON CONFLICT (entry_id) DO UPDATE SET
    url = excluded.url, host = excluded.host, topics = excluded.topics, state = 'due', next_at = :now,
    attempts = 0, reason = ''
WHERE state = 'due' OR :again
"""

# One page a host at a time.
_CLAIM = """
UPDATE pages SET leased_until = :until
WHERE entry_id IN (
    SELECT min(entry_id) FROM pages
    WHERE state = 'due' AND next_at <= :now AND (leased_until IS NULL OR leased_until <= :now)
      AND host NOT IN (SELECT host FROM pages WHERE state = 'due' AND leased_until > :now)
    GROUP BY host ORDER BY min(next_at) LIMIT :limit
)
RETURNING *
"""

_SAVE = """
UPDATE pages SET
    state = :state, reason = :reason, attempts = attempts + 1, leased_until = NULL,
    next_at = coalesce(:next_at, next_at), read_at = CASE WHEN :state = 'read' THEN :now END, head = :head
WHERE entry_id = :entry_id
"""

_PAUSE = "UPDATE pages SET next_at = max(next_at, :until) WHERE state = 'due' AND host = :host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A page to read for an entry's full text, for these topics; None: for all, as the feed asks."""

    entry_id: int
    url: str
    host: str
    topics: tuple[str, ...] | None
    again: bool = False
    """Whether it is to be read although it was: the entry was edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as the store keeps it; `reason` says why it is not read."""

    entry_id: int
    url: str
    host: str
    topics: tuple[str, ...] | None
    state: "PageState"
    reason: str
    attempts: int
    next_at: datetime
    read_at: datetime | None


class PageStore(Protocol):
    """What the store knows of pages."""

    def wish_pages(self, wishes: Sequence[Wish], *, now: datetime) -> None:
        """These pages are to be read, at once; what is read already only where the wish says `again`."""

    def claim_pages(self, *, now: datetime, limit: int, lease: timedelta) -> list[Page]:
        """Take due pages, the longest due first, never two of one host at a time."""

    def save_page(
        self, page: Page, verdict: "Verdict", *, head: "Head | None" = None, pause: timedelta, now: datetime
    ) -> None:
        """Keep what came of an attempt and end its lease; its host is left alone for `pause`."""

    def page(self, entry_id: int) -> Page | None:
        """An entry's page, if it was ever to be read."""

    def page_counts(self) -> dict[str, int]:
        """How many pages there are in each state."""


class PageTable(Tables):
    """Pages that are read for their full text."""

    def wish_pages(self, wishes: Sequence[Wish], *, now: datetime) -> None:
        """These pages are to be read, at once; what is read already only where the wish says `again`."""
        rows = [
            {
                "entry_id": wish.entry_id,
                "url": wish.url,
                "host": wish.host,
                "topics": to_json(wish.topics),
                "again": wish.again,
                "now": to_micros(now),
            }
            for wish in wishes
        ]
        with self.transaction():
            self._conn.executemany(_WISH, rows)

    def claim_pages(self, *, now: datetime, limit: int, lease: timedelta) -> list[Page]:
        """Take due pages, the longest due first, never two of one host at a time."""
        values: dict[str, object] = {"now": to_micros(now), "until": to_micros(now + lease), "limit": limit}
        with self.transaction():
            rows = self._rows(_CLAIM, values)
        return [_page(row) for row in sorted(rows, key=lambda row: (row["next_at"], row["entry_id"]))]

    def save_page(
        self, page: Page, verdict: "Verdict", *, head: "Head | None" = None, pause: timedelta, now: datetime
    ) -> None:
        """Keep what came of an attempt and end its lease; its host is left alone for `pause`."""
        values = {
            "entry_id": page.entry_id,
            "state": verdict.state,
            "reason": verdict.reason,
            "next_at": to_micros(verdict.next_at),
            "now": to_micros(now),
            "head": _head_to_json(head) if head else "",
        }
        with self.transaction():
            self._conn.execute(_SAVE, values)
            self._conn.execute(_PAUSE, {"host": page.host, "until": to_micros(now + pause)})

    def page(self, entry_id: int) -> Page | None:
        """An entry's page, if it was ever to be read."""
        rows = self._rows("SELECT * FROM pages WHERE entry_id = ?", (entry_id,))
        return _page(rows[0]) if rows else None

    def page_counts(self) -> dict[str, int]:
        """How many pages there are in each state."""
        return dict(self._conn.execute("SELECT state, count(*) FROM pages GROUP BY state"))


def _page(row: sqlite3.Row) -> Page:
    topics = json.loads(row["topics"])
    return Page(
        entry_id=row["entry_id"],
        url=row["url"],
        host=row["host"],
        topics=None if topics is None else tuple(topics),
        state=row["state"],
        reason=row["reason"],
        attempts=row["attempts"],
        next_at=to_moment(row["next_at"]),
        read_at=to_moment(row["read_at"]),
    )


def _head_to_json(head: "Head") -> str:
    """What the page says of itself, but for the text, which is the entry's content now."""
    value = asdict(head)
    value.pop("body")
    return to_json({**value, "published": head.published.isoformat() if head.published else None})
