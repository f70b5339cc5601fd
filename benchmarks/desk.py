"""How long does the desk's first page take, and how much is it, with a million entries stored?

    python -m benchmarks.desk [CORPORA] [--entries 1000000] [--asks 60] [--keep FOLDER] [--json]

What is stored benchmarks/desk_stock.py says. The desk is served by a process of its own, and so, in the
same run and by the same server, is an answer of Starlette that does nothing but say "ok": each page is asked
for in turns with it. `cpu ms` is the server's processor time a request, to compare on a busy machine; KB is
what comes over the wire, of the first page together with its style and script.
"""

import asyncio
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from datetime import timedelta
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.backtest import forget_pages
from benchmarks.corpora import arguments, machine, table
from benchmarks.desk_stock import KEY, stock
from monitor.clock import clock
from monitor.config import load
from monitor.store import open_store
from monitor.store.records import DaemonRow
from monitor.web.gate import COOKIE
from monitor.web.live import News
from monitor.web.opening import open_desk
from monitor.web.server import serve

PAGES = (
    ("first page", "/"),
    ("a topic", "/?topic=Cuba"),
    ("a feed", "/?feed=Paper+7"),
    ("a frequent word", "/?q=president"),
    ("rare words", "/?q=filibuster+AND+gerrymander*"),
    ("starred", "/?starred=yes"),
    ("older", "/?before=20000"),
    ("a story", "/?story={story}"),
    ("feeds", "/feeds"),
    ("topics", "/topics"),
)
START_SECONDS = 1.0
"""A server says where it is a moment before it answers."""


def main() -> None:
    """Build, serve, ask and print."""
    options = arguments((__doc__ or "").partition("\n")[0])
    options.add_argument("--entries", type=int, default=1_000_000, help="how many (default %(default)s)")
    options.add_argument("--asks", type=int, default=60, help="of each page (default %(default)s)")
    options.add_argument("--keep", type=Path, help="the folder, made if it is not there, kept afterwards")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        if not (folder / "monitor.db").exists():
            stock(folder, entries=chosen.entries, corpora=chosen.corpora)
        result = measure(folder, asks=chosen.asks)
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(
        f"{result['machine']}\n{result['entries']:,} entries, {result['hits']:,} hits,"
        f" {result['megabytes']:,} MB"
    )
    print(table(result["pages"]))
    print(f"first page with style and script: {result['first_page_kb']} KB in {result['files']} files")


# --- serving ---


def serving(folder: Path, ports: Connection) -> None:
    """The desk and the bare answer, until nobody needs them."""
    asyncio.run(_serve(folder, ports))


async def _serve(folder: Path, ports: Connection) -> None:
    config = load(folder, environ={})
    said: asyncio.Queue[str] = asyncio.Queue()
    bare = Starlette(routes=[Route("/", _ok)])
    serving = asyncio.create_task(
        serve("127.0.0.1:0", lambda _: bare, on_serving=said.put_nowait, on_trouble=_raise)
    )
    bare_at = await said.get()

    def report(what: Any) -> None:
        if address := getattr(what, "address", ""):
            said.put_nowait(address)

    async with open_desk(
        folder / "monitor.db", folder, lambda: config, ring=_nobody, news=News(), on_report=report
    ):
        ports.send((_port(await said.get()), _port(bare_at)))
        await asyncio.to_thread(ports.recv)
    serving.cancel()


async def _ok(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _raise(error: Exception) -> None:
    raise error


def _nobody(_: str) -> None:
    """No daemon hears."""


def _port(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2])


# --- asking ---


def measure(folder: Path, *, asks: int) -> dict[str, Any]:
    """All figures."""
    path = folder / "monitor.db"
    store = open_store(path)
    counts, newest = store.counts(), store.newest_hit_id()
    (story,) = store.story_sums([hit.entry.entry_id for hit in store.hits(limit=1)]).values()
    store.say_daemon(_daemon())
    store.close()
    forget_pages(path)
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=serving, args=(folder, there), daemon=True)
    server.start()
    desk, bare = here.recv()
    time.sleep(START_SECONDS)
    rows = [
        _row(name, desk, bare, where.format(story=story.story_id), server.pid or 0, asks)
        for name, where in PAGES
    ]
    kilobytes, files = weight(desk)
    here.send("enough")
    server.join()
    return {
        "machine": machine(),
        "entries": counts.entries,
        "hits": newest,
        "megabytes": path.stat().st_size // 1_000_000,
        "pages": rows,
        "first_page_kb": kilobytes,
        "files": files,
    }


def weight(port: int) -> tuple[float, int]:
    """What the first page comes to with all that it loads, in KB and files."""
    html = _ask(port, "/")[1]
    loaded = [part.split('"')[0] for part in html.decode().split('"/static/')[1:]]
    sizes = [len(html), *(len(_ask(port, f"/static/{one}")[1]) for one in loaded)]
    return round(sum(sizes) / 1000, 1), len(sizes)


def _row(name: str, desk: int, bare: int, where: str, pid: int, asks: int) -> dict[str, Any]:
    first, body = _ask(desk, where)
    used, pages, oks = 0.0, [], []
    for _ in range(asks):
        before = _cpu_seconds(pid)
        pages.append(_ask(desk, where)[0])
        used += _cpu_seconds(pid) - before
        oks.append(_ask(bare, "/")[0])
    return {
        "page": name,
        "KB": round(len(body) / 1000, 1),
        "first ms": round(1000 * first, 1),
        "p50 ms": round(1000 * statistics.median(pages), 1),
        "p95 ms": round(1000 * sorted(pages)[int(0.95 * asks)], 1),
        "cpu ms": round(1000 * used / asks, 1),
        "bare p50 ms": round(1000 * statistics.median(oks), 2),
    }


def _ask(port: int, where: str) -> tuple[float, bytes]:
    """Seconds until the whole answer is there, and the answer."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", where, headers={"Cookie": f"{COOKIE}={KEY}", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - begun
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{where}: {answer.status} {body[:500]!r}")
    return seconds, body


def _cpu_seconds(pid: int) -> float:
    """Seconds of the processor that a process has used, to the nanosecond."""
    return (
        sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())
        / 1e9
    )


def _daemon() -> DaemonRow:
    now = clock()
    return DaemonRow(
        pid=os.getpid(),
        version="benchmark",
        started_at=now,
        beat_at=now + timedelta(hours=1),
        stopped_at=None,
        config_loaded_at=now,
        config_error="",
        config_error_since=None,
    )


if __name__ == "__main__":
    main()
