"""An archive of entries through the real ingest, dispatcher and rendering, on a simulated clock.

Nothing is polled and nothing is sent: the store is in memory, the clock is the archive's own, and what
would have been told comes out as events in the order of time. Two runs give the same events.

Every feed counts as followed since before the archive begins, so that its first entries are news.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from monitor.alerts.alert import Alert
from monitor.alerts.pending import Rules
from monitor.alerts.render import render
from monitor.arrival import Arrival, FoundEntry, FoundHit
from monitor.dispatcher import Dispatched, dispatch
from monitor.errors import ParseError
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.store.feeds import Follow
from monitor.store.store import Store
from monitor.watch import Watch

LONGEST_WAIT = 100_000
"""Dispatches without an arrival between them: far above what any routes can ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An entry of the archive: what its feed showed, and when it was first seen there."""

    feed: str
    seen_at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a simulated moment: an entry, a hit or an alert."""

    at: datetime
    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The event as one line of JSON."""
        facts = {"at": self.at.isoformat().replace("+00:00", "Z"), "event": self.event, **self.facts}
        return json.dumps(facts, ensure_ascii=False)


def read_archive(lines: Iterable[str], *, name: str = "archive") -> Iterator[Archived]:
    """Read JSON lines of entries; raises ParseError with `name:line` for one that can not be read."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _archived(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise ParseError(f"{name}:{number}: {_words(error)}") from error


