"""Entries that were left unplaced → their stories, and their hits learn of them.

Who polls once and tells nobody leaves them; who tells, or looks at stories, has them placed first: in the
order in which they came, and as at the time. Inside the commit of who calls, or a few in each.

One that was edited meanwhile is placed by what it says now: that is what will be told. By what it said
before it could be counted to a story that was told already, and nobody would hear of what it says.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.errors import PlacingError, StoreError
from monitor.news import no_news_after_all
from monitor.store.failure import plain_errors
from monitor.telling import Telling

if TYPE_CHECKING:
    from monitor.placer import Placer
    from monitor.store.store import Store
    from monitor.store.unplaced import Unplaced

PLACED_AT_ONCE = 100
"""Entries that are placed between two other pieces of work."""


def place_all(store: "Store", placer: "Placer") -> None:
    """Place every entry that waits, in the commit of who calls."""
    while store.count_unplaced():
        _place(store, placer, store.unplaced(most=PLACED_AT_ONCE))


def place_some(store: "Store", placer: "Placer", *, most: int = PLACED_AT_ONCE) -> bool:
    """Place up to so many of the entries that wait, in one commit; whether that were all.

    One that can not be placed stays without a story, and PlacingError is raised once the others are placed:
    whatever is wrong with one, what comes behind it is not held up.
    """
    if not store.count_unplaced():
        return True
    try:
        with plain_errors(), store.transaction():
            _place(store, placer, store.unplaced(most=most))
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - of one of them, and that one is named
        _place_each(store, placer, most=most)
    return not store.count_unplaced()


def _place(store: "Store", placer: "Placer", waiting: "Sequence[Unplaced]") -> None:
    """Place these; read in the same commit, or another process may have placed them meanwhile."""
    with store.transaction():
        for seen_at, some in groupby(waiting, key=lambda one: one.stored.seen_at):
            _tell_hits(store, placer.place_stored(store, list(some), now=seen_at), now=seen_at)
        store.end_unplaced([one.stored.entry_id for one in waiting])


def _place_each(store: "Store", placer: "Placer", *, most: int) -> None:
    """Place them one by one; raises PlacingError for those that can not be when the others are placed."""
    failed: dict[int, Exception] = {}
    for one in store.unplaced(most=most):
        try:
            with plain_errors(), store.transaction():
                if store.unplaced(most=1) == [one]:
                    _place(store, placer, [one])
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            store.end_unplaced([one.stored.entry_id])
            failed[one.stored.entry_id] = error
    if failed:
        *_, last = failed.values()
        raise PlacingError(_said(list(failed), last)) from last


def _said(ids: Sequence[int], bug: Exception) -> str:
    entries = ("entry " if len(ids) == 1 else "entries ") + ", ".join(map(str, ids))
    return f"{entries} can not be placed in a story, a bug of the monitor ({type(bug).__name__}: {bug})"


def _tell_hits(store: "Store", tellings: Mapping[int, Telling], *, now: datetime) -> None:
    """Label the hits of these entries by their stories, and keep what turns out to be no news."""
    hits = store.hits_of(tellings.keys())
    store.label_hits({hit.hit_id: {**hit.labels, **tellings[hit.entry.entry_id].labels} for hit in hits})
    for hit in hits:
        if why := no_news_after_all(hit, tellings[hit.entry.entry_id].first_seen, now=now):
            store.settle([hit.hit_id], state="kept", reason=why)
