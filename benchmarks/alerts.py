"""How long does an alert take from the hit to the wire, and how long do ten thousand that wait?

    python -m benchmarks.alerts [--hits 1000] [--waiting 10000] [--json]

Hit by hit: an entry is ingested, its hit dispatched, its alert rendered and sent by a child process to a web
hook on loopback, all through the real store on disk; the clock runs from before the ingest until the web hook
has read the message. Beside each of them, in the same run, a bare `apprise.notify()` to the same web hook.

Waiting: so many hits of a hundred topics that wait, as after a night, are routed through a tree of twenty
nodes, grouped, stored as alerts, and every message is rendered for mail and for Slack. `cpu` is the processor
time of it, to compare on a busy machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import apprise

from benchmarks.corpora import machine, table
from monitor.alerts.pending import Rules
from monitor.alerts.render import render
from monitor.alerts.retry import Policy
from monitor.alerts.route import Matcher, Receiver, Route, Target
from monitor.alerts.template import Template
from monitor.arrival import Arrival
from monitor.courier import Courier, DeliveryReport
from monitor.dispatcher import Dispatched, dispatch
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.sandbox import Sandbox
from monitor.senders import senders
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch

FEED = Subscription(url="https://example.org/feed", name="World News")
HOUR = timedelta(hours=1)
TOPICS = 100
ROUTES = 20
SUMMARY = (
    "<p>Satellite images of the base near Havana show new antennas, two officials said on Tuesday, and a "
    "third spoke of topic{number}. Cuba denies it. The antennas were built since the spring.</p>"
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--hits", type=int, default=1_000, help="one after the other (default %(default)s)")
    options.add_argument("--waiting", type=int, default=10_000, help="at once (default %(default)s)")
    options.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one_by_one = asyncio.run(hit_by_hit(Path(folder) / "hits.db", chosen.hits))
        waiting = all_at_once(Path(folder) / "waiting.db", chosen.waiting)
    result = {"machine": machine(), "hits": one_by_one, "waiting": waiting}
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(result["machine"])
    print(f"\n{chosen.hits:,} hits, one after the other, ms\n{table(one_by_one)}")
    print(f"\n{chosen.waiting:,} hits that wait, s\n{table([waiting])}")


# --- hit by hit ---


class Hook:
    """A web hook in a process of its own; says when it has read a message."""

    def __init__(self) -> None:
        self._said, theirs = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(theirs,), daemon=True
        )
        self._process.start()
        self.url = f"json://127.0.0.1:{self._said.recv()}/"

    def read_at(self) -> float:
        """The monotonic moment when the next message was read whole."""
        moment: float = self._said.recv()
        return moment

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()


def _serve(said: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            said.send(time.monotonic())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    said.send(server.server_port)
    server.serve_forever()


class Hears:
    """One receiver, told of every hit at once."""

    def __init__(self, url: str) -> None:
        target = Target(key="hook", url=url, label=url)
        self.templates: dict[str, Template] = {}
        desk = Receiver(name="desk", targets=(target,), allow_private=True, limit=None)
        self.receivers = {"desk": desk}
        now = timedelta()
        self.route = Route(receiver="desk", group_by=("...",), group_wait=now, group_interval=now)
        self.rules = Rules(root=self.route, receivers=self.receivers)
        self.zone = UTC
        self.policy = Policy()
        self.send_seconds = 30.0
        self.site = ""


async def hit_by_hit(path: Path, count: int) -> list[dict[str, Any]]:
    """Our way and the bare one, in turns; the first ten warm both up."""
    hook = Hook()
    bare = apprise.Apprise()
    bare.add(hook.url)
    store = StoreThread(lambda: open_store(path))
    await store.open()
    ours_ms, bare_ms = [], []
    with senders(4) as sandbox:
        way = Way(store, Hears(hook.url), sandbox)
        await way.begin()
        for number in range(count + 10):
            ours_ms.append(await _until_read(hook, way.tell(number)))
            bare_ms.append(
                await _until_read(hook, asyncio.to_thread(bare.notify, body=SUMMARY, title=f"{number}"))
            )
    await store.close()
    hook.close()
    ours, theirs = _row("whole way", ours_ms[10:]), _row("bare notify()", bare_ms[10:])
    return [ours, theirs, {"": "over it"} | {name: ours[name] - theirs[name] for name in ("p50", "p99")}]


async def _until_read(hook: Hook, work: Coroutine[Any, Any, object]) -> float:
    """Milliseconds from now until the web hook has read the message that the work sends."""
    began = time.monotonic()
    reading = asyncio.create_task(asyncio.to_thread(hook.read_at))
    await work
    return (await reading - began) * 1000


class Way:
    """The daemon's way of an entry, without its feeds."""

    def __init__(self, store: StoreThread, hears: Hears, sandbox: Sandbox) -> None:
        self._store = store
        self._hears = hears
        self._watch = Watch.of([Topic(name="Cuba", query=parse("Cuba AND Havana").node)])
        self._placer = Placer()
        self._state: FeedState | None = None
        self._courier = Courier(
            store=store,
            sandbox=sandbox,
            hears=hears,
            clock=lambda: datetime.now(UTC),
            on_report=_check,
            on_trouble=_raise,
        )

    async def begin(self) -> None:
        """Follow the feed, and take in its baseline."""
        self._state = await self._store.run(_followed)
        await self._store.run(lambda store: self._ingest(store, []))

    async def tell(self, number: int) -> None:
        """An entry comes, hits, and is told; returns when the delivery is committed."""
        await self._store.run(lambda store: self._ingest(store, [_entry(number)]))
        await self._store.run(self._dispatch)
        await self._courier.tick()
        await self._courier.drain()

    def _ingest(self, store: Store, entries: Sequence[Entry]) -> None:
        assert self._state is not None
        self._state = _ingested(store, self._state, entries, self._watch, self._placer)

    def _dispatch(self, store: Store) -> Dispatched:
        now = datetime.now(UTC)
        return dispatch(store, rules=self._hears.rules, now=now)


