"""A loopback HTTP server that misbehaves on demand: a path is a fault, or a document of the test's own."""

import asyncio
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from monitor.egress.tls import Authorities

if TYPE_CHECKING:
    import trustme

FEED = "application/rss+xml; charset=utf-8"


def rss(*titles: str, head: str = "", size: int = 0) -> bytes:
    """An RSS document with an item for each title; `size` adds so many letters to each description."""
    items = "".join(
        f"<item><title>{title}</title><link>http://news.example/{number}</link>"
        f"<guid>http://news.example/{number}</guid><description>{'x' * size}</description></item>"
        for number, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>'
        f"<link>http://news.example/</link>{head}{items}</channel></rss>"
    ).encode()


def trusted(authority: "trustme.CA", folder: Path) -> Authorities:
    """Whom a client trusts: this authority alone."""
    path = folder / "authorities.pem"
    authority.cert_pem.write_to_path(str(path))
    return Authorities(file=str(path))


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""


@dataclass(slots=True)
class Document:
    """What a path answers; with `etag` it answers 304 to who knows it."""

    body: bytes
    status: int = 200
    content_type: str = FEED
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""


Fault = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


class FaultServer:
    """The server, running between `async with`. `documents` and the faults below say what it answers."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = port
        self.documents: dict[str, Document] = {}
        self.seen: list[Seen] = []
        self.open_now = 0
        self.open_most = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._handle, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    def url(self, path: str, *, host: str = "") -> str:
        """Where a path of this server is; `host` is another name for it."""
        return f"{'https' if self._tls else 'http'}://{host or self.host}:{self.port}{path}"

    def serve(
        self,
        path: str,
        body: bytes,
        *,
        status: int = 200,
        content_type: str = FEED,
        headers: Mapping[str, str] | None = None,
        etag: str = "",
    ) -> str:
        """Let a path answer this from now on; returns its URL."""
        self.documents[path] = Document(body, status, content_type, headers or {}, etag)
        return self.url(path)

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(one.path == path for one in self.seen)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            async for request in _requests(reader):
                self.seen.append(request)
                if request.path not in self.documents:
                    await _misbehave(request, reader, writer)
                    break
                _document(self.documents[request.path], request, writer)
                await writer.drain()
        except _NotHttp:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open_now -= 1
            self._handlers.discard(task)
            writer.close()


class _NotHttp(Exception):  # noqa: N818
    """Somebody speaks TLS to us."""


async def _misbehave(request: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Run a path's fault until it ends or the other side has gone."""
    fault = FAULTS.get(request.path.split("/")[1], _missing)
    work = asyncio.ensure_future(fault(request, writer))
    gone = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait([work, gone], return_when=asyncio.FIRST_COMPLETED)
    finally:
        work.cancel()
        gone.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[Seen]:
    while start := await reader.readexactly(1):
        if start == b"\x16":
            raise _NotHttp
        head = start + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        yield Seen(method, parts.path, query, headers, body)


def _document(document: Document, request: Seen, writer: asyncio.StreamWriter) -> None:
    headers = dict(document.headers)
    if document.etag:
        headers["ETag"] = document.etag
        if request.headers.get("if-none-match") == document.etag:
            writer.write(_head(304, headers))
            return
    headers |= {"Content-Type": document.content_type, "Content-Length": str(len(document.body))}
    writer.write(_head(document.status, headers) + document.body)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode("latin-1")


