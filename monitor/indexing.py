"""Entries that were left out of the full-text index → its words, a few in each commit or all in one.

Who polls once looks nothing up, and leaves them; the daemon indexes them at once, and whoever looks something
up does so before. Nothing is missed meanwhile: what waits is looked at as if the index had found it.
"""

from typing import TYPE_CHECKING

from monitor.documents import document_of
from monitor.notice import NOTICE_URL
from monitor.topics.text import index_text

if TYPE_CHECKING:
    from monitor.store.records import StoredEntry
    from monitor.store.store import Store

INDEXED_AT_ONCE = 100
"""Entries that are indexed between two other pieces of work."""


def index_all(store: "Store") -> None:
    """Index every entry that waits."""
    while not index_some(store):
        pass


def index_some(store: "Store", *, most: int = INDEXED_AT_ONCE) -> bool:
    """Index up to so many of the entries that wait, in one commit; whether that were all."""
    if not store.count_unindexed():
        return True
    with store.transaction():
        waiting = store.unindexed(most=most)
        store.index({one.entry_id: _text(one) for one in waiting})
    return len(waiting) < most


def _text(stored: "StoredEntry") -> tuple[str, str]:
    if stored.feed_url == NOTICE_URL:  # no query is to find what the monitor says of itself
        return "", ""
    return index_text(document_of(stored.entry, feed=stored.feed))
