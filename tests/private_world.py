"""Run in a network namespace of its own: a public server, a private network, and feeds that lead there.

Prints as JSON which private addresses were connected to, and how each poll ended.
"""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import chain, cycle

from monitor.egress import Egress
from monitor.egress.connect import look_up
from monitor.egress.tls import system_authorities
from tests.faultserver import FaultServer, rss
from tests.test_faults import world

PUBLIC = "93.184.216.34"
PRIVATE = (
    "127.0.0.1", "10.0.0.5", "172.16.0.5", "192.168.0.5", "169.254.169.254", "100.64.0.5", "198.18.0.5",
    "192.0.0.5", "::1", "fd00::5",
)  # fmt: skip
PORT = 8080


def add_addresses() -> None:
    """All of them on the loopback device: whoever is asked answers."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (PUBLIC, *PRIVATE[1:]):
        bits = 128 if ":" in address else 32
        command = ["ip", "address", "add", f"{address}/{bits}", "dev", "lo"]
        subprocess.run(command, check=address not in ("::1",), capture_output=True)


def host(address: str) -> str:
    """The address as a URL writes it."""
    return f"[{address}]" if ":" in address else address


async def main() -> None:
    """Polls what leads to each private address: itself, a redirect, a name, a name that changes."""
    async with AsyncExitStack() as stack:
        public = await stack.enter_async_context(FaultServer(host=PUBLIC, port=PORT))
        public.serve("/feed", rss("Public"))
        servers = {
            address: await stack.enter_async_context(FaultServer(host=address, port=PORT))
            for address in PRIVATE
        }
        names: dict[str, Iterator[list[str]]] = {
            f"n{number}.example": cycle([[address]]) for number, address in enumerate(PRIVATE)
        }
        names |= {f"m{number}.example": cycle([[PUBLIC, address]]) for number, address in enumerate(PRIVATE)}
        names |= {
            f"r{number}.example": chain([[PUBLIC]], cycle([[address]]))
            for number, address in enumerate(PRIVATE)
        }
        direct = [f"http://{host(address)}:{PORT}/feed" for address in PRIVATE]
        redirects = [f"http://{PUBLIC}:{PORT}/redirect?to={url}" for url in direct]
        named = [f"http://{name}:{PORT}/feed" for name in names]
        good = f"http://{PUBLIC}:{PORT}/feed"
        home = await stack.enter_async_context(world(look_up, system_authorities()))
        await home.follow(good, *direct, *redirects, *named, allow_private=False)
        for _ in range(2):  # each with an egress that remembers no name
            home.egress = await stack.enter_async_context(
                Egress(timeout=20, lookup=lambda name: next(names[name]))
            )
            await home.poll()
        errors = {url: row.state.error for url, row in (await home.rows()).items()}
        reached = [address for address, server in servers.items() if server.open_most]
        await home.follow(direct[1])
        await home.poll(direct[1])
        counted = [address for address, server in servers.items() if server.open_most]
    print(json.dumps({"reached": reached, "errors": errors, "good": good, "counted": counted}))


if __name__ == "__main__":
    add_addresses()
    asyncio.run(main())
