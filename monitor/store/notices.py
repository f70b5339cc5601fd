"""The SQL of the monitor's own notices and of feeds' health."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.feeds.health import SILENCE_MARGIN, SILENCES_KNOWN, Health, Patient
from monitor.notice import NOTICE_URL
from monitor.store.feed_rows import feed_state
from monitor.store.moment import interval_to_micros, to_micros, to_moment
from monitor.store.table import Tables

NOTICE_FEED = "feed-monitor"
"""The name of the feed whose entries the monitor's own notices are."""

_MAKE_NOTICE_FEED = """
INSERT INTO feeds (url, name, subscribed, interval) VALUES (?, ?, 0, 0)
ON CONFLICT (url) DO NOTHING
"""

# Of ten thousand feeds a few have news: who is well and says something now and then is left out.
_PATIENTS = """
SELECT feeds.*, failing_since, told, new_at, longest, silences, gap_at, gap_from, gap_to
FROM feeds LEFT JOIN feed_health ON feed_health.feed_id = feeds.id
LEFT JOIN (
    SELECT feed_id, from_at AS gap_from, max(to_at) AS gap_to FROM gaps GROUP BY feed_id
) AS last_gaps ON last_gaps.feed_id = feeds.id
WHERE subscribed AND last_polled_at IS NOT NULL AND (
    failures > 0 OR failing_since IS NOT NULL OR coalesce(told, '') != ''
    OR last_new_at IS NOT new_at OR gap_to IS NOT gap_at
    OR (silences >= :known AND last_ok_at - last_new_at > longest * :margin)
)
ORDER BY feeds.id
"""

_SAVE_HEALTH = """
INSERT OR REPLACE INTO feed_health (feed_id, failing_since, told, new_at, longest, silences, gap_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_WATCH = """
INSERT INTO health_watch (id, since, until) VALUES (1, :now, :now)
ON CONFLICT (id) DO UPDATE SET
    since = CASE WHEN until BETWEEN :now - :gap AND :now THEN since ELSE :now END,
    until = :now
RETURNING since
"""


class NoticeStore(Protocol):
    """What a store knows of notices and of feeds' health."""

    def notice_feed(self) -> int:
        """The id of the feed whose entries the monitor's own notices are."""

    def patients(self) -> list[Patient]:
        """The followed feeds whose health may be news, without their labels."""

    def save_healths(self, healths: Sequence[Health]) -> None:
        """Keep what is known of feeds' health, and what was told of it."""

    def watch_on(self, *, now: datetime, gap: timedelta) -> datetime:
        """Say that somebody watches now; returns since when there was no break longer than `gap`."""

    def healths(self) -> dict[int, Health]:
        """What is known of feeds' health, by the feed's id."""

    def new_counts(self, *, since: datetime) -> dict[int, int]:
        """How many entries each feed has shown for the first time since a moment, by the feed's id."""


class NoticeTables(Tables):
    """The monitor's own feed, and feeds' health."""

    def notice_feed(self) -> int:
        """The id of the feed whose entries the monitor's own notices are."""
        with self.transaction():
            self._conn.execute(_MAKE_NOTICE_FEED, (NOTICE_URL, NOTICE_FEED))
            found = self._conn.execute("SELECT id FROM feeds WHERE url = ?", (NOTICE_URL,)).fetchone()
        return int(found[0])

    def patients(self) -> list[Patient]:
        """The followed feeds whose health may be news, without their labels."""
        values: dict[str, object] = {"known": SILENCES_KNOWN, "margin": SILENCE_MARGIN}
        return [_patient(row) for row in self._rows(_PATIENTS, values)]

    def save_healths(self, healths: Sequence[Health]) -> None:
        """Keep what is known of feeds' health, and what was told of it."""
        rows = [
            (
                health.feed_id,
                to_micros(health.failing_since),
                health.told,
                to_micros(health.new_at),
                interval_to_micros(health.longest),
                health.silences,
                to_micros(health.gap_at),
            )
            for health in healths
        ]
        with self.transaction():
            self._conn.executemany(_SAVE_HEALTH, rows)

    def watch_on(self, *, now: datetime, gap: timedelta) -> datetime:
        """Say that somebody watches now; returns since when there was no break longer than `gap`."""
        with self.transaction():
            values: dict[str, int] = {"now": to_micros(now), "gap": interval_to_micros(gap)}
            micros: int = self._conn.execute(_WATCH, values).fetchone()[0]
        return to_moment(micros)

    def healths(self) -> dict[int, Health]:
        """What is known of feeds' health, by the feed's id."""
        rows = self._rows("SELECT feed_id AS id, feed_health.* FROM feed_health")
        return {row["id"]: _health(row) for row in rows}

    def new_counts(self, *, since: datetime) -> dict[int, int]:
        """How many entries each feed has shown for the first time since a moment, by the feed's id."""
        sql = "SELECT feed_id, count(*) FROM entries WHERE seen_at >= ? GROUP BY feed_id"
        return dict(self._conn.execute(sql, (to_micros(since),)).fetchall())


def _health(row: sqlite3.Row) -> Health:
    return Health(
        feed_id=row["id"],
        failing_since=to_moment(row["failing_since"]),
        told=row["told"] or "",
        new_at=to_moment(row["new_at"]),
        longest=timedelta(microseconds=row["longest"] or 0),
        silences=row["silences"] or 0,
        gap_at=to_moment(row["gap_at"]),
    )


def _patient(row: sqlite3.Row) -> Patient:
    ran_over = row["gap_to"] is not None
    return Patient(
        state=feed_state(row),
        health=_health(row),
        name=row["name"] or row["url"],
        gone=row["next_poll_at"] is None,
        gap=(to_moment(row["gap_from"]), to_moment(row["gap_to"])) if ran_over else None,
    )
