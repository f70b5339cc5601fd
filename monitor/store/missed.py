"""The SQL of catching up: what a target missed, and what was told in its place."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from monitor.alerts.alert import Alert
from monitor.store.alerts import DELIVERIES, AlertTables, stored_delivery
from monitor.store.moment import to_micros, to_moment
from monitor.store.records import Delivery

# Nothing has arrived since the oldest was first tried: what is wrong is the target, not one message.
_LATE = """
SELECT target FROM (
    SELECT target, count(*) AS waiting, min(next_at) AS next_at,
           max(coalesce(leased_until, 0)) AS leased_until,
           min(CASE WHEN attempts > 0 THEN first_at END) AS failing_since
    FROM deliveries WHERE state = 'due' GROUP BY target
) AS late
WHERE waiting > 1 AND next_at <= :now AND leased_until <= :now AND failing_since <= :since
AND NOT EXISTS (
    SELECT 1 FROM deliveries
    WHERE target = late.target AND state = 'delivered' AND ended_at >= late.failing_since
)
"""

_WAITING_FOR = """
WHERE state = 'due' AND target IN (SELECT value FROM json_each(?)) ORDER BY target, deliveries.id
"""

_INSTEAD = """
INSERT INTO deliveries
    (alert_id, receiver, target, label, state, next_at, first_at, attempts, may_repeat, error)
SELECT :alert, receiver, target, label, 'due', :now, min(first_at), max(attempts), max(may_repeat), error
FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids)) GROUP BY target
"""

_REMEMBER = """
INSERT INTO caught_up (alert_id, target, label, by_alert, at)
SELECT alert_id, target, label, :alert, :now FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids))
"""

_CAUGHT_UP = """
SELECT * FROM caught_up WHERE alert_id IN (SELECT value FROM json_each(?)) ORDER BY at, alert_id
"""

# A catch-up that never arrived and that a later one contains is of no interest to anybody.
_FORGET = (
    "DELETE FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids))",
    "UPDATE caught_up SET by_alert = :alert WHERE by_alert IN (SELECT value FROM json_each(:replaced))",
    "DELETE FROM caught_up WHERE alert_id IN (SELECT value FROM json_each(:replaced))",
    "DELETE FROM acknowledgements WHERE alert_id IN (SELECT value FROM json_each(:replaced))",
    "DELETE FROM alerts WHERE id IN (SELECT value FROM json_each(:replaced))",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """A delivery that was not made because a later alert tells the same."""

    alert_id: str
    label: str
    by_alert: str
    at: datetime


class Missed(Protocol):
    """What targets missed while nothing reached them."""

    def missed(self, *, failing_since: datetime, now: datetime) -> list[list[Delivery]]:
        """All that waits for a target that is due now and that nothing has reached since then, by target.

        Only where that is more than one delivery, and none of them is being sent.
        """

    def tell_in_place(self, alert: Alert, missed: Sequence[Delivery], *, now: datetime) -> None:
        """Deliver this alert, at once, in the place of these deliveries to one target."""

    def caught_up(self, alert_ids: Collection[str]) -> list[CaughtUp]:
        """The deliveries of these alerts in whose place a later alert was told."""


class MissedTables(AlertTables):
    """Catching up."""

    def missed(self, *, failing_since: datetime, now: datetime) -> list[list[Delivery]]:
        """All that waits for a target that is due now and that nothing has reached since then, by target."""
        moments: dict[str, object] = {"since": to_micros(failing_since), "now": to_micros(now)}
        targets = json.dumps([row["target"] for row in self._rows(_LATE, moments)])
        found = [stored_delivery(row) for row in self._rows(f"{DELIVERIES} {_WAITING_FOR}", (targets,))]
        return [list(group) for _, group in groupby(found, key=lambda one: one.target)]

    def tell_in_place(self, alert: Alert, missed: Sequence[Delivery], *, now: datetime) -> None:
        """Deliver this alert, at once, in the place of these deliveries to one target."""
        replaced = [one.alert.id for one in missed if one.alert.kind == "catch-up" and not one.may_repeat]
        values: dict[str, object] = {
            "alert": alert.id,
            "now": to_micros(now),
            "ids": json.dumps([one.delivery_id for one in missed]),
            "replaced": json.dumps(replaced),
        }
        with self.transaction():
            self.add_alert(alert, [], hit_ids=(), groups={}, now=now)
            self._conn.execute(_INSTEAD, values)
            self._conn.execute(_REMEMBER, values)
            for forget in _FORGET:
                self._conn.execute(forget, values)

    def caught_up(self, alert_ids: Collection[str]) -> list[CaughtUp]:
        """The deliveries of these alerts in whose place a later alert was told."""
        return [
            CaughtUp(
                alert_id=row["alert_id"],
                label=row["label"],
                by_alert=row["by_alert"],
                at=to_moment(row["at"]),
            )
            for row in self._rows(_CAUGHT_UP, (json.dumps(sorted(alert_ids)),))
        ]
