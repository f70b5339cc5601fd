"""The SQL of the watchlists' versions: what each said, since when, by whose hand. None is ever forgotten."""

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.errors import StoreError
from monitor.store.moment import to_micros, to_moment
from monitor.store.table import Tables

Who = Literal["cli", "file", "page"]
"""Who changed a watchlist: a command, somebody who edited the file, somebody on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What a watchlist says from now on; `text` is None if it was removed."""

    watchlist: str
    text: str | None
    who: Who
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a watchlist said from a moment on; versions count from 1. `text` is None once it was removed."""

    watchlist: str
    number: int
    at: datetime
    who: Who
    note: str
    """What was done, in a few words; "" where nobody said."""
    text: str | None


_LATEST = "SELECT * FROM watchlist_versions WHERE watchlist = ? ORDER BY number DESC LIMIT 1"

_ADD = """
INSERT INTO watchlist_versions (watchlist, number, at, who, note, packed)
VALUES (:watchlist, :number, :at, :who, :note, :packed)
"""

_VERSIONS = """
SELECT * FROM watchlist_versions WHERE :watchlist = '' OR watchlist = :watchlist
ORDER BY at DESC, rowid DESC LIMIT :limit
"""

_VERSION = "SELECT * FROM watchlist_versions WHERE watchlist = ? AND number = ?"

_STANDING = """
SELECT watchlist FROM watchlist_versions AS latest
WHERE packed IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM watchlist_versions AS later
    WHERE later.watchlist = latest.watchlist AND later.number > latest.number
)
ORDER BY watchlist
"""


class VersionTable(Tables):
    """The watchlists' versions."""

    def add_versions(
        self, versions: Iterable[NewVersion], *, now: datetime, then: Callable[[], object] | None = None
    ) -> list[int | None]:
        """Keep what watchlists say from now on; returns the versions' numbers.

        What a watchlist's latest version says already makes no new one: None in place of a number. `then`
        is called before the commit; if it fails nothing is kept. Raises StoreError.
        """
        try:
            with self.transaction():
                numbers = [self._add_version(version, now) for version in versions]
                if then is not None:
                    then()
        except sqlite3.Error as error:
            raise StoreError(f"no version can be kept: {error}") from error
        return numbers

    def _add_version(self, new: NewVersion, now: datetime) -> int | None:
        latest = self.latest_version(new.watchlist)
        if new.text == (latest.text if latest else None):
            return None
        values = {
            "watchlist": new.watchlist,
            "number": latest.number + 1 if latest else 1,
            "at": to_micros(now),
            "who": new.who,
            "note": new.note,
            "packed": _packed(new.text),
        }
        self._conn.execute(_ADD, values)
        return int(str(values["number"]))

    def latest_version(self, watchlist: str) -> Version | None:
        """A watchlist's newest version."""
        return next((_version(row) for row in self._rows(_LATEST, (watchlist,))), None)

    def version(self, watchlist: str, number: int) -> Version | None:
        """One version of a watchlist."""
        return next((_version(row) for row in self._rows(_VERSION, (watchlist, number))), None)

    def versions(self, *, watchlist: str = "", limit: int = 100) -> list[Version]:
        """The versions of one watchlist or of all, the newest first."""
        return [_version(row) for row in self._rows(_VERSIONS, {"watchlist": watchlist, "limit": limit})]

    def standing_watchlists(self) -> list[str]:
        """The watchlists that were there when last somebody looked, by name."""
        return [row["watchlist"] for row in self._rows(_STANDING)]


def _packed(text: str | None) -> bytes | None:
    return None if text is None else zlib.compress(text.encode("utf-8", "surrogatepass"))


def _version(row: sqlite3.Row) -> Version:
    packed = row["packed"]
    return Version(
        watchlist=row["watchlist"],
        number=row["number"],
        at=to_moment(row["at"]),
        who=row["who"],
        note=row["note"],
        text=None if packed is None else zlib.decompress(packed).decode("utf-8", "surrogatepass"),
    )
