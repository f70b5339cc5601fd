"""`Egress.request`: asks, follows, counts and gives up in time. Knows aiohttp, as does connection.py."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from monitor import __version__
from monitor.addresses import is_address
from monitor.egress.body import body_of
from monitor.egress.connect import (
    Lookup,
    Resolver,
    any_socket,
    dialled,
    look_up,
    public_socket,
    refuse_private,
    refused,
)
from monitor.egress.connection import tolerant_protocol
from monitor.egress.decompress import ENCODINGS, BrokenError, TooLargeError
from monitor.egress.gates import Gates
from monitor.egress.journey import FOLLOWED, Journey, login_of, merged, parse_url
from monitor.egress.passage import DIRECT, Passage, context_with
from monitor.egress.response import Headers, Response
from monitor.egress.tls import authorities_unread, small_buffers, system_context
from monitor.egress.words import size_in_words, words_of
from monitor.errors import RetrieveError

if TYPE_CHECKING:
    from aiohttp import ClientSession

USER_AGENT = f"feed-monitor/{__version__}"
TIMEOUT = 30.0
MAX_BYTES = 10 * 1024 * 1024
MAX_CONNECTIONS_PER_HOST = 2

_KEEP_ALIVE = 1.0
"""Seconds: for a host's next feed, and where redirects lead. Over TLS a connection holds 100 KB meanwhile."""
_HEADER_BYTES = 64 * 1024
_REPEATABLE = {"GET", "HEAD"}


class Egress:
    """The way out, open between `async with`; `lookup` and `ssl_context` replace the system's."""

    def __init__(
        self,
        *,
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        user_agent: str = USER_AGENT,
        lookup: Lookup = look_up,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.timeout = timeout
        self.max_bytes = max_bytes
        self._user_agent = user_agent
        self._resolver = Resolver(lookup)
        self._ssl_context = ssl_context
        self._sessions: dict[tuple[bool, ssl.SSLContext | None], ClientSession] = {}
        self._gates = Gates(MAX_CONNECTIONS_PER_HOST)

    async def __aenter__(self) -> Self:
        small_buffers()
        with authorities_unread():
            import aiohttp  # noqa: F401 - slow: now, and not in the middle of the first request

        return self

    async def __aexit__(self, *_: object) -> None:
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def request(  # noqa: PLR0913 - all that one request may differ in
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        origin_headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        body_travels: bool = False,
        allow_private: bool = False,
        passage: Passage = DIRECT,
        timeout: float | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """Ask for `url` and follow where it leads; raises RetrieveError in plain words.

        `headers` go wherever the redirects lead, `origin_headers` (and a login in the URL, and the client
        certificate of `passage`) only to the origin of `url`; the `body` too, unless it `body_travels`, and
        then the same is asked again wherever redirects lead, but never in the clear. `timeout` is in seconds
        for the whole of it, without waiting for a turn at a host. Any status but a redirect is an answer and
        no error.
        """
        try:
            asked = parse_url(url)
        except ValueError as error:
            raise RetrieveError(f"not a URL: {error}", url=url, retryable=False) from error
        journey = Journey(
            asked=asked,
            method=method,
            headers=merged({"User-Agent": self._user_agent, "Accept-Encoding": ENCODINGS}, headers or {}),
            origin_headers=merged(login_of(asked), origin_headers or {}),
            body=body,
            body_travels=body_travels,
            allow_private=allow_private,
            passage=passage,
            timeout=self.timeout if timeout is None else timeout,
            max_bytes=self.max_bytes if max_bytes is None else max_bytes,
        )
        return await self._travel(journey)

    async def _travel(self, journey: Journey) -> Response:
        loop = asyncio.get_running_loop()
        while True:
            async with self._gates.turn(journey.at.host or ""):
                began = loop.time()
                answer = await self._hop(journey)
                journey.left -= loop.time() - began
            if answer.status not in FOLLOWED or not answer.headers.get("Location"):
                return answer
            journey.follow(answer)

    async def _hop(self, journey: Journey) -> Response:
        """One request and its answer, all errors in our words."""
        refused.set([])
        dialled.set([])
        progress = _Progress()
        try:
            async with asyncio.timeout(journey.left):
                return await self._ask_afresh(journey, progress)
        except TimeoutError as error:
            raise journey.error(progress.too_late(journey.timeout), reached=progress.answered) from error
        except TooLargeError as error:
            raise journey.error(f"more than {size_in_words(journey.max_bytes)}") from error
        except BrokenError as error:
            raise journey.error(str(error)) from error
        except _foreign_errors() as error:
            if reasons := refused.get():
                raise journey.forbidden(reasons[-1]) from error
            words, retryable = _aiohttp_words(error, journey.at.host or "")
            raise journey.error(words, retryable=retryable, reached=not _is_unreachable(error)) from error

    async def _ask_afresh(self, journey: Journey, progress: "_Progress") -> Response:
        """Ask; once more where a kept connection turns out to be closed, which says nothing of the server.

        aiohttp does so by itself, but may find another that is closed.
        """
        import aiohttp

        try:
            return await self._ask(journey, progress)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if dialled.get() or progress.answered or journey.method not in _REPEATABLE:
                raise
        return await self._ask(journey, progress)

    async def _ask(self, journey: Journey, progress: "_Progress") -> Response:
        if journey.passage.proxy and not journey.allow_private:
            await self._refuse_private(journey.at.host or "")
        async with self._session(journey).request(
            journey.method,
            journey.at,
            headers=journey.headers_here(),
            data=journey.body,
            allow_redirects=False,
            proxy=journey.passage.proxy or None,
        ) as answer:
            progress.answered = True
            try:
                body = await body_of(answer, journey.max_bytes)
            finally:
                if not answer.content.at_eof():
                    answer.close()
        return Response(
            url=str(journey.at),
            status=answer.status,
            headers=Headers(list(answer.headers.items())),
            body=body,
            redirects=tuple(journey.redirects),
        )

    async def _refuse_private(self, host: str) -> None:
        """Refuse what a proxy is not to be asked for, as far as it can be told here: it connects, not we."""
        try:
            addresses = [host] if is_address(host) else await self._resolver.addresses(host)
        except OSError:
            return  # a name that only the proxy knows
        for address in addresses:
            refuse_private(address)

    def _session(self, journey: Journey) -> "ClientSession":
        """The session whose connections all passed the same check and show the same certificate."""
        context = self._ssl_context or (system_context() if journey.over_tls else None)
        if certificate := journey.certificate_here():
            try:
                context = context_with(certificate, self._ssl_context)
            except ValueError as error:
                raise journey.error(f"the client certificate can not be used: {error}") from error
        # Who names a proxy means it, wherever it stands.
        key = (journey.allow_private or bool(journey.passage.proxy), context)
        if key not in self._sessions:
            self._sessions[key] = self._open(*key)
        return self._sessions[key]

    def _open(self, allow_private: bool, context: ssl.SSLContext | None) -> "ClientSession":
        import aiohttp

        connector = aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=_KEEP_ALIVE,
            resolver=self._resolver,  # type: ignore[arg-type]  # has its two methods
            socket_factory=any_socket if allow_private else public_socket,
            ssl=context or True,  # without one no connection is over TLS
        )
        connector._factory = partial(tolerant_protocol(), loop=asyncio.get_running_loop())
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
        )


