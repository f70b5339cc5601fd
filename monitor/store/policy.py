"""The SQL of what decides on telling: silences, limits, cooldowns; who acknowledged, who hears next."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.alerts.escalate import NewStep, Step
from monitor.alerts.limit import Bucket
from monitor.alerts.route import Matcher
from monitor.alerts.silence import Silence
from monitor.store.content import alert_from_json
from monitor.store.moment import to_json, to_micros, to_moment
from monitor.store.table import Tables

_ADD_SILENCE = """
INSERT INTO silences (matchers, starts_at, ends_at, comment, who) VALUES (?, ?, ?, ?, ?) RETURNING id
"""

# One that has not begun never begins: its end is not before its start.
_EXPIRE = """
UPDATE silences SET ends_at = max(starts_at, :now) WHERE id = :id AND ends_at > :now
"""

_SAVE_BUCKET = """
INSERT INTO buckets (receiver, tokens, at) VALUES (?, ?, ?)
ON CONFLICT (receiver) DO UPDATE SET tokens = excluded.tokens, at = excluded.at
"""

_TELL_TOPIC = """
INSERT INTO told_topics (receiver, topic, told_at) VALUES (?, ?, ?)
ON CONFLICT (receiver, topic) DO UPDATE SET told_at = excluded.told_at
"""

_STEPS = """
SELECT escalations.*, alerts.content FROM escalations JOIN alerts ON alerts.id = escalations.alert_id
WHERE outcome IS NULL
ORDER BY due_at, escalations.id
"""

_ESCALATIONS = """
SELECT * FROM escalations WHERE alert_id IN (SELECT value FROM json_each(?)) ORDER BY due_at, id
"""

_ACKNOWLEDGE = """
INSERT INTO acknowledgements (alert_id, at, who, note)
SELECT id, ?, ?, ? FROM alerts WHERE id = ? ON CONFLICT DO NOTHING
"""

# What a dispatch looks at, in a few numbers: if none of them has changed, neither has its answer.
_WAITING = """
SELECT (SELECT count(*) FROM hits WHERE state = 'pending') AS hits,
       (SELECT max(id) FROM hits WHERE state = 'pending') AS newest,
       (SELECT count(*) FROM escalations WHERE outcome IS NULL) AS steps,
       (SELECT count(*) FROM silences) AS silences,
       (SELECT total(ends_at) FROM silences) AS ends
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Who took care of an alert, and when."""

    alert_id: str
    at: datetime
    who: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """A step of an alert's chain: `outcome` is None while it waits, else who told it or why none did."""

    alert_id: str
    receiver: str
    due_at: datetime
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much waits to be told, and what could keep it: two that are equal mean that nothing has changed."""

    hits: int
    newest: int | None
    steps: int
    silences: int
    ends: float

    def __bool__(self) -> bool:
        return bool(self.hits or self.steps)


class Policies(Protocol):
    """What decides on telling, besides the configuration."""

    def waiting(self) -> Waiting:
        """How much waits to be told, and what could keep it."""

    def add_silence(
        self, matchers: Sequence[Matcher], *, starts_at: datetime, ends_at: datetime, comment: str, who: str
    ) -> int:
        """Keep still what all these matchers match; returns the silence's number."""

    def silences(self, *, since: datetime | None = None) -> list[Silence]:
        """The silences that end after a moment, or all, the oldest first."""

    def expire_silences(self, numbers: Collection[int], *, now: datetime) -> list[int]:
        """End silences; returns those that did not end before."""

    def told_topics(self) -> dict[tuple[str, str], datetime]:
        """When a receiver last heard of a topic that then rests: (receiver, topic) → moment."""

    def tell_topics(self, receiver: str, topics: Collection[str], *, now: datetime) -> None:
        """The receiver hears of these topics now."""

    def buckets(self) -> dict[str, Bucket]:
        """The limits' buckets, by receiver."""

    def save_buckets(self, buckets: Mapping[str, Bucket]) -> None:
        """Keep these buckets."""

    def add_steps(self, alert_id: str, steps: Iterable[NewStep]) -> None:
        """Who hears next of an alert."""

    def waiting_steps(self) -> list[Step]:
        """The steps that wait, of alerts that nobody has acknowledged, the first due first."""

    def settle_steps(self, numbers: Collection[int], outcome: str) -> None:
        """These steps wait no more: the id of the alert that told them, or why none did."""

    def escalations(self, alert_ids: Collection[str]) -> list[Escalated]:
        """The steps of these alerts, the first due first."""

    def acknowledge(self, alert_ids: Collection[str], *, who: str, note: str, now: datetime) -> list[str]:
        """Somebody takes care of these alerts; returns those that somebody has taken care of only now."""

    def acknowledgements(self, alert_ids: Collection[str]) -> list[Acknowledgement]:
        """Who took care of these alerts; what nobody did is not in it."""


