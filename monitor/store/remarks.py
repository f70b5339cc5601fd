"""The SQL of stars and notes: what people put on hits to find them again. A hit that has one is kept."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.errors import WrongUseError
from monitor.feeds.text import clean
from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

LONGEST_NOTE = 2000

_REMARKS = "SELECT * FROM remarks WHERE hit_id IN (SELECT value FROM json_each(?))"

_MISSING = """
SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM hits) ORDER BY value
"""

_STAR = """
INSERT INTO remarks (hit_id, starred, note, who, at)
SELECT value, :starred, '', :who, :now FROM json_each(:hits) WHERE true
ON CONFLICT (hit_id) DO UPDATE SET starred = excluded.starred, who = excluded.who, at = excluded.at
WHERE starred != excluded.starred
"""

_NOTE = """
INSERT INTO remarks (hit_id, starred, note, who, at)
SELECT value, 0, :note, :who, :now FROM json_each(:hits) WHERE true
ON CONFLICT (hit_id) DO UPDATE SET note = excluded.note, who = excluded.who, at = excluded.at
WHERE note != excluded.note
"""

_EMPTY = "DELETE FROM remarks WHERE NOT starred AND note = '' AND hit_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody put on a hit; `who` touched it last."""

    starred: bool = False
    note: str = ""
    who: str = ""
    at: datetime | None = None


NO_REMARK = Remark()


def note_of(text: str) -> str:
    """A note as it is kept; raises WrongUseError where it is too long."""
    note = clean(text).strip()
    if len(note) > LONGEST_NOTE:
        raise WrongUseError(f"a note has {LONGEST_NOTE:,} characters at the most, and this one {len(note):,}")
    return note


class RemarkStore(Protocol):
    """Stars and notes."""

    def star(self, hit_ids: Collection[int], *, on: bool, who: str, now: datetime) -> list[int]:
        """Put a star on these hits or take it off; nothing where one is missing: returns the missing."""

    def note(self, hit_id: int, text: str, *, who: str, now: datetime) -> bool:
        """Put a note on a hit in place of the one it has, none with ""; returns whether the hit is there."""

    def remarks(self, hit_ids: Collection[int]) -> dict[int, Remark]:
        """The stars and notes of these hits; those that have neither are left out."""


class RemarkTable(Tables):
    """Stars and notes."""

    def star(self, hit_ids: Collection[int], *, on: bool, who: str, now: datetime) -> list[int]:
        """Put a star on these hits or take it off; nothing where one is missing: returns the missing."""
        return self._put(_STAR, hit_ids, {"starred": on, "who": who, "now": to_micros(now)})

    def note(self, hit_id: int, text: str, *, who: str, now: datetime) -> bool:
        """Put a note on a hit in place of the one it has, none with ""; returns whether the hit is there."""
        return not self._put(_NOTE, [hit_id], {"note": text, "who": who, "now": to_micros(now)})

    def remarks(self, hit_ids: Collection[int]) -> dict[int, Remark]:
        """The stars and notes of these hits; those that have neither are left out."""
        return {
            row["hit_id"]: Remark(
                starred=bool(row["starred"]), note=row["note"], who=row["who"], at=to_moment(row["at"])
            )
            for row in self._rows(_REMARKS, (json.dumps(list(hit_ids)),))
        }

    def _put(self, sql: str, hit_ids: Collection[int], values: dict[str, object]) -> list[int]:
        hits = json.dumps(list(hit_ids))
        with self.transaction():
            missing = [int(hit_id) for (hit_id,) in self._conn.execute(_MISSING, (hits,))]
            if not missing:
                self._conn.execute(sql, {**values, "hits": hits})
                self._conn.execute(_EMPTY, (hits,))
        return missing
