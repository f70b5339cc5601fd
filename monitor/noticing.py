"""Notices → hits of the topic `_monitor`, each once: from there on they go the way of all hits.

    ingest_notices(store, notices, now=now)            in a commit of its own, or in the caller's

Does not decide what deserves a notice: who finds something out makes one (monitor/notice.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from monitor.feeds.entry import Entry
from monitor.feeds.keys import keys_of
from monitor.notice import TOPIC, Notice
from monitor.store.records import NewEntry, NewHit
from monitor.store.store import Store


def ingest_notices(store: Store, notices: Iterable[Notice], *, now: datetime) -> tuple[int, ...]:
    """Keep these notices as hits that wait to be told; returns the ids of those that are news."""
    given = {notice.key: notice for notice in notices}
    if not given:
        return ()
    with store.transaction():
        feed_id = store.notice_feed()
        made = {_key(entry): (notice, entry) for notice in given.values() for entry in (_entry(notice, now),)}
        known = store.known_keys(feed_id, made)
        new = [pair for key, pair in made.items() if key not in known]
        ids = store.add_entries([_new_entry(feed_id, entry) for _, entry in new], now=now)
        store.mark_present(feed_id, (), now=now)  # no document has it: it may be forgotten in its time
        hits = [_hit(notice, entry_id, now) for (notice, _), entry_id in zip(new, ids, strict=True)]
        return _ids(store.add_hits(hits))


def _entry(notice: Notice, now: datetime) -> Entry:
    return Entry(
        guid=notice.key, link=notice.link, title=notice.title, summary=escape(notice.text), published=now
    )


def _key(entry: Entry) -> bytes:
    """A notice is known by its key alone: two happenings may well read the same."""
    key = keys_of(entry).guid
    assert key is not None  # noqa: S101 - a notice has a key
    return key


def _new_entry(feed_id: int, entry: Entry) -> NewEntry:
    return NewEntry(
        feed_id=feed_id,
        entry=entry,
        keys=(_key(entry),),
        content_hash=keys_of(entry).content,
        index_text=("", ""),  # no query is to find what the monitor says of itself
    )


def _hit(notice: Notice, entry_id: int, now: datetime) -> NewHit:
    return NewHit(
        topic=TOPIC,
        entry_id=entry_id,
        watchlist="",
        version="",
        spans=(),
        labels=notice.all_labels,
        found_at=now,
    )


def _ids(ids: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(hit_id for hit_id in ids if hit_id is not None)
