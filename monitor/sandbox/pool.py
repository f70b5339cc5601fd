"""The monitor's side: lends children to calls, watches the clock, replaces those that broke."""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Self, TypeVar

from monitor.errors import SandboxCrashError, SandboxTimeoutError
from monitor.sandbox import child as protocol

T = TypeVar("T")

MEMORY_BYTES = 512 * 1024 * 1024
START_SECONDS = 30.0
"""How long modules may take to load."""
IDLE_SECONDS = 60.0
"""How long children wait for the next call before all are let go."""
_BUFFER = 1024 * 1024
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
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._nursery: _Nursery | None = None
        self._letting_go: asyncio.TimerHandle | None = None
        self._closed = False

    def prepare(self) -> None:
        """Have the modules loaded while something else is done: the first call need not wait for them."""
        if self._nursery is None and not self._closed:
            self._nursery = _Nursery(self._preload, self._memory_bytes, self._niceness)

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

    async def _lend(self) -> "_Child":
        child = self._idle.pop() if self._idle else await self._fork()
        while not child.alive:  # it was killed while it waited
            child.end()
            child = self._idle.pop() if self._idle else await self._fork()
        self._busy.add(child)
        return child

    def _take_back(self, child: "_Child", *, worn: bool) -> None:
        self._busy.discard(child)
        if worn:
            child.end()
        else:
            self._idle.append(child)
        if self._letting_go is not None:
            self._letting_go.cancel()
        loop = asyncio.get_running_loop()
        self._letting_go = loop.call_later(self._idle_seconds, self._let_go)

    def _let_go(self) -> None:
        """Nothing came for a while: hold no memory that is not asked for."""
        if self._busy:
            return
        if not self._keep_warm:
            self._kill_all()
        while len(self._idle) > self._keep_warm:
            self._idle.pop(0).end()

    def _kill_all(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
        for child in (*self._idle, *self._busy):
            child.kill()
        self._idle.clear()
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    async def _fork(self) -> "_Child":
        if self._closed:
            raise SandboxCrashError("closed")
        if self._nursery is not None and not self._nursery.alive:
            self._nursery.close()
            self._nursery = None
        if self._nursery is None:
            self._nursery = _Nursery(self._preload, self._memory_bytes, self._niceness)
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._nursery.fork()
        except (OSError, EOFError, TimeoutError) as error:
            raise SandboxCrashError("no child process could be started") from error

    async def _ask(self, child: "_Child", call: bytes, seconds: float) -> tuple[bytes, bool, bytes]:
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


class _Child:
    """A child and the socket to it."""

    def __init__(self, pid: int, pipe: socket.socket, nursery: "_Nursery") -> None:
        self._pid = pid
        self._pipe = pipe
        self._nursery = nursery
        self._reaped = False

    @property
    def alive(self) -> bool:
        """Whether it still waits for a call."""
        try:
            return bool(self._pipe.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def ask(self, call: bytes, seconds: float) -> tuple[bytes, bool, bytes]:
        """Send a call and wait for the reply; raises EOFError or OSError where the child dies."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._pipe, protocol.CALL.pack(len(call), seconds) + call)
        kind, last, size = protocol.REPLY.unpack(await _receive(self._pipe, protocol.REPLY.size))
        return kind, last, bytes(await _receive(self._pipe, size))

    def kill(self) -> None:
        """Kill it at once; a call that it has will end with an error.

        Only while its nursery lives does the number mean this child: it dies with it, and the number may be
        anybody's then.
        """
        if not self._reaped and self._nursery.alive:
            os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        """Have it killed and reaped, without waiting; it must have no call."""
        self._pipe.close()
        self._reaped = True
        self._nursery.end(self._pid)

    async def obituary(self) -> str:
        """How it died, in words."""
        self._reaped = True
        code = await self._nursery.obituary(self._pid)
        if code is None:
            return "its process is gone"
        if code >= 0:
            return f"its process ended with code {code}"
        return f"its process was ended by {signal.Signals(-code).name}"


class _Nursery:
    """The process that forks children: our end of it."""

    def __init__(self, preload: tuple[str, ...], memory_bytes: int, niceness: int) -> None:
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-c", _start(theirs.fileno(), preload, memory_bytes, niceness)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # out of the reach of the terminal's Ctrl-C
            )
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control, self._read_obituaries)

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return self._control.fileno() >= 0 and self._process.poll() is None

    async def fork(self) -> _Child:
        """A new child, once it says hello."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                ours.setblocking(False)
                for end in (ours, theirs):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
                socket.send_fds(self._control, [protocol.COMMAND.pack(protocol.FORK, 0)], [theirs.fileno()])
            (pid,) = protocol.HELLO.unpack(await _receive(ours, protocol.HELLO.size))
        except BaseException:
            ours.close()
            raise
        return _Child(pid, ours, self)

    def end(self, pid: int) -> None:
        """Have a child killed and reaped."""
        with contextlib.suppress(OSError):
            self._control.send(protocol.COMMAND.pack(protocol.END, pid))

    async def obituary(self, pid: int) -> int | None:
        """Have a child reaped and learn how it ended; None where nobody knows."""
        if not self.alive:
            return None
        self._waiting[pid] = self._loop.create_future()
        self.end(pid)
        try:
            async with asyncio.timeout(1):
                return await self._waiting[pid]
        except TimeoutError:
            return None
        finally:
            del self._waiting[pid]

    def close(self) -> None:
        """Kill it; its children go with it."""
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            self._control.close()
        self._process.kill()
        self._process.wait()

    def _read_obituaries(self) -> None:
        records = b""
        with contextlib.suppress(OSError):
            records = self._control.recv(protocol.OBITUARY.size * 64)
        if not records:
            self.close()
            return
        for pid, code in protocol.OBITUARY.iter_unpack(records):
            if pid in self._waiting and not self._waiting[pid].done():
                self._waiting[pid].set_result(code)


def _start(fd: int, preload: tuple[str, ...], memory_bytes: int, niceness: int) -> str:
    """The nursery's program: our import path, and nothing of our `__main__`."""
    return (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        f"from monitor.sandbox.child import nursery\n"
        f"nursery({fd}, {preload!r}, {memory_bytes}, {niceness})"
    )


async def _receive(pipe: socket.socket, size: int) -> bytearray:
    loop = asyncio.get_running_loop()
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        count = await loop.sock_recv_into(pipe, view)
        if not count:
            raise EOFError
        view = view[count:]
    return buffer
