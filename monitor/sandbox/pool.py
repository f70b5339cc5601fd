"""The monitor's side: lends children to calls, watches the clock, replaces those that broke."""

import asyncio
import contextlib
import pickle
from collections.abc import Callable
from typing import Any, Self, TypeVar

from monitor.errors import SandboxCrashError, SandboxTimeoutError
from monitor.sandbox import child as protocol
from monitor.sandbox.nursery import Child, Nursery

T = TypeVar("T")

MEMORY_BYTES = 512 * 1024 * 1024
START_SECONDS = 30.0
"""How long modules may take to load."""
IDLE_SECONDS = 60.0
"""How long children wait for the next call before all are let go."""
_LARGE = 256 * 1024
"""Replies above this are read in a thread, so that the loop goes on."""


class Sandbox:
    """Runs functions in up to `max_workers` children, and one for slow calls; belongs to one event loop.

    `preload` names modules that the children find loaded; a `warm_up()` in them has been called, for what
    they would import later. `memory_bytes` limits each child's data, `niceness` is how far it stands back
    behind our own threads. Once nothing has come for a while all but `keep_warm` of them are let go.
    """

    def __init__(
        self,
        max_workers: int,
        *,
        memory_bytes: int = MEMORY_BYTES,
        preload: tuple[str, ...] = (),
        idle_seconds: float = IDLE_SECONDS,
        keep_warm: int = 0,
        niceness: int = 0,
    ) -> None:
        self._memory_bytes = memory_bytes
        self._niceness = niceness
        self._preload = preload
        self._idle_seconds = idle_seconds
        self._keep_warm = keep_warm
        self._turns = asyncio.Semaphore(max_workers)
        self._slow_turns = asyncio.Semaphore(1)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._nursery: Nursery | None = None
        self._letting_go: asyncio.TimerHandle | None = None
        self._closed = False

    def prepare(self) -> None:
        """Have the modules loaded while something else is done: the first call need not wait for them."""
        if self._nursery is None and not self._closed:
            with contextlib.suppress(OSError):  # the first call tries again, and says what is wrong
                self._nursery = Nursery(self._preload, self._memory_bytes, self._niceness)
                self._let_go_later()

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        timeout: float,
        quick: float | None = None,
        **kwargs: Any,
    ) -> T:
        """Call a module-level function in a child and return its result or raise its exception.

        `timeout` counts from when the child has the call: SandboxTimeoutError, and the child is killed.
        SandboxCrashError where it died or ran out of memory. Arguments and results must be picklable.
        What is not done within `quick` seconds begins again, in the one child more that is for such calls:
        however many there are, they hold up only each other.
        """
        call = pickle.dumps((function, args, kwargs), protocol=5)
        result: T
        if quick is not None and quick < timeout:
            with contextlib.suppress(SandboxTimeoutError):
                result = await self._run(call, self._turns, quick)
                return result
        result = await self._run(call, self._turns if quick is None else self._slow_turns, timeout)
        return result

    async def _run(self, call: bytes, turns: asyncio.Semaphore, seconds: float) -> Any:
        async with turns:
            child = await self._lend()
            try:
                kind, last, reply = await self._ask(child, call, seconds)
            except BaseException:
                self._take_back(child, worn=True)
                raise
            self._take_back(child, worn=last)
        return await _read(kind, reply)

    def close(self) -> None:
        """Kill all children at once; calls that run end with SandboxCrashError, as do those that come."""
        self._closed = True
        self._kill_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _lend(self) -> Child:
        self._stay()
        child = self._idle.pop() if self._idle else await self._fork()
        while not child.alive:  # it was killed while it waited
            child.end()
            child = self._idle.pop() if self._idle else await self._fork()
        self._busy.add(child)
        return child

    def _take_back(self, child: Child, *, worn: bool) -> None:
        self._busy.discard(child)
        if worn:
            child.end()
        else:
            self._idle.append(child)
        self._let_go_later()

    def _let_go_later(self) -> None:
        self._stay()
        loop = asyncio.get_running_loop()
        self._letting_go = loop.call_later(self._idle_seconds, self._let_go)

    def _stay(self) -> None:
        """Let nobody go: there is work, or nobody is left."""
        if self._letting_go is not None:
            self._letting_go.cancel()

    def _let_go(self) -> None:
        """Nothing came for a while: hold no memory that is not asked for."""
        if self._busy:
            return
        if not self._keep_warm:
            self._kill_all()
        while len(self._idle) > self._keep_warm:
            self._idle.pop(0).end()

    def _kill_all(self) -> None:
        self._stay()
        for child in (*self._idle, *self._busy):
            child.kill()
        self._idle.clear()
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    async def _fork(self) -> Child:
        if self._closed:
            raise SandboxCrashError("closed")
        if self._nursery is not None and not self._nursery.alive:
            self._nursery.close()
            self._nursery = None
        if self._nursery is None:
            self._nursery = Nursery(self._preload, self._memory_bytes, self._niceness)
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._nursery.fork()
        except (OSError, EOFError, TimeoutError) as error:
            raise SandboxCrashError("no child process could be started") from error

    async def _ask(self, child: Child, call: bytes, seconds: float) -> tuple[bytes, bool, bytes]:
        try:
            async with asyncio.timeout(seconds):
                return await child.ask(call, seconds)
        except TimeoutError as error:
            raise SandboxTimeoutError(f"not done within {seconds:g} s, killed") from error
        except (OSError, EOFError) as error:
            raise SandboxCrashError(await child.obituary()) from error


async def _read(kind: bytes, reply: bytes) -> Any:
    if kind == protocol.BROKEN:
        raise SandboxCrashError(reply.decode(errors="replace"))
    value = await asyncio.to_thread(pickle.loads, reply) if len(reply) > _LARGE else pickle.loads(reply)  # noqa: S301
    if kind == protocol.ERROR:
        raise value
    return value
