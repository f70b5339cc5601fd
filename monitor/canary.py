"""A made-up entry goes the way of all entries: a broken chain shows before it costs a story.

    sing     ingest, with a topic of its own → a hit? → the route tree → an alert a receiver that opts in
    listen   an alert of an earlier one that has not arrived → a notice

Its hit is settled with the commit that made it: who did not ask for it is not told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.route import Receiver, Route, receivers_of
from monitor.arrival import Arrival, FoundHit
from monitor.complaint import tell_apart
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.notice import NOTICE_URL, Notice
from monitor.noticing import ingest_notices
from monitor.store.records import Delivery
from monitor.store.store import Store
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch

TOPIC = "_canary"
LATE = timedelta(minutes=10)
"""An alert of a canary that has not arrived after so long is late."""

_KEY = "canary:"
_WORD = "canarysong"
_FEED = Subscription(url=NOTICE_URL, name="feed-monitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """What became of a canary: the receivers that get an alert of it, and the hits that tell of trouble."""

    receivers: tuple[str, ...] = ()
    noticed: tuple[int, ...] = ()


def sing(store: Store, *, root: Route, receivers: Mapping[str, Receiver], now: datetime) -> Song:
    """Send a canary down the chain, and tell where it breaks off."""
    with store.transaction():
        found = _found(store, now)
        if not found:
            return Song(noticed=_tell_broken(store, "its words were read and no topic found them", now))
        hit_ids = [hit.hit_id for hit in found]
        store.settle(hit_ids, state="kept", reason="canary: it tries the chain")
        routes = receivers_of(root, found[0].hit.labels)
        if not any(route.store_only or route.receiver in receivers for route in routes):
            return Song(noticed=_tell_broken(store, "the routes lead it to no receiver", now))
        listening = [receiver for receiver in receivers.values() if receiver.canary and receiver.targets]
        for receiver in listening:
            tell_apart(store, hit_ids, receiver, key=f"{_KEY}{receiver.name}", reason="canary", now=now)
    return Song(receivers=tuple(receiver.name for receiver in listening))


def listen(store: Store, *, now: datetime) -> tuple[int, ...]:
    """Tell of canaries that are late; returns the hits of it."""
    return ingest_notices(store, late(store.deliveries(state="due", limit=1_000), now=now), now=now)


def late(due: list[Delivery], *, now: datetime) -> Iterator[Notice]:
    """A notice a day for each target whose canary has not arrived in time."""
    for one in due:
        if one.alert.group_key.startswith(_KEY) and now - one.alert.created_at >= LATE:
            minutes = (now - one.alert.created_at) // timedelta(minutes=1)
            yield Notice(
                key=f"{_KEY}{one.target}:{now:%Y-%m-%d}",
                kind="canary",
                title=f"A canary to {one.receiver} ({one.label}) is late",
                text=f"It was sent {minutes} minutes ago: {one.error or 'it is not sent yet'}.",
                labels={"receiver": one.receiver},
            )


def _found(store: Store, now: datetime) -> tuple[FoundHit, ...]:
    """The hits of a canary that came as an entry of the monitor's own feed."""
    state = FeedState(
        feed_id=store.notice_feed(), url=_FEED.url, baseline_at=now, last_polled_at=now, last_ok_at=now
    )
    entry = Entry(
        guid=f"{_KEY}{now.isoformat()}",
        link="",
        title=f"Canary of {now:%H:%M} UTC: the chain works",
        summary=f"A made-up entry with the word {_WORD}: read, matched and routed like all others.",
        published=now,
    )
    arrival = Arrival(
        state=state, subscription=_FEED, next_poll_at=None, parsed=Parsed(feed=Feed(), entries=(entry,))
    )
    watch = Watch.of([Topic(name=TOPIC, query=parse(_WORD).node)])
    (ingested,) = ingest(store, [arrival], watch=watch, now=now)
    return ingested.hits


def _tell_broken(store: Store, why: str, now: datetime) -> tuple[int, ...]:
    notice = Notice(
        key=f"{_KEY}broken:{now:%Y-%m-%d}",
        kind="canary",
        title="A canary was not told: the chain is broken",
        text=f"A made-up entry tried the way from feed to receiver: {why}.",
        severity="critical",
    )
    return ingest_notices(store, [notice], now=now)
