"""Opens the desk beside the daemon, with a store of its own, and closes it. The daemon decides whether."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from monitor.config.addresses import host_and_port
from monitor.config.config import Config
from monitor.config.settings import WebSettings
from monitor.errors import ConfigError
from monitor.reports import OnReport, Serving, Trouble
from monitor.store import open_store
from monitor.store.thread import StoreThread
from monitor.web.desk import Desk
from monitor.web.doors import PASSWORD
from monitor.web.live import News
from monitor.web.rules import is_loopback
from monitor.web.server import serve
from monitor.web.site import site


@asynccontextmanager
async def open_desk(
    database: Path,
    directory: Path,
    config: Callable[[], Config],
    *,
    ring: Callable[[str], None],
    news: News,
    on_report: OnReport,
) -> AsyncIterator[None]:
    """Serve the desk meanwhile; raises ConfigError where anybody could set its password."""
    web = config().settings.web

    def trouble(error: Exception) -> None:
        on_report(Trouble(part="web", error=error))

    async with AsyncExitStack() as stack:
        stores = [await _opened(stack, database) for _ in range(2)]
        desk = Desk(
            store=stores[0],
            workshop=stores[1],
            directory=directory,
            environ=os.environ,
            config=config,
            ring=ring,
            on_trouble=trouble,
            on_report=on_report,
            news=news,
        )
        await refuse_open_door(desk, web.listen)
        async with _served(desk, web):
            try:
                yield
            finally:
                news.end()


@asynccontextmanager
async def _served(desk: Desk, web: WebSettings) -> AsyncIterator[None]:
    """Serve its pages meanwhile, and say where."""
    serving = asyncio.create_task(
        serve(
            web.listen,
            lambda port: site(desk, web, port),
            on_serving=lambda address: desk.on_report(Serving(address=address)),
            on_trouble=desk.on_trouble,
        )
    )
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def refuse_open_door(desk: Desk, listen: str) -> None:
    """Raise ConfigError where the desk would be reached from elsewhere before it has a password."""
    host, _ = host_and_port(listen)
    if not is_loopback(host) and not await desk.store.run(lambda store: store.secret(PASSWORD)):
        raise ConfigError(
            f"web: listen: {listen} is reached from elsewhere, and the desk has no password yet\n"
            "set one with `monitor web password`, listen on 127.0.0.1, or run with --no-web"
        )


async def _opened(stack: AsyncExitStack, database: Path) -> StoreThread:
    store = StoreThread(lambda: open_store(database))
    await store.open()
    stack.push_async_callback(store.close)
    return store
