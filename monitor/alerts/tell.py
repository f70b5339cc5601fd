"""What a receiver hears now of the groups that wait for it: alerts and a digest, as its limit lets. Pure.

    groups ─┬─ due later ─────────────────────────────→ wait
            ├─ due, only waited for company ─┬─ token ─→ an alert each
            │                                └─ none ─┐
            └─ due, was held for longer ──────────────┴→ one digest; without any token: wait

Nothing is dropped: what exceeds the limit comes with the next digest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from monitor.alerts.alert import MAX_SHOWN, AlertKind
from monitor.alerts.digest import Parted, by_topic, shown
from monitor.alerts.group import Due, DueReason, Group, digest_key
from monitor.alerts.limit import Bucket
from monitor.alerts.pending import Memory, PendingHit, Rules
from monitor.alerts.route import Receiver


@dataclass(frozen=True, kw_only=True)
class PlannedAlert:
    """An alert to make now: the hits that it tells, the oldest first; `reason` is what they had waited for.

    `told` are the groups that it tells, each with its hits. `parted` are the hits by topic, of a digest.
    `cooling` are the topics of which the receiver is to have its peace for a while.
    """

    receiver: str
    group_key: str
    group_labels: Mapping[str, str]
    hit_ids: tuple[int, ...]
    reason: DueReason
    told: tuple[tuple[str, tuple[int, ...]], ...]
    kind: AlertKind = "alert"
    parted: Parted = ()
    cooling: frozenset[str] = frozenset()

    @cached_property
    def shown(self) -> Parted:
        """Of a digest: those hits that its text can show, by topic."""
        return shown(self.parted)

    @property
    def shown_ids(self) -> tuple[int, ...]:
        """The newest hits, those that its text can show."""
        if not self.parted:
            return self.hit_ids[-MAX_SHOWN:]
        return tuple(hit_id for _, hit_ids in self.shown for hit_id in hit_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a receiver hears now, which groups wait on and for what, and its limit's bucket after this."""

    alerts: tuple[PlannedAlert, ...] = ()
    waiting: tuple[tuple[Group, Due], ...] = ()
    bucket: Bucket | None = None


def tell(name: str, groups: Iterable[Group], *, rules: Rules, memory: Memory, now: datetime) -> Told:
    """What the receiver of this name hears now of these groups."""
    receiver = rules.receiver(name)
    waiting: list[tuple[Group, Due]] = []
    single: list[tuple[Group, Due]] = []
    held: list[tuple[Group, Due]] = []
    for group in sorted(groups, key=Group.order):
        due = group.due(receiver=receiver, memory=memory, zone=rules.zone, now=now)
        (waiting if due.at > now else held if due.held else single).append((group, due))
    single, cooling = _apart(single, now)
    return _within_limit(receiver, single, held, waiting + cooling, memory=memory, now=now)


def _apart(due: Sequence[tuple[Group, Due]], now: datetime) -> tuple[list[tuple[Group, Due]], ...]:
    """Of the groups that are due those to tell, and those about a topic that is being told with another."""
    heard: set[str] = set()
    telling: list[tuple[Group, Due]] = []
    cooling: list[tuple[Group, Due]] = []
    for group, reason in due:
        if group.route.cooldown and not group.topics.isdisjoint(heard):
            cooling.append((group, Due(at=now + group.route.cooldown, reason="cooldown")))
        else:
            telling.append((group, reason))
            heard |= _cooling(group)
    return telling, cooling


def _within_limit(
    receiver: Receiver,
    single: Sequence[tuple[Group, Due]],
    held: Sequence[tuple[Group, Due]],
    waiting: Sequence[tuple[Group, Due]],
    *,
    memory: Memory,
    now: datetime,
) -> Told:
    messages, limit = len(single) + bool(held), receiver.limit
    if limit is None or not messages:
        return Told(alerts=_messages(single, held), waiting=tuple(waiting))
    bucket = limit.filled(memory.buckets.get(receiver.name) or limit.full(now), now)
    if not bucket.whole():
        patience = Due(at=limit.next_at(bucket), reason="limit")
        return Told(waiting=(*waiting, *((group, patience) for group, _ in (*single, *held))))
    if messages > bucket.whole():
        alone = bucket.whole() - 1
        held = [*((group, Due(at=now, reason="limit")) for group, _ in single[alone:]), *held]
        single = single[:alone]
    alerts = _messages(single, held)
    return Told(alerts=alerts, waiting=tuple(waiting), bucket=bucket.spend(len(alerts)))


def _messages(
    single: Sequence[tuple[Group, Due]], held: Sequence[tuple[Group, Due]]
) -> tuple[PlannedAlert, ...]:
    alerts = [_alert(group, due) for group, due in single]
    if len(held) == 1 and held[0][1].reason in ("cooldown", "limit"):
        alerts.append(_alert(*held[0]))
    elif held:
        alerts.append(_digest(held))
    return tuple(alerts)


def _alert(group: Group, due: Due) -> PlannedAlert:
    hit_ids = _ids(group)
    return PlannedAlert(
        receiver=group.route.receiver,
        group_key=group.key,
        group_labels=group.labels,
        hit_ids=hit_ids,
        reason=due.reason,
        told=((group.key, hit_ids),),
        cooling=_cooling(group),
    )


def _digest(held: Sequence[tuple[Group, Due]]) -> PlannedAlert:
    groups = [group for group, _ in held]
    hits: dict[int, PendingHit] = {hit.hit_id: hit for group in groups for hit in group.hits}
    ordered = sorted(hits.values(), key=lambda hit: (hit.found_at, hit.hit_id))
    return PlannedAlert(
        kind="digest",
        receiver=groups[0].route.receiver,
        group_key=digest_key(groups[0].route.receiver),
        group_labels=_common(groups),
        hit_ids=tuple(hit.hit_id for hit in ordered),
        reason=held[0][1].reason,
        told=tuple((group.key, _ids(group)) for group in groups),
        parted=by_topic(ordered),
        cooling=frozenset().union(*map(_cooling, groups)),
    )


def _common(groups: Sequence[Group]) -> dict[str, str]:
    """The labels on which all these groups agree."""
    first, *others = groups
    shared = set(first.labels.items()).intersection(*(group.labels.items() for group in others))
    return dict(sorted(shared))


def _cooling(group: Group) -> frozenset[str]:
    return group.topics if group.route.cooldown else frozenset()


def _ids(group: Group) -> tuple[int, ...]:
    return tuple(hit.hit_id for hit in group.hits)
