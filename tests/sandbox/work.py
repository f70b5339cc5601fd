"""Functions for children to run: they must be importable there."""

import asyncio
import os
import re
import signal
import sys
import time
from dataclasses import dataclass

from monitor.errors import RetrieveError
from monitor.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something picklable."""

    names: tuple[str, ...]


def echo(value: object, *, times: int = 1) -> tuple[object, ...]:
    return (value,) * times


def pack(name: str) -> Parcel:
    return Parcel(names=(name,))


def niceness() -> int:
    return os.nice(0)


def pid() -> int:
    return os.getpid()


def modules() -> set[str]:
    return set(sys.modules)


def main_module() -> str:
    return str(getattr(sys.modules["__main__"], "__file__", ""))


def handlers() -> list[bool]:
    """Whether SIGINT and SIGTERM are ignored."""
    return [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)]


def spin() -> None:
    while True:
        pass


def stuck_in_c() -> None:
    """Holds the interpreter's lock where no signal handler of Python runs."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def begin(path: str) -> None:
    """Leave a sign that it has begun, and never end."""
    open(path, "x").close()
    stuck_in_c()


def wait_for(path: str) -> str:
    """Until there is such a file."""
    while not os.path.exists(path):
        time.sleep(0.01)
    return path


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def eat(count: int) -> int:
    return len(bytearray(count))


def end(code: int) -> None:
    os._exit(code)


def abort() -> None:
    os.abort()


def leave() -> None:
    sys.exit("leaving")


def raise_value_error(text: str) -> None:
    raise ValueError(text)


def raise_with_fields() -> None:
    raise RetrieveError("gone", url="http://x.example/", status=410, retryable=False)


class OddError(Exception):
    """Can be pickled, can not be read back."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def raise_odd() -> None:
    raise OddError("very", "odd")


def unpicklable() -> object:
    return lambda: None


def print_something() -> None:
    print("this must not reach the monitor's output")


async def _be_a_monitor() -> None:
    from tests.sandbox import work  # the children know nothing of our __main__

    sandbox, signs = Sandbox(2), [f"{sys.argv[1]}/{number}" for number in range(2)]
    print(await sandbox.run(work.pid, timeout=30), flush=True)
    running = [asyncio.create_task(sandbox.run(work.begin, sign, timeout=600)) for sign in signs]
    while not all(map(os.path.exists, signs)):
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.gather(*running)


if __name__ == "__main__":
    asyncio.run(_be_a_monitor())
