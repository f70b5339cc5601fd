"""Serves the desk inside the daemon's own loop: the only file that knows uvicorn.

An address that is taken, or a server that breaks, is told and tried again; the daemon goes on without.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from monitor.config.addresses import host_and_port
from monitor.errors import ConfigError

AGAIN_SECONDS = 30.0
STOP_SECONDS = 1
MOST_AT_ONCE = 300
"""Requests and open live pages."""


class _Server(uvicorn.Server):
    """Leaves the signals to the daemon, wakes once a second instead of ten times, and ends at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._over = asyncio.Event()

    async def main_loop(self) -> None:
        """Tell its answers what time it is until it is to end."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._over.wait()

    def end(self) -> None:
        """Take no more requests; those that are under way have a moment."""
        self.should_exit = True
        self._over.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


async def serve(
    address: str,
    app_for: Callable[[int], ASGIApp],
    *,
    on_serving: Callable[[str], None],
    on_trouble: Callable[[Exception], None],
) -> None:
    """Serve until cancelled; `app_for` makes the pages for the port that was given."""
    while True:
        try:
            await _serve_once(address, app_for, on_serving)
        except OSError as error:
            on_trouble(ConfigError(f"web: can not listen on {address}: {error}"))
        await asyncio.sleep(AGAIN_SECONDS)


async def _serve_once(
    address: str, app_for: Callable[[int], ASGIApp], on_serving: Callable[[str], None]
) -> None:
    with listening(address) as sock:
        host, port = sock.getsockname()[:2]
        server = _Server(_settings(app_for(port)))
        on_serving(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        try:
            await asyncio.shield(serving)
        finally:
            server.end()
            await serving


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """A socket on an address; raises OSError where that can not be."""
    host, port = host_and_port(address)
    (family, kind, protocol, _, where), *_ = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with socket.socket(family, kind, protocol) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
        sock.listen()  # whoever hears of the address may come at once
        yield sock


def _settings(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
