"""Groups: what waits together, and when it is due. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from monitor.alerts.alert import RETURNED
from monitor.alerts.pending import Memory, PendingHit
from monitor.alerts.route import Receiver, Route

ALL_LABELS = "..."
"""In `group_by`: a group for each set of labels."""

DueReason = Literal["group_wait", "group_interval", "digest", "quiet", "cooldown", "limit"]

_KEY_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a group may be told, and what it waits for until then, or has waited for.

    What is `held` waits for longer than company: when it is over, all that was held comes in one digest.
    """

    at: datetime
    reason: DueReason

    @property
    def held(self) -> bool:
        """Whether it waits for more than company."""
        return self.reason not in ("group_wait", "group_interval")

    def words(self, zone: tzinfo) -> str:
        """What a hit waits for, for readers; "" where it only waits for company."""
        if not self.held:
            return ""
        moment = f"{self.at.astimezone(zone):%Y-%m-%d %H:%M}"
        return f"digest at {moment}" if self.reason == "digest" else f"{self.reason} until {moment}"


@dataclass(slots=True, kw_only=True)
class Group:
    """What waits in one group, the oldest first."""

    key: str
    labels: Mapping[str, str]
    route: Route
    hits: list[PendingHit] = field(default_factory=list)

    @property
    def topics(self) -> frozenset[str]:
        """What its hits are about."""
        return frozenset(hit.labels.get("topic", "") for hit in self.hits)

    def order(self) -> tuple[datetime, str]:
        """Who comes first: the one that waits longest."""
        return self.hits[0].found_at, self.key

    def due(self, *, receiver: Receiver, memory: Memory, zone: tzinfo, now: datetime) -> Due:
        """When it may be told. A moment in the future is a clock that was set back: it holds nothing up."""
        ready = self._ready(receiver, zone, now)
        quiet = receiver.quiet.interval.last_end(now, zone) if receiver.quiet else None
        if quiet and quiet > ready.at:
            return Due(at=quiet, reason="quiet")
        if ready.held:
            return ready
        # Of equals the first: a group that would have rested no longer than it waits has only waited.
        return max((ready, *self._rests(memory, now)), key=lambda due: due.at)

    def _ready(self, receiver: Receiver, zone: tzinfo, now: datetime) -> Due:
        """When its oldest hit has waited long enough."""
        found_at, schedule = self.hits[0].found_at, self.route.schedule(receiver)
        if schedule is not None:
            return Due(at=schedule.next_after(found_at, zone) if found_at <= now else now, reason="digest")
        return Due(at=found_at + self.route.group_wait if found_at <= now else now, reason="group_wait")

    def _rests(self, memory: Memory, now: datetime) -> Iterable[Due]:
        told = memory.groups.get(self.key)
        if told and told.last_told_at <= now:
            yield Due(at=told.last_told_at + self.route.group_interval, reason="group_interval")
        if not self.route.cooldown:
            return
        for topic in sorted(self.topics):
            heard = memory.told_topics.get((self.route.receiver, topic))
            if heard and heard <= now:
                yield Due(at=heard + self.route.cooldown, reason="cooldown")


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


def digest_key(receiver: str) -> str:
    """The name of a receiver's digests."""
    return f"{_KEY_VERSION}:digest:{_quoted(receiver)}"


def escalation_key(receiver: str) -> str:
    """The name of what a receiver hears because others did not acknowledge it."""
    return f"{_KEY_VERSION}:escalation:{_quoted(receiver)}"


def catch_up_key(receiver: str) -> str:
    """The name of what tells a receiver what it missed."""
    return f"{_KEY_VERSION}:catch-up:{_quoted(receiver)}"


def longest_interval(route: Route) -> timedelta:
    """For how long what a group was told can matter, on any route of the tree."""
    return max((route.group_interval, *map(longest_interval, route.routes)))


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