def _check(report: DeliveryReport) -> None:
    assert report.state == "delivered", report.detail


def _raise(error: Exception) -> None:
    raise error


# --- all at once ---


def all_at_once(path: Path, count: int) -> dict[str, Any]:
    """A night's hits: dispatched in one go, then every message written."""
    store = open_store(path)
    watch = Watch.of(
        Topic(
            name=f"Topic {number}",
            query=parse(f"topic{number} AND Havana").node,
            labels={"desk": f"d{number % ROUTES}"},
        )
        for number in range(TOPICS)
    )
    placer = Placer()
    state = _ingested(store, _followed(store), [], watch, placer)
    _ingested(store, state, [_entry(number) for number in range(count)], watch, placer)
    target = Target(key="hook", url="json://127.0.0.1/", label="hook")
    receivers = {
        f"r{number}": Receiver(name=f"r{number}", targets=(target,), limit=None) for number in range(ROUTES)
    }
    rules = Rules(root=_tree(), receivers=receivers)
    began, cpu = time.perf_counter(), time.process_time()
    told = dispatch(store, rules=rules, now=datetime.now(UTC) + HOUR)
    dispatched = time.perf_counter()
    for alert in told.alerts:
        for service in ("mailto", "slack"):
            render(alert, zone=UTC, service=service)
    ended, cpu_ended = time.perf_counter(), time.process_time()
    store.close()
    hits = sum(len(alert.hits) + alert.more for alert in told.alerts)
    assert hits == count
    parts = {"dispatch": dispatched - began, "render": ended - dispatched, "both": ended - began}
    parts["cpu"] = cpu_ended - cpu
    return {"hits": hits, "alerts": len(told.alerts)} | parts


def _tree() -> Route:
    matchers = [Matcher(label="desk", op="=", value=f"d{number}") for number in range(ROUTES)]
    routes = [
        Route(receiver=f"r{number}", path=f"0.{number}", group_by=("topic",), matchers=(matcher,))
        for number, matcher in enumerate(matchers)
    ]
    return Route(receiver="r0", group_by=("topic",), routes=tuple(routes))


# --- shared ---


def _followed(store: Store) -> FeedState:
    now = datetime.now(UTC)
    store.follow([Follow(url=FEED.url, name=FEED.name, interval=HOUR)], now=now)
    (state,) = store.claim_due(now=now, limit=1, lease=HOUR)
    return state


def _ingested(
    store: Store, state: FeedState, entries: Sequence[Entry], watch: Watch, placer: Placer
) -> FeedState:
    parsed = Parsed(feed=Feed(), entries=tuple(entries))
    now = datetime.now(UTC)
    arrival = Arrival(state=state, subscription=FEED, next_poll_at=now + HOUR, parsed=parsed)
    (ingested,) = ingest(store, [arrival], watch=watch, placer=placer, now=now)
    return ingested.state


def _entry(number: int) -> Entry:
    summary = SUMMARY.format(number=number % TOPICS)
    link = f"https://example.org/{number}"
    return Entry(
        guid=str(number), link=link, title=f"Spy base in Cuba grows, report {number}", summary=summary
    )


def _row(name: str, values: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(values)
    return {"": name} | {
        f"p{part}": ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (50, 99)
    }


if __name__ == "__main__":
    main()
