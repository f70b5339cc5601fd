"""What a Content-Encoding hides: gzip, deflate, br and zstd, never unpacked beyond a limit. Pure."""

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from monitor.errors import MonitorError

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj

ENCODINGS = "gzip, deflate, br, zstd"
"""What we say that we accept."""

_MOST_LAYERS = 3
_ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 9659: what a decoder for HTTP must have, and need not exceed
_ZSTD_SLICE = 256
"""Bytes fed at a time: a block of 4 bytes can become 128 KiB, and its library knows no limit."""


class TooLargeError(MonitorError):
    """The unpacked bytes would be more than allowed."""


class BrokenError(MonitorError, ValueError):
    """The packed bytes are broken off or not what they are said to be."""


def decompress(data: bytes, encodings: str, *, max_bytes: int) -> bytes:
    """Unpack `data` as its Content-Encoding header says, from the last layer to the first.

    Raises TooLargeError before much more than `max_bytes` are held, BrokenError for what can not be unpacked.
    """
    layers = [name.strip().lower() for name in encodings.split(",")]
    layers = [name for name in layers if name not in ("", "identity")]
    if len(layers) > _MOST_LAYERS:
        raise BrokenError(f"packed {len(layers)} times over")
    for name in reversed(layers):
        data = _unpack(data, name, max_bytes)
    return data


def _unpack(data: bytes, name: str, max_bytes: int) -> bytes:
    unpack = _UNPACKERS.get(name)
    if unpack is None:
        raise BrokenError(f"an unknown content encoding: {name[:40]!r}")
    plain = unpack(data, max_bytes + 1) if data else b""
    if len(plain) > max_bytes:
        raise TooLargeError
    return plain


def _gunzip(data: bytes, limit: int) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data  # servers that pack by name only: the header says gzip, the body is plain
    plain = b""
    while data.startswith(b"\x1f\x8b") and len(plain) < limit:  # one file may be several members
        more, data = _inflate(data, limit - len(plain), zlib.MAX_WBITS | 16)
        plain += more
    return plain


def _undeflate(data: bytes, limit: int) -> bytes:
    # RFC 9110 means zlib's format, some servers send the bare stream.
    bare = data[0] & 0x0F != zlib.DEFLATED or (data[0] << 8 | data[1 % len(data)]) % 31
    return _inflate(data, limit, -zlib.MAX_WBITS if bare else zlib.MAX_WBITS)[0]


def _inflate(data: bytes, limit: int, window: int) -> tuple[bytes, bytes]:
    inflater = zlib.decompressobj(window)
    try:
        plain = inflater.decompress(data, limit)
    except zlib.error as error:
        raise BrokenError(f"the packed bytes are broken: {error}") from error
    if not inflater.eof and len(plain) < limit:
        raise BrokenError("the packed bytes broke off")
    return plain, inflater.unused_data


def _unbrotli(data: bytes, limit: int) -> bytes:
    import brotli  # type: ignore[import-untyped]  # it has no types

    decompressor = brotli.Decompressor()
    try:
        plain: bytes = decompressor.process(data, output_buffer_limit=limit)
        while len(plain) < limit and not decompressor.can_accept_more_data():
            plain += decompressor.process(b"", output_buffer_limit=limit - len(plain))
    except brotli.error as error:
        raise BrokenError(f"the packed bytes are broken: {error}") from error
    if not decompressor.is_finished() and len(plain) < limit:
        raise BrokenError("the packed bytes broke off")
    return plain


def _unzstd(data: bytes, limit: int) -> bytes:
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    plain = b""
    try:
        while data and len(plain) < limit:  # one file may be several frames
            more, data = _unzstd_frame(decompressor.decompressobj(), data, limit - len(plain))
            plain += more
    except zstandard.ZstdError as error:
        raise BrokenError(f"the packed bytes are broken: {error}") from error
    return plain


def _unzstd_frame(frame: "ZstdDecompressionObj", data: bytes, limit: int) -> tuple[bytes, bytes]:
    pieces: list[bytes] = []
    size = 0
    for start in range(0, len(data), _ZSTD_SLICE):
        pieces.append(frame.decompress(data[start : start + _ZSTD_SLICE]))
        size += len(pieces[-1])
        if frame.eof:
            return b"".join(pieces), frame.unused_data + data[start + _ZSTD_SLICE :]
        if size >= limit:
            return b"".join(pieces), b""
    raise BrokenError("the packed bytes broke off")


_UNPACKERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
