"""An answer's body: unpacked as far as it may be."""

import asyncio
from contextlib import suppress

from monitor.egress.decompress import BrokenError, TooLargeError, decompress
from monitor.egress.journey import FOLLOWED
from monitor.egress.reply import ERROR_BYTES, Reply

_UNPACKED_AT_ONCE = 256 * 1024


async def body_of(reply: Reply, max_bytes: int) -> bytes:
    """The unpacked body; of an error as much as can be had, of a redirect nothing."""
    encodings = ", ".join(value for name, value in reply.headers if name.lower() == "content-encoding")
    if reply.status in FOLLOWED:
        return b""
    if reply.status < 400:
        return await _unpacked(reply.body, encodings, max_bytes)
    with suppress(TooLargeError, BrokenError):
        return decompress(reply.body, encodings, max_bytes=ERROR_BYTES * 10)
    return b""


async def _unpacked(data: bytes, encodings: str, max_bytes: int) -> bytes:
    """The unpacked bytes; a few at once, many in a thread: a few packed ones can keep the loop for long."""
    try:
        return decompress(data, encodings, max_bytes=min(max_bytes, _UNPACKED_AT_ONCE))
    except TooLargeError:
        if max_bytes <= _UNPACKED_AT_ONCE:
            raise
    return await asyncio.to_thread(decompress, data, encodings, max_bytes=max_bytes)
