"""The SQL of alerts and deliveries: making them, which are due, how their attempts ended."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.alerts.alert import Alert
from monitor.alerts.pending import GroupState
from monitor.store.content import alert_from_json, alert_to_json
from monitor.store.moment import to_micros, to_moment
from monitor.store.records import Delivery, DeliveryState, NewDelivery
from monitor.store.table import Tables

_ADD_DELIVERY = """
INSERT INTO deliveries (alert_id, receiver, target, label, state, next_at) VALUES (?, ?, ?, ?, 'due', ?)
"""

# One delivery a target at a time: a receiver that hangs holds up nobody but itself.
_CLAIM = """
UPDATE deliveries SET leased_until = :until, first_at = coalesce(first_at, :now)
WHERE id IN (
    SELECT min(id) FROM deliveries
    WHERE state = 'due' AND next_at <= :now AND (leased_until IS NULL OR leased_until <= :now)
      AND target NOT IN (SELECT target FROM deliveries WHERE state = 'due' AND leased_until > :now)
      AND target NOT IN (SELECT value FROM json_each(:resting))
      AND NOT (:sound_only AND target IN (SELECT target FROM deliveries WHERE state = 'due' AND attempts))
    GROUP BY target ORDER BY min(next_at) LIMIT :limit
)
RETURNING id
"""

_SAVE_ATTEMPT = """
UPDATE deliveries SET
    state = :state, attempts = attempts + 1, error = :error, leased_until = NULL,
    may_repeat = may_repeat OR :uncertain,
    plain = plain OR :plain,
    next_at = coalesce(:next_at, next_at),
    ended_at = CASE WHEN :state = 'due' THEN NULL ELSE :now END
WHERE id = :id
"""

_TELL_GROUP = """
INSERT INTO groups (key, last_told_at) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET last_told_at = excluded.last_told_at
"""

DELIVERIES = """
SELECT deliveries.*, alerts.content
FROM deliveries JOIN alerts ON alerts.id = deliveries.alert_id
"""

_DELIVERIES_WHERE = {
    "state": "deliveries.fate = :state",
    "receiver": "deliveries.receiver = :receiver",
    "alerts": "deliveries.alert_id IN (SELECT value FROM json_each(:alerts))",
}


class AlertTables(Tables):
    """Groups, alerts and their deliveries."""

    def group_states(self, *, since: datetime | None = None) -> dict[str, GroupState]:
        """When each group was last told, of those told since a moment or of all."""
        sql = "SELECT key, last_told_at FROM groups WHERE :since IS NULL OR last_told_at >= :since"
        return {
            row["key"]: GroupState(key=row["key"], last_told_at=to_moment(row["last_told_at"]))
            for row in self._rows(sql, {"since": to_micros(since)})
        }

    def add_alert(
        self,
        alert: Alert,
        deliveries: Sequence[NewDelivery],
        *,
        hit_ids: Collection[int],
        now: datetime,
        groups: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        """Store an alert that tells these hits, with a delivery a target, due at once; its group is told.

        `groups` are those that are told, each with those of its hits that wait for other groups, where that
        is not the alert's own alone with all of them.
        """
        moment = to_micros(now)
        told = {alert.group_key: hit_ids} if groups is None else groups
        with self.transaction():
            created = to_micros(alert.created_at)
            values = (alert.id, alert.receiver, alert.group_key, created, alert_to_json(alert))
            self._conn.execute(
                "INSERT INTO alerts (id, receiver, group_key, created_at, content) VALUES (?, ?, ?, ?, ?)",
                values,
            )
            rows = [(hit_id, alert.id) for hit_id in hit_ids]
            self._conn.executemany("INSERT INTO alert_hits (hit_id, alert_id) VALUES (?, ?)", rows)
            self._conn.executemany(_TELL_GROUP, [(key, moment) for key in told])
            self._conn.executemany(
                "INSERT INTO told_groups (hit_id, group_key) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(hit_id, key) for key, ids in told.items() for hit_id in ids],
            )
            targets = [(alert.id, alert.receiver, new.target, new.label, moment) for new in deliveries]
            self._conn.executemany(_ADD_DELIVERY, targets)

    def alert(self, alert_id: str) -> Alert | None:
        """One alert."""
        rows = self._rows("SELECT content FROM alerts WHERE id = ?", (alert_id,))
        return alert_from_json(rows[0]["content"]) if rows else None

    def claim_deliveries(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        resting: Collection[str] = (),
        sound_only: bool = False,
    ) -> list[Delivery]:
        """Take due deliveries, the oldest first, never two to one target at a time.

        None to targets that are `resting`; with `sound_only` none to those where an attempt has failed and
        nothing has arrived since.
        """
        values: dict[str, object] = {
            "now": to_micros(now),
            "until": to_micros(now + lease),
            "limit": limit,
            "resting": json.dumps(sorted(resting)),
            "sound_only": sound_only,
        }
        with self.transaction():
            claimed = json.dumps(sorted(row["id"] for row in self._rows(_CLAIM, values)))
            where = "WHERE deliveries.id IN (SELECT value FROM json_each(?)) ORDER BY next_at, deliveries.id"
            return [stored_delivery(row) for row in self._rows(f"{DELIVERIES} {where}", (claimed,))]

    def save_attempt(
        self,
        delivery_id: int,
        *,
        state: DeliveryState,
        now: datetime,
        next_at: datetime | None = None,
        error: str = "",
        uncertain: bool = False,
        plain: bool = False,
    ) -> None:
        """Keep an attempt's outcome and end its lease; a delivery that stays due needs `next_at`.

        After an `uncertain` attempt nobody knows whether the message arrived; with `plain` the next says it
        short and plain.
        """
        values = {
            "id": delivery_id,
            "state": state,
            "error": error,
            "now": to_micros(now),
            "next_at": to_micros(next_at),
            "uncertain": uncertain,
            "plain": plain,
        }
        with self.transaction():
            self._conn.execute(_SAVE_ATTEMPT, values)

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        receiver: str = "",
        alert_ids: Collection[str] = (),
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries, the newest first; in a state, to a receiver, or of alerts."""
        asked: dict[str, object] = {
            "state": state,
            "receiver": receiver or None,
            "alerts": json.dumps(sorted(alert_ids)) if alert_ids else None,
        }
        where = " AND ".join(_DELIVERIES_WHERE[name] for name, value in asked.items() if value is not None)
        sql = f"{DELIVERIES} WHERE {where or 'true'} ORDER BY deliveries.id DESC LIMIT :limit"
        return [stored_delivery(row) for row in self._rows(sql, {**asked, "limit": limit})]


def stored_delivery(row: sqlite3.Row) -> Delivery:
    """The delivery of a row of `DELIVERIES`."""
    return Delivery(
        delivery_id=row["id"],
        alert=alert_from_json(row["content"]),
        receiver=row["receiver"],
        target=row["target"],
        label=row["label"],
        state=row["fate"],
        attempts=row["attempts"],
        next_at=to_moment(row["next_at"]),
        first_at=to_moment(row["first_at"]),
        ended_at=to_moment(row["ended_at"]),
        error=row["error"],
        may_repeat=bool(row["may_repeat"]),
        plain=bool(row["plain"]),
    )
