"""Hits → routed, grouped, due → alerts and one delivery a target, in one commit.

Does not send: the courier does, from what stands in the store.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.alert import Alert, AlertHit, Marked, thread_of
from monitor.alerts.alert_id import alert_id
from monitor.alerts.digest import merged, sections
from monitor.alerts.escalate import Step, escalate, steps_of
from monitor.alerts.group import escalation_key, longest_interval
from monitor.alerts.pending import Memory, PendingHit, Rules
from monitor.alerts.plan import Plan, is_heard, plan
from monitor.alerts.route import Receiver
from monitor.alerts.silence import Silence
from monitor.alerts.story import COUNTED, counted
from monitor.alerts.tell import PlannedAlert
from monitor.coverage import coverage_of
from monitor.documents import document_of
from monitor.placer import Placer
from monitor.store.policy import Waiting
from monitor.store.records import Hit, NewDelivery
from monitor.store.store import Store
from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.snippets import Snippet, fitting, snippets, whole
from monitor.unplaced import place_all, place_some

DAY = timedelta(days=1)
SNIPPETS = 3
"""How many snippets a hit is told with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What a dispatch did, and when more will be due; nothing is told before all `are_placed` in stories."""

    alerts: tuple[Alert, ...] = ()
    settled: tuple[tuple[int, str], ...] = field(default=())
    next_at: datetime | None = None
    are_placed: bool = True
    asked: "Asked | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """On what a dispatch has decided: as long as it stays so, another would do nothing before `next_at`."""

    rules: Rules
    waiting: Waiting
    at: datetime

    def holds(self, rules: Rules, waiting: Waiting, now: datetime) -> bool:
        """Whether another dispatch would decide on the same; a clock that was set back is another moment."""
        return rules is self.rules and waiting == self.waiting and now >= self.at


def dispatch(
    store: Store,
    *,
    rules: Rules,
    now: datetime,
    last: Dispatched | None = None,
    placer: Placer | None = None,
) -> Dispatched:
    """Make the alerts that are due, and settle the hits that wait for nothing more.

    By the `placer` entries are placed in their stories before, if any wait for that: of many some, and the
    next dispatch is due at once. With the `last` dispatch nothing is done where nothing has changed since and
    nothing is due.
    """
    if placer is not None and not place_some(store, placer):
        return Dispatched(next_at=now, are_placed=False)
    waiting = store.waiting()
    if not waiting:
        return Dispatched()
    if last and last.asked and last.asked.holds(rules, waiting, now) and not _is_over(last.next_at, now):
        return replace(last, alerts=(), settled=())
    with store.transaction():
        if placer is not None:
            place_all(store, placer)  # what another process has left since
        silences = store.silences()
        planned, alerts = _tell(store, silences, rules=rules, now=now)
        escalated, escalates_at = _escalate(store, silences, rules=rules, now=now)
        return Dispatched(
            alerts=(*alerts, *escalated),
            settled=planned.settled,
            next_at=min(filter(None, (planned.next_at, escalates_at)), default=None),
            asked=Asked(rules=rules, waiting=store.waiting(), at=now),
        )


def _is_over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _tell(
    store: Store, silences: Sequence[Silence], *, rules: Rules, now: datetime
) -> tuple[Plan, tuple[Alert, ...]]:
    """Alerts of the hits that wait."""
    pending, known = _news(store, silences, rules=rules, now=now)
    memory = Memory(
        groups=store.group_states(since=now - longest_interval(rules.root)),
        told_topics=store.told_topics(),
        buckets=store.buckets(),
        silences=silences,
    )
    planned = plan(pending, rules=rules, memory=memory, now=now)
    labels, settled = {hit.hit_id: hit.labels for hit in pending}, dict(planned.settled)
    alerts = _alerts(store, planned.alerts, now=now)
    for alert, one in zip(alerts, planned.alerts, strict=True):
        receiver = rules.receiver(alert.receiver)
        groups = {key: [hit_id for hit_id in ids if hit_id not in settled] for key, ids in one.told}
        store.add_alert(alert, _deliveries(receiver), hit_ids=one.hit_ids, groups=groups, now=now)
        store.tell_topics(alert.receiver, one.cooling, now=now)
        store.add_steps(alert.id, steps_of(receiver, (labels[hit_id] for hit_id in one.hit_ids), now=now))
    store.save_buckets(planned.buckets)
    store.say_waits(planned.waits)
    _settle(store, planned)
    return replace(planned, settled=(*known, *planned.settled)), alerts


def _news(
    store: Store, silences: Sequence[Silence], *, rules: Rules, now: datetime
) -> tuple[list[PendingHit], tuple[tuple[int, str], ...]]:
    """The hits that wait; those that tell nothing new of their stories are settled and wait no more."""
    pending = store.waiting_hits()
    heard = [hit for hit in pending if is_heard(hit, silences, rules=rules, now=now)]
    known = counted(heard, told=store.told_stories(), root=rules.root)
    store.settle(known, state="kept", reason=COUNTED)
    news = [hit for hit in pending if hit.hit_id not in known]
    return news, tuple((hit_id, COUNTED) for hit_id in sorted(known))


def _settle(store: Store, planned: Plan) -> None:
    told = [hit_id for hit_id, reason in planned.settled if reason == "told"]
    store.settle(told, state="told", reason="told")
    for hit_id, reason in planned.settled:
        if reason != "told":
            store.settle([hit_id], state="kept", reason=reason)


def _escalate(
    store: Store, silences: Sequence[Silence], *, rules: Rules, now: datetime
) -> tuple[tuple[Alert, ...], datetime | None]:
    """Alerts to those who hear next of what nobody has acknowledged; and when more of them are due."""
    planned = escalate(store.waiting_steps(), rules=rules, silences=silences, now=now)
    alerts: list[Alert] = []
    for name, steps in planned.due.items():
        alert = _escalation(name, steps, now=now)
        store.add_alert(alert, _deliveries(rules.receiver(name)), hit_ids=(), groups={}, now=now)
        store.settle_steps([step.number for step in steps], outcome=alert.id)
        alerts.append(alert)
    for number, reason in planned.settled:
        store.settle_steps([number], outcome=reason)
    return tuple(alerts), planned.next_at


def _escalation(receiver: str, steps: Sequence[Step], *, now: datetime) -> Alert:
    earlier = {step.alert.id: step.alert for step in steps}
    hits, parted = merged(tuple(earlier.values()))
    threads = {alert.thread for alert in earlier.values()}
    key = escalation_key(receiver)
    return Alert(
        id=alert_id(key, now, (step.number for step in steps)),
        kind="escalation",
        receiver=receiver,
        group_key=key,
        group_labels=steps[0].alert.group_labels if len(earlier) == 1 else {},
        created_at=now,
        hits=hits,
        more=sum(section.more for section in parted),
        sections=parted,
        thread=threads.pop() if len(threads) == 1 else "",
        reason="not acknowledged",
        earlier=tuple(earlier),
    )


def _deliveries(receiver: Receiver) -> list[NewDelivery]:
    return [NewDelivery(target=target.key, label=target.label) for target in receiver.targets]


def _alerts(store: Store, planned: Sequence[PlannedAlert], *, now: datetime) -> tuple[Alert, ...]:
    wanted = {hit_id for one in planned for hit_id in one.shown_ids}
    hits = _hits(store, wanted) if wanted else {}
    coverage = _coverage_line(store, now) if any(one.kind != "alert" for one in planned) else ""
    return tuple(
        Alert(
            id=alert_id(one.group_key, now, one.hit_ids),
            kind=one.kind,
            receiver=one.receiver,
            group_key=one.group_key,
            group_labels=one.group_labels,
            created_at=now,
            hits=tuple(hits[hit_id] for hit_id in one.shown_ids),
            more=len(one.hit_ids) - len(one.shown_ids),
            sections=sections(one.parted, {}),
            thread=thread_of(one.group_labels),
            reason=one.reason,
            coverage="" if one.kind == "alert" else coverage,
        )
        for one in planned
    )


def _hits(store: Store, hit_ids: Collection[int]) -> dict[int, AlertHit]:
    """The hits as alerts tell them, each with how its story stands and how many other feeds carry it."""
    found = store.hits(ids=hit_ids)
    entry_ids = {hit.entry.entry_id for hit in found}
    others, standings = store.other_feeds(entry_ids), store.standings(entry_ids)
    return {
        hit.hit_id: replace(
            alert_hit(hit),
            other_feeds=others.get(hit.entry.entry_id, 0),
            story=str(standings.get(hit.entry.entry_id, "")),
        )
        for hit in found
    }


def _coverage_line(store: Store, now: datetime) -> str:
    """What was looked at in the day before: a digest that says little is worth that much."""
    return coverage_of(store, {}, since=now - DAY, now=now).line


def alert_hit(hit: Hit) -> AlertHit:
    """The hit as an alert tells it: its headline and snippets with the matched words marked."""
    entry = hit.entry.entry
    document = document_of(entry, feed=hit.entry.feed)
    standing = fitting(document, hit.spans)
    body = [
        snippet
        for field_name in TEXT_FIELDS[1:]
        if (spans := [span for span in standing if span.field == field_name])
        for snippet in snippets(getattr(document, field_name), spans, most=SNIPPETS)
    ]
    return AlertHit(
        hit_id=hit.hit_id,
        topic=hit.topic,
        labels=hit.labels,
        found_at=hit.found_at,
        headline=_marked(whole(entry.title, [span for span in standing if span.field == "title"])),
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
