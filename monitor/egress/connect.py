"""From a host to a socket: looking its name up, and refusing addresses that are not public."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from monitor.addresses import why_not_public

Lookup = Callable[[str], Sequence[str]]

_LOOKUPS_AT_ONCE = 32


def look_up(host: str) -> list[str]:
    """The addresses of a name, by the system's resolver; blocks, raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def why_refused(address: str) -> str:
    """Why an address is not connected to, "" for one that is public."""
    reason = why_not_public(address)
    return f"{reason} ({address})" if reason else ""


class Resolver:
    """Looks names up, each in a thread that nobody waits for: a dead resolver must not hold up an exit."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._turns = asyncio.Semaphore(_LOOKUPS_AT_ONCE)

    async def addresses(self, host: str) -> Sequence[str]:
        """The addresses of a host; raises OSError where there is none."""
        async with self._turns:
            addresses = await self._in_thread(host)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return addresses

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