def _whole(body: bytes, content_type: str = FEED, status: int = 200, **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    length = str(len(body))
    return _head(status, {"Content-Type": content_type, "Content-Length": length, **named}) + body


def _says(answer: Callable[[Seen], bytes]) -> Fault:
    """A fault that is only a strange answer."""

    async def say(request: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(request))
        await writer.drain()

    return say


async def _missing(request: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(_whole(b"not here", "text/plain", 404))
    await writer.drain()


async def _silent(request: Seen, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _drip_header(request: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await _drip(writer)


async def _drip_body(request: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(200, {"Content-Type": FEED, "Content-Length": "1000000"}))
    await _drip(writer)


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def _endless(request: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(200, {"Content-Type": FEED}))
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def _huge_title(request: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(_head(200, {"Content-Type": FEED}) + rss("%")[:200])
    for _ in range(1600):
        writer.write(b"x" * 65536)
        await writer.drain()


async def _reset(request: Seen, writer: asyncio.StreamWriter) -> None:
    if "after" in request.query:
        writer.write(_head(200, {"Content-Type": FEED, "Content-Length": "1000"}) + b"<rss>")
        await writer.drain()
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _nothing(request: Seen, writer: asyncio.StreamWriter) -> None:
    """The connection ends without an answer."""


def _redirect(request: Seen) -> bytes:
    return _whole(b"", "text/html", int(request.query.get("status", 302)), Location=request.query["to"])


def _hops(request: Seen) -> bytes:
    """`/hops/3` leads to `/hops/2`, and in the end to a feed."""
    left = int(request.path.split("/")[2])
    return _whole(b"", "text/html", 302, Location=f"/hops/{left - 1}") if left else _whole(rss("Here"))


def _circle(request: Seen) -> bytes:
    other = "/circle/b" if request.path.endswith("a") else "/circle/a"
    return _whole(b"", "text/html", 302, Location=other)


def _status(request: Seen) -> bytes:
    """`/status/503?retry-after=120`"""
    headers = {"Retry-After": request.query["retry-after"]} if "retry-after" in request.query else {}
    return _whole(b"sorry", "text/plain", int(request.path.split("/")[2]), **headers)


def _bomb(request: Seen) -> bytes:
    """`/bomb/gzip`: 100 MB of zeros in some 100 KB; `size` says how many bytes."""
    name = request.path.split("/")[2]
    plain = bytes(int(request.query.get("size", 100_000_000)))
    if name == "gzip":
        packed = gzip.compress(plain, 1)
    elif name == "deflate":
        packed = zlib.compress(plain, 1)
    elif name == "zstd":
        import zstandard

        packed = zstandard.compress(plain)
    else:
        import brotli  # type: ignore[import-untyped]

        packed = brotli.compress(plain, quality=1)
    return _whole(packed, Content_Encoding=name)


def _charset(request: Seen) -> bytes:
    """`/charset/koi8-r`: a feed in one encoding that its header says to be in another (`says`)."""
    codec = request.path.split("/")[2]
    body = rss("Жёлтые новости").decode().replace('encoding="utf-8"', f'encoding="{codec}"').encode(codec)
    says = request.query.get("says", "")
    return _whole(body, "application/rss+xml" + (f"; charset={says}" if says else ""))


def _laughs(request: Seen) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{entities}]>'
    return _whole(rss("&l9;").replace(b"?><rss", b"?>" + doctype.encode() + b"<rss"))


def _external_entity(request: Seen) -> bytes:
    """A title that asks for `/secret` of this server, and one that asks for a file."""
    host = request.headers["host"]
    doctype = (
        f'<!DOCTYPE rss [<!ENTITY a SYSTEM "http://{host}/secret"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    )
    return _whole(rss("one &a;", "two &b;").replace(b"?><rss", b"?>" + doctype.encode() + b"<rss"))


def _bot_wall(request: Seen) -> bytes:
    page = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Wait</body></html>"
    return _whole(page, "text/html", int(request.query.get("status", 403)), cf_mitigated="challenge")


FAULTS: dict[str, Fault] = {
    "silent": _silent,
    "drip-header": _drip_header,
    "drip-body": _drip_body,
    "endless": _endless,
    "huge-title": _huge_title,
    "reset": _reset,
    "closed": _nothing,
    "garbage": _says(lambda _: b"220 mail.example ESMTP\r\n\r\n"),
    "truncated": _says(lambda _: _head(200, {"Content-Type": FEED, "Content-Length": "5000"}) + rss("Half")),
    "truncated-gzip": _says(lambda _: _whole(gzip.compress(rss("Half") * 99)[:-20], Content_Encoding="gzip")),
    "bomb": _says(_bomb),
    "redirect": _says(_redirect),
    "hops": _says(_hops),
    "circle": _says(_circle),
    "status": _says(_status),
    "304-with-body": _says(lambda _: _whole(rss("Old"), status=304)),
    "bot-wall": _says(_bot_wall),
    "wrong-type": _says(lambda _: _whole(rss("Fine all the same"), "text/html")),
    "charset": _says(_charset),
    "bom": _says(lambda _: _whole(rss("Marked").decode().encode("utf-8-sig"), "application/rss+xml")),
    "bom-16": _says(lambda _: _whole(rss("Marked").decode().replace("utf-8", "utf-16").encode("utf-16"))),
    "items": _says(lambda request: _whole(rss(*map(str, range(int(request.path.split("/")[2])))))),
    "deep": _says(lambda _: _whole(rss("<b>" * 100_000 + "deep" + "</b>" * 100_000))),
    "laughs": _says(_laughs),
    "external-entity": _says(_external_entity),
    "blank": _says(lambda _: _whole(b" \r\n\t" * 1000)),
    "empty": _says(lambda _: _whole(b"")),
    "page": _says(lambda _: _whole(b"<!DOCTYPE html><html><body>A page</body></html>", "text/html")),
}
"""What the first part of a path does."""
