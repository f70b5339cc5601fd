"""The connection to SQLite: opening, refusing what is not ours, bringing the schema up to date."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from monitor.errors import NewerDatabaseError, NoDatabaseError, StoreError
from monitor.store import schema
from monitor.store.failure import meaning, store_error

BUSY_TIMEOUT_SECONDS = 30
UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""How opening fails where nothing can be written: even who reads a log ahead needs a file beside it."""


_ALONE = ("mode=rw", "PRAGMA locking_mode = EXCLUSIVE")
"""On a full disk there is no room for what is shared with others: they wait until this one has looked."""
_SHARED = ("mode=ro",)
_UNSHARED = ("immutable=1",)
"""Where nothing else works nobody can write either, and without a log the file is all there is."""


def connect(
    path: Path | str, *, must_exist: bool = False, patience: float = BUSY_TIMEOUT_SECONDS
) -> sqlite3.Connection:
    """Open the file, refuse what is not ours, bring the schema up to date."""
    if must_exist and not Path(path).exists():
        raise NoDatabaseError(f"there is no database at {path}")
    try:
        conn = sqlite3.connect(path, timeout=patience, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreError(f"can not open {path}: {error}") from error
    try:
        _refuse_newer(conn, path)
        _prepare(conn)
    except sqlite3.Error as error:
        conn.close()
        raise StoreError(f"can not use {path}: {meaning(error) or error}") from error
    except BaseException:
        conn.close()
        raise
    return conn


def connect_to_look(path: Path, *, patience: float) -> tuple[sqlite3.Connection, StoreError | None]:
    """Open an existing file for who looks into it; where nothing can be written only to be read, with why."""
    try:
        return connect(path, must_exist=True, patience=patience), None
    except StoreError as error:
        cause = error.__cause__
        if not isinstance(cause, sqlite3.Error) or cause.sqlite_errorcode & 0xFF not in UNWRITABLE:
            raise
        try:
            return _connect_to_read(path), store_error(cause)
        except sqlite3.Error:
            raise error from cause


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open it in the first way that works; raises sqlite3.Error where none does."""
    log = path.with_name(path.name + "-wal")
    for how in (_ALONE, _SHARED):
        with suppress(sqlite3.Error):
            return _read(path, *how)
    if log.exists() and log.stat().st_size:
        return _read(path, *_SHARED)
    return _read(path, *_UNSHARED)


def _read(path: Path, how: str, *pragmas: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    conn = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
    try:
        for pragma in pragmas:
            conn.execute(pragma)
        _refuse_newer(conn, path)
        if schema.known() - schema.applied(conn):
            message = f"{path} was written by an older version of the monitor and can not be written now"
            raise StoreError(message)
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
    # Of a new database: of entries with a thousand letters four hardly fit a page of the usual size.
    conn.execute("PRAGMA page_size = 8192")
    # WAL lets commands read while the daemon writes; FULL: with NORMAL a power cut loses commits.
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("PRAGMA cache_size = -16000")
    # At 4 MB, SQLite's own, a first poll had nearly each of its commits copied into the database at once.
    conn.execute("PRAGMA wal_autocheckpoint = 4000")
    if schema.known() - schema.applied(conn):
        _migrate(conn)


def _migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date, all or nothing."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        schema.apply(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
