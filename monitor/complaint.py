"""A target that fails → a notice, and where its way leads to the failing receiver alone, an alert to another.

notice ─ a hit of the topic _monitor ─ goes the way of all hits
   └─ would nobody but the failing receiver hear of it? ─ an alert to the one that works best
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from monitor.alerts.alert import Alert
from monitor.alerts.alert_id import alert_id
from monitor.alerts.failing import Failure, may_be_pushed, notice_of
from monitor.alerts.route import Receiver, Route, receivers_of
from monitor.dispatcher import alert_hit
from monitor.notice import Notice
from monitor.noticing import ingest_notices
from monitor.store.records import NewDelivery
from monitor.store.store import Store

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def complain(
    store: Store, failure: Failure, *, root: Route, receivers: Mapping[str, Receiver], now: datetime
) -> tuple[int, ...]:
    """Have somebody told of a failure, if it is time; returns the hits of it."""
    if not may_be_pushed(failure, now=now):
        return ()
    arrivals = store.last_arrivals()
    notice = notice_of(failure, arrived_at=arrivals.get(failure.target), now=now)
    hit_ids = ingest_notices(store, [notice] if notice else [], now=now)
    if notice and hit_ids and not _others_hear(notice, failure, root, receivers):
        other = _working_best(receivers, failure.receiver, arrivals)
        if other is not None:
            reason = "nobody else would hear of it"
            tell_apart(store, hit_ids, other, key=f"failing:{other.name}", reason=reason, now=now)
    return hit_ids


def _others_hear(notice: Notice, failure: Failure, root: Route, receivers: Mapping[str, Receiver]) -> bool:
    reached = receivers_of(root, notice.all_labels)
    telling = {route.receiver for route in reached if not route.store_only and route.receiver in receivers}
    return bool(telling - {failure.receiver})


def _working_best(
    receivers: Mapping[str, Receiver], failing: str, arrivals: Mapping[str, datetime]
) -> Receiver | None:
    """The receiver where something arrived last, of all but the failing one."""
    others = [receiver for name, receiver in receivers.items() if name != failing and receiver.targets]
    return max(others, key=lambda one: _last(one, arrivals), default=None)


def _last(receiver: Receiver, arrivals: Mapping[str, datetime]) -> datetime:
    return max(arrivals.get(target.key, _LONG_AGO) for target in receiver.targets)


def tell_apart(
    store: Store, hit_ids: Sequence[int], receiver: Receiver, *, key: str, reason: str, now: datetime
) -> None:
    """An alert beside all routes, in a group of its own."""
    alert = Alert(
        id=alert_id(key, now, hit_ids),
        receiver=receiver.name,
        group_key=key,
        group_labels={},
        created_at=now,
        hits=tuple(alert_hit(hit) for hit in store.hits(ids=hit_ids)),
        reason=reason,
    )
    deliveries = [NewDelivery(target=target.key, label=target.label) for target in receiver.targets]
    store.add_alert(alert, deliveries, hit_ids=hit_ids, now=now)