class PolicyTables(Tables):
    """Silences, limits, cooldowns, acknowledgements and escalations."""

    def waiting(self) -> Waiting:
        """How much waits to be told, and what could keep it."""
        (row,) = self._rows(_WAITING)
        return Waiting(**dict(row))

    def add_silence(
        self, matchers: Sequence[Matcher], *, starts_at: datetime, ends_at: datetime, comment: str, who: str
    ) -> int:
        """Keep still what all these matchers match; returns the silence's number."""
        written = to_json([[one.label, one.op, one.value] for one in matchers])
        with self.transaction():
            values = (written, to_micros(starts_at), to_micros(ends_at), comment, who)
            return int(self._conn.execute(_ADD_SILENCE, values).fetchone()[0])

    def silences(self, *, since: datetime | None = None) -> list[Silence]:
        """The silences that end after a moment, or all, the oldest first."""
        sql = "SELECT * FROM silences WHERE :since IS NULL OR ends_at > :since ORDER BY id"
        return [_silence(row) for row in self._rows(sql, {"since": to_micros(since)})]

    def expire_silences(self, numbers: Collection[int], *, now: datetime) -> list[int]:
        """End silences; returns those that did not end before."""
        with self.transaction():
            return [number for number in numbers if self._expire(number, now)]

    def _expire(self, number: int, now: datetime) -> bool:
        return self._conn.execute(_EXPIRE, {"id": number, "now": to_micros(now)}).rowcount > 0

    def told_topics(self) -> dict[tuple[str, str], datetime]:
        """When a receiver last heard of a topic that then rests: (receiver, topic) → moment."""
        rows = self._rows("SELECT receiver, topic, told_at FROM told_topics")
        return {(row["receiver"], row["topic"]): to_moment(row["told_at"]) for row in rows}

    def tell_topics(self, receiver: str, topics: Collection[str], *, now: datetime) -> None:
        """The receiver hears of these topics now."""
        with self.transaction():
            rows = [(receiver, topic, to_micros(now)) for topic in topics]
            self._conn.executemany(_TELL_TOPIC, rows)

    def buckets(self) -> dict[str, Bucket]:
        """The limits' buckets, by receiver."""
        rows = self._rows("SELECT receiver, tokens, at FROM buckets")
        return {row["receiver"]: Bucket(tokens=row["tokens"], at=to_moment(row["at"])) for row in rows}

    def save_buckets(self, buckets: Mapping[str, Bucket]) -> None:
        """Keep these buckets."""
        with self.transaction():
            rows = [(name, bucket.tokens, to_micros(bucket.at)) for name, bucket in buckets.items()]
            self._conn.executemany(_SAVE_BUCKET, rows)

    def add_steps(self, alert_id: str, steps: Iterable[NewStep]) -> None:
        """Who hears next of an alert."""
        sql = "INSERT INTO escalations (alert_id, receiver, due_at) VALUES (?, ?, ?)"
        with self.transaction():
            rows = [(alert_id, step.receiver, to_micros(step.due_at)) for step in steps]
            self._conn.executemany(sql, rows)

    def waiting_steps(self) -> list[Step]:
        """The steps that wait, of alerts that nobody has acknowledged, the first due first."""
        return [_step(row) for row in self._rows(_STEPS)]

    def settle_steps(self, numbers: Collection[int], outcome: str) -> None:
        """These steps wait no more: the id of the alert that told them, or why none did."""
        with self.transaction():
            rows = [(outcome, number) for number in numbers]
            self._conn.executemany("UPDATE escalations SET outcome = ? WHERE id = ?", rows)

    def escalations(self, alert_ids: Collection[str]) -> list[Escalated]:
        """The steps of these alerts, the first due first."""
        return [
            Escalated(
                alert_id=row["alert_id"],
                receiver=row["receiver"],
                due_at=to_moment(row["due_at"]),
                outcome=row["outcome"],
            )
            for row in self._rows(_ESCALATIONS, (json.dumps(list(alert_ids)),))
        ]

    def acknowledge(self, alert_ids: Collection[str], *, who: str, note: str, now: datetime) -> list[str]:
        """Somebody takes care of these alerts; returns those that somebody has taken care of only now."""
        values = (to_micros(now), who, note)
        with self.transaction():
            new = [key for key in alert_ids if self._conn.execute(_ACKNOWLEDGE, (*values, key)).rowcount > 0]
            ended = [("acknowledged", key) for key in new]
            sql = "UPDATE escalations SET outcome = ? WHERE alert_id = ? AND outcome IS NULL"
            self._conn.executemany(sql, ended)
        return new

    def acknowledgements(self, alert_ids: Collection[str]) -> list[Acknowledgement]:
        """Who took care of these alerts; what nobody did is not in it."""
        sql = "SELECT * FROM acknowledgements WHERE alert_id IN (SELECT value FROM json_each(?)) ORDER BY at"
        return [
            Acknowledgement(
                alert_id=row["alert_id"], at=to_moment(row["at"]), who=row["who"], note=row["note"]
            )
            for row in self._rows(sql, (json.dumps(list(alert_ids)),))
        ]


def _silence(row: sqlite3.Row) -> Silence:
    return Silence(
        number=row["id"],
        matchers=tuple(
            Matcher(label=label, op=op, value=value) for label, op, value in json.loads(row["matchers"])
        ),
        starts_at=to_moment(row["starts_at"]),
        ends_at=to_moment(row["ends_at"]),
        comment=row["comment"],
        who=row["who"],
    )


def _step(row: sqlite3.Row) -> Step:
    return Step(
        number=row["id"],
        alert=alert_from_json(row["content"]),
        receiver=row["receiver"],
        due_at=to_moment(row["due_at"]),
    )
