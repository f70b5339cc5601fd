"""SQLite's errors as ours: what they come from, in plain words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import DiskFullError, StoreError

FULL = "the disk is full: nothing can be stored until there is room"


@contextmanager
def plain_errors() -> Iterator[None]:
    """Errors of SQLite leave this block as StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error) from error


def store_error(error: sqlite3.Error) -> StoreError:
    """What an error of SQLite means for whoever runs the monitor."""
    words = meaning(error)
    if words == FULL:
        return DiskFullError(words)
    return StoreError(words or f"the database failed: {error}")


def meaning(error: sqlite3.Error) -> str:
    """The words for an error that has a known cause, else none."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}:
        return FULL
    match code & 0xFF:  # the error without what SQLite says of it more closely
        case sqlite3.SQLITE_BUSY:
            return "another program has the database locked for writing"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return "the database can be read but not be written"
        case _:
            return ""
