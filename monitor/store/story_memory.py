"""The SQL of the stories' memory: kept whole, read whole. What is in it is for stories/memory.py to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.store.moment import to_micros
from monitor.store.table import Tables

_KEEP = "INSERT INTO story_memory (part, newest, packed) VALUES (?, ?, ?)"
_MERGED = """
SELECT id, merged_into FROM stories WHERE merged_into IS NOT NULL AND last_at >= ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A memory as it is kept, and the newest entry that it knows."""

    newest: int
    parts: tuple[bytes, ...]


class KeepsMemory(Protocol):
    """The store as it keeps the stories' memory."""

    def keep_memory(self, parts: Iterable[bytes], *, newest: int) -> None:
        """Keep this memory in place of the one before."""

    def memory(self) -> Memory | None:
        """The memory that was kept last."""

    def merged_stories(self, *, since: datetime) -> dict[int, int]:
        """The stories told since a moment that turned out to be another, and which."""


class MemoryTable(Tables):
    """The stories' memory."""

    def keep_memory(self, parts: Iterable[bytes], *, newest: int) -> None:
        """Keep this memory in place of the one before."""
        with self.transaction():
            self._conn.execute("DELETE FROM story_memory")
            self._conn.executemany(_KEEP, ((number, newest, part) for number, part in enumerate(parts)))

    def memory(self) -> Memory | None:
        """The memory that was kept last."""
        rows = self._conn.execute("SELECT newest, packed FROM story_memory ORDER BY part").fetchall()
        if not rows:
            return None
        return Memory(newest=rows[0][0], parts=tuple(packed for _, packed in rows))

    def merged_stories(self, *, since: datetime) -> dict[int, int]:
        """The stories told since a moment that turned out to be another, and which."""
        return dict(self._conn.execute(_MERGED, (to_micros(since),)))
