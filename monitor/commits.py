"""Arrivals → ingest, several in a commit: whoever hands one over waits until it is in the store."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.arrival import Arrival, Ingested
from monitor.errors import StoreError
from monitor.quiet import take_quiet
from monitor.store.thread import StoreThread
from monitor.watch import Watch

if TYPE_CHECKING:
    from monitor.placer import Placer
    from monitor.store.store import Store

COMMIT_AT_MOST = 64
"""How many arrivals one commit takes."""

_Waiting = tuple[Arrival, "asyncio.Future[Ingested]"]


class Commits:
    """Commits together what arrives while a commit runs; a feed that can not be committed fails alone.

    Without a `placer` new entries are left for others to place in stories (see unplaced.py).
    """

    def __init__(
        self,
        store: StoreThread,
        *,
        watch: Callable[[], Watch],
        clock: Callable[[], datetime],
        placer: "Placer | None" = None,
    ) -> None:
        self._store = store
        self._placer = placer
        self._watch = watch
        self._clock = clock
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def commit(self, arrival: Arrival) -> Ingested:
        """Return when the arrival is in the store, with what became of it; raises what the store raises."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        done: asyncio.Future[Ingested] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((arrival, done))
        return await done

    async def prepare(self) -> None:
        """Build what the first document would wait for; nobody else waits meanwhile."""
        await self._watch().built()
        if self._placer is not None:
            await self._catch_up(self._placer)

    async def keep(self) -> None:
        """Have the store keep what a start would otherwise recall; where it can not, it is recalled."""
        if self._placer is not None:
            with suppress(StoreError):
                await self._store.run(self._placer.keep)

    async def close(self) -> None:
        """Commit no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            await self.keep()

    async def _run(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < COMMIT_AT_MOST and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._commit([one for one in batch if not one[1].done()])

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        """Commit; where that fails, each alone."""
        try:
            results = await self._ingest([arrival for arrival, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits for it is told
            if len(batch) > 1:
                for one in batch:
                    await self._commit([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, done), ingested in zip(batch, results, strict=True):
            if not done.done():
                done.set_result(ingested)

    async def _ingest(self, arrivals: Sequence[Arrival]) -> Sequence[Ingested]:
        if all(arrival.parsed is None for arrival in arrivals):
            now = self._clock()
            return await self._store.run_poll(lambda store: take_quiet(store, arrivals, now=now))
        from monitor.ingest import ingest  # with topics and stories, for which most polls have no work

        await self.prepare()
        watch, now, placer = self._watch(), self._clock(), self._placer
        return await self._store.run(
            lambda store: ingest(store, arrivals, watch=watch, now=now, placer=placer)
        )

    async def _catch_up(self, placer: "Placer") -> None:
        """Recall what others have placed, and place what they have left, a few at a time."""
        from monitor.placer import RECALLED_AT_ONCE
        from monitor.unplaced import place_some

        def recall(store: "Store") -> bool:
            return placer.catch_up(store, now=self._clock(), most=RECALLED_AT_ONCE)

        while not await self._store.run(recall):
            pass
        while not await self._store.run(lambda store: place_some(store, placer)):
            pass
