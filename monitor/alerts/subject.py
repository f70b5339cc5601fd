"""What a whole alert is about, in a line: its kind, its topics, how severe and how much. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.alerts.alert import RETURNED, Alert
from monitor.alerts.defuse import defuse_text
from monitor.alerts.safe import SEVERITY, SafeHits, short

MAY_REPEAT = "This may repeat an earlier message."

_KINDS = {"digest": "Digest", "catch-up": "Catch-up", "escalation": "Not acknowledged"}
_NAMED = 3
"""So many topics are named; of more the first, and how many more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """As plain safe text; `severity` is "" unless all hits share one, `kind` unless it is a special one."""

    topics: str
    severity: str
    total: int
    first: str
    kind: str = ""

    @property
    def count(self) -> str:
        """How many entries, where it is not one."""
        return "" if self.total == 1 else f"{self.total:,} new entries"

    @property
    def title(self) -> str:
        """For a place of its own."""
        return ": ".join(filter(None, (self.kind, self.topics, self.count or self.first)))

    @property
    def line(self) -> str:
        """For the beginning of a text."""
        return " · ".join(filter(None, (self.kind, self.topics, self.severity, self.count)))


def subject_of(alert: Alert, hits: SafeHits) -> Subject:
    """What the alert is about; `hits` are those that can be shown."""
    severities = {hit.labels.get("severity", "") for hit in alert.hits}
    return Subject(
        topics=_named(totals_of(alert)),
        severity=short(severities.pop(), SEVERITY) if len(severities) == 1 else "",
        total=len(alert.hits) + alert.more,
        first=hits[0].headline.text if len(hits) else "",
        kind=_KINDS.get(alert.kind, ""),
    )


def totals_of(alert: Alert) -> Mapping[str, int]:
    """How many hits each topic has; 0 where that is known of all together only."""
    if alert.sections:
        return {section.topic: section.shown + section.more for section in alert.sections}
    topics = dict.fromkeys((hit.topic for hit in alert.hits), 0)
    return {topic: len(alert.hits) + alert.more for topic in topics} if len(topics) == 1 else topics


def remarks(alert: Alert, *, may_repeat: bool) -> Iterator[str]:
    """What is to be said of the alert itself, at its end."""
    silence = short(alert.group_labels.get(RETURNED, ""), 40)
    yield f"Not heard for {silence}: this is what came since." if silence else ""
    if alert.kind == "catch-up" and alert.earlier:
        yield f"It stands for {len(alert.earlier):,} alerts that could not be delivered."
    if alert.kind == "escalation" and alert.earlier:
        yield f"Nobody has acknowledged {short(', '.join(alert.earlier))}."
    yield short(alert.coverage, 300)
    yield MAY_REPEAT if may_repeat else ""
    yield defuse_text(alert.id)


def _named(totals: Mapping[str, int]) -> str:
    if len(totals) > _NAMED:
        return f"{short(next(iter(totals)))} and {len(totals) - 1} more topics"
    named = [
        f"{short(topic)} ({total:,})" if total and len(totals) > 1 else short(topic)
        for topic, total in totals.items()
    ]
    return ", ".join(named)
