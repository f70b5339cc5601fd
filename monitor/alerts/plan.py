"""Which alerts are due now: hits → routes → groups → alerts, each with a named reason. Pure.

    pending ─ receivers_of ─┬─ no route tells it ──────────────→ settled "store_only: route 0.1"
                            ├─ every group has told it ────────→ settled "told"
                            └─ group ─ due? ─┬─ yes ──────────→ one alert with all that waits
                                             └─ no ───────────→ next_at

What came after a long silence of its feed is one group a receiver, whatever the route groups by.

Does not silence, limit or send. One alert tells everything a group has waiting, however much that is, so
that ten thousand hits are one message a group; it shows the newest and counts the rest.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.alerts.alert import RETURNED
from monitor.alerts.route import Route, receivers_of

MAX_SHOWN = 50
"""How many hits of an alert are worth loading to show: the newest. The rest are told by their count."""

ALL_LABELS = "..."
"""In `group_by`: a group for each set of labels."""

DueReason = Literal["group_wait", "group_interval"]

_KEY_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingHit:
    """A hit that waits to be told; `told_groups` are the keys of the groups that have told it already."""

    hit_id: int
    labels: Mapping[str, str]
    found_at: datetime
    told_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupState:
    """When a group was last told."""

    key: str
    last_told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlert:
    """An alert to make now: what waits in one group, the oldest first; `reason` is what it had waited for."""

    group_key: str
    group_labels: Mapping[str, str]
    receiver: str
    hit_ids: tuple[int, ...]
    reason: DueReason

    @property
    def shown_ids(self) -> tuple[int, ...]:
        """The newest hits, those that its text can show."""
        return self.hit_ids[-MAX_SHOWN:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do now.

    `settled` are the hits that wait for nothing more once `alerts` are made: (hit id, named reason), where
    "told" says that every group has told it. `next_at` is the earliest moment when more becomes due.
    """

    alerts: tuple[PlannedAlert, ...] = ()
    settled: tuple[tuple[int, str], ...] = ()
    next_at: datetime | None = None


def plan(
    pending: Sequence[PendingHit], *, root: Route, groups: Mapping[str, GroupState], now: datetime
) -> Plan:
    """What to tell now, what is settled, and when to ask again."""
    waiting: dict[str, _Group] = {}
    settled: dict[int, str] = {}
    for hit in sorted(pending, key=lambda hit: (hit.found_at, hit.hit_id)):
        if reason := _sort_in(hit, root, waiting):
            settled[hit.hit_id] = reason
    due = [group for group in waiting.values() if group.due_at(groups, now)[0] <= now]
    later = [group for group in waiting.values() if group.due_at(groups, now)[0] > now]
    settled |= _fully_told(due, later)
    return Plan(
        alerts=tuple(group.alert(groups, now) for group in sorted(due, key=_Group.order)),
        settled=tuple(sorted(settled.items())),
        next_at=min((group.due_at(groups, now)[0] for group in later), default=None),
    )


def group_labels(route: Route, labels: Mapping[str, str]) -> dict[str, str]:
    """The labels that a group of this route has in common, by name."""
    if returned := labels.get(RETURNED):
        return {RETURNED: returned}
    names: Iterable[str] = labels if ALL_LABELS in route.group_by else route.group_by
    return {name: labels.get(name, "") for name in sorted(names)}


def group_key(route: Route, common: Mapping[str, str]) -> str:
    """The group's name for the store and for readers, such as `1:0.2:"desk":{topic="Cuba"}`."""
    pairs = ",".join(f"{name}={_quoted(value)}" for name, value in common.items())
    return f"{_KEY_VERSION}:{route.path}:{_quoted(route.receiver)}:{{{pairs}}}"


@dataclass(slots=True, kw_only=True)
class _Group:
    """What waits in one group, the oldest first."""

    key: str
    labels: Mapping[str, str]
    route: Route
    hits: list[PendingHit] = field(default_factory=list)

    def due_at(self, groups: Mapping[str, GroupState], now: datetime) -> tuple[datetime, DueReason]:
        """When it may be told. A moment in the future is a clock that was set back: it holds nothing up."""
        found_at = self.hits[0].found_at
        waited = found_at + self.route.group_wait if found_at <= now else now
        told = groups.get(self.key)
        if told is None or told.last_told_at > now:
            return waited, "group_wait"
        rested = told.last_told_at + self.route.group_interval
        return (rested, "group_interval") if rested > waited else (waited, "group_wait")

    def alert(self, groups: Mapping[str, GroupState], now: datetime) -> PlannedAlert:
        return PlannedAlert(
            group_key=self.key,
            group_labels=self.labels,
            receiver=self.route.receiver,
            hit_ids=tuple(hit.hit_id for hit in self.hits),
            reason=self.due_at(groups, now)[1],
        )

    def order(self) -> tuple[datetime, str]:
        return self.hits[0].found_at, self.key


def _sort_in(hit: PendingHit, root: Route, waiting: dict[str, _Group]) -> str:
    """Put the hit where it waits; returns why it waits nowhere, "" if it does."""
    reached = receivers_of(root, hit.labels)
    telling = [route for route in reached if route.receiver and not route.store_only]
    if not telling:
        return _untold(reached[0])
    told = True
    for route in telling:
        labels = group_labels(route, hit.labels)
        key = group_key(route, labels)
        if key not in hit.told_groups:
            waiting.setdefault(key, _Group(key=key, labels=labels, route=route)).hits.append(hit)
            told = False
    return "told" if told else ""


def _untold(route: Route) -> str:
    why = "store_only" if route.store_only else "no receiver"
    return f"{why}: route {route.path}"


def _fully_told(due: Iterable[_Group], later: Iterable[_Group]) -> dict[int, str]:
    still = {hit.hit_id for group in later for hit in group.hits}
    return {hit.hit_id: "told" for group in due for hit in group.hits if hit.hit_id not in still}


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
