"""Transfers side by side, by libcurl in the event loop. Knows pycurl, as does failures.py.

libcurl keeps the connections of the last transfers for a moment. Those that may lead into private networks
and those that must not are kept apart, since only a new connection is asked for its address.
"""

import os
from collections.abc import Iterator, Sequence

import pycurl

from monitor.egress.failures import failure_of
from monitor.egress.journey import Journey
from monitor.egress.reply import Reply
from monitor.egress.tls import Authorities

_KEEP_ALIVE = 1
"""Seconds: for a host's next feed, and where redirects lead."""
_KEPT = 64
"""Connections, at most."""
_PIECE = 128 * 1024
"""Bytes that are read at once, at most."""
_LOOKED_UP = 1
"""Seconds that libcurl knows the addresses it was given. It looks through all that it knows for each request:
an address, which is its own, it need not know at all.
"""

Option = tuple[int, object]

_ALWAYS: Sequence[Option] = (
    (pycurl.NOSIGNAL, 1),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
    (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
    (pycurl.PATH_AS_IS, 1),
    (pycurl.MAXAGE_CONN, _KEEP_ALIVE),
    (pycurl.BUFFERSIZE, _PIECE),
)
_REPEATABLE = {"GET", "HEAD"}
"""libcurl asks once more where a kept connection turns out to be closed: others must not have a kept one."""


class Transfers:
    """Carries requests out, until it is closed."""

    def __init__(self, authorities: Authorities) -> None:
        self._authorities = authorities
        self._multis: dict[bool, pycurl.AsyncCurlMulti] = {}
        self._idle: list[pycurl.Curl] = []

    async def carry(self, journey: Journey, reply: Reply, addresses: Sequence[str]) -> None:
        """Send what a journey asks for where it is now, and let `reply` take what comes back.

        `addresses` are those of the host (or of the proxy); none where it is an address itself.
        Raises RetrieveError, but not where the reply was ended because it is enough.
        """
        handle = self._idle.pop() if self._idle else pycurl.Curl()
        for option, value in (*_ALWAYS, *_taking(reply), *_asking(journey, addresses)):
            handle.setopt(option, value)
        if journey.over_tls:
            for option, value in self._trusting(journey):
                handle.setopt(option, value)
        try:
            await self._multi(journey).perform(handle)
        except pycurl.error as error:
            if not reply.is_cut:
                raise failure_of(error, handle, journey, reply) from error
        # A handle that was given up on the way is libcurl's for a moment yet: it is left to it.
        handle.reset()
        self._idle.append(handle)

    async def close(self) -> None:
        """Give up what runs, and end all connections."""
        multis, self._multis = self._multis, {}
        for multi in multis.values():
            await multi.aclose()

    def _multi(self, journey: Journey) -> pycurl.AsyncCurlMulti:
        key = journey.connects_anywhere
        if key not in self._multis:
            self._multis[key] = multi = pycurl.AsyncCurlMulti()
            multi.setopt(pycurl.M_MAXCONNECTS, _KEPT)
        return self._multis[key]

    def _trusting(self, journey: Journey) -> Iterator[Option]:
        """Whom to trust, and the certificate to show."""
        if self._authorities.file:
            yield pycurl.CAINFO, os.fsencode(self._authorities.file)
            yield pycurl.PROXY_CAINFO, os.fsencode(self._authorities.file)
        if self._authorities.folder:
            yield pycurl.CAPATH, os.fsencode(self._authorities.folder)
            yield pycurl.PROXY_CAPATH, os.fsencode(self._authorities.folder)
        if shown := journey.certificate_here():
            yield pycurl.SSLCERT, os.fsencode(shown.certificate)
            yield pycurl.SSLKEY, os.fsencode(shown.key or shown.certificate)
            yield pycurl.KEYPASSWD, shown.password.encode()


def _taking(reply: Reply) -> Iterator[Option]:
    """Who takes what comes back, and makes the connection."""
    yield pycurl.OPENSOCKETFUNCTION, reply.socket_for
    yield pycurl.HEADERFUNCTION, reply.take_line
    yield pycurl.WRITEFUNCTION, reply.take_piece


def _asking(journey: Journey, addresses: Sequence[str]) -> Iterator[Option]:
    """What is asked for, of whom, and by which way."""
    yield pycurl.URL, str(journey.at).encode()
    yield pycurl.HTTPHEADER, [_line(name, value) for name, value in journey.headers_here().items()]
    yield pycurl.PROXY, journey.passage.proxy.encode()  # "" for none, whatever the environment says
    # libcurl takes no addresses of one link (`fe80::1%eth0`); where there are no others it looks by itself.
    if anywhere := [address for address in addresses if "%" not in address]:
        host, port = journey.connected_to
        yield pycurl.RESOLVE, [f"+{host}:{port}:{','.join(anywhere)}"]
    yield pycurl.DNS_CACHE_TIMEOUT, _LOOKED_UP if addresses else 0
    if journey.method not in _REPEATABLE:
        yield pycurl.FRESH_CONNECT, 1
        yield pycurl.POSTFIELDS, journey.body or b""
    if journey.method == "HEAD":
        yield pycurl.NOBODY, 1
    elif journey.method not in ("GET", "POST"):
        yield pycurl.CUSTOMREQUEST, journey.method


def _line(name: str, value: str) -> bytes:
    """A header as libcurl takes it: one that ends in a colon would be left out."""
    return (f"{name}: {value}" if value else f"{name};").encode()
