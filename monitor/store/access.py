"""The SQL of who may use the desk: secrets, sessions and tokens. Holds digests, never what is shown."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

Scope = Literal["read", "write", "feeds"]
"""What a token is good for: to read the API, to change things by it too, to read the outgoing feeds."""
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who has logged in; `who` is what they call themselves."""

    who: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's way in."""

    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    used_at: datetime | None


class AccessStore(Protocol):
    """The store's part for access."""

    def secret(self, name: str) -> str:
        """A secret, "" where there is none."""

    def set_secret(self, name: str, value: str, *, now: datetime) -> None:
        """Keep a secret in the place of what was there."""

    def first_secret(self, name: str, make: Callable[[], str], *, now: datetime) -> str:
        """The secret; the first who asks makes it."""

    def add_session(self, digest: bytes, *, who: str, now: datetime) -> None:
        """Somebody has logged in."""

    def session(self, digest: bytes) -> Session | None:
        """Whose session it is."""

    def touch_session(self, digest: bytes, *, now: datetime) -> None:
        """The session is in use."""

    def end_session(self, digest: bytes) -> None:
        """They log out."""

    def end_sessions(self, *, began_before: datetime, seen_before: datetime) -> int:
        """End those that are too old or were not used for too long; returns how many."""

    def add_token(self, name: str, digest: bytes, *, scopes: Collection[Scope], now: datetime) -> bool:
        """Keep a token; False, and nothing is kept, where there is one of this name."""

    def token(self, digest: bytes) -> Token | None:
        """The token with this digest."""

    def touch_token(self, name: str, *, now: datetime) -> None:
        """The token is in use."""

    def tokens(self) -> list[Token]:
        """All tokens, by name."""

    def revoke_token(self, name: str) -> bool:
        """Take a token back; False where there is none of this name."""


_SET = """
INSERT INTO web_secrets (name, value, set_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
"""

_ADD = """
INSERT INTO web_tokens (name, digest, scopes, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING
"""


_TOKENS = "SELECT * FROM web_tokens"


class AccessTables(Tables):
    """Secrets, sessions and tokens."""

    def secret(self, name: str) -> str:
        """A secret, "" where there is none."""
        rows = self._rows("SELECT value FROM web_secrets WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else ""

    def set_secret(self, name: str, value: str, *, now: datetime) -> None:
        """Keep a secret in the place of what was there."""
        with self.transaction():
            self._conn.execute(_SET, (name, value, to_micros(now)))

    def first_secret(self, name: str, make: Callable[[], str], *, now: datetime) -> str:
        """The secret; the first who asks makes it."""
        with self.transaction():
            if not self.secret(name):
                self.set_secret(name, make(), now=now)
            return self.secret(name)

    def add_session(self, digest: bytes, *, who: str, now: datetime) -> None:
        """Somebody has logged in."""
        sql = "INSERT INTO web_sessions (digest, who, began_at, seen_at) VALUES (?, ?, ?, ?)"
        with self.transaction():
            self._conn.execute(sql, (digest, who, to_micros(now), to_micros(now)))

    def session(self, digest: bytes) -> Session | None:
        """Whose session it is."""
        for row in self._rows("SELECT * FROM web_sessions WHERE digest = ?", (digest,)):
            began_at, seen_at = to_moment(row["began_at"]), to_moment(row["seen_at"])
            return Session(who=row["who"], began_at=began_at, seen_at=seen_at)
        return None

    def touch_session(self, digest: bytes, *, now: datetime) -> None:
        """The session is in use."""
        with self.transaction():
            sql = "UPDATE web_sessions SET seen_at = ? WHERE digest = ?"
            self._conn.execute(sql, (to_micros(now), digest))

    def end_session(self, digest: bytes) -> None:
        """They log out."""
        with self.transaction():
            self._conn.execute("DELETE FROM web_sessions WHERE digest = ?", (digest,))

    def end_sessions(self, *, began_before: datetime, seen_before: datetime) -> int:
        """End those that are too old or were not used for too long; returns how many."""
        sql = "DELETE FROM web_sessions WHERE began_at < ? OR seen_at < ?"
        with self.transaction():
            return self._conn.execute(sql, (to_micros(began_before), to_micros(seen_before))).rowcount

    def add_token(self, name: str, digest: bytes, *, scopes: Collection[Scope], now: datetime) -> bool:
        """Keep a token; False, and nothing is kept, where there is one of this name."""
        written = " ".join(scope for scope in SCOPES if scope in scopes)
        with self.transaction():
            return self._conn.execute(_ADD, (name, digest, written, to_micros(now))).rowcount == 1

    def token(self, digest: bytes) -> Token | None:
        """The token with this digest."""
        return next(iter(self._tokens("WHERE digest = ?", (digest,))), None)

    def touch_token(self, name: str, *, now: datetime) -> None:
        """The token is in use."""
        with self.transaction():
            self._conn.execute("UPDATE web_tokens SET used_at = ? WHERE name = ?", (to_micros(now), name))

    def tokens(self) -> list[Token]:
        """All tokens, by name."""
        return self._tokens("ORDER BY name")

    def revoke_token(self, name: str) -> bool:
        """Take a token back; False where there is none of this name."""
        with self.transaction():
            return self._conn.execute("DELETE FROM web_tokens WHERE name = ?", (name,)).rowcount == 1

    def _tokens(self, where: str, values: tuple[object, ...] = ()) -> list[Token]:
        return [
            Token(
                name=row["name"],
                scopes=tuple(scope for scope in SCOPES if scope in row["scopes"].split()),
                made_at=to_moment(row["made_at"]),
                used_at=to_moment(row["used_at"]),
            )
            for row in self._rows(f"{_TOKENS} {where}", values)
        ]
