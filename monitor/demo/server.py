"""The demo's loopback server: serves the sample feeds and takes the alerts that are sent to it.

Speaks just enough HTTP/1.1 for the monitor's egress and for Apprise; no use outside the demo.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from http import HTTPStatus

SOON = 5.0
"""Seconds a client has for its request."""
ALERTS = "/alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An alert as it arrived: title and text as the reader sees them."""

    title: str
    text: str


@dataclass(slots=True, kw_only=True)
class LoopbackServer:
    """Serves `documents` by path and hands what is posted to `on_alert`; counts how often nothing was new."""

    on_alert: Callable[[Received], None]
    documents: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content type and body by path; may change while it serves."""
    not_modified: int = 0
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            async with asyncio.timeout(SOON):
                method, path, headers, body = await _request(reader)
                writer.write(self._reply(method, path, headers, body))
                await writer.drain()
        writer.close()

    def _reply(self, method: str, path: str, headers: Message, body: bytes) -> bytes:
        if method == "POST" and path == ALERTS:
            return self._take(body)
        if path not in self.documents:
            return _response(HTTPStatus.NOT_FOUND)
        content_type, document = self.documents[path]
        etag = f'"{hashlib.sha256(document).hexdigest()[:16]}"'
        if headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return _response(HTTPStatus.NOT_MODIFIED, {"ETag": etag})
        return _response(HTTPStatus.OK, {"ETag": etag, "Content-Type": content_type}, document)

    def _take(self, body: bytes) -> bytes:
        try:
            posted = json.loads(body)
            received = Received(title=posted["title"], text=posted["message"])
        except (ValueError, KeyError, TypeError):
            return _response(HTTPStatus.BAD_REQUEST)
        self.on_alert(received)
        return _response(HTTPStatus.OK)


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, Message, bytes]:
    line, _, fields = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
    method, path, _ = line.decode("ascii").split(" ", 2)
    headers = BytesHeaderParser().parsebytes(fields)
    body = await reader.readexactly(int(headers.get("Content-Length", "0")))
    return method, path.partition("?")[0], headers, body


def _response(status: HTTPStatus, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    fields = {**(headers or {}), "Content-Length": str(len(body)), "Connection": "close"}
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        *(f"{key}: {value}" for key, value in fields.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
