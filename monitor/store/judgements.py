"""The SQL of judgements: was a hit what its topic asked for? A change of mind keeps what was said before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables, marks, slices

Verdict = Literal["relevant", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody thinks of a hit. `hit_id` and `entry_id` are None once the hit is forgotten."""

    verdict: Verdict
    topic: str
    version: str
    """Of the query that hit."""
    hit_id: int | None
    entry_id: int | None
    found_at: datetime
    judged_at: datetime
    who: str
    note: str


_KNOWN = "SELECT id FROM hits"

_REPLACE = "UPDATE judgements SET replaced_at = ? WHERE hit_id = ? AND replaced_at IS NULL"

_JUDGE = """
INSERT INTO judgements (hit_id, topic, version, found_at, verdict, who, note, judged_at)
SELECT id, topic, version, found_at, :verdict, :who, :note, :now FROM hits WHERE id = :hit_id
"""

_JUDGEMENTS = """
SELECT judgements.*, hits.entry_id
FROM judgements LEFT JOIN hits ON hits.id = judgements.hit_id
WHERE replaced_at IS NULL AND (:topic = '' OR judgements.topic = :topic)
ORDER BY judgements.found_at, judgements.id
"""


class JudgementTable(Tables):
    """Judgements of hits."""

    def judge(
        self, hit_ids: Collection[int], *, verdict: Verdict, who: str = "", note: str = "", now: datetime
    ) -> list[int]:
        """Keep what somebody thinks of these hits; returns those that there are not.

        If one is missing nothing is kept.
        """
        with self.transaction():
            known = {row[0] for some in slices(hit_ids) for row in self._known_hits(some)}
            missing = sorted(set(hit_ids) - known)
            for hit_id in dict.fromkeys(hit_ids) if not missing else ():
                self._conn.execute(_REPLACE, (to_micros(now), hit_id))
                values = {"verdict": verdict, "who": who, "note": note, "now": to_micros(now)}
                self._conn.execute(_JUDGE, values | {"hit_id": hit_id})
        return missing

    def judgements(self, *, topic: str = "") -> list[Judgement]:
        """The judgements that count, of one topic or of all, in the order in which the hits were found."""
        return [
            Judgement(
                verdict=row["verdict"],
                topic=row["topic"],
                version=row["version"],
                hit_id=row["hit_id"],
                entry_id=row["entry_id"],
                found_at=to_moment(row["found_at"]),
                judged_at=to_moment(row["judged_at"]),
                who=row["who"],
                note=row["note"],
            )
            for row in self._rows(_JUDGEMENTS, {"topic": topic})
        ]

    def _known_hits(self, hit_ids: list[int]) -> list[tuple[int]]:
        return self._conn.execute(f"{_KNOWN} WHERE id IN ({marks(len(hit_ids))})", tuple(hit_ids)).fetchall()
