"""The store as polls know it that find nothing new, and nearly none does: few tables, and few imports.

`whole` is the store with all its tables, for whoever has more to ask.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from monitor.store.connection import connect
from monitor.store.feeds import FeedStore, FeedTables
from monitor.store.page_times import KnowsPageTimes, PageTimes
from monitor.store.shown import KeepsShown, ShownTable

if TYPE_CHECKING:
    from monitor.store.intake import IntakeStore
    from monitor.store.store import Store


_JOINED = nullcontext()


class PollStore(FeedStore, KeepsShown, KnowsPageTimes, Protocol):
    """What polls ask of the store.

    A store belongs to the thread that opened it. Every writing method is atomic by itself; inside
    `transaction()` they commit together or not at all.
    """

    def whole(self) -> "Store":
        """The store with all that it can be asked."""

    def intake(self) -> "IntakeStore":
        """The store as ingest knows it."""

    def transaction(self) -> AbstractContextManager[None]:
        """One commit; begins as a writer at once, so that what is read in it holds until it ends."""

    def close(self) -> None:
        """Let go of the database."""


class SQLitePolls(FeedTables, ShownTable, PageTimes):
    """The few tables that polls ask for, over one SQLite connection; for the thread that opened it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def whole(self) -> "Store":
        """The store over the same connection, with all its tables."""
        from monitor.store.sqlite import SQLiteStore

        return SQLiteStore(self._conn)

    def intake(self) -> "IntakeStore":
        """The store over the same connection, with the tables that ingest asks for."""
        from monitor.store.intake import SQLiteIntake

        return SQLiteIntake(self._conn)

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()

    def transaction(self) -> AbstractContextManager[None]:
        """One commit; begins as a writer at once. A transaction inside one joins it."""
        return _JOINED if self._conn.in_transaction else self._own_transaction()

    @contextmanager
    def _own_transaction(self) -> Iterator[None]:
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._before_commit()
            self._commit()
        except BaseException:
            self._after_failure()
            # A full disk may have rolled back already.
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise

    def _before_commit(self) -> None:
        """Write what was put off until the end."""

    def _after_failure(self) -> None:
        """Forget what was put off."""

    def _commit(self) -> None:
        self._conn.execute("COMMIT")


def open_polls(path: Path | str) -> SQLitePolls:
    """Open (or make) the store at `path` for polls; raises as `open_store` does."""
    return SQLitePolls(connect(path))
