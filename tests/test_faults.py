"""The catalogue of faults: what the world does to a poll, through the poller, all at the same time.

Each fault has its promised outcome in the feed's own words, holds up nobody else, and ends when it ends:
the feed's entries are there, once.
"""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.addresses import why_not_public
from monitor.egress import Egress
from monitor.egress.connect import Lookup, look_up
from monitor.egress.tls import Authorities, system_authorities
from monitor.feeds.subscription import Subscription
from monitor.poller import Poller
from monitor.sandbox import Sandbox
from monitor.store import open_store
from monitor.store.feeds import FeedRow, Follow
from monitor.store.thread import StoreThread
from monitor.watch import Watch
from tests.faultserver import FAULTS, FaultServer, rss, trusted
from tests.load import slowdown

CATALOGUE: dict[str, str | list[str]] = {
    # path: how the feed's error begins, or the entries' titles
    "/silent": "no answer within ",
    "/drip-header": "no answer within ",
    "/drip-body": "the answer did not end within ",
    "/endless": "more than 10 MiB",
    "/huge-title": "more than 10 MiB",
    "/items/100000": "more than 10 MiB",
    "/bomb/gzip": "more than 10 MiB",
    "/truncated": "the answer broke off",
    "/truncated-gzip": "the packed bytes broke off",
    "/reset": "reset by the server",
    "/reset?after=head": "the answer broke off",
    "/closed": "the server ended the connection without an answer",
    "/garbage": "not an HTTP answer",
    "/circle/a": "redirects in a circle",
    "/hops/6": "more than 5 redirects",
    "/redirect?to=file:///etc/passwd": "a redirect to nowhere",
    "/status/410": "410: the feed is gone for good",
    "/status/429": "429: the server was asked too often",
    "/status/503": "503: the server is overloaded or being serviced",
    "/304-with-body": "304: the server says that nothing changed",
    "/bot-wall": "403 from a bot wall: Cloudflare wants a browser",
    "/page": "this is an HTML page, not a feed",
    "/blank": "this is blank, not a feed",
    "/empty": "this is empty, not a feed",
    "/drip-nothing": "404: there is nothing at this address",
    "/hops/5": ["Here"],
    "/redirect?status=301&to=/hops/0": ["Here"],
    "/redirect?status=308&to=/hops/0": ["Here"],
    "/wrong-type": ["Fine all the same"],
    "/charset/koi8-r?says=utf-8": ["Жёлтые новости"],
    "/charset/koi8-r?says=koi8-r": ["Жёлтые новости"],
    "/bom": ["Marked"],
    "/bom-16": ["Marked"],
    "/laughs": ["&l9;"],
    "/external-entity": ["one", "two"],
}
AFTER = ("All is well again", "Something else", "And a third")
SECONDS = 2.0
"""How long a poll may take on the wire, on an idle machine."""
STALL = 0.1
"""Seconds of its own work that the event loop may be busy without a look at the clock."""
DELAY = 1.0
"""Seconds that a healthy feed may wait beside the faults."""
JUDGE = "monitor.egress.connect.why_not_public"
PUBLIC = "127.0.2.1"
"""Plays a public address."""


@dataclass(slots=True, kw_only=True)
class World:
    """A monitor that polls, and what it asks of a configuration."""

    store: StoreThread
    egress: Egress
    make_poller: Callable[["World"], Poller]
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    watch: Watch = field(default_factory=lambda: Watch.of([]))
    troubles: list[Exception] = field(default_factory=list)

    async def follow(self, *urls: str, allow_private: bool = True) -> None:
        """Follow these too."""
        self.subscriptions |= {url: Subscription(url=url, allow_private=allow_private) for url in urls}
        follows = [Follow(url=url, name="", interval=timedelta(minutes=15)) for url in self.subscriptions]
        await self.store.run(lambda store: store.follow(follows, now=datetime.now(UTC)))

    async def poll(self, *urls: str) -> float:
        """Poll these feeds, or all; returns how many seconds that took."""
        poller, began = self.make_poller(self), time.perf_counter()
        await poller.poll_all(urls)
        await poller.close()
        return time.perf_counter() - began

    async def rows(self) -> dict[str, FeedRow]:
        """How each feed is."""
        return {row.state.url: row for row in await self.store.run(lambda store: store.feeds())}

    async def titles(self, url: str) -> list[str]:
        """The titles of a feed's entries."""
        found = await self.store.run(lambda store: store.entries_of(store.candidates(None)))
        entries = await self.store.run(lambda _: list(found))
        return [one.entry.title for one in entries if one.feed_url == url]


