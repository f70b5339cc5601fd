"""From a host to a socket: looking its name up, and refusing addresses that are not public."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from monitor.addresses import why_not_public

Lookup = Callable[[str], Sequence[str]]

_LOOKUPS_AT_ONCE = 32

refused: ContextVar[list[str]] = ContextVar("refused")
"""What was wrong with the addresses that were refused on behalf of this request."""
dialled: ContextVar[list[str]] = ContextVar("dialled")
"""The addresses that were tried on behalf of this request: none where it had a kept connection."""


def look_up(host: str) -> list[str]:
    """The addresses of a name, by the system's resolver; blocks, raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def any_socket(info: tuple[Any, ...]) -> socket.socket:
    """The socket for an address about to be connected to."""
    family, kind, protocol, _, address = info
    dialled.get().append(str(address[0]))
    return socket.socket(family=family, type=kind, proto=protocol)


def public_socket(info: tuple[Any, ...]) -> socket.socket:
    """The same; refuses an address that is not public."""
    refuse_private(str(info[4][0]))
    return any_socket(info)


def refuse_private(address: str) -> None:
    """Raise PermissionError for an address that is not public, and remember why."""
    if reason := why_not_public(address):
        words = f"{reason} ({address})"
        refused.get().append(words)
        raise PermissionError(words)


class Resolver:
    """Looks names up, each in a thread that nobody waits for: a dead resolver must not hold up an exit."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._turns = asyncio.Semaphore(_LOOKUPS_AT_ONCE)

    async def resolve(self, host: str, port: int = 0, **_: object) -> list[dict[str, Any]]:
        """The addresses of a host, in the form that aiohttp's connector expects."""
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
            for address in await self.addresses(host)
        ]

    async def addresses(self, host: str) -> Sequence[str]:
        """The addresses of a host; raises OSError where there is none."""
        async with self._turns:
            addresses = await self._in_thread(host)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return addresses

    async def close(self) -> None:
        """Nothing is held."""

    async def _in_thread(self, host: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Sequence[str]] = loop.create_future()

        def tell(error: Exception | None, addresses: Sequence[str]) -> None:
            if not future.done():
                future.set_exception(error) if error else future.set_result(addresses)

        def work() -> None:
            error: Exception | None = None
            addresses: Sequence[str] = ()
            try:
                addresses = self._lookup(host)
            except Exception as raised:  # noqa: BLE001 - handed to who waits
                error = raised
            with suppress(RuntimeError):  # the loop is gone, and who waited with it
                loop.call_soon_threadsafe(tell, error, addresses)

        threading.Thread(target=work, name=f"lookup {host}", daemon=True).start()
        return await future
