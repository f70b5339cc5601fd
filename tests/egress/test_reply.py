"""What comes back of a request: what libcurl hands over, and what is made of it."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from monitor.egress import Egress
from monitor.egress.decompress import TooLargeError
from monitor.egress.reply import STOP, Reply
from monitor.errors import RetrieveError

MAX = 1_000


@pytest.fixture
def reply() -> Reply:
    return Reply(max_bytes=MAX, allow_private=False)


def take(reply: Reply, *lines: bytes) -> int | None:
    """What is said to the last of the lines."""
    return [reply.take_line(line + b"\r\n") for line in lines][-1]


def test_a_name_or_value_that_is_not_utf8_is_latin(reply: Reply) -> None:
    take(reply, b"HTTP/1.1 200 OK", b'ETag: "\xe9"', "X: ü".encode())
    assert reply.headers == [("ETag", '"é"'), ("X", "ü")]


def test_a_folded_line_belongs_to_the_one_before(reply: Reply) -> None:
    take(reply, b"HTTP/1.1 200 OK", b"Link: <a>;", b"  rel=hub")
    assert reply.header("link") == "<a>; rel=hub"


def test_what_a_proxy_or_an_early_word_said_is_forgotten_at_the_next_head(reply: Reply) -> None:
    take(reply, b"HTTP/1.1 407 Who?", b"X: 1", b"")
    assert not reply.take_piece(b"x" * 900)
    again = Reply(max_bytes=100_000, allow_private=False)
    take(again, b"HTTP/1.1 407 Who?", b"X: 1", b"", b"HTTP/1.1 200 OK", b"Y: 2", b"")
    assert (again.status, again.headers) == (200, [("Y", "2")])
    assert again.take_piece(b"x" * 99_999) is None


@pytest.mark.parametrize("length", ["1001", "9" * 5_000])
def test_a_body_that_is_said_to_be_too_long_is_not_begun(reply: Reply, length: str) -> None:
    assert take(reply, b"HTTP/1.1 200 OK", f"Content-Length: {length}".encode(), b"") == STOP
    with pytest.raises(TooLargeError):
        _ = reply.body


@pytest.mark.parametrize("length", ["1000", "-5", "many", "٣", ""])
def test_any_other_length_is_left_to_be_seen(reply: Reply, length: str) -> None:
    assert take(reply, b"HTTP/1.1 200 OK", f"Content-Length: {length}".encode(), b"") is None
    assert reply.body == b""


def test_a_304_may_say_how_long_the_document_is(reply: Reply) -> None:
    assert take(reply, b"HTTP/1.1 304 Not Modified", b"Content-Length: 5000", b"") is None
    assert not reply.is_cut


@pytest.mark.parametrize("line", [b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 x", b"HTTP/"])
def test_a_status_that_is_no_number_is_none(reply: Reply, line: bytes) -> None:
    take(reply, line)
    assert reply.status == 0


# --- over the wire ---


@asynccontextmanager
async def saying(*pieces: bytes, then: float = 0) -> AsyncIterator[str]:
    """A server that says this to whoever asks, and then nothing for so many seconds."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        await asyncio.sleep(then)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


Ask = Callable[[str], Awaitable[bytes]]


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    async with Egress(timeout=60) as egress:

        async def ask(url: str) -> bytes:
            return (await egress.request("GET", url, allow_private=True)).body

        yield ask


async def test_where_a_redirect_leads_does_not_wait_for_its_page(ask: Ask) -> None:
    async with (
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere") as there,
        saying(f"HTTP/1.1 302 F\r\nLocation: {there}\r\nContent-Length: 99\r\n\r\n".encode(), then=40) as url,
    ):
        assert await asyncio.wait_for(ask(url), 20) == b"here"


async def test_an_early_hint_is_not_the_answer(ask: Ask) -> None:
    async with saying(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"
    ) as url:
        assert await ask(url) == b"here"


async def test_a_body_in_chunks_comes_whole(ask: Ask) -> None:
    async with saying(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"
    ) as url:
        assert await ask(url) == b"hello"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhel\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
    ],
)
async def test_broken_chunks_are_an_answer_that_broke_off(ask: Ask, answer: bytes) -> None:
    async with saying(answer) as url:
        with pytest.raises(RetrieveError, match="the answer broke off"):
            await ask(url)


@pytest.mark.parametrize(
    "answer", [b"\0" * 100, b"HTTP/9.9 200 OK\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"hello", b"<rss/>\r\n\r\n"]
)
async def test_what_is_not_http_is_an_error_with_words(ask: Ask, answer: bytes) -> None:
    async with saying(answer) as url:
        with pytest.raises(RetrieveError, match=r"\w \w"):
            await ask(url)


async def test_headers_without_end_are_refused(ask: Ask) -> None:
    async with saying(b"HTTP/1.1 200 OK\r\n", b"X-Long: " + b"x" * 2_000_000) as url:
        with pytest.raises(RetrieveError):
            await ask(url)


async def test_where_no_socket_can_be_had_the_error_says_why(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    async with saying(b"") as url:
        monkeypatch.setattr("monitor.egress.reply.socket.socket", none_left)
        with pytest.raises(RetrieveError, match="too many files are open here"):
            await ask(url)
