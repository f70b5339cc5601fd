"""What a request costs through the egress, beside a bare aiohttp session on the same feeds.

    python -m benchmarks.egress [CORPORA] [--feeds 1000]

Asks loopback feeds, each on an address of its own, which answer 304: in the clear and over TLS, in turns.
Prints milliseconds of the processor for each request and how many times the egress is cheaper. aiohttp
here follows nothing, checks no address and unpacks nothing: its own cost alone.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.corpora import arguments, machine, table
from benchmarks.feedserver import HOSTS_A_PORT, ITEMS
from benchmarks.poll import serving
from monitor.egress import Egress
from monitor.egress.tls import Authorities

AT_ONCE = 50
ROUNDS = 3
KNOWN = {"If-None-Match": f'"{ITEMS}"'}

Ask = Callable[[str], Awaitable[int]]


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__.partition("\n")[0])
    options.add_argument("--feeds", type=int, default=1_000, help="how many feeds")
    chosen = options.parse_args()
    if find_spec("aiohttp") is None:
        raise SystemExit("aiohttp is not there: `pip install --group bench` brings it")
    with serving(chosen.corpora, tls_ports=-(-chosen.feeds // HOSTS_A_PORT)) as (server, _):
        rows = [
            measured("in the clear", server.urls(chosen.feeds), server.authority),
            measured("over TLS", server.tls_urls(chosen.feeds), server.authority),
        ]
    result = {
        "machine": {**machine(), **{name: version(name) for name in ("aiohttp", "pycurl")}},
        "rows": rows,
    }
    if chosen.json:
        print(json.dumps(result, indent=1))
    else:
        print(f"{result['machine']}\n\n{table(rows)}")


def measured(name: str, urls: Sequence[str], authority: Path) -> dict[str, Any]:
    """The least of some rounds of each, in turns."""
    seconds: dict[str, list[float]] = {"egress": [], "aiohttp": []}
    for _ in range(ROUNDS):
        for program, run in (("egress", through_egress), ("aiohttp", through_aiohttp)):
            began = time.process_time()
            asyncio.run(run(urls, authority))
            seconds[program].append(time.process_time() - began)
    egress, other = (min(seconds[program]) / len(urls) * 1000 for program in ("egress", "aiohttp"))
    return {
        "requests": name,
        "egress, ms": round(egress, 2),
        "aiohttp, ms": round(other, 2),
        "times": round(other / egress, 1),
    }


async def through_egress(urls: Sequence[str], authority: Path) -> None:
    """Ask for all of them by the monitor's way out."""
    async with Egress(authorities=Authorities(file=str(authority))) as egress:

        async def ask(url: str) -> int:
            return (await egress.request("GET", url, headers=KNOWN, allow_private=True)).status

        await all_of(urls, ask)


async def through_aiohttp(urls: Sequence[str], authority: Path) -> None:
    """Ask for all of them by aiohttp alone."""
    import aiohttp

    connector = aiohttp.TCPConnector(limit=0, ssl=ssl.create_default_context(cafile=str(authority)))
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(url: str) -> int:
            async with session.get(url, headers=KNOWN) as answer:
                await answer.read()
                return int(answer.status)

        await all_of(urls, ask)


async def all_of(urls: Sequence[str], ask: Ask) -> None:
    """So many at once; each must be a 304."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> None:
        async with turns:
            status = await ask(url)
            assert status == 304, f"{url}: {status}"

    await asyncio.gather(*map(one, urls))


if __name__ == "__main__":
    main()
