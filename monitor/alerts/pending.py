"""What waits to be told, by which rules, and what is remembered of what was told. Data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from monitor.alerts.limit import Bucket
from monitor.alerts.route import Receiver, Route
from monitor.alerts.silence import Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingHit:
    """A hit that waits to be told; `told_groups` are the keys of the groups that have told it already.

    `reason` is what it waits for, as it was last said.
    """

    hit_id: int
    labels: Mapping[str, str]
    found_at: datetime
    told_groups: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupState:
    """When a group was last told."""

    key: str
    last_told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who hears of what, and when: the route tree and the receivers; `zone` is the reader's time zone."""

    root: Route
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    zone: tzinfo = UTC

    def receiver(self, name: str) -> Receiver:
        """The receiver of this name; one that is not there has no targets, and is told all the same."""
        return self.receivers.get(name) or Receiver(name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was told when, as far as it decides on what is told next.

    `told_topics` are the moments when a receiver last heard of a topic: (receiver, topic) → moment.
    """

    groups: Mapping[str, GroupState] = field(default_factory=dict)
    told_topics: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    silences: Sequence[Silence] = ()
