"""Everything that outlives the process; the only SQL. `open_store` gives it; `store.py` is its shape.

Importing this room costs little; the tables are imported by whoever opens the store.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.errors import StoreError
    from monitor.store.sqlite import SQLiteStore

__all__ = ["open_store", "open_to_look"]


def open_store(path: Path | str, *, must_exist: bool = False) -> "SQLiteStore":
    """Open (or make) the store at `path`, ":memory:" for one that does not outlive the process.

    Raises NewerDatabaseError, with the file untouched, where a newer version wrote it, and StoreError where
    it is no database, can not be opened, or does not exist though it must.
    """
    from monitor.store.connection import connect
    from monitor.store.sqlite import SQLiteStore

    return SQLiteStore(connect(path, must_exist=must_exist))


def open_to_look(path: Path, *, patience: float) -> "tuple[SQLiteStore, StoreError | None]":
    """Open an existing store for who looks into it, and why it can not be written, if it can not.

    A writer is waited for so many seconds. Raises as `open_store` does.
    """
    from monitor.store.connection import connect_to_look
    from monitor.store.sqlite import SQLiteStore

    conn, unwritable = connect_to_look(path, patience=patience)
    return SQLiteStore(conn), unwritable
