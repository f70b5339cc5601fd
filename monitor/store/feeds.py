"""The SQL of feeds: which are followed, which are due, what their polls taught."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from monitor.feeds.state import FeedState
from monitor.records import dataclass
from monitor.store.feed_rows import claimed_feed, feed_state, micros_or_none, wishes_to_json
from monitor.store.moment import interval_to_micros, to_json, to_micros, to_moment
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
"""

_FOLLOWED = "SELECT url, host, name, interval, min_interval, max_interval FROM feeds WHERE subscribed"

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

_CLAIM_THESE = """
UPDATE feeds SET leased_until = :until
WHERE url IN (SELECT value FROM json_each(:urls)) AND subscribed
    AND (leased_until IS NULL OR leased_until <= :now)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A feed to follow: what the store must know of a subscription."""

    url: str
    name: str
    interval: timedelta
    min_interval: timedelta | None = None
    max_interval: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A feed that should have been polled."""

    feed_id: int
    url: str
    interval: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """When a feed is polled instead, and why then."""

    feed_id: int
    next_poll_at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A feed as `status` shows it."""

    state: FeedState
    name: str
    next_poll_at: datetime | None
    note: str
    entries: int


class FeedStore(Protocol):
    """What the store knows of the feeds that are followed."""

    def follow(self, follows: Iterable[Follow], *, now: datetime) -> None:
        """Make these, and no others, the feeds that are polled; a new one is due at once."""

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, busy: Collection[str] = ()
    ) -> list[FeedState]:
        """Take up to `limit` due feeds, the longest due first; nobody else gets them until the lease ends.

        Feeds of `busy` hosts stay.
        """

    def claim_all(self, *, now: datetime, lease: timedelta, urls: Collection[str] = ()) -> list[FeedState]:
        """Take every followed feed (or those of `urls`) that nobody else polls at this moment, due or not."""

    def followed(self) -> list[str]:
        """The URLs of all feeds that are followed, the oldest first."""

    def save_poll(self, state: FeedState, *, next_poll_at: datetime | None, note: str = "") -> None:
        """Keep what a poll taught and end its lease; `next_poll_at` None: polled no more."""

    def overdue(self, *, before: datetime) -> list[Overdue]:
        """The feeds that were due before a moment; not those that were never polled."""

    def put_off(self, polls: Iterable[PutOff]) -> None:
        """Poll these feeds then."""

    def release_leases(self) -> None:
        """End all leases, of feeds and deliveries: only for the one daemon, at its start."""

    def feeds(self) -> list[FeedRow]:
        """All feeds that are followed, by name."""


class FeedTables(Tables):
    """Feeds and their states."""

    def follow(self, follows: Iterable[Follow], *, now: datetime) -> None:
        """Make these, and no others, the feeds that are polled; a new one is due at once."""
        with self.transaction():
            stand = {row["url"]: dict(row) for row in self._rows(_FOLLOWED)}
            rows = [_row_of(follow, stand.get(follow.url)) for follow in follows]
            self._conn.executemany(
                _FOLLOW, [row | {"now": to_micros(now)} for row in rows if row != stand.get(row["url"])]
            )
            gone = [(url,) for url in stand.keys() - {row["url"] for row in rows}]
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
        return [claimed_feed(row) for row in sorted(rows, key=lambda row: (row["next_poll_at"], row["id"]))]

    def claim_all(self, *, now: datetime, lease: timedelta, urls: Collection[str] = ()) -> list[FeedState]:
        """Take every followed feed (or those of `urls`) that nobody else polls at this moment, due or not."""
        with self.transaction():
            wanted = list(urls) or self.followed()
            values = {"now": to_micros(now), "until": to_micros(now + lease), "urls": to_json(wanted)}
            rows = self._rows(_CLAIM_THESE, values)
        place = {url: at for at, url in enumerate(wanted)}  # RETURNING knows no order
        return [claimed_feed(row) for row in sorted(rows, key=lambda row: place[row["url"]])]

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
            "pace": micros_or_none(state.pace),
            "rhythm": state.rhythm.to_bytes() if state.rhythm else None,
            "wishes": wishes_to_json(state.wishes),
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
                state=feed_state(row, pushed_until=to_moment(row["pushed_until"])),
                name=row["name"],
                next_poll_at=to_moment(row["next_poll_at"]),
                note=row["note"],
                entries=row["entries"],
            )
            for row in self._rows(FEEDS)
        ]


def _row_of(follow: Follow, stands: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a feed's row is to say; the host of one that stands there is known."""
    return {
        "url": follow.url,
        "host": (stands and stands["host"]) or _host_of(follow.url),
        "name": follow.name,
        "interval": interval_to_micros(follow.interval),
        "min_interval": micros_or_none(follow.min_interval),
        "max_interval": micros_or_none(follow.max_interval),
    }


def _host_of(url: str) -> str:
    """Where polls of this URL take turns; what is no address has a turn of its own."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
