"""What can be done about an alert from the message itself, and which of it a message offers. Pure.

Does not do it: `monitor/acting.py` does, when somebody follows the link and presses the button.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from monitor.alerts import mute
from monitor.alerts.alert import Alert, AlertHit
from monitor.alerts.route import Matcher
from monitor.alerts.subject import totals_of

Verb = Literal["ack", "snooze-1h", "snooze-8h", "mute-story", "mute-feed", "wrong", "more"]
"""`more` does nothing: it leads to all the others."""

ON_TOPICS: tuple[Verb, ...] = ("snooze-1h", "snooze-8h")
ON_HITS: tuple[Verb, ...] = ("mute-story", "mute-feed", "wrong")

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

HOLDS = timedelta(days=7)
"""How long after its alert was made a link can be used."""

LASTS: dict[Verb, timedelta] = {
    "snooze-1h": timedelta(hours=1),
    "snooze-8h": timedelta(hours=8),
    "mute-story": mute.LASTS,
    "mute-feed": timedelta(days=30),
}
"""How long what is silenced stays so."""

IN_WORDS: dict[Verb, str] = {
    "snooze-1h": "1 hour",
    "snooze-8h": "8 hours",
    "mute-story": "7 days",
    "mute-feed": "30 days",
}

LABELS: dict[Verb, str] = {
    "ack": "Acknowledge",
    "snooze-1h": "Snooze 1 h",
    "snooze-8h": "Snooze 8 h",
    "mute-story": "Mute story",
    "mute-feed": "Mute feed for topic",
    "wrong": "Wrong hit",
    "more": "More",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something to do about an alert, or about one of its hits (`hit_id` is 0 where it is none).

    It can be done until the full hour `until`, the same however often the message is made.
    """

    verb: Verb
    alert_id: str
    hit_id: int
    until: datetime

    @property
    def label(self) -> str:
        """What a link or a button says."""
        return LABELS[self.verb]

    @property
    def name(self) -> str:
        """What it is called where it is kept that it was done."""
        return f"{self.verb}.{self.alert_id}.{self.hit_id}"


def acts_of(alert: Alert) -> tuple[Act, ...]:
    """What the message itself offers: what is meant of all its hits; the rest is behind `more`."""
    return tuple(_act(verb, alert, hit) for verb, hit in _offered(alert))


def acts_on(alert: Alert, hit: AlertHit, verbs: tuple[Verb, ...]) -> tuple[Act, ...]:
    """Those of these that can be done about one hit."""
    return tuple(_act(verb, alert, hit) for verb in verbs if _fits(verb, hit))


def the_act(verb: Verb, alert: Alert) -> Act:
    """Something to do about the whole alert."""
    return _act(verb, alert, None)


def silenced(verb: Verb, hit: AlertHit) -> tuple[Matcher, ...]:
    """What is kept still by an act on this hit; nothing if it keeps nothing still, or can not."""
    labels = {**hit.labels, "topic": hit.topic}
    named = {"mute-story": ("story",), "mute-feed": ("topic", "feed")}.get(verb, ("topic",))
    if verb not in LASTS or not all(labels.get(name) for name in named):
        return ()
    return tuple(Matcher(label=name, op="=", value=labels[name]) for name in named)


def _offered(alert: Alert) -> Iterator[tuple[Verb, AlertHit | None]]:
    yield "ack", None
    if alert.hits:
        newest = max(alert.hits, key=lambda hit: (hit.found_at, hit.hit_id))
        yield from ((verb, newest) for verb in _meant_of_all(alert) if _fits(verb, newest))
    yield "more", None


def _meant_of_all(alert: Alert) -> Iterator[Verb]:
    """What is the same for all its hits, those too that it only counts."""
    if len(totals_of(alert)) == 1:
        yield from ON_TOPICS
    if not alert.more and len({hit.labels.get("story") for hit in alert.hits}) == 1:
        yield "mute-story"
    if len(alert.hits) == 1 and not alert.more:
        yield from ("mute-feed", "wrong")


def _fits(verb: Verb, hit: AlertHit) -> bool:
    return verb not in LASTS or bool(silenced(verb, hit))


def _act(verb: Verb, alert: Alert, hit: AlertHit | None) -> Act:
    return Act(verb=verb, alert_id=alert.id, hit_id=hit.hit_id if hit else 0, until=until_of(alert))


def until_of(alert: Alert) -> datetime:
    """The full hour after which its links do nothing."""
    hours = -(-(alert.created_at + HOLDS - EPOCH) // HOUR)
    return EPOCH + hours * HOUR
