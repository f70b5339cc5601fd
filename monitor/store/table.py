"""What the files of tables share: a connection and whole statements; contains no business logic."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from itertools import chain, repeat
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

    def _add_rows(self, insert: str, rows: Sequence[tuple[object, ...]]) -> int:
        """`insert`, up to its VALUES, these rows: many by one statement, which takes a third of the time.

        Returns the id of the last one; SQLite gives each the next.
        """
        last, done = 0, 0
        width = len(rows[0]) if rows else 1
        for count in _in_powers_of_two(len(rows), width):
            values = chain.from_iterable(rows[done : done + count])
            last = self._conn.execute(_of_rows(insert, count, width), tuple(values)).lastrowid or 0
            done += count
        return last


@cache
def _of_rows(insert: str, count: int, width: int) -> str:
    return f"{insert} VALUES {', '.join([f'({marks(width)})'] * count)}"


def marks(count: int) -> str:
    """`?, ?, ?`: the placeholders of so many values."""
    return ", ".join("?" * count)


def numbers(values: Iterable[int]) -> str:
    """The values, each once, as `json_each` takes them: one placeholder however many there are."""
    return json.dumps(sorted(set(values)))


def _in_powers_of_two(count: int, width: int) -> Iterator[int]:
    """So many rows in statements of few lengths, so that SQLite need not read a new one each time."""
    size = 1 << (SQL_VARIABLES // width).bit_length() - 1
    while size:
        yield from repeat(size, count // size)
        count, size = count % size, size // 2


def slices(values: Collection[_T], size: int = SQL_VARIABLES) -> Iterator[list[_T]]:
    """The values in lists of at most `size`."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
