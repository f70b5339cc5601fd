"""What comes back of one request, line by line and piece by piece, as far as it is wanted."""

import socket
from typing import Final

from monitor.egress.connect import why_refused
from monitor.egress.decompress import TooLargeError
from monitor.egress.journey import FOLLOWED

ERROR_BYTES = 64 * 1024
"""As much of an error's page as is read: enough to say whose wall it is."""
_END = (b"\r\n", b"\n")
STOP: Final = -1
"""What a call back answers to end a transfer, or to make no connection."""


class Reply:
    """A server's answer while it comes in: libcurl calls `socket_for`, `take_line` and `take_piece`."""

    __slots__ = (
        "_allow_private", "_limit", "_max_bytes", "_pieces", "_size",
        "headers", "is_begun", "is_cut", "refused", "socket_error", "status",
    )  # fmt: skip

    def __init__(self, *, max_bytes: int, allow_private: bool) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.refused = ""
        self.socket_error: OSError | None = None
        self.is_begun = False
        self.is_cut = False
        self._allow_private = allow_private
        self._max_bytes = self._limit = max_bytes
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def body(self) -> bytes:
        """The bytes as they came, not yet unpacked; raises TooLargeError where there were too many."""
        if self._size > self._max_bytes and self.status < 400:
            raise TooLargeError
        return b"".join(self._pieces)

    def header(self, name: str) -> str:
        """The first header of a name, given in small letters; "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def socket_for(self, _purpose: int, address: tuple[int, int, int, tuple[object, ...]]) -> int:
        """A socket for an address about to be connected to, unless it must not be."""
        family, kind, protocol, place = address
        refused = "" if self._allow_private else why_refused(str(place[0]))
        if refused:
            self.refused = refused
            return STOP
        try:
            return socket.socket(family, kind, protocol).detach()
        except OSError as error:
            self.socket_error = error
            return STOP

    def take_line(self, line: bytes) -> int | None:
        """A line of the head: the status, a header, or its end. There may be several heads."""
        if line.startswith(b"HTTP/"):
            self.status = _status(line)
            self.headers = []
            self.is_begun = False
            self._limit = self._max_bytes
        elif line in _END:
            return self._begin_body()
        elif line[:1] in b" \t" and self.headers:
            name, value = self.headers[-1]
            self.headers[-1] = (name, f"{value} {_text(line).strip()}")
        else:
            name, _, value = _text(line).partition(":")
            self.headers.append((name.strip(), value.strip()))
        return None

    def take_piece(self, piece: bytes) -> int | None:
        """A piece of the body; ends the transfer once there is more than is wanted."""
        self._pieces.append(piece)
        self._size += len(piece)
        return self._cut() if self._size > self._limit else None

    def _begin_body(self) -> int | None:
        """At the end of a head: whether any of what follows is wanted."""
        self.is_begun = True
        if self.status >= 400:
            self._limit = ERROR_BYTES
            return None
        length = self.header("content-length")
        if self.status in FOLLOWED:
            return None if length == "0" else self._cut()
        if self.status // 100 == 2 and _number(length) > self._limit:
            self._size = self._limit + 1
            return self._cut()
        return None

    def _cut(self) -> int:
        self.is_cut = True
        return STOP


def _status(line: bytes) -> int:
    return _number(_text(line.partition(b" ")[2].lstrip()[:3]))


def _number(text: str) -> int:
    """The number that a header is, as far as it makes sense; 0 for what is none."""
    return int(text[:18]) if text.isascii() and text.isdigit() else 0


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