@asynccontextmanager
async def world(lookup: Lookup, trust: Authorities, *, seconds: float = SECONDS) -> AsyncIterator[World]:
    """A world in memory."""
    async with AsyncExitStack() as stack:
        store = StoreThread(lambda: open_store(":memory:"))
        await store.open()
        stack.push_async_callback(store.close)
        sandbox = stack.enter_context(Sandbox(2, preload=("monitor.feeds.parse",)))

        def make(world: World) -> Poller:
            return Poller(
                store=store,
                egress=world.egress,
                sandbox=sandbox,
                follows=world,
                clock=lambda: datetime.now(UTC),
                on_report=lambda report: None,
                on_trouble=world.troubles.append,
                concurrency=100,
            )

        async with Egress(timeout=seconds, lookup=lookup, authorities=trust) as egress:
            yield World(store=store, egress=egress, make_poller=make)


class Elsewhere:
    """Servers that run in a thread of their own: what they do must not count as ours."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.servers: list[FaultServer] = []

    def __enter__(self) -> "Elsewhere":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def start(self, server: FaultServer) -> FaultServer:
        """Let the server run there."""
        asyncio.run_coroutine_threadsafe(server.__aenter__(), self._loop).result(10)
        self.servers.append(server)
        return server


class Stalls:
    """The longest that the loop's thread worked between two looks at the clock."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self) -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.005)
            now = time.thread_time()
            self.worst, last = max(self.worst, now - last), now


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as servers:
        yield servers


@dataclass(slots=True, kw_only=True)
class Fault:
    """A feed in trouble: how its error begins, or its titles; and what ends the trouble."""

    url: str
    outcome: str | list[str]
    end: Callable[[], object]
    allow_private: bool = True


def served_again(server: FaultServer, path: str) -> Callable[[], object]:
    """The end of most troubles: the server answers with a document."""
    return lambda: server.serve(path.partition("?")[0], again())


def again() -> bytes:
    """What every feed shows in the end."""
    return rss(*AFTER).replace(b"http://news.example/", b"http://news.example/again/")


def faults_of_servers(elsewhere: Elsewhere) -> Iterator[Fault]:
    """Each on a host of its own, so that none waits for its turn."""
    for number, (path, outcome) in enumerate(CATALOGUE.items(), 1):
        server = elsewhere.start(FaultServer(host=f"127.0.1.{number}"))
        yield Fault(url=server.url(path), outcome=outcome, end=served_again(server, path))


def faults_of_names(elsewhere: Elsewhere, names: dict[str, Lookup], home: FaultServer) -> Iterator[Fault]:
    """Nobody has the name, or it leads home; a redirect leads home; nobody listens."""
    public = elsewhere.start(FaultServer(host=PUBLIC))
    names["nowhere.example"] = nobody
    yield Fault(
        url=public.url("/feed", host="nowhere.example"),
        outcome="DNS: no such host nowhere.example",
        end=lambda: (public.serve("/feed", again()), names.update({"nowhere.example": lambda _: [PUBLIC]})),
        allow_private=False,
    )
    names["rebinding.example"] = lambda _: ["127.0.0.2"]
    yield Fault(
        url=public.url("/feed", host="rebinding.example"),
        outcome="rebinding.example is this machine",
        end=lambda: (public.serve("/feed", again()), names.update({"rebinding.example": lambda _: [PUBLIC]})),
        allow_private=False,
    )
    yield Fault(
        url=public.url(f"/redirect?to={home.url('/feed')}"),
        outcome="127.0.0.2 is this machine",
        end=served_again(public, "/redirect"),
        allow_private=False,
    )
    port = free_port("127.0.3.1")
    later = FaultServer(host="127.0.3.1", port=port)
    yield Fault(
        url=f"http://127.0.3.1:{port}/feed",
        outcome="connection refused",
        end=lambda: (elsewhere.start(later), later.serve("/feed", again())),
    )


