"""What a target missed while nothing reached it → one alert in its place, in one commit.

A target whose oldest delivery has failed for an hour gets, when it is tried again, all that waits for it in
one message. The alerts stay as they were for everybody else; their deliveries to this target are remembered
as told by the later one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.alert import Alert
from monitor.alerts.alert_id import alert_id
from monitor.alerts.digest import merged
from monitor.alerts.group import catch_up_key
from monitor.store.records import Delivery
from monitor.store.store import Store

PATIENCE = timedelta(hours=1)
"""For so long each alert is tried by itself."""


def catch_up(store: Store, *, now: datetime) -> tuple[Alert, ...]:
    """Put one delivery in the place of all that wait for a target that has long failed and is tried now."""
    alerts: list[Alert] = []
    with store.transaction():
        for missed in store.missed(failing_since=now - PATIENCE, now=now):
            alert = _catch_up(missed, now)
            store.tell_in_place(alert, missed, now=now)
            alerts.append(alert)
    return tuple(alerts)


def _catch_up(missed: Sequence[Delivery], now: datetime) -> Alert:
    told = [delivery.alert for delivery in missed]
    hits, sections = merged(told)
    threads = {alert.thread for alert in told}
    key = catch_up_key(missed[0].receiver)
    return Alert(
        id=alert_id(key, now, (delivery.delivery_id for delivery in missed)),
        kind="catch-up",
        receiver=missed[0].receiver,
        group_key=key,
        group_labels={},
        created_at=now,
        hits=hits,
        more=sum(section.more for section in sections),
        sections=sections,
        thread=threads.pop() if len(threads) == 1 else "",
        reason="it could not be reached",
        earlier=_earlier(told),
    )


def _earlier(told: Sequence[Alert]) -> tuple[str, ...]:
    """The alerts that it stands for; in the place of another catch-up those that that one stood for."""
    ids = (key for alert in told for key in (alert.earlier if alert.kind == "catch-up" else (alert.id,)))
    return tuple(dict.fromkeys(ids))
