"""Tells open pages that there may be news. A hint, as all bells are: what is new stands in the store."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

TICK_SECONDS = 10.0
"""Pages look by themselves so often: other processes write hits too."""
MOST_LISTENERS = 100


class News:
    """Wakes everyone who listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self._is_over = False

    def tell(self) -> None:
        """There may be news."""
        for event in self._listeners:
            event.set()

    def end(self) -> None:
        """There will be no more; whoever listens stops."""
        self._is_over = True
        self.tell()

    @property
    def is_full(self) -> bool:
        """Whether nobody else may listen."""
        return len(self._listeners) >= MOST_LISTENERS

    async def ticks(self) -> AsyncIterator[None]:
        """Once at first, then whenever there may be news, and now and then without."""
        with self._listening() as event:
            while not self._is_over:
                yield
                try:
                    await asyncio.wait_for(event.wait(), TICK_SECONDS)
                except TimeoutError:
                    continue
                event.clear()

    @contextmanager
    def _listening(self) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)
