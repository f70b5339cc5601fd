"""A bounded set of running tasks; contains no business logic."""

import asyncio
from collections.abc import Callable, Coroutine


class Slots:
    """Up to `size` tasks at a time. Starting never waits: ask `free`. Exceptions go to `on_error`."""

    def __init__(self, size: int, *, on_error: Callable[[Exception], None]) -> None:
        self._size = size
        self._on_error = on_error
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """How many more tasks may start."""
        return max(0, self._size - len(self._tasks))

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Run the work as a task of its own."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait_for_free(self) -> None:
        """Return when a task more may start."""
        while not self.free:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self) -> None:
        """Return when every task has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def cancel(self) -> None:
        """End every task at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - what one task dies of must be heard of, and harm no other
            self._on_error(error)
