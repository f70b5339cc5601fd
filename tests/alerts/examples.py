"""Alerts and routes to test with; every test states what of them matters to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.alerts.pending import PendingHit
from monitor.alerts.route import Matcher, Route

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def marked(text: str, *words: str) -> Marked:
    """The text with the first occurrence of each word marked."""
    marks = sorted((text.index(word), text.index(word) + len(word), word) for word in words)
    return Marked(text=text, marks=tuple(marks))


def hit(
    hit_id: int = 1,
    headline: Marked | str = "Spy base grows",
    *,
    topic: str = "Cuba",
    snippets: tuple[Marked, ...] = (),
    severity: str = "",
    link: str = "https://example.org/a",
    clauses: tuple[str, ...] = (),
    feed: str = "World News",
    published: datetime | None = NOON,
) -> AlertHit:
    return AlertHit(
        hit_id=hit_id,
        topic=topic,
        labels={"topic": topic} | ({"severity": severity} if severity else {}),
        found_at=later(hit_id),
        headline=headline if isinstance(headline, Marked) else Marked(text=headline),
        snippets=snippets,
        clauses=clauses,
        link=link,
        feed=feed,
        published=published,
    )


def alert(*hits: AlertHit, more: int = 0) -> Alert:
    return Alert(
        id="A-7K3QX-9ZD4M",
        receiver="desk",
        group_key='1:0:"desk":{topic="Cuba"}',
        group_labels={"topic": "Cuba"},
        created_at=NOON,
        hits=hits,
        more=more,
    )


def route(receiver: str = "desk", path: str = "0", *matchers: Matcher, **values: object) -> Route:
    values = {"group_by": ("topic",), **values}
    return Route(receiver=receiver, path=path, matchers=matchers, **values)  # type: ignore[arg-type]  # defaults


def is_(label: str, value: str) -> Matcher:
    return Matcher(label=label, op="=", value=value)


def pending(hit_id: int, at: float = 0, labels: Mapping[str, str] | None = None, *told: str) -> PendingHit:
    """A hit found `at` seconds after noon, about Cuba unless it says otherwise."""
    return PendingHit(
        hit_id=hit_id,
        labels={"topic": "Cuba"} if labels is None else labels,
        found_at=later(at),
        told_groups=frozenset(told),
    )
