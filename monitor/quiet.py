"""Polls that brought nothing new → their feeds' states: nearly all polls. Knows no topics and no stories."""

from collections.abc import Iterable
from datetime import datetime

from monitor.arrival import Arrival, Ingested
from monitor.presence import still_there
from monitor.store.polls import PollStore


def take_quiet(store: PollStore, arrivals: Iterable[Arrival], *, now: datetime) -> tuple[Ingested, ...]:
    """Take in what arrived of several feeds, none of which has a new document, in one commit."""
    with store.transaction():
        return tuple(nothing_new(store, arrival, now=now) for arrival in arrivals)


def nothing_new(store: PollStore, arrival: Arrival, *, now: datetime) -> Ingested:
    """No document, or one in which every item is known."""
    if arrival.push is not None:
        store.whole().save_push(arrival.push, arrival.state, now=now)
        return Ingested(arrival=arrival, state=arrival.state)
    state = still_there(store, arrival.state, arrival.left_out, now=now)
    store.save_poll(state, next_poll_at=arrival.next_poll_at, note=arrival.note)
    return Ingested(arrival=arrival, state=state)
