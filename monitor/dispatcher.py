"""Hits → routed, grouped, due → alerts and one delivery a target, in one commit.

Does not send: the courier does, from what stands in the store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.alerts.alert import Alert, AlertHit, Marked, thread_of
from monitor.alerts.alert_id import alert_id
from monitor.alerts.plan import PlannedAlert, plan
from monitor.alerts.route import Receiver, Route
from monitor.ingest import document_of
from monitor.store.records import Hit, NewDelivery
from monitor.store.store import Store
from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.snippets import Snippet, snippets, whole

SNIPPETS = 3
"""How many snippets a hit is told with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What a dispatch did, and when the next group will be due."""

    alerts: tuple[Alert, ...] = ()
    settled: tuple[tuple[int, str], ...] = field(default=())
    next_at: datetime | None = None


def dispatch(store: Store, *, root: Route, receivers: Mapping[str, Receiver], now: datetime) -> Dispatched:
    """Make the alerts that are due, and settle the hits that wait for nothing more."""
    if not store.waiting_hits():
        return Dispatched()
    with store.transaction():
        planned = plan(store.waiting_hits(), root=root, groups=store.group_states(), now=now)
        alerts = _alerts(store, planned.alerts, now=now)
        for alert, one in zip(alerts, planned.alerts, strict=True):
            deliveries = _deliveries(receivers.get(alert.receiver))
            store.add_alert(alert, deliveries, hit_ids=one.hit_ids, now=now)
        told = [hit_id for hit_id, reason in planned.settled if reason == "told"]
        store.settle(told, state="told", reason="told")
        for hit_id, reason in planned.settled:
            if reason != "told":
                store.settle([hit_id], state="kept", reason=reason)
    return Dispatched(alerts=alerts, settled=planned.settled, next_at=planned.next_at)


def _deliveries(receiver: Receiver | None) -> list[NewDelivery]:
    targets = receiver.targets if receiver else ()
    return [NewDelivery(target=target.key, label=target.label) for target in targets]


def _alerts(store: Store, planned: Sequence[PlannedAlert], *, now: datetime) -> tuple[Alert, ...]:
    wanted = {hit_id for one in planned for hit_id in one.shown_ids}
    hits = {hit.hit_id: alert_hit(hit) for hit in store.hits(ids=wanted)} if wanted else {}
    return tuple(
        Alert(
            id=alert_id(one.group_key, now, one.hit_ids),
            receiver=one.receiver,
            group_key=one.group_key,
            group_labels=one.group_labels,
            created_at=now,
            hits=tuple(hits[hit_id] for hit_id in one.shown_ids),
            more=len(one.hit_ids) - len(one.shown_ids),
            thread=thread_of(one.group_labels),
            reason=one.reason,
        )
        for one in planned
    )


def alert_hit(hit: Hit) -> AlertHit:
    """The hit as an alert tells it: its headline and snippets with the matched words marked."""
    entry = hit.entry.entry
    document = document_of(entry, feed=hit.entry.feed)
    body = [
        snippet
        for field_name in TEXT_FIELDS[1:]
        if (spans := [span for span in hit.spans if span.field == field_name])
        for snippet in snippets(getattr(document, field_name), spans, most=SNIPPETS)
    ]
    return AlertHit(
        hit_id=hit.hit_id,
        topic=hit.topic,
        labels=hit.labels,
        found_at=hit.found_at,
        headline=_marked(whole(entry.title, [span for span in hit.spans if span.field == "title"])),
        snippets=tuple(map(_marked, body[:SNIPPETS])) or _told_whole(hit, document),
        clauses=tuple(dict.fromkeys(span.clause for span in hit.spans)),
        link=entry.link,
        feed=hit.entry.feed,
        published=entry.published or entry.updated,
    )


def _told_whole(hit: Hit, document: Document) -> tuple[Marked, ...]:
    """The text of an entry in which no word was looked for: a notice of the monitor's own."""
    return () if hit.spans or not document.summary else (Marked(text=document.summary),)


def _marked(snippet: Snippet) -> Marked:
    return Marked(text=snippet.text, marks=snippet.marks)
