"""What is new or edited in a document → the store's entries. Inside the commit of who calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import TYPE_CHECKING

from monitor.arrival import Arrival, FoundEntry, feed_name
from monitor.feeds.identity import Recognised
from monitor.prepared import entry_words
from monitor.store.records import NewEntry
from monitor.topics.batch import Batch

if TYPE_CHECKING:
    from monitor.store.intake import IntakeStore


def changed_words(arrival: Arrival, items: Sequence[Recognised]) -> Batch:
    """The words of what is new or edited of these, in order."""
    changed = [item for item in items if item.verdict != "seen"]
    prepared = arrival.prepared
    if prepared is None:
        return Batch.of([entry_words(item.entry) for item in changed])
    if [item.at for item in changed] == list(range(len(prepared.keys))):
        return prepared.words
    words = prepared.words.words()
    return Batch.of([words[item.at] for item in changed])


def changed_rows(
    arrival: Arrival, items: Sequence[Recognised], words: Batch, *, index_later: bool
) -> dict[int, NewEntry]:
    """What is new or edited of these, by its place, as the store takes it."""
    changed = [at for at, item in enumerate(items) if item.verdict != "seen"]
    now = not index_later or any(items[at].entry_id is not None for at in changed)
    texts = [(its.title, its.body) for its in words.words()] if now else repeat(None)
    feed_id = arrival.state.feed_id
    return {at: _new_entry(feed_id, items[at], text) for at, text in zip(changed, texts, strict=False)}


def store_entries(
    store: "IntakeStore",
    arrival: Arrival,
    items: Sequence[Recognised],
    rows: Mapping[int, NewEntry],
    *,
    now: datetime,
) -> tuple[list[tuple[Recognised, int]], list[FoundEntry]]:
    """Store the rows; all of the items with their entries' ids, and what was stored."""
    ids = iter(store.add_entries([row for at, row in rows.items() if items[at].entry_id is None], now=now))
    placed = [(item, next(ids) if item.entry_id is None else item.entry_id) for item in items]
    for at, (item, entry_id) in enumerate(placed):
        if item.verdict == "revised":
            store.revise_entry(entry_id, rows[at], now=now)
        elif item.verdict == "seen" and item.new_keys:
            store.add_keys(arrival.state.feed_id, entry_id, item.new_keys)
    feed = feed_name(arrival)
    found = [
        FoundEntry(
            entry_id=placed[at][1], entry=items[at].entry, feed=feed, revised=items[at].verdict == "revised"
        )
        for at in rows
    ]
    return placed, found


def _new_entry(feed_id: int, item: Recognised, index_text: tuple[str, str] | None) -> NewEntry:
    return NewEntry(
        feed_id=feed_id,
        entry=item.entry,
        keys=item.keys,
        content_hash=item.content_hash,
        index_text=index_text,
    )
