"""What runs in the other processes: a nursery that loads modules once and forks, and the children's loop.

Imports little: its memory is counted for each child.
"""

import contextlib
import gc
import importlib
import math
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

FORK, END = b"F", b"K"
COMMAND = struct.Struct("<ci")
"""To the nursery: fork a child for the socket that comes along, or end the child with this process id."""
OBITUARY = struct.Struct("<ii")
"""From the nursery: a child's process id, and how it ended (as `Popen.returncode`)."""
HELLO = struct.Struct("<i")
"""From a child, once: its process id."""
CALL = struct.Struct("<Qd")
"""To a child: the length of the pickle that follows, and its seconds."""
REPLY = struct.Struct("<c?Q")
"""From a child: what follows, whether this was its last, and the length of what follows."""
RESULT, ERROR, BROKEN = b"R", b"E", b"B"

_WORN_AT = 0.5
"""Part of the allowed memory at which a child is replaced: what a large document took is never given back."""


def nursery(control_fd: int, preload: Sequence[str], memory_bytes: int, niceness: int) -> NoReturn:
    """Load modules, then fork and end children as told, until the monitor is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the monitor decides when to stop, and closes our socket
    for name in preload:
        with contextlib.suppress(Exception):  # whoever calls it will be told
            getattr(importlib.import_module(name), "warm_up", bool)()
    gc.collect()
    gc.freeze()  # memory that is never touched stays shared with the children
    control = socket.socket(fileno=control_fd)
    children: set[int] = set()
    while True:
        message, fds = _next_command(control)
        command, pid = COMMAND.unpack(message)
        if command == FORK:
            children.add(_fork(control, fds[0], memory_bytes, niceness))
        elif pid in children:  # only we reap: until then the process id means this child and no other
            children.discard(pid)
            control.sendall(OBITUARY.pack(pid, _end(pid)))


def _next_command(control: socket.socket) -> tuple[bytes, list[int]]:
    try:
        message, fds, _, _ = socket.recv_fds(control, COMMAND.size, 1)
    except OSError:
        os._exit(0)
    if len(message) < COMMAND.size:
        os._exit(0)
    return message, fds


def _fork(control: socket.socket, fd: int, memory_bytes: int, niceness: int) -> int:
    nursery_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            os.nice(niceness)
            _child(socket.socket(fileno=fd), nursery_pid, memory_bytes)
        finally:
            os._exit(1)
    os.close(fd)
    return pid


def _end(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _child(pipe: socket.socket, nursery_pid: int, memory_bytes: int) -> NoReturn:
    _die_with_parent()
    if os.getppid() != nursery_pid:
        os._exit(0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    pipe.sendall(HELLO.pack(os.getpid()))
    while True:
        size, seconds = CALL.unpack(_receive(pipe, CALL.size))
        _allow_cpu(seconds)
        kind, reply = _answer(pipe, size)
        worn = kind == BROKEN or _peak_bytes() > memory_bytes * _WORN_AT
        pipe.sendall(REPLY.pack(kind, worn, len(reply)) + reply)  # at once: the monitor wakes once
        if worn:
            os._exit(0)


def _answer(pipe: socket.socket, size: int) -> tuple[bytes, bytes]:
    """Do one call; what can not be done or sent comes back in words."""
    try:
        function, args, kwargs = pickle.loads(_receive(pipe, size))  # noqa: S301 - from the monitor
        try:
            result = function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - raised again in the monitor
            return _raised(error)
        return RESULT, pickle.dumps(result, protocol=5)
    except MemoryError:
        return BROKEN, b"out of memory"
    except BaseException as error:  # noqa: BLE001 - SystemExit too: the monitor must hear of it
        return BROKEN, f"{type(error).__name__}: {error}"[:2000].encode(errors="replace")


def _raised(error: Exception) -> tuple[bytes, bytes]:
    """An exception with its traceback; as a crash where it can be pickled but not read back."""
    if isinstance(error, MemoryError):
        raise error
    trace = "".join(traceback.format_exception(error)).strip()
    pickled = pickle.dumps(error, protocol=5)
    try:
        pickle.loads(pickled).add_note(trace)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever its class does
        return BROKEN, f"{type(error).__name__}: {error}"[:2000].encode(errors="replace")
    error.add_note(trace)
    return ERROR, pickle.dumps(error, protocol=5)


def _receive(pipe: socket.socket, size: int) -> bytearray:
    """Exactly so many bytes; ends the child where the monitor is gone."""
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        count = pipe.recv_into(view)
        if not count:
            os._exit(0)
        view = view[count:]
    return buffer


def _allow_cpu(seconds: float) -> None:
    """The clock on the wall is watched by the monitor; this ends a child that nobody watches any more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _die_with_parent() -> None:
    """Ask the kernel to end this process with the nursery, which ends with the monitor, however that ends."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
