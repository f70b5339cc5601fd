"""The store's own thread: what asks from an event loop hands over a function and awaits its result."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from monitor.errors import StoreError
from monitor.store.failure import plain_errors
from monitor.store.polls import PollStore

if TYPE_CHECKING:
    from monitor.store.intake import IntakeStore
    from monitor.store.store import Store

_T = TypeVar("_T")


class StoreThread:
    """The one writer: runs functions of a store, one after the other, in the thread that opened it."""

    def __init__(self, open_it: Callable[[], PollStore]) -> None:
        self._open_it = open_it
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._store: PollStore | None = None

    async def open(self) -> None:
        """Open the store; raises StoreError."""
        self._store = await self._submit(self._open_it)

    async def run(self, function: "Callable[[Store], _T]") -> _T:
        """`function(store)` in the store's thread; SQLite's errors come out as StoreError."""
        return await self.run_poll(lambda store: function(store.whole()))

    async def run_intake(self, function: "Callable[[IntakeStore], _T]") -> _T:
        """The same for what needs no more of the store than ingest does."""
        return await self.run_poll(lambda store: function(store.intake()))

    async def run_poll(self, function: Callable[[PollStore], _T]) -> _T:
        """The same for what needs no more of the store than polls do."""
        if self._store is None:
            raise StoreError("the store is not open")
        store = self._store
        return await self._submit(lambda: function(store))

    async def close(self) -> None:
        """Finish what was handed over, then close the store."""
        if self._store is not None:
            await self._submit(self._store.close)
            self._store = None
        self._executor.shutdown(wait=True)

    async def _submit(self, function: Callable[[], _T]) -> _T:
        with plain_errors():
            # A cancelled caller must not leave half of what it handed over undone.
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._executor, function))
