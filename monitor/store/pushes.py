"""The SQL of pushes: what hubs have told and nobody has read yet, and what became of what they told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from monitor.feeds.state import FeedState
from monitor.feeds.websub import Pact
from monitor.store.moment import interval_to_micros, to_micros, to_moment
from monitor.store.table import Tables

Outcome = Literal["read", "unreadable", "missing", "wrong", "weak", "too large", "too many"]
"""What becomes of a push: it is read or it can not be; or the signature is no good, or there is no room."""

_COUNT = """
INSERT INTO push_counts (outcome, number) VALUES (?, 1)
ON CONFLICT (outcome) DO UPDATE SET number = number + 1
"""

_ADD = "INSERT INTO pushes (pact_id, feed_id, content_type, body, came_at) VALUES (?, ?, ?, ?, ?)"

# The oldest of each feed that nobody polls, or reads a push of, at this moment.
_FREE = """
SELECT pushes.*, url FROM pushes JOIN feeds ON feeds.id = feed_id
WHERE pushes.id IN (
    SELECT min(pushes.id) FROM pushes JOIN feeds ON feeds.id = feed_id
    WHERE subscribed AND (leased_until IS NULL OR leased_until <= :now)
    GROUP BY feed_id ORDER BY 1 LIMIT :limit
)
ORDER BY pushes.id
"""

_SAVE = """
UPDATE feeds SET identity = :identity, last_new_at = :last_new_at, rhythm = :rhythm, leased_until = NULL
WHERE id = :feed_id
"""

_SEEN = """
UPDATE pacts SET pushed_at = :now, pushes = pushes + 1
WHERE id = (SELECT pact_id FROM pushes WHERE id = :push_id)
"""

_POLL_SOON = """
UPDATE feeds SET next_poll_at = min(next_poll_at, max(:now, coalesce(last_polled_at, 0) + :rest))
WHERE id = :feed_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a hub has told: a document with what is new in a feed, or with all of it."""

    push_id: int
    feed_url: str
    content_type: str
    body: bytes = field(repr=False)
    came_at: datetime


class PushStore(Protocol):
    """What the store knows of pushes."""

    def add_push(self, pact: Pact, *, content_type: str, body: bytes, now: datetime) -> None:
        """Keep what a hub has told until somebody reads it."""

    def waiting_pushes(self, pact: Pact) -> int:
        """How many pushes of a hub nobody has read yet."""

    def ignore_push(self, pact: Pact, outcome: Outcome) -> None:
        """Count a push that is not kept, and why."""

    def free_pushes(self, *, now: datetime, limit: int) -> list[Push]:
        """The oldest push of each feed that nobody polls at this moment."""

    def save_push(self, push_id: int, state: FeedState, *, now: datetime) -> None:
        """Keep what a push taught of its feed, end the lease, and forget the push."""

    def drop_push(self, push_id: int, feed_id: int, *, now: datetime, rest: timedelta) -> None:
        """Forget a push that can not be read and end its lease; its feed is polled as by `poll_soon`."""

    def poll_soon(self, feed_id: int, *, now: datetime, rest: timedelta) -> None:
        """Have a feed polled now, or a `rest` after it was polled last."""

    def say_missed(self, feed_id: int, *, now: datetime) -> None:
        """Keep that a poll found what no push had told."""

    def push_counts(self) -> dict[str, int]:
        """How many pushes there ever were, by what became of them."""


class PushTables(Tables):
    """What hubs have told."""

    def add_push(self, pact: Pact, *, content_type: str, body: bytes, now: datetime) -> None:
        """Keep what a hub has told until somebody reads it."""
        with self.transaction():
            self._conn.execute(_ADD, (pact.pact_id, pact.feed_id, content_type, body, to_micros(now)))

    def waiting_pushes(self, pact: Pact) -> int:
        """How many pushes of a hub nobody has read yet."""
        sql = "SELECT count(*) FROM pushes WHERE pact_id = ?"
        return int(self._conn.execute(sql, (pact.pact_id,)).fetchone()[0])

    def ignore_push(self, pact: Pact, outcome: Outcome) -> None:
        """Count a push that is not kept, and why."""
        with self.transaction():
            self._conn.execute("UPDATE pacts SET ignored = ignored + 1 WHERE id = ?", (pact.pact_id,))
            self._conn.execute(_COUNT, (outcome,))

    def free_pushes(self, *, now: datetime, limit: int) -> list[Push]:
        """The oldest push of each feed that nobody polls at this moment."""
        return [
            Push(
                push_id=row["id"],
                feed_url=row["url"],
                content_type=row["content_type"],
                body=row["body"],
                came_at=to_moment(row["came_at"]),
            )
            for row in self._rows(_FREE, {"now": to_micros(now), "limit": limit})
        ]

    def save_push(self, push_id: int, state: FeedState, *, now: datetime) -> None:
        """Keep what a push taught of its feed, end the lease, and forget the push."""
        values = {
            "feed_id": state.feed_id,
            "identity": state.identity,
            "last_new_at": to_micros(state.last_new_at),
            "rhythm": state.rhythm.to_bytes() if state.rhythm else None,
        }
        with self.transaction():
            self._conn.execute(_SAVE, values)
            self._conn.execute(_SEEN, {"now": to_micros(now), "push_id": push_id})
            self._forget_push(push_id, "read")

    def drop_push(self, push_id: int, feed_id: int, *, now: datetime, rest: timedelta) -> None:
        """Forget a push that can not be read and end its lease; its feed is polled as by `poll_soon`."""
        with self.transaction():
            self._conn.execute("UPDATE feeds SET leased_until = NULL WHERE id = ?", (feed_id,))
            self.poll_soon(feed_id, now=now, rest=rest)
            self._forget_push(push_id, "unreadable")

    def poll_soon(self, feed_id: int, *, now: datetime, rest: timedelta) -> None:
        """Have a feed polled now, or a `rest` after it was polled last."""
        values = {"now": to_micros(now), "feed_id": feed_id, "rest": interval_to_micros(rest)}
        with self.transaction():
            self._conn.execute(_POLL_SOON, values)

    def _forget_push(self, push_id: int, outcome: Outcome) -> None:
        self._conn.execute("DELETE FROM pushes WHERE id = ?", (push_id,))
        self._conn.execute(_COUNT, (outcome,))

    def say_missed(self, feed_id: int, *, now: datetime) -> None:
        """Keep that a poll found what no push had told."""
        sql = "UPDATE pacts SET missed_at = ? WHERE feed_id = ? AND state = 'live'"
        with self.transaction():
            self._conn.execute(sql, (to_micros(now), feed_id))

    def push_counts(self) -> dict[str, int]:
        """How many pushes there ever were, by what became of them."""
        return dict(self._conn.execute("SELECT outcome, number FROM push_counts"))
