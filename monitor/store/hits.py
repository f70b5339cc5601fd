"""The SQL of hits: storing them, which wait to be told, listing them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.store.entries import stored_entry
from monitor.store.moment import to_json, to_micros, to_moment
from monitor.store.records import Hit, HitState, NewHit
from monitor.store.table import Tables, marks, slices
from monitor.topics.match import Span

if TYPE_CHECKING:
    from monitor.alerts.pending import PendingHit

_ADD_HIT = """
INSERT INTO hits (topic, entry_id, watchlist, version, spans, labels, found_at, state, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_HIT_ONCE = "ON CONFLICT (entry_id, topic) DO NOTHING RETURNING id"

# To be told again: which groups have told it was forgotten when it was settled.
_HIT_AGAIN = """
ON CONFLICT (entry_id, topic) DO UPDATE SET version = excluded.version, spans = excluded.spans,
    labels = excluded.labels, found_at = excluded.found_at, again_at = excluded.found_at,
    state = excluded.state, reason = excluded.reason
WHERE hits.state != 'pending'
RETURNING id
"""

_STILL_WAITS = """
UPDATE hits SET version = ?, spans = ? WHERE topic = ? AND entry_id = ? AND state = 'pending'
"""

HITS = """
SELECT entries.*, feeds.name AS feed_name, feeds.url AS feed_url,
       hits.id AS hit_id, hits.topic, hits.watchlist, hits.version, hits.spans, hits.labels,
       hits.found_at, hits.state, hits.reason
FROM hits JOIN entries ON entries.id = hits.entry_id JOIN feeds ON feeds.id = entries.feed_id
"""

_HITS_WHERE = {
    "topic": "hits.topic = :topic",
    "entry_id": "hits.entry_id = :entry_id",
    "since": "hits.found_at >= :since",
    "starred": "hits.id IN (SELECT hit_id FROM remarks WHERE starred AND :starred)",
}

_TOLD_GROUPS = "SELECT hit_id, group_key FROM told_groups"

_FORGET_GROUPS = "DELETE FROM told_groups WHERE hit_id IN (SELECT value FROM json_each(?))"


class HitTables(Tables):
    """Hits: topic × entry."""

    def add_hits(self, hits: Sequence[NewHit]) -> list[int | None]:
        """Store hits; returns their ids, None for a topic that this entry has hit before.

        One that is to be told `again` replaces what was said and told before; one that still waits only
        learns where it matches now.
        """
        with self.transaction():
            return [self._add_hit(hit) for hit in hits]

    def _add_hit(self, hit: NewHit) -> int | None:
        spans = to_json([[span.field, span.start, span.end, span.text, span.clause] for span in hit.spans])
        values = (
            hit.topic,
            hit.entry_id,
            hit.watchlist,
            hit.version,
            spans,
            to_json(dict(hit.labels)),
            to_micros(hit.found_at),
            hit.state,
            hit.reason,
        )
        row = self._conn.execute(_ADD_HIT + (_HIT_AGAIN if hit.again else _HIT_ONCE), values).fetchone()
        if row is None:
            self._conn.execute(_STILL_WAITS, (hit.version, spans, hit.topic, hit.entry_id))
        return row[0] if row else None

    def hits(
        self,
        *,
        topic: str = "",
        entry_id: int | None = None,
        since: datetime | None = None,
        starred: bool = False,
        limit: int = 100,
        ids: Collection[int] = (),
    ) -> list[Hit]:
        """Hits, the newest first: of a topic, of an entry, since a moment, with a star, or by their ids."""
        if ids:
            rows = [row for some in slices(ids) for row in self._hits_by_id(some)]
            return [hit_of(row) for row in sorted(rows, key=lambda row: -row["hit_id"])]
        asked: dict[str, object] = {
            "topic": topic or None,
            "entry_id": entry_id,
            "since": to_micros(since),
            "starred": starred or None,
        }
        where = " AND ".join(_HITS_WHERE[name] for name, value in asked.items() if value is not None)
        sql = f"{HITS} WHERE {where or 'true'} ORDER BY hits.id DESC LIMIT :limit"
        return [hit_of(row) for row in self._rows(sql, {**asked, "limit": limit})]

    def _hits_by_id(self, ids: Sequence[int]) -> list[sqlite3.Row]:
        return self._rows(f"{HITS} WHERE hits.id IN ({marks(len(ids))})", tuple(ids))

    def hit_counts(self, *, since: datetime) -> dict[str, int]:
        """How many hits each topic had since a moment; a topic that had none is not in it."""
        sql = "SELECT topic, count(*) FROM hits WHERE found_at >= ? GROUP BY topic"
        return dict(self._conn.execute(sql, (to_micros(since),)).fetchall())

    def waiting_hits(self) -> "list[PendingHit]":
        """All hits in state pending, the oldest first."""
        from monitor.alerts.pending import PendingHit  # who only stores hits asks for none

        told: defaultdict[int, set[str]] = defaultdict(set)
        for hit_id, group_key in self._conn.execute(_TOLD_GROUPS):
            told[hit_id].add(group_key)
        rows = self._rows("SELECT id, labels, found_at, reason FROM hits WHERE state = 'pending' ORDER BY id")
        return [
            PendingHit(
                hit_id=row["id"],
                labels=json.loads(row["labels"]),
                found_at=to_moment(row["found_at"]),
                told_groups=frozenset(told.get(row["id"], ())),
                reason=row["reason"],
            )
            for row in rows
        ]

    def settle(self, hit_ids: Collection[int], *, state: HitState, reason: str) -> None:
        """These hits wait no more."""
        with self.transaction():
            rows = [(state, reason, hit_id) for hit_id in hit_ids]
            self._conn.executemany("UPDATE hits SET state = ?, reason = ? WHERE id = ?", rows)
            self._conn.execute(_FORGET_GROUPS, (json.dumps(list(hit_ids)),))

    def say_waits(self, reasons: Collection[tuple[int, str]]) -> None:
        """What these hits wait for, that wait."""
        with self.transaction():
            rows = [(reason, hit_id) for hit_id, reason in reasons]
            self._conn.executemany("UPDATE hits SET reason = ? WHERE id = ?", rows)


def hit_of(row: sqlite3.Row) -> Hit:
    """A hit from a row of `HITS`."""
    return Hit(
        hit_id=row["hit_id"],
        topic=row["topic"],
        watchlist=row["watchlist"],
        version=row["version"],
        spans=tuple(
            Span(field=field, start=start, end=end, text=text, clause=clause)
            for field, start, end, text, clause in json.loads(row["spans"])
        ),
        labels=json.loads(row["labels"]),
        found_at=to_moment(row["found_at"]),
        state=row["state"],
        reason=row["reason"],
        entry=stored_entry(row),
    )