@dataclass(slots=True)
class _Progress:
    """How far a request came."""

    answered: bool = False

    def too_late(self, timeout: float) -> str:
        what = "the answer did not end" if self.answered else "no answer"
        return f"{what} within {timeout:g} s"


def _foreign_errors() -> tuple[type[Exception], ...]:
    from aiohttp import ClientError

    return (ClientError, OSError, UnicodeError)


def _is_unreachable(error: Exception) -> bool:
    """Whether nobody was there: no address, no way, no connection; who refuses our TLS is there."""
    import aiohttp

    return isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, aiohttp.ClientSSLError)


def _aiohttp_words(error: Exception, host: str) -> tuple[str, bool]:
    """What went wrong in plain words, and whether trying again can help."""
    import aiohttp

    match error:
        case aiohttp.InvalidURL() | UnicodeError():
            return f"not a URL: {host!r} can not be a host", False
        case aiohttp.ClientProxyConnectionError():
            words = f"the proxy {error.host}: {words_of(error.os_error, error.host)}"
        case aiohttp.ClientHttpProxyError():
            words = f"the proxy refuses: {error.status} {error.message.partition(chr(10))[0]}".rstrip()
        case aiohttp.ServerDisconnectedError():
            words = "the server ended the connection without an answer"
        case aiohttp.ClientPayloadError():
            words = "the answer broke off"
        case aiohttp.ClientResponseError():
            words = f"not an HTTP answer: {error.message.partition(chr(10))[0]}"
        case aiohttp.ClientConnectorCertificateError():
            words = words_of(error.certificate_error, host)
        case aiohttp.ClientConnectorError():
            words = words_of(error.os_error, host)
        case _:
            words = words_of(error, host)
    return words, True
