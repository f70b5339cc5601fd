"""Which alerts are due now: hits → routes → groups → alerts, each with a named reason. Pure.

    pending ─┬─ a silence mutes it ───────────────────────→ settled "silenced by S-3"
             └─ receivers_of ─┬─ no route tells it ───────→ settled "store_only: route 0.1"
                              ├─ every group has told it ─→ settled "told"
                              └─ group ─ quiet? ─┬─ yes ──→ waits "quiet until …"
                                                 └─ no ───→ tell: alerts, or waits "digest at …" and alike

What came after a long silence of its feed is one group a receiver, whatever the route groups by.

Does not send. It is asked again whenever something may have changed: what it answers follows from what waits,
the rules, what is remembered, and the moment; so a restart, a reload or a clock that jumps needs no care.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.alerts.group import Due, Group, group_key, group_labels
from monitor.alerts.limit import Bucket
from monitor.alerts.pending import Memory, PendingHit, Rules
from monitor.alerts.route import Route, receivers_of
from monitor.alerts.silence import Silence, silenced_by
from monitor.alerts.tell import PlannedAlert, Told, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do now.

    `settled` are the hits that wait for nothing more once `alerts` are made: (hit id, named reason), where
    "told" says that every group has told it, or all that will. `waits` are those whose reason to wait is
    another than it was. `buckets` are the limits' after this. `next_at` is the earliest moment when more
    becomes due.
    """

    alerts: tuple[PlannedAlert, ...] = ()
    settled: tuple[tuple[int, str], ...] = ()
    waits: tuple[tuple[int, str], ...] = ()
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    next_at: datetime | None = None


def plan(pending: Sequence[PendingHit], *, rules: Rules, memory: Memory, now: datetime) -> Plan:
    """What to tell now, what is settled, what waits for what, and when to ask again."""
    sorting = _Sorting(rules=rules, memory=memory, now=now)
    for hit in sorted(pending, key=lambda hit: (hit.found_at, hit.hit_id)):
        sorting.sort_in(hit)
    told = {
        name: tell(name, groups.values(), rules=rules, memory=memory, now=now)
        for name, groups in sorted(sorting.groups.items())
    }
    waits = sorting.quiet | _first_end(told.values(), sorting.quiet)
    settled = sorting.settled | {hit_id: "told" for hit_id in _told(told.values()) if hit_id not in waits}
    return Plan(
        alerts=tuple(alert for one in told.values() for alert in one.alerts),
        settled=tuple(sorted(settled.items())),
        waits=tuple(_changed(pending, waits, rules)),
        buckets={name: one.bucket for name, one in told.items() if one.bucket},
        next_at=min((due.at for due in waits.values()), default=None),
    )


def is_heard(hit: PendingHit, silences: Sequence[Silence], *, rules: Rules, now: datetime) -> bool:
    """Whether anybody will hear of it: no silence mutes it, and one of its routes tells."""
    if silenced_by(silences, hit.labels, since=hit.found_at, now=now):
        return False
    return any(not route.silent(hit.found_at, rules.zone) for route in receivers_of(rules.root, hit.labels))


@dataclass(slots=True, kw_only=True)
class _Sorting:
    """Puts hits where they wait: into the groups of their receivers, or into none while one has its peace."""

    rules: Rules
    memory: Memory
    now: datetime
    groups: defaultdict[str, dict[str, Group]] = field(default_factory=lambda: defaultdict(dict))
    quiet: dict[int, Due] = field(default_factory=dict)
    settled: dict[int, str] = field(default_factory=dict)
    _quiet_until: dict[str, datetime | None] = field(default_factory=dict)

    def sort_in(self, hit: PendingHit) -> None:
        reached = receivers_of(self.rules.root, hit.labels)
        silent = [route.silent(hit.found_at, self.rules.zone) for route in reached]
        telling = [route for route, reason in zip(reached, silent, strict=True) if not reason]
        muted = silenced_by(self.memory.silences, hit.labels, since=hit.found_at, now=self.now)
        if muted or not telling:
            self.settled[hit.hit_id] = "told" if hit.told_groups else muted or silent[0]
            return
        waits = [self._waits_in(route, hit) for route in telling]
        if not any(waits):
            self.settled[hit.hit_id] = "told"

    def _waits_in(self, route: Route, hit: PendingHit) -> bool:
        """Put the hit where it waits on this route; returns whether it does."""
        labels = group_labels(route, hit.labels)
        key = group_key(route, labels)
        if key in hit.told_groups:
            return False
        if until := self._quiet(route.receiver, hit):
            due = Due(at=until, reason="quiet")
            self.quiet[hit.hit_id] = _sooner(self.quiet.get(hit.hit_id), due)
            return True
        groups = self.groups[route.receiver]
        groups.setdefault(key, Group(key=key, labels=labels, route=route)).hits.append(hit)
        return True

    def _quiet(self, name: str, hit: PendingHit) -> datetime | None:
        """Until when the receiver has its peace from this hit."""
        quiet = self.rules.receiver(name).quiet
        if quiet is None:
            return None
        if name not in self._quiet_until:
            self._quiet_until[name] = quiet.interval.until(self.now, self.rules.zone)
        return None if quiet.lets(hit.labels) else self._quiet_until[name]


def _first_end(told: Iterable[Told], quiet: Mapping[int, Due]) -> dict[int, Due]:
    """What each hit waits for: of several reasons the one that ends first."""
    waits: dict[int, Due] = {}
    for group, due in (pair for one in told for pair in one.waiting):
        for hit in group.hits:
            waits[hit.hit_id] = _sooner(waits.get(hit.hit_id) or quiet.get(hit.hit_id), due)
    return waits


def _sooner(one: Due | None, other: Due) -> Due:
    return one if one and one.at <= other.at else other


def _told(told: Iterable[Told]) -> Iterator[int]:
    return (hit_id for one in told for alert in one.alerts for hit_id in alert.hit_ids)


def _changed(
    pending: Iterable[PendingHit], waits: Mapping[int, Due], rules: Rules
) -> Iterator[tuple[int, str]]:
    words = {due: due.words(rules.zone) for due in set(waits.values())}
    for hit in pending:
        due = waits.get(hit.hit_id)
        if due and words[due] != hit.reason:
            yield hit.hit_id, words[due]
