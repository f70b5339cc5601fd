"""The store over SQLite: opening, locking, transactions. The tables' SQL is in the files beside this one."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from monitor.errors import DatabaseInUseError, NewerDatabaseError, StoreError
from monitor.store import schema
from monitor.store.access import AccessTables
from monitor.store.acts import ActTables
from monitor.store.alerts import AlertTables
from monitor.store.coverage import CoverageTables
from monitor.store.daemon import DaemonTable
from monitor.store.desk import DeskTables
from monitor.store.entries import EntryTables
from monitor.store.feeds import FeedTables
from monitor.store.gaps import GapTable
from monitor.store.hits import HitTables
from monitor.store.judgements import JudgementTable
from monitor.store.missed import MissedTables
from monitor.store.notices import NoticeTables
from monitor.store.outbox import OutboxTables
from monitor.store.pacts import PactTable
from monitor.store.pages import PageTable
from monitor.store.policy import PolicyTables
from monitor.store.pushes import PushTables
from monitor.store.remarks import RemarkTable
from monitor.store.retention import Retention
from monitor.store.search import SearchTables
from monitor.store.shown import ShownTable
from monitor.store.stories import StoryTables
from monitor.store.story_memory import MemoryTable
from monitor.store.versions import VersionTable

BUSY_TIMEOUT_SECONDS = 30


class SQLiteStore(
    FeedTables,
    EntryTables,
    HitTables,
    MissedTables,
    AlertTables,
    OutboxTables,
    CoverageTables,
    PolicyTables,
    DaemonTable,
    Retention,
    SearchTables,
    JudgementTable,
    VersionTable,
    NoticeTables,
    GapTable,
    ShownTable,
    PageTable,
    StoryTables,
    AccessTables,
    DeskTables,
    MemoryTable,
    RemarkTable,
    ActTables,
    PactTable,
    PushTables,
):
    """The store over one SQLite connection; use it only in the thread that opened it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._unindexed = {}

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One commit; begins as a writer at once. A transaction inside one joins it."""
        if self._conn.in_transaction:
            yield
            return
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.index_added()
            self._commit()
        except BaseException:
            self._unindexed.clear()
            # A full disk may have rolled back already.
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise

    def _commit(self) -> None:
        self._conn.execute("COMMIT")


def open_store(path: Path | str, *, must_exist: bool = False) -> SQLiteStore:
    """Open (or make) the store at `path`, ":memory:" for one that does not outlive the process.

    Raises NewerDatabaseError, with the file untouched, where a newer version wrote it, and StoreError where
    it is no database, can not be opened, or does not exist though it must.
    """
    conn = connect(path, must_exist=must_exist)
    return SQLiteStore(conn)


def connect(path: Path | str, *, must_exist: bool = False) -> sqlite3.Connection:
    """Open the file, refuse what is not ours, bring the schema up to date."""
    if must_exist and not Path(path).exists():
        raise StoreError(f"there is no database at {path}")
    try:
        conn = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreError(f"can not open {path}: {error}") from error
    try:
        _refuse_newer(conn, path)
        _prepare(conn)
    except sqlite3.Error as error:
        conn.close()
        raise StoreError(f"can not use {path}: {error}") from error
    except BaseException:
        conn.close()
        raise
    return conn


def _refuse_newer(conn: sqlite3.Connection, path: Path | str) -> None:
    """Raise NewerDatabaseError when migrations were applied that this version does not know; only reads."""
    if strangers := sorted(schema.applied(conn) - schema.known()):
        message = f"{path} was written by a newer version of the monitor ({', '.join(strangers)}); upgrade it"
        raise NewerDatabaseError(message)


def _prepare(conn: sqlite3.Connection) -> None:
    # WAL lets commands read while the daemon writes; FULL: with NORMAL a power cut loses commits.
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("PRAGMA cache_size = -16000")
    if schema.known() - schema.applied(conn):
        conn.execute("BEGIN IMMEDIATE")
        try:
            schema.apply(conn)
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise


class DaemonLock:
    """Keeps a second daemon out: flock on a file beside the database, free at once after a kill."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock; raises DatabaseInUseError, naming the holder, when another process has it."""
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            message = f"another monitor (process {holder or 'unknown'}) is running on this database"
            raise DatabaseInUseError(message) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