def faults_of_tls(elsewhere: Elsewhere, authority: trustme.CA) -> Iterator[Fault]:
    """A certificate that has expired, and one of another host."""
    bad = (
        authority.issue_cert("127.0.4.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
        authority.issue_cert("other.example"),
    )
    words = ("TLS: certificate has expired", "TLS: the certificate is another host's")
    for number, (certificate, outcome) in enumerate(zip(bad, words, strict=True), 1):
        host, context = f"127.0.4.{number}", ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        server = elsewhere.start(FaultServer(host=host, tls=context))
        good = authority.issue_cert(host)
        yield Fault(
            url=server.url("/feed"),
            outcome=outcome,
            end=lambda s=server, g=good, c=context: (g.configure_cert(c), s.serve("/feed", again())),  # type: ignore[misc]
        )


def nobody(host: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


async def polled_beside(home: World, faults: Sequence[Fault], healthy: FaultServer) -> tuple[float, float]:
    """Poll the faults, and a healthy feed meanwhile; returns the loop's longest stall and the longest wait.

    Both in seconds, the wait in those of an idle machine.
    """
    stalls, waits = Stalls(), list[float]()
    watching = asyncio.create_task(stalls.watch())
    polling = asyncio.create_task(home.poll(*(fault.url for fault in faults)))
    with slowdown() as machine:
        while not polling.done():
            good = healthy.serve("/good", rss("Good", f"Good {len(waits)}"))
            waits.append(await home.poll(good))
            await asyncio.sleep(0.05)
    watching.cancel()
    await polling
    return stalls.worst, max(waits) / machine.times


async def hold_nothing_against_anybody(home: World, faults: Sequence[Fault]) -> None:
    """Once the faults have ended all feeds are well, and their entries are there, once."""
    for fault in faults:
        fault.end()
    before = {fault.url: await home.titles(fault.url) for fault in faults}
    for _ in range(2):
        await home.poll()
    failing = {url: row.state.error for url, row in (await home.rows()).items() if row.state.error}
    assert not failing
    after = {fault.url: await home.titles(fault.url) for fault in faults}
    assert after == {url: [*reversed(AFTER), *titles] for url, titles in before.items()}


@pytest.mark.slow
async def test_each_fault_has_its_outcome_holds_up_nobody_and_leaves_nothing_behind(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(JUDGE, lambda ip: "" if ip == PUBLIC else why_not_public(ip))
    authority, names = trustme.CA(), dict[str, Lookup]()
    trust = trusted(authority, tmp_path)
    secret = elsewhere.start(FaultServer(host="127.0.0.2"))
    faults = [
        *faults_of_servers(elsewhere),
        *faults_of_names(elsewhere, names, secret),
        *faults_of_tls(elsewhere, authority),
    ]
    healthy = elsewhere.start(FaultServer())
    good = healthy.serve("/good", rss("Good"))

    def find(host: str) -> Sequence[str]:
        return names.get(host, look_up)(host)

    with slowdown() as machine:
        await asyncio.sleep(0.5)
    seconds = SECONDS * machine.times
    async with world(find, trust, seconds=seconds) as home:
        await home.follow(good)
        await home.poll()
        for fault in faults:
            await home.follow(fault.url, allow_private=fault.allow_private)

        stalled, waited = await polled_beside(home, faults, healthy)
        rows = await home.rows()
        wrong = {
            fault.url: (fault.outcome, found)
            for fault in faults
            if not as_promised(fault, found := rows[fault.url].state.error or await home.titles(fault.url))
        }
        assert not wrong
        assert stalled < STALL
        assert waited < DELAY
        gone = {url for url, row in rows.items() if row.next_poll_at is None}
        assert gone == {fault.url for fault in faults if "/status/410" in fault.url}
        await hold_nothing_against_anybody(home, faults)
        assert home.troubles == []
    assert not any(server.count("/secret") for server in elsewhere.servers), "an external entity was fetched"
    assert secret.open_most == 0, "a private address was connected to"


def as_promised(fault: Fault, found: str | list[str]) -> bool:
    if isinstance(found, str) and isinstance(fault.outcome, str):
        return found.startswith(fault.outcome)
    return isinstance(fault.outcome, list) and found == [*reversed(fault.outcome)]


def test_the_catalogue_knows_every_fault() -> None:
    known = {path.partition("?")[0].split("/")[1] for path in CATALOGUE}
    assert set(FAULTS) - known <= {"deep"}, "that one is read for seconds; a smaller one is in test_parse"


@pytest.mark.slow
async def test_documents_that_are_read_for_seconds_hold_up_nobody(elsewhere: Elsewhere) -> None:
    """More of them than there are children that read."""
    servers = [elsewhere.start(FaultServer(host=f"127.0.5.{number}")) for number in range(1, 4)]
    healthy = elsewhere.start(FaultServer())
    good = healthy.serve("/good", rss("Good"))
    async with world(look_up, system_authorities()) as home:
        await home.follow(good, *(server.url("/deep") for server in servers))
        await home.poll(good)
        polling = asyncio.create_task(home.poll(*(server.url("/deep") for server in servers)))
        await asyncio.sleep(0.1)
        waits: list[float] = []
        with slowdown() as machine:
            while not polling.done():
                healthy.serve("/good", rss("Good", f"Good {len(waits)}"))
                waits.append(await home.poll(good))
                await asyncio.sleep(0.05)
        assert max(waits) < DELAY * machine.times
