"""The SQL of entries: which are known, storing new and edited ones, finding them again."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice

from monitor.feeds.entry import Entry
from monitor.feeds.identity import Known
from monitor.store.index import IndexTable
from monitor.store.moment import to_json, to_micros, to_moment
from monitor.store.records import NewEntry, StoredEntry
from monitor.store.table import marks, slices

_ADD_ENTRIES = """
INSERT INTO entries (feed_id, seen_at, guid, link, title, author, categories, summary, content, lang,
                     published, updated, source, content_hash)
"""

_KEEP_REVISION = """
INSERT OR REPLACE INTO revisions (entry_id, replaced_at, title, summary, content)
SELECT id, :now, title, summary, content FROM entries WHERE id = :entry_id
"""

_REVISE_ENTRY = """
UPDATE entries SET guid = ?, link = ?, title = ?, author = ?, categories = ?, summary = ?, content = ?,
    lang = ?, published = ?, updated = ?, source = ?, content_hash = ?, revised_at = ?
WHERE id = ?
"""

_FILL_ENTRY = "UPDATE entries SET content = ?, author = ?, lang = ?, published = ? WHERE id = ?"

# The newest entry under a key is the one the key means: feeds give a guid to another story.
_ADD_KEYS = "INSERT OR REPLACE INTO entry_keys (feed_id, key, entry_id)"

_HAS_KEYS = "SELECT EXISTS (SELECT 1 FROM entry_keys WHERE feed_id = ?)"

_KNOWN_KEYS = """
SELECT key, entry_id, content_hash FROM entry_keys JOIN entries ON entries.id = entry_id
WHERE entry_keys.feed_id = ?
"""

_ENTRIES = """
SELECT entries.*, feeds.name AS feed_name, feeds.url AS feed_url
FROM entries JOIN feeds ON feeds.id = entries.feed_id
"""


FEW = 20
"""Keys that are looked up without asking whether the feed has any."""


class EntryTables(IndexTable):
    """Entries, their keys and their revisions."""

    def known_keys(self, feed_id: int, keys: Iterable[bytes]) -> dict[bytes, Known]:
        """Which of these keys the feed has shown before, and for which entries."""
        known: dict[bytes, Known] = {}
        keys = iter(keys)
        asked = {*islice(keys, FEW + 1)}
        if len(asked) > FEW and not self._conn.execute(_HAS_KEYS, (feed_id,)).fetchone()[0]:
            return known
        for some in slices(asked.union(keys)):
            sql = f"{_KNOWN_KEYS} AND key IN ({marks(len(some))})"
            for key, entry_id, content_hash in self._conn.execute(sql, (feed_id, *some)):
                known[key] = Known(entry_id=entry_id, content_hash=content_hash)
        return known

    def add_entries(self, entries: Sequence[NewEntry], *, now: datetime) -> list[int]:
        """Store new entries; returns their ids in the same order."""
        with self.transaction():
            seen_at = to_micros(now)
            last = self._add_rows(_ADD_ENTRIES, [(new.feed_id, seen_at, *_columns(new)) for new in entries])
            ids = list(range(last - len(entries) + 1, last + 1))  # they follow each other: nobody else writes
            with_ids = list(zip(ids, entries, strict=True))
            self._add_rows(
                _ADD_KEYS, [(new.feed_id, key, entry_id) for entry_id, new in with_ids for key in new.keys]
            )
            texts = ((entry_id, new.index_text) for entry_id, new in with_ids)
            self._unindexed.update((entry_id, text) for entry_id, text in texts if text is not None)
        return ids

    def revise_entry(self, entry_id: int, revision: NewEntry, *, now: datetime) -> None:
        """Keep an edited entry's new text and add its new keys; what it said before becomes a revision."""
        with self.transaction():
            self._conn.execute(_KEEP_REVISION, {"entry_id": entry_id, "now": to_micros(now)})
            self._conn.execute(_REVISE_ENTRY, (*_columns(revision), to_micros(now), entry_id))
            self.add_keys(revision.feed_id, entry_id, revision.keys)
            if revision.index_text is not None:
                self._reindex(entry_id, revision.index_text)

    def fill_entry(self, entry_id: int, entry: Entry, *, index_text: tuple[str, str]) -> None:
        """Keep an entry's full text, author, language and date: the same entry, of which more is known."""
        values = (entry.content, entry.author, entry.lang, to_micros(entry.published), entry_id)
        with self.transaction():
            self._conn.execute(_FILL_ENTRY, values)
            self._reindex(entry_id, index_text)

    def add_keys(self, feed_id: int, entry_id: int, keys: Collection[bytes]) -> None:
        """Know an entry by these keys too: its link or its text changed, but it is the same."""
        with self.transaction():
            self._add_rows(_ADD_KEYS, [(feed_id, key, entry_id) for key in keys])

    def entry(self, entry_id: int) -> StoredEntry | None:
        """One entry."""
        rows = self._rows(f"{_ENTRIES} WHERE entries.id = ?", (entry_id,))
        return stored_entry(rows[0]) if rows else None

    def find_entries(self, text: str, *, limit: int = 20) -> list[StoredEntry]:
        """Entries whose link or guid is `text`, else those whose title contains it, the newest first."""
        order = "ORDER BY entries.id DESC LIMIT ?"
        exact = self._rows(f"{_ENTRIES} WHERE link = ? OR guid = ? {order}", (text, text, limit))
        rows = exact or self._rows(f"{_ENTRIES} WHERE instr(lower(title), lower(?)) {order}", (text, limit))
        return [stored_entry(row) for row in rows]


def _columns(new: NewEntry) -> tuple[object, ...]:
    """What an entry says, in the order of `_ADD_ENTRIES` and `_REVISE_ENTRY`."""
    guid, link, title, author, categories, summary, content, lang, published, updated, _, source = new.entry
    words = guid, link, title, author, to_json(categories) if categories else "[]", summary, content, lang
    return *words, to_micros(published), to_micros(updated), source, new.content_hash


def stored_entry(row: sqlite3.Row) -> StoredEntry:
    """An entry from a row that has the columns of entries, feed_name and feed_url."""
    entry = Entry(
        guid=row["guid"],
        link=row["link"],
        title=row["title"],
        author=row["author"],
        categories=tuple(json.loads(row["categories"])),
        summary=row["summary"],
        content=row["content"],
        lang=row["lang"],
        published=to_moment(row["published"]),
        updated=to_moment(row["updated"]),
        source=row["source"],
    )
    return StoredEntry(
        entry_id=row["id"],
        feed_id=row["feed_id"],
        feed=row["feed_name"] or row["feed_url"],
        feed_url=row["feed_url"],
        entry=entry,
        seen_at=to_moment(row["seen_at"]),
        revised_at=to_moment(row["revised_at"]),
    )
