"""Connections that were kept and closed meanwhile: their ends are no errors of the server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from monitor.egress import Egress
from monitor.errors import RetrieveError

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Forgetful:
    """A server that answers so many requests of a connection, and ends it at the next without a word."""

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.asked = 0
        self._both = asyncio.Barrier(2)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in range(self.answers + 1):
            if not (await reader.readuntil(b"\r\n\r\n")):
                break
            self.asked += 1
            if number < self.answers:
                if self.asked <= 2:
                    await self._both.wait()  # so that there are two connections
                writer.write(ANSWER)
        writer.close()


async def opened(serve: Serve) -> tuple[asyncio.Server, str]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    async with Egress(timeout=60) as egress:
        yield egress


async def ask(egress: Egress, url: str, method: str = "GET") -> bytes:
    return (await egress.request(method, url, allow_private=True)).body


async def test_where_all_kept_connections_are_closed_a_new_one_is_made(egress: Egress) -> None:
    serve = Forgetful(answers=1)
    server, url = await opened(serve)
    await asyncio.gather(ask(egress, url), ask(egress, url))
    assert await ask(egress, url) == b"ok"
    assert serve.asked == 5  # two, two that were closed, and the new one
    server.close()


async def test_what_must_not_be_done_twice_has_a_connection_of_its_own(egress: Egress) -> None:
    serve = Forgetful(answers=1)
    server, url = await opened(serve)
    await asyncio.gather(ask(egress, url), ask(egress, url))
    assert await ask(egress, url, "POST") == b"ok"
    assert serve.asked == 3
    server.close()


async def test_a_server_that_ends_a_new_connection_is_not_asked_again(egress: Egress) -> None:
    serve = Forgetful(answers=0)
    server, url = await opened(serve)
    with pytest.raises(RetrieveError, match="ended the connection without an answer"):
        await ask(egress, url)
    assert serve.asked == 1
    server.close()
