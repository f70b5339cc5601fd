"""A connection as aiohttp keeps it, where it must differ: what it makes of a 304, and whether it was kept."""

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import TraceConfig
    from aiohttp.client_proto import ResponseHandler

_BODILESS = re.compile(rb"HTTP/1\.[01] (204|304)\b")


def tells_kept() -> "TraceConfig":
    """Notes with each request whether its connection was kept."""
    from aiohttp import TraceConfig

    async def reused(_session: object, context: SimpleNamespace, _: object) -> None:
        context.trace_request_ctx.kept = True

    async def created(_session: object, context: SimpleNamespace, _: object) -> None:
        context.trace_request_ctx.kept = False

    config = TraceConfig()
    config.on_connection_reuseconn.append(reused)
    config.on_connection_create_end.append(created)
    return config


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
