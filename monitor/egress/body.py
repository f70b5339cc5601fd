"""An answer's body: read as far as it may be, counted, unpacked."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from monitor.egress.decompress import BrokenError, TooLargeError, decompress
from monitor.egress.journey import FOLLOWED

if TYPE_CHECKING:
    from aiohttp import ClientResponse

_ERROR_BYTES = 64 * 1024
"""As much of an error's page as is read: enough to say whose wall it is."""
_UNPACKED_AT_ONCE = 256 * 1024


async def body_of(answer: "ClientResponse", max_bytes: int) -> bytes:
    """The unpacked body; of an error as much as can be had, of a redirect nothing."""
    encodings = answer.headers.get("Content-Encoding", "")
    if answer.status in FOLLOWED:
        return b""
    if answer.status < 400:
        return await _unpacked(await _read(answer, max_bytes), encodings, max_bytes)
    with suppress(TooLargeError, BrokenError):
        return decompress(await _read(answer, _ERROR_BYTES, cut=True), encodings, max_bytes=_ERROR_BYTES * 10)
    return b""


async def _unpacked(data: bytes, encodings: str, max_bytes: int) -> bytes:
    """The unpacked bytes; a few at once, many in a thread: a few packed ones can keep the loop for long."""
    try:
        return decompress(data, encodings, max_bytes=min(max_bytes, _UNPACKED_AT_ONCE))
    except TooLargeError:
        if max_bytes <= _UNPACKED_AT_ONCE:
            raise
    return await asyncio.to_thread(decompress, data, encodings, max_bytes=max_bytes)


async def _read(answer: "ClientResponse", max_bytes: int, *, cut: bool = False) -> bytes:
    length = answer.content_length
    if length is not None and length > max_bytes and not cut:
        raise TooLargeError
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            if cut:
                break
            raise TooLargeError
    return b"".join(pieces)
