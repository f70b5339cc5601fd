"""The SQL of feeds: which are followed, which are due, what their polls taught."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.feeds.rhythm import Rhythm
from monitor.feeds.state import FeedState
from monitor.feeds.wishes import NO_WISHES, Wishes
from monitor.store.moment import interval_to_micros, to_json, to_micros, to_moment
from monitor.store.records import FeedRow, Follow, Overdue, PutOff
from monitor.store.shown import shown_of
from monitor.store.table import Tables

_FOLLOW = """
INSERT INTO feeds (url, host, name, interval, min_interval, max_interval, next_poll_at)
VALUES (:url, :host, :name, :interval, :min_interval, :max_interval, :now)
ON CONFLICT (url) DO UPDATE SET
    host = excluded.host,
    name = excluded.name,
    interval = excluded.interval, min_interval = excluded.min_interval, max_interval = excluded.max_interval,
    -- a shorter interval holds from now on; a feed that comes back is due at once
    next_poll_at = CASE
        WHEN NOT subscribed OR next_poll_at IS NULL THEN :now
        ELSE min(next_poll_at, max(:now, coalesce(last_polled_at, 0) + excluded.interval))
    END,
    subscribed = 1
WHERE NOT subscribed OR host != excluded.host OR name != excluded.name OR interval != excluded.interval
    OR min_interval IS NOT excluded.min_interval OR max_interval IS NOT excluded.max_interval
"""

_CLAIM_DUE = """
UPDATE feeds SET leased_until = :until
WHERE id IN (
    SELECT id FROM feeds
    WHERE subscribed AND next_poll_at <= :now AND (leased_until IS NULL OR leased_until <= :now)
        AND host NOT IN (SELECT value FROM json_each(:busy))
    ORDER BY next_poll_at LIMIT :limit
)
RETURNING *,
    (SELECT until FROM told WHERE feed_id = feeds.id) AS pushed_until,
    (SELECT packed FROM shown WHERE feed_id = feeds.id) AS shown_packed,
    (SELECT whole_at FROM shown WHERE feed_id = feeds.id) AS shown_whole_at
"""

_CLAIM_ONE = """
UPDATE feeds SET leased_until = :until
WHERE url = :url AND subscribed AND (leased_until IS NULL OR leased_until <= :now)
RETURNING *,
    (SELECT until FROM told WHERE feed_id = feeds.id) AS pushed_until,
    (SELECT packed FROM shown WHERE feed_id = feeds.id) AS shown_packed,
    (SELECT whole_at FROM shown WHERE feed_id = feeds.id) AS shown_whole_at
"""

_OVERDUE = """
SELECT id, url, interval FROM feeds
WHERE subscribed AND next_poll_at < ? AND last_polled_at IS NOT NULL ORDER BY id
"""

_SAVE_POLL = """
UPDATE feeds SET
    etag = :etag, last_modified = :last_modified, body_hash = :body_hash, identity = :identity,
    baseline_at = :baseline_at, last_polled_at = :last_polled_at, last_ok_at = :last_ok_at,
    last_new_at = :last_new_at, failures = :failures, error = :error,
    rhythm = :rhythm, wishes = :wishes, moved_to = :moved_to, moved_times = :moved_times,
    empty_since = :empty_since, pace = :pace, overrun_at = :overrun_at, hub = :hub, topic = :topic,
    next_poll_at = :next_poll_at, note = :note, leased_until = NULL
WHERE id = :feed_id
"""

# Who held the lease may have sent and died before it could say so.
_RELEASE_DELIVERIES = """
UPDATE deliveries SET leased_until = NULL, may_repeat = 1 WHERE leased_until IS NOT NULL AND state = 'due'
"""

FEEDS = """
SELECT feeds.*, (SELECT until FROM told WHERE feed_id = feeds.id) AS pushed_until,
    (SELECT count(*) FROM entries WHERE entries.feed_id = feeds.id) AS entries
