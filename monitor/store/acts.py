"""The SQL of what was done from messages: each link does it once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone:
    """That a link was used, and what it came to."""

    at: datetime
    said: str


class ActStore(Protocol):
    """The store's part for links in messages."""

    def act_done(self, name: str) -> ActDone | None:
        """What an act came to, None where nobody has done it."""

    def keep_act(self, name: str, *, alert_id: str, said: str, now: datetime) -> bool:
        """Keep that an act of an alert is done; False, and nothing is kept, where it was done before."""


_KEEP = "INSERT INTO acts (name, alert_id, at, said) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"


class ActTables(Tables):
    """What was done from messages."""

    def act_done(self, name: str) -> ActDone | None:
        """What an act came to, None where nobody has done it."""
        for row in self._rows("SELECT at, said FROM acts WHERE name = ?", (name,)):
            return ActDone(at=to_moment(row["at"]), said=row["said"])
        return None

    def keep_act(self, name: str, *, alert_id: str, said: str, now: datetime) -> bool:
        """Keep that an act of an alert is done; False, and nothing is kept, where it was done before."""
        with self.transaction():
            return self._conn.execute(_KEEP, (name, alert_id, to_micros(now), said)).rowcount == 1
