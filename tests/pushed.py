"""A monitor that hubs reach, on loopback: real store, poller, desk and children, and a clock to move."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from monitor.egress import Egress
from monitor.feeds.websub import Pact
from monitor.following import follows_of
from monitor.hubs import Hubs
from monitor.parts import load_config
from monitor.poller import Poller
from monitor.pushes import PushReader, PushReport
from monitor.reports import Report
from monitor.sandbox import Sandbox
from monitor.setup import Setup
from monitor.store import open_store
from monitor.store.feeds import FeedRow
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from monitor.web.desk import Desk
from monitor.web.server import serve
from monitor.web.site import site
from tests.hubserver import Hub
from tests.loopback import rss

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED, HUB = "/feed", "/hub"


@dataclass
class World:
    """A monitor that follows the one feed of a hub's site."""

    directory: Path
    hub: Hub
    port: int
    now: datetime = NOON
    settings: str = ""
    reports: list[Report] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    store: StoreThread = field(init=False)
    desk_store: StoreThread = field(init=False)
    setup: Setup = field(init=False)
    poller: Poller = field(init=False)
    hubs: Hubs = field(init=False)
    reader: PushReader = field(init=False)

    @property
    def feed(self) -> str:
        """The feed's address."""
        return self.hub.url(FEED)

    def configure(self, *, site: str | None = None, follow: bool = True) -> None:
        """Write the configuration, and let it run."""
        public = f"http://127.0.0.1:{self.port}" if site is None else site
        url = f", public_url: '{public}'" if public else ""
        (self.directory / "watchlists").mkdir(exist_ok=True)
        (self.directory / "watchlists" / "one.yaml").write_text("- Cuba\n")
        (self.directory / "monitor.yaml").write_text(
            f"allow_private: true\nweb: {{listen: '127.0.0.1:{self.port}'{url}}}\n{self.settings}"
        )
        feeds = f"- {{url: '{self.feed}', name: A}}\n" if follow else "[]\n"
        (self.directory / "feeds.yaml").write_text(feeds)
        (self.directory / "alerts.yaml").write_text(
            "route: {receiver: desk}\n"
            "receivers: [{name: desk, urls: ['json://127.0.0.1:9/'], allow_private: true}]\n"
        )
        self.setup = Setup.of(load_config(self.directory))

    def shows(self, *titles: str, hub: str | None = None, itself: str | None = None, **headers: str) -> None:
        """Let the feed show these entries, and what it offers stand in its head ("" for nothing)."""
        links = ""
        for rel, to in (("hub", self.hub.url(HUB) if hub is None else hub), ("self", itself or self.feed)):
            if to and hub != "":
                links += f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{to}"/>'
        self.hub.pages[FEED] = (with_links(rss(*titles), links), headers)

    async def run(self, function: Callable[[Store], T]) -> T:
        """Ask the store."""
        return await self.store.run(function)

    async def follow(self) -> None:
        """Follow what the configuration says, as the daemon does after a reload."""
        follows, now = follows_of(load_config(self.directory)), self.now
        await self.run(lambda store: store.follow(follows, now=now))

    async def poll(self) -> None:
        """Poll the feed now."""
        await self.poller.poll_all()

    async def ask(self) -> int:
        """Look at what is offered and ask the hubs that are due; returns how many were."""
        self.hubs.look_again()
        asked = await self.hubs.tick()
        await self.hubs.drain()
        return asked

    async def read(self) -> list[PushReport]:
        """Read the pushes that have come."""
        before = len(self.reports)
        while await self.reader.tick():
            await self.reader.drain()
        return [one for one in self.reports[before:] if isinstance(one, PushReport)]

    async def subscribe(self, *titles: str) -> Pact:
        """Poll a feed that shows these entries, and agree with its hub."""
        self.shows(*titles)
        await self.poll()
        assert await self.ask() == 1
        pact = await self.pact()
        assert pact.state == "live"
        return pact

    async def publish(self, body: bytes, **how: str) -> int:
        """The hub tells; returns what it is answered."""
        return await asyncio.to_thread(lambda: self.hub.publish(body, **how))  # type: ignore[arg-type]

    async def pacts(self) -> list[Pact]:
        """All pacts."""
        return await self.run(lambda store: store.pacts())

    async def pact(self) -> Pact:
        """The only pact."""
        (pact,) = await self.pacts()
        return pact

    async def row(self) -> FeedRow:
        """What the store says of the feed."""
        (row,) = await self.run(lambda store: store.feeds())
        return row

    async def titles(self) -> set[str]:
        """The titles of all entries there are."""
        ids = await self.run(lambda store: store.candidates(None))
        return {one.entry.title for one in await self.run(lambda store: list(store.entries_of(ids)))}

    async def present(self) -> set[str]:
        """The titles of those that are in the feed's document, as retention sees it."""
        later = self.now + timedelta(days=1000)
        await self.run(lambda store: store.forget(before=later, left_before=later))
        return await self.titles()


def with_links(document: bytes, links: str) -> bytes:
    """An RSS document with something more in its head."""
    return document.replace(b"<channel>", b"<channel>" + links.encode())


def only(title: str, number: int) -> bytes:
    """An RSS document with one entry, as `rss` would number it."""
    item = (
        f"<item><guid isPermaLink='false'>{number}</guid><title>{title}</title>"
        f"<link>https://a.example/{number}</link></item>"
    )
    return f"<rss version='2.0'><channel><title>A feed</title>{item}</channel></rss>".encode()


@asynccontextmanager
async def pushed(directory: Path, hub: Hub, readers: Sandbox, *, settings: str = "") -> AsyncIterator[World]:
    """Run until the block ends; whatever went wrong inside is raised then."""
    world = World(directory=directory, hub=hub, port=free_port(), settings=settings)
    world.configure()
    database = directory / "monitor.db"
    world.store, world.desk_store = [StoreThread(lambda: open_store(database)) for _ in range(2)]
    await world.store.open()
    await world.desk_store.open()
    serving = asyncio.create_task(_serve(world))
    async with Egress(timeout=60) as egress:
        _build(world, egress, readers)
        await world.follow()
        try:
            yield world
        finally:
            await world.reader.close()
            await world.hubs.close()
            await world.poller.close()
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            await world.desk_store.close()
            await world.store.close()
    assert not world.troubles, world.troubles


def _build(world: World, egress: Egress, sandbox: Sandbox) -> None:
    now: Any = _Now(world)
    common: dict[str, Any] = {
        "store": world.store,
        "clock": lambda: world.now,
        "on_trouble": world.troubles.append,
    }
    world.poller = Poller(
        egress=egress, sandbox=sandbox, follows=now, on_report=world.reports.append, **common
    )
    world.hubs = Hubs(egress=egress, asks=now, on_report=world.reports.append, **common)
    world.reader = PushReader(
        sandbox=sandbox,
        commits=world.poller.commits,
        follows=now,
        on_report=world.reports.append,
        **common,
    )


class _Now:
    """The configuration that runs at the moment."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.setup, name)


async def _serve(world: World) -> None:
    desk = Desk(
        store=world.desk_store,
        workshop=world.desk_store,
        directory=world.directory,
        environ={},
        config=lambda: load_config(world.directory),
        ring=world.rung.append,
        on_trouble=world.troubles.append,
        on_report=world.reports.append,
        now=lambda: world.now,
    )
    web = load_config(world.directory).settings.web
    await serve(
        web.listen,
        lambda port: site(desk, web, port),
        on_serving=lambda _: None,
        on_trouble=world.troubles.append,
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