def replay(
    archive: Iterable[Archived],
    *,
    store: Store,
    watch: Watch,
    rules: Rules,
    subscriptions: Iterable[Subscription] = (),
) -> Iterator[Event]:
    """Drive the archive, in the order of `seen_at`, through a fresh store; events come as they happen.

    An entry's `feed` is a subscription's name or URL; a feed that nobody subscribed to gets a
    subscription of that name without labels.
    """
    ordered = sorted(archive, key=lambda one: one.seen_at)
    if not ordered:
        return
    followed = _Followed(store, subscriptions, feeds={one.feed for one in ordered}, at=ordered[0].seen_at)
    desk = _Desk(store=store, watch=watch, rules=rules, followed=followed)
    for (at, feed), group in groupby(ordered, key=lambda one: (one.seen_at, one.feed)):
        yield from desk.tell_until(at)
        yield from desk.take_in(feed, tuple(one.entry for one in group), at)
    yield from desk.tell_until(None)


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Ingest and dispatcher on the simulated clock; `due` is when a group will be due."""

    store: Store
    watch: Watch
    rules: Rules
    followed: "_Followed"
    due: datetime | None = None
    placer: Placer = field(default_factory=Placer)
    entry_ids: dict[int, str] = field(default_factory=dict)
    """The archive's id of each hit's entry."""

    def take_in(self, feed: str, entries: tuple[Entry, ...], at: datetime) -> Iterator[Event]:
        arrival = self.followed.arrival(feed, entries)
        (ingested,) = ingest(self.store, [arrival], watch=self.watch, now=at, placer=self.placer)
        self.followed.learn(ingested.state)
        for one in ingested.entries:
            yield _entry_event(one, feed, at)
        for hit in ingested.hits:
            self.entry_ids[hit.hit_id] = hit.entry.guid or hit.entry.link
            yield _hit_event(hit, feed, at)
        if ingested.hits:
            yield from self._dispatch(at)

    def tell_until(self, moment: datetime | None) -> Iterator[Event]:
        """What becomes due before `moment` (None: until nothing waits any more)."""
        for _ in range(LONGEST_WAIT):
            if self.due is None or (moment is not None and self.due >= moment):
                return
            yield from self._dispatch(self.due)

    def _dispatch(self, at: datetime) -> Iterator[Event]:
        told: Dispatched = dispatch(self.store, rules=self.rules, now=at)
        # What can not be told at this moment must not ask for this moment again.
        self.due = max(told.next_at, at + timedelta(milliseconds=1)) if told.next_at else None
        for alert in told.alerts:
            yield _alert_event(alert, self.entry_ids, self.rules.zone)


class _Followed:
    """The feeds of the archive, each known to the store since before its first entry comes."""

    def __init__(
        self, store: Store, subscriptions: Iterable[Subscription], *, feeds: Collection[str], at: datetime
    ) -> None:
        named = {key: one for one in subscriptions for key in (one.url, one.name) if key}
        self._subscriptions = {
            feed: named.get(feed) or Subscription(url=feed, name=feed) for feed in sorted(feeds)
        }
        interval = timedelta(minutes=15)
        unique = {one.url: one for one in self._subscriptions.values()}.values()
        store.follow([Follow(url=one.url, name=one.name, interval=interval) for one in unique], now=at)
        states = store.claim_all(now=at, lease=timedelta())
        self._states = {state.url: replace(state, baseline_at=at) for state in states}

    def arrival(self, feed: str, entries: tuple[Entry, ...]) -> Arrival:
        """The entries as a document of their feed."""
        subscription = self._subscriptions[feed]
        return Arrival(
            state=self._states[subscription.url],
            subscription=subscription,
            next_poll_at=None,
            parsed=Parsed(feed=Feed(title=feed), entries=entries),
        )

    def learn(self, state: FeedState) -> None:
        """Keep what ingesting taught of a feed."""
        self._states[state.url] = state


def _entry_event(one: FoundEntry, feed: str, at: datetime) -> Event:
    entry = one.entry
    facts = {"feed": feed, "id": entry.guid, "link": entry.link, "title": entry.title, "revised": one.revised}
    return Event(at=at, event="entry", facts=facts)


def _hit_event(found: FoundHit, feed: str, at: datetime) -> Event:
    spans = [
        {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "clause": span.clause}
        for span in found.hit.spans
    ]
    facts = {
        "topic": found.hit.topic,
        "feed": feed,
        "id": found.entry.guid,
        "link": found.entry.link,
        "title": found.entry.title,
        "labels": dict(sorted(found.hit.labels.items())),
        "spans": spans,
    }
    return Event(at=at, event="hit", facts=facts)


def _alert_event(alert: Alert, entry_ids: Mapping[int, str], zone: tzinfo) -> Event:
    message = render(alert, zone=zone, service="text")
    hits = [
        {"topic": hit.topic, "feed": hit.feed, "id": entry_ids[hit.hit_id], "link": hit.link}
        for hit in alert.hits
    ]
    facts = {
        "id": alert.id,
        "receiver": alert.receiver,
        "kind": alert.kind,
        "group": dict(alert.group_labels),
        "hits": hits,
        "title": message.title,
        "text": message.text,
    }
    return Event(at=alert.created_at, event="alert", facts=facts)


def _archived(value: Any) -> Archived:
    if not isinstance(value, dict):
        raise TypeError("an object is expected")
    text = {key: _text(value, key) for key in ("feed", "id", "link", "title", "author", "lang")}
    if not text["feed"]:
        raise KeyError("feed")
    tags = value.get("tags") or ()
    return Archived(
        feed=text["feed"],
        seen_at=_moment(value.get("seen_at") or value.get("published") or value["seen_at"]),
        entry=Entry(
            guid=text["id"],
            link=text["link"],
            title=text["title"],
            author=text["author"],
            lang=text["lang"],
            categories=tuple(str(tag) for tag in tags),
            summary=_text(value, "summary"),
            content=_text(value, "content"),
            published=_moment(value["published"]) if value.get("published") else None,
        ),
    )


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str | int):
        raise TypeError(f"{key}: a text is expected, this is {type(text).__name__}")
    return str(text)


def _moment(value: Any) -> datetime:
    """An ISO 8601 moment or seconds since 1970; one without a zone is in UTC."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _words(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"column {error.colno}: not JSON ({error.msg})"
        case KeyError():
            return f"{error.args[0]!r} is missing"
        case _:
            return str(error)
