"""What the files of tables share: a connection and whole statements; contains no business logic."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

_T = TypeVar("_T")

SQL_VARIABLES = 500
"""How many values one statement takes: far below SQLite's own limit, so that plans stay cached."""


class Tables:
    """A group of tables over the store's connection."""

    _conn: sqlite3.Connection

    def transaction(self) -> AbstractContextManager[None]:
        """One commit (see polls.py)."""
        raise NotImplementedError

    def _rows(self, sql: str, values: dict[str, object] | tuple[object, ...] = ()) -> list[sqlite3.Row]:
        cursor = self._conn.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(sql, values).fetchall()


def marks(count: int) -> str:
    """`?, ?, ?`: the placeholders of so many values."""
    return ", ".join("?" * count)


def slices(values: Collection[_T], size: int = SQL_VARIABLES) -> Iterator[list[_T]]:
    """The values in lists of at most `size`."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
