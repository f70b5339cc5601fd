"""What is new or edited in a document → the store's entries. Inside the commit of who calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.arrival import Arrival, FoundEntry, feed_name
from monitor.feeds.identity import Recognised
from monitor.prepared import entry_words
from monitor.store.records import NewEntry
from monitor.topics.document import Words

if TYPE_CHECKING:
    from monitor.store.intake import IntakeStore


def changed_rows(arrival: Arrival, items: Sequence[Recognised]) -> dict[int, tuple[NewEntry, Words]]:
    """What is new or edited of these, by its place, as the store takes it; and its words."""
    changed = {at: _words(arrival, item) for at, item in enumerate(items) if item.verdict != "seen"}
    return {at: (_new_entry(arrival.state.feed_id, items[at], its), its) for at, its in changed.items()}


def store_entries(
    store: "IntakeStore",
    arrival: Arrival,
    items: Sequence[Recognised],
    rows: Mapping[int, tuple[NewEntry, Words]],
    *,
    index_later: bool,
    now: datetime,
) -> tuple[list[tuple[Recognised, int]], list[FoundEntry]]:
    """Store the rows; all of the items with their entries' ids, and what was stored."""
    new = [row for at, (row, _) in rows.items() if items[at].entry_id is None]
    ids = iter(store.add_entries(new, now=now, index_later=index_later))
    placed = [(item, next(ids) if item.entry_id is None else item.entry_id) for item in items]
    for at, (item, entry_id) in enumerate(placed):
        if item.verdict == "revised":
            store.revise_entry(entry_id, rows[at][0], now=now)
        elif item.verdict == "seen" and item.new_keys:
            store.add_keys(arrival.state.feed_id, entry_id, item.new_keys)
    feed = feed_name(arrival)
    found = [
        FoundEntry(
            entry_id=placed[at][1],
            entry=items[at].entry,
            feed=feed,
            words=its,
            revised=items[at].verdict == "revised",
        )
        for at, (_, its) in rows.items()
    ]
    return placed, found


def _new_entry(feed_id: int, item: Recognised, words: Words) -> NewEntry:
    return NewEntry(
        feed_id=feed_id,
        entry=item.entry,
        keys=item.keys,
        content_hash=item.content_hash,
        index_text=(words.title, words.body),
    )


def _words(arrival: Arrival, item: Recognised) -> Words:
    return arrival.prepared[item.at].words if arrival.prepared else entry_words(item.entry)
