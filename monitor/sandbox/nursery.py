"""The nursery and the children that it forks, as the monitor holds them: our ends of their sockets."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys

from monitor.sandbox import child as protocol

_BUFFER = 1024 * 1024


class Child:
    """A child and the socket to it."""

    def __init__(self, pid: int, pipe: socket.socket, nursery: "Nursery") -> None:
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


class Nursery:
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

    async def fork(self) -> Child:
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
        return Child(pid, ours, self)

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