FROM feeds WHERE subscribed ORDER BY name, url
"""


class FeedTables(Tables):
    """Feeds and their states."""

    def follow(self, follows: Iterable[Follow], *, now: datetime) -> None:
        """Make these, and no others, the feeds that are polled; a new one is due at once."""
        rows = [
            {
                "url": follow.url,
                "host": _host_of(follow.url),
                "name": follow.name,
                "interval": interval_to_micros(follow.interval),
                "min_interval": _micros(follow.min_interval),
                "max_interval": _micros(follow.max_interval),
                "now": to_micros(now),
            }
            for follow in follows
        ]
        with self.transaction():
            self._conn.executemany(_FOLLOW, rows)
            followed = {row["url"] for row in rows}
            urls = self._rows("SELECT url FROM feeds WHERE subscribed")
            gone = [(row["url"],) for row in urls if row["url"] not in followed]
            self._conn.executemany("UPDATE feeds SET subscribed = 0, leased_until = NULL WHERE url = ?", gone)

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, busy: Collection[str] = ()
    ) -> list[FeedState]:
        """Take up to `limit` due feeds, the longest due first; nobody else gets them until the lease ends.

        Feeds of `busy` hosts stay.
        """
        values: dict[str, object] = {
            "now": to_micros(now),
            "until": to_micros(now + lease),
            "limit": limit,
            "busy": to_json(list(busy)),
        }
        with self.transaction():
            rows = self._rows(_CLAIM_DUE, values)
        # RETURNING knows no order
        return [_claimed(row) for row in sorted(rows, key=lambda row: (row["next_poll_at"], row["id"]))]

    def claim_all(self, *, now: datetime, lease: timedelta, urls: Collection[str] = ()) -> list[FeedState]:
        """Take every followed feed (or those of `urls`) that nobody else polls at this moment, due or not."""
        with self.transaction():
            wanted = list(urls) or self.followed()
            values = {"now": to_micros(now), "until": to_micros(now + lease)}
            claimed = [self._rows(_CLAIM_ONE, {**values, "url": url}) for url in wanted]
        return [_claimed(row) for rows in claimed for row in rows]

    def followed(self) -> list[str]:
        """The URLs of all feeds that are followed, the oldest first."""
        return [row["url"] for row in self._rows("SELECT url FROM feeds WHERE subscribed ORDER BY id")]

    def save_poll(self, state: FeedState, *, next_poll_at: datetime | None, note: str = "") -> None:
        """Keep what a poll taught and end its lease; `next_poll_at` None: polled no more."""
        values = {
            "feed_id": state.feed_id,
            "etag": state.etag,
            "last_modified": state.last_modified,
            "body_hash": state.body_hash,
            "identity": state.identity,
            "baseline_at": to_micros(state.baseline_at),
            "last_polled_at": to_micros(state.last_polled_at),
            "last_ok_at": to_micros(state.last_ok_at),
            "last_new_at": to_micros(state.last_new_at),
            "failures": state.failures,
            "error": state.error,
            "empty_since": to_micros(state.empty_since),
            "pace": _micros(state.pace),
            "rhythm": state.rhythm.to_bytes() if state.rhythm else None,
            "wishes": _wishes_to_json(state.wishes),
            "moved_to": state.moved_to,
            "moved_times": state.moved_times,
            "overrun_at": to_micros(state.overrun_at),
            "hub": state.hub,
            "topic": state.topic,
            "next_poll_at": to_micros(next_poll_at),
            "note": note,
        }
        with self.transaction():
            self._conn.execute(_SAVE_POLL, values)

    def overdue(self, *, before: datetime) -> list[Overdue]:
        """The feeds that were due before a moment; not those that were never polled."""
        return [
            Overdue(feed_id=row["id"], url=row["url"], interval=timedelta(microseconds=row["interval"]))
            for row in self._rows(_OVERDUE, (to_micros(before),))
        ]

    def put_off(self, polls: Iterable[PutOff]) -> None:
        """Poll these feeds then."""
        rows = [(to_micros(one.next_poll_at), one.note, one.feed_id) for one in polls]
        with self.transaction():
            self._conn.executemany("UPDATE feeds SET next_poll_at = ?, note = ? WHERE id = ?", rows)

    def release_leases(self) -> None:
        """End all leases, of feeds and deliveries: only for the one daemon, at its start."""
        with self.transaction():
            self._conn.execute("UPDATE feeds SET leased_until = NULL WHERE leased_until IS NOT NULL")
            self._conn.execute(_RELEASE_DELIVERIES)

    def feeds(self) -> list[FeedRow]:
        """All feeds that are followed, by name."""
        return [
            FeedRow(
                state=replace(feed_state(row), pushed_until=to_moment(row["pushed_until"])),
                name=row["name"],
                subscribed=bool(row["subscribed"]),
                next_poll_at=to_moment(row["next_poll_at"]),
                note=row["note"],
                entries=row["entries"],
            )
            for row in self._rows(FEEDS)
        ]


def _host_of(url: str) -> str:
    """Where polls of this URL take turns; what is no address has a turn of its own."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _claimed(row: sqlite3.Row) -> FeedState:
    return replace(feed_state(row), shown=shown_of(row), pushed_until=to_moment(row["pushed_until"]))


def feed_state(row: sqlite3.Row) -> FeedState:
    """What a row of the feeds says of a feed between polls."""
    return FeedState(
        feed_id=row["id"],
        url=row["url"],
        host=row["host"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        identity=row["identity"],
        baseline_at=to_moment(row["baseline_at"]),
        last_polled_at=to_moment(row["last_polled_at"]),
        last_ok_at=to_moment(row["last_ok_at"]),
        last_new_at=to_moment(row["last_new_at"]),
        failures=row["failures"],
        error=row["error"],
        empty_since=to_moment(row["empty_since"]),
        pace=_time(row["pace"]),
        rhythm=Rhythm.from_bytes(row["rhythm"]) if row["rhythm"] else None,
        wishes=_wishes(row["wishes"]),
        moved_to=row["moved_to"],
        moved_times=row["moved_times"],
        hub=row["hub"],
        topic=row["topic"],
        min_interval=_time(row["min_interval"]),
        max_interval=_time(row["max_interval"]),
        overrun_at=to_moment(row["overrun_at"]),
        interval=timedelta(microseconds=row["interval"]),
    )


def _micros(time: timedelta | None) -> int | None:
    return None if time is None else interval_to_micros(time)


def _time(micros: int | None) -> timedelta | None:
    return None if micros is None else timedelta(microseconds=micros)


def _wishes_to_json(wishes: Wishes) -> str:
    """Nearly no feed asks for anything."""
    if wishes == NO_WISHES:
        return ""
    return to_json(
        [interval_to_micros(wishes.every), wishes.by, list(wishes.skip_hours), list(wishes.skip_days)]
    )


def _wishes(text: str) -> Wishes:
    if not text:
        return NO_WISHES
    every, by, hours, days = json.loads(text)
    return Wishes(every=timedelta(microseconds=every), by=by, skip_hours=tuple(hours), skip_days=tuple(days))
