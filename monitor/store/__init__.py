"""Everything that outlives the process; the only SQL. `open_store` gives the store, `Store` is its shape."""

from monitor.store.sqlite import SQLiteStore, open_store
from monitor.store.store import Store

__all__ = ["SQLiteStore", "Store", "open_store"]
