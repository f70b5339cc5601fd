"""A connection as aiohttp keeps it, where it must differ: what it makes of a 304."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler

_BODILESS = re.compile(rb"HTTP/1\.[01] (204|304)\b")


def tolerant_protocol() -> "type[ResponseHandler]":
    """aiohttp's side of a connection, which takes a 304 with a body for a 304 and not for garbage."""
    from aiohttp.client_proto import ResponseHandler

    class Tolerant(ResponseHandler):
        def data_received(self, data: bytes) -> None:
            if _BODILESS.match(data):
                head, end, body = data.partition(b"\r\n\r\n")
                if body:
                    data = head + end
                    self.force_close()
            super().data_received(data)

    return Tolerant
