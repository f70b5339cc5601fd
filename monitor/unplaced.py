"""Entries that were left unplaced → their stories, and their hits learn of them.

Who polls once and tells nobody leaves them; who tells, or looks at stories, has them placed first: in the
order in which they came, and as at the time. Inside the commit of who calls, or a few in each.

One that was edited meanwhile is placed by what it says now: that is what will be told. By what it said
before it could be counted to a story that was told already, and nobody would hear of what it says.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.news import no_news_after_all
from monitor.telling import Telling

if TYPE_CHECKING:
    from monitor.placer import Placer
    from monitor.store.store import Store

PLACED_AT_ONCE = 100
"""Entries that are placed between two other pieces of work."""


def place_all(store: "Store", placer: "Placer") -> None:
    """Place every entry that waits."""
    while not place_some(store, placer):
        pass


def place_some(store: "Store", placer: "Placer", *, most: int = PLACED_AT_ONCE) -> bool:
    """Place up to so many of the entries that wait, in one commit; whether that were all."""
    if not store.count_unplaced():
        return True
    with store.transaction():
        waiting = store.unplaced(most=most)
        for seen_at, some in groupby(waiting, key=lambda one: one.stored.seen_at):
            _tell_hits(store, placer.place_stored(store, list(some), now=seen_at), now=seen_at)
        store.end_unplaced([one.stored.entry_id for one in waiting])
    return len(waiting) < most


def _tell_hits(store: "Store", tellings: Mapping[int, Telling], *, now: datetime) -> None:
    """Label the hits of these entries by their stories, and keep what turns out to be no news."""
    hits = store.hits_of(tellings.keys())
    store.label_hits({hit.hit_id: {**hit.labels, **tellings[hit.entry.entry_id].labels} for hit in hits})
    for hit in hits:
        if why := no_news_after_all(hit, tellings[hit.entry.entry_id].first_seen, now=now):
            store.settle([hit.hit_id], state="kept", reason=why)
