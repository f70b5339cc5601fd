"""Which entries stand in a feed's document, those included that were left out of parsing.

Leaving out is right as long as what is new can be told from what is known by itself. Where the whole document
could say otherwise it must be read whole; `doubt` says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.feeds.shown import NO_ENTRY, Shown
from monitor.feeds.state import FeedState
from monitor.store.polls import PollStore

if TYPE_CHECKING:
    from monitor.feeds.entry import Parsed
    from monitor.feeds.identity import Known, Recognised, Recognition


def doubt(
    recognition: "Recognition",
    known: "Mapping[bytes, Known]",
    *,
    identity: str,
    left_out: Mapping[bytes, int],
) -> str:
    """Why what is new can not be recognised without the rest of the document, "" where it can.

    `known` has those keys of the new entries that the feed has shown before.
    """
    if not left_out:
        return ""
    if recognition.identity != identity:
        return "the feed may have to be recognised by something else: all of its entries have a say in that"
    if not {one.entry_id for one in known.values()}.isdisjoint(left_out.values()):
        return "a new item shares a key with one that is known: together they may show that it says nothing"
    return ""


def shown_now(
    before: Shown,
    parsed: "Parsed",
    placed: "Iterable[tuple[Recognised, int]]",
    *,
    items: Sequence[bytes],
    left_out: Mapping[bytes, int],
    now: datetime,
) -> Shown:
    """The document's items and the entries that they are; `placed` has what was parsed, with entries' ids."""
    entry_ids = {place: entry_id for one, entry_id in placed for place in one.places}
    became = {items[place]: entry_ids.get(number, NO_ENTRY) for number, place in enumerate(parsed.places)}
    now_there = {**dict.fromkeys(items, NO_ENTRY), **became, **left_out}
    return Shown.of(now_there, whole_at=before.whole_at if left_out else now)


def still_there(
    store: PollStore, state: FeedState, left_out: Mapping[bytes, int], *, now: datetime
) -> FeedState:
    """The state after a document in which all items are known; what was in the one before may have left."""
    if not left_out:
        return state
    if left_out != state.shown.items():
        store.mark_present(state.feed_id, {*left_out.values()} - {NO_ENTRY}, now=now)
        state = replace(state, shown=Shown.of(left_out, whole_at=state.shown.whole_at))
        store.keep_shown(state.feed_id, state.shown)
    return replace(state, empty_since=None)
