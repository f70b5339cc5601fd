"""Arrivals → ingest, several in a commit: whoever hands one over waits until it is in the store."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
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
"""How many arrivals one commit takes: fewer than a poller's slots, so that others are read meanwhile."""

_Waiting = tuple[Arrival, "asyncio.Future[Ingested]"]


class Commits:
    """Commits together what arrives while a commit is made; a feed that can not be committed fails alone.

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
        self._waiting: deque[_Waiting] = deque()
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def commit(self, arrival: Arrival) -> Ingested:
        """Return when the arrival is in the store, with what became of it; raises what the store raises."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        done: asyncio.Future[Ingested] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        self._came.set()
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
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                await self._commit(self._waiting.popleft())

    async def _commit(self, first: _Waiting) -> None:
        """Commit it with what else waits, or comes meanwhile; where that fails, each alone."""
        taken = [first]
        are_quiet = all(arrival.parsed is None for arrival, _ in (first, *self._waiting))
        try:
            results = await self._ingest(self._joining(taken, are_quiet=are_quiet), are_quiet=are_quiet)
            outcomes = list(zip(taken, results, strict=True))
        except Exception as error:  # noqa: BLE001 - whoever waits for it is told
            if len(taken) == 1:
                _end(first, error)
            else:
                for one in taken:
                    await self._commit_alone(one)
            return
        for one, ingested in outcomes:
            _end(one, ingested)

    async def _commit_alone(self, one: _Waiting) -> None:
        arrival = one[0]
        try:
            (ingested,) = await self._ingest(iter([[arrival]]), are_quiet=arrival.parsed is None)
        except Exception as error:  # noqa: BLE001 - as above
            _end(one, error)
        else:
            _end(one, ingested)

    def _joining(self, taken: list[_Waiting], *, are_quiet: bool) -> Iterator[list[Arrival]]:
        """Those that are taken with what else waits; then what has come meanwhile, until none waits.

        Runs in the store's thread. A slow disk is waited for once for all that comes. With quiet ones no
        others go.
        """
        began = 0
        while True:
            while self._waiting and len(taken) < COMMIT_AT_MOST:
                if are_quiet and self._waiting[0][0].parsed is not None:
                    break
                taken.append(self._waiting.popleft())
            if began == len(taken):
                return
            joined, began = taken[began:], len(taken)
            yield [arrival for arrival, _ in joined]

    async def _ingest(self, groups: Iterator[list[Arrival]], *, are_quiet: bool) -> Sequence[Ingested]:
        if are_quiet:
            now, arrivals = self._clock(), chain.from_iterable(groups)
            return await self._store.run_poll(lambda store: take_quiet(store, arrivals, now=now))
        from monitor.ingest import ingest_joined  # with topics and stories, for which most polls have no work

        await self.prepare()
        watch, now, placer = self._watch(), self._clock(), self._placer
        return await self._store.run_intake(
            lambda store: ingest_joined(store, groups, watch=watch, now=now, placer=placer)
        )

    async def _catch_up(self, placer: "Placer") -> None:
        """Recall what others have placed, place and index what they have left, a few at a time."""
        from monitor.indexing import index_some
        from monitor.placer import RECALLED_AT_ONCE
        from monitor.unplaced import place_some

        def recall(store: "Store") -> bool:
            return placer.catch_up(store, now=self._clock(), most=RECALLED_AT_ONCE)

        while not await self._store.run(recall):
            pass
        while not await self._store.run(lambda store: place_some(store, placer) and index_some(store)):
            pass


def _end(one: _Waiting, outcome: Ingested | Exception) -> None:
    """Tell whoever waits, unless that is nobody any more."""
    done = one[1]
    if done.done():
        return
    if isinstance(outcome, Exception):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)
