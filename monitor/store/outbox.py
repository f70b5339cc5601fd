"""The SQL of the outbox as its keeper sees it: the alerts made, sending again, dropping."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from monitor.alerts.alert import Alert
from monitor.store.content import alert_from_json
from monitor.store.moment import to_micros, to_moment
from monitor.store.records import DeliveryState
from monitor.store.table import Tables

_ALERTS_WHERE = {
    "receiver": "receiver = :receiver",
    "since": "created_at >= :since",
    "state": "EXISTS (SELECT 1 FROM deliveries WHERE alert_id = alerts.id AND fate = :state)",
}

_IS_DUE = """
SELECT 1 FROM deliveries
WHERE state = 'due' AND next_at <= :now AND (leased_until IS NULL OR leased_until <= :now) LIMIT 1
"""

# What is being sent at this moment is left alone: its outcome decides. So is what has arrived.
_FREE = """
id IN (SELECT value FROM json_each(:ids)) AND state != 'delivered'
AND (state != 'due' OR leased_until IS NULL OR leased_until <= :now)
"""

_SEND_AGAIN = f"""
UPDATE deliveries SET state = 'due', next_at = :now, first_at = NULL, ended_at = NULL, leased_until = NULL,
                      dropped_at = NULL
WHERE {_FREE} RETURNING id
"""  # noqa: S608 - our own words

_DROP = f"""
UPDATE deliveries SET state = 'dead', dropped_at = :now, ended_at = coalesce(ended_at, :now),
                      leased_until = NULL
WHERE {_FREE} AND dropped_at IS NULL RETURNING id
"""  # noqa: S608 - our own words


class Outbox(Protocol):
    """Alerts that were made, and what somebody decides on their deliveries."""

    def alerts(
        self,
        *,
        receiver: str = "",
        since: datetime | None = None,
        state: DeliveryState | None = None,
        limit: int = 100,
    ) -> list[Alert]:
        """Alerts, the newest first; to a receiver, made since a moment, with a delivery in a state."""

    def is_delivery_due(self, *, now: datetime) -> bool:
        """Whether a delivery waits to be started at this moment."""

    def last_arrivals(self) -> dict[str, datetime]:
        """When a message last arrived at each target, by its key."""

    def send_again(self, delivery_ids: Collection[int], *, now: datetime) -> list[int]:
        """Make deliveries due at once, with all their patience; returns those that are now.

        What was delivered stays so, and what is being sent at this moment is left alone.
        """

    def drop(self, delivery_ids: Collection[int], *, now: datetime) -> list[int]:
        """Give deliveries up by hand; returns those that were."""


class OutboxTables(Tables):
    """The outbox."""

    def alerts(
        self,
        *,
        receiver: str = "",
        since: datetime | None = None,
        state: DeliveryState | None = None,
        limit: int = 100,
    ) -> list[Alert]:
        """Alerts, the newest first; to a receiver, made since a moment, with a delivery in a state."""
        asked: dict[str, object] = {"receiver": receiver or None, "since": to_micros(since), "state": state}
        where = " AND ".join(_ALERTS_WHERE[name] for name, value in asked.items() if value is not None)
        sql = f"SELECT content FROM alerts WHERE {where or 'true'} ORDER BY created_at DESC, id LIMIT :limit"  # noqa: S608
        return [alert_from_json(row["content"]) for row in self._rows(sql, {**asked, "limit": limit})]

    def is_delivery_due(self, *, now: datetime) -> bool:
        """Whether a delivery waits to be started at this moment."""
        return bool(self._rows(_IS_DUE, {"now": to_micros(now)}))

    def last_arrivals(self) -> dict[str, datetime]:
        """When a message last arrived at each target, by its key."""
        sql = "SELECT target, max(ended_at) AS at FROM deliveries WHERE state = 'delivered' GROUP BY target"
        return {row["target"]: to_moment(row["at"]) for row in self._rows(sql)}

    def send_again(self, delivery_ids: Collection[int], *, now: datetime) -> list[int]:
        """Make deliveries due at once, with all their patience; returns those that are now."""
        return self._decided(_SEND_AGAIN, delivery_ids, now)

    def drop(self, delivery_ids: Collection[int], *, now: datetime) -> list[int]:
        """Give deliveries up by hand; returns those that were."""
        return self._decided(_DROP, delivery_ids, now)

    def _decided(self, sql: str, delivery_ids: Collection[int], now: datetime) -> list[int]:
        with self.transaction():
            values: dict[str, object] = {"ids": json.dumps(sorted(delivery_ids)), "now": to_micros(now)}
            return sorted(row["id"] for row in self._rows(sql, values))
