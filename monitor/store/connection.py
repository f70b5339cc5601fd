"""The connection to SQLite: opening, refusing what is not ours, bringing the schema up to date."""

import sqlite3
from pathlib import Path

from monitor.errors import NewerDatabaseError, StoreError
from monitor.store import schema

BUSY_TIMEOUT_SECONDS = 30


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
    # At 4 MB, SQLite's own, a first poll had nearly each of its commits copied into the database at once.
    conn.execute("PRAGMA wal_autocheckpoint = 4000")
    if schema.known() - schema.applied(conn):
        conn.execute("BEGIN IMMEDIATE")
        try:
            schema.apply(conn)
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
