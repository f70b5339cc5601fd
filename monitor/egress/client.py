"""`Egress.request`: asks, follows, counts and gives up in time."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

from monitor import __version__
from monitor.addresses import is_address
from monitor.egress.body import body_of
from monitor.egress.connect import Lookup, Resolver, look_up, why_refused
from monitor.egress.decompress import ENCODINGS, BrokenError, TooLargeError
from monitor.egress.gates import Gates
from monitor.egress.journey import FOLLOWED, Journey, login_of, merged, parse_url
from monitor.egress.passage import DIRECT, ClientCertificate, Passage
from monitor.egress.reply import Reply
from monitor.egress.response import Headers, Response
from monitor.egress.tls import Authorities, check_certificate, system_authorities
from monitor.egress.words import size_in_words, words_of
from monitor.errors import RetrieveError

if TYPE_CHECKING:
    from yarl import URL

USER_AGENT = f"feed-monitor/{__version__}"
TIMEOUT = 30.0
MAX_BYTES = 10 * 1024 * 1024
MAX_CONNECTIONS_PER_HOST = 2

_UNSENDABLE = re.compile(r"[\r\n\0]")
"""What would end a header's line."""


class Egress:
    """The way out, open between `async with`; `lookup` and `authorities` replace the system's."""

    def __init__(
        self,
        *,
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        user_agent: str = USER_AGENT,
        lookup: Lookup = look_up,
        authorities: Authorities | None = None,
    ) -> None:
        self.timeout = timeout
        self.max_bytes = max_bytes
        self._user_agent = user_agent
        self._resolver = Resolver(lookup)
        self._authorities = authorities
        self._gates = Gates(MAX_CONNECTIONS_PER_HOST)

    async def __aenter__(self) -> Self:
        from monitor.egress.transfers import (
            Transfers,
        )  # slow: now, and not in the middle of the first request

        self._transfers: Transfers = Transfers(self._authorities or system_authorities())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transfers.close()

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
        asked = _parsed(url)
        headers = merged({"User-Agent": self._user_agent, "Accept-Encoding": ENCODINGS}, headers or {})
        origin_headers = merged(login_of(asked), origin_headers or {})
        if _UNSENDABLE.search("".join((*headers.values(), *origin_headers.values()))):
            raise RetrieveError("a header can not be sent: it holds a line break", url=url, retryable=False)
        journey = Journey(
            asked=asked,
            method=method,
            headers=headers,
            origin_headers=origin_headers,
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
        if shown := journey.certificate_here():
            _check(shown, journey)
        reply = Reply(max_bytes=journey.max_bytes, allow_private=journey.connects_anywhere)
        try:
            async with asyncio.timeout(journey.left):
                if journey.passage.proxy and not journey.allow_private:
                    await self._refuse_private(journey)
                addresses = await self._addresses(journey)
                await self._transfers.carry(journey, reply, addresses)
                body = await body_of(reply, journey.max_bytes)
        except TimeoutError as error:
            what = "the answer did not end" if reply.is_begun else "no answer"
            raise journey.error(f"{what} within {journey.timeout:g} s", reached=reply.is_begun) from error
        except TooLargeError as error:
            raise journey.error(f"more than {size_in_words(journey.max_bytes)}") from error
        except BrokenError as error:
            raise journey.error(str(error)) from error
        return Response(
            url=str(journey.at),
            status=reply.status,
            headers=Headers(reply.headers),
            body=body,
            redirects=tuple(journey.redirects),
        )

    async def _addresses(self, journey: Journey) -> Sequence[str]:
        """Those of the host to connect to; none where it is one itself."""
        host, _ = journey.connected_to
        if is_address(host):
            return ()
        try:
            return await self._resolver.addresses(host)
        except OSError as error:
            words = words_of(error, host)
            where = f"the proxy {host}: " if journey.passage.proxy else ""
            raise journey.error(where + words, reached=False) from error
        except UnicodeError as error:
            raise journey.error(f"not a URL: {host!r} can not be a host", retryable=False) from error

    async def _refuse_private(self, journey: Journey) -> None:
        """Refuse what a proxy is not to be asked for, as far as it can be told here: it connects, not we."""
        host = journey.at.raw_host or ""
        try:
            addresses = [host] if is_address(host) else await self._resolver.addresses(host)
        except OSError:
            return  # a name that only the proxy knows
        for address in addresses:
            if refused := why_refused(address):
                raise journey.forbidden(refused)


def _parsed(url: str) -> "URL":
    try:
        return parse_url(url)
    except ValueError as error:
        raise RetrieveError(f"not a URL: {error}", url=url, retryable=False) from error


def _check(certificate: ClientCertificate, journey: Journey) -> None:
    try:
        check_certificate(certificate)
    except ValueError as error:
        raise journey.error(f"the client certificate can not be used: {error}") from error
