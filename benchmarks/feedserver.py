"""Ten thousand loopback feeds in a process of its own: `python -m benchmarks.feedserver CORPORA`.

Every address of 127.0.0.0/8 is a host; /NUMBER is a feed of thirty items with texts of the corpora's
articles. Commands come on the standard input, one a line: `shift N` gives every N-th feed one more item,
`conditional 0` has every request answered with the whole document, `conditional 1` those with a fitting ETag
by 304. Each is answered by `ok`; before the first one the ports are printed, the first for HTTP, the others
for TLS.
"""

import asyncio
import itertools
import re
import ssl
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from benchmarks.corpora import article_texts

ITEMS = 30
TEXTS = 2_000
LETTERS = 700
HOSTS_A_PORT = 10
"""And a certificate: about as many names as one of the web has."""
_ETAG = re.compile(rb'if-none-match:\s*"([^"]*)"', re.IGNORECASE)
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Site:
    """The feeds and how they answer now."""

    def __init__(self, corpora: Path) -> None:
        texts = itertools.islice(article_texts(corpora), TEXTS)
        self._texts = [(escape(title), escape(f"<p>{text[:LETTERS]}</p>")) for title, text in texts]
        self._shifts: list[int] = []
        self._conditional = True

    def command(self, line: str) -> None:
        """Do what a line on the standard input says."""
        match line.split():
            case ["shift", every]:
                self._shifts.append(int(every))
            case ["conditional", yes]:
                self._conditional = yes == "1"
            case _:
                raise ValueError(line)

    def answer(self, request: bytes) -> bytes:
        """The whole answer to a request's head."""
        number = int(request.split(b" ", 2)[1][1:])
        newest = ITEMS + sum(number % every == 0 for every in self._shifts)
        asked = _ETAG.search(request)
        if asked and self._conditional and asked[1].decode() == str(newest):
            return b'HTTP/1.1 304 Not Modified\r\nETag: "%d"\r\n\r\n' % newest
        body = self._document(number, newest).encode()
        head = (
            f'HTTP/1.1 200 OK\r\nETag: "{newest}"\r\nContent-Type: application/rss+xml\r\n'
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _document(self, feed: int, newest: int) -> str:
        items = "".join(self._item(feed, at) for at in range(newest, newest - ITEMS, -1))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Feed {feed}</title><link>http://feed{feed}.example/</link>"
            f"<description>News of feed {feed}</description><language>en</language>{items}</channel></rss>"
        )

    def _item(self, feed: int, at: int) -> str:
        title, text = self._texts[(feed * 7919 + at) % len(self._texts)]
        link = f"http://feed{feed}.example/{at}"
        date = format_datetime(_NOW + timedelta(minutes=at))
        return (
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
            f"<description>{text}</description></item>\n"
        )


class Connection(asyncio.Protocol):
    """One client, request after request."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("peername")[0].startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            request, _, self._read = self._read.partition(b"\r\n\r\n")
            self._transport.write(self._site.answer(request))
            if b"connection: close" in request.lower() or b"HTTP/1.0" in request:
                self._transport.close()


async def serve(site: Site, contexts: list[ssl.SSLContext]) -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    ports = []
    for context in (None, *contexts):
        server = await loop.create_server(lambda: Connection(site), "0.0.0.0", 0, ssl=context, backlog=4096)
        ports.append(server.sockets[0].getsockname()[1])
    print(*ports, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        site.command(line)
        print("ok", flush=True)


def tls_contexts(count: int, authority: Path) -> list[ssl.SSLContext]:
    """A certificate a port, each for its own few addresses; the authority's own goes into a file."""
    import trustme

    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(str(authority))
    contexts = []
    for port in range(count):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        names = [host_of(port * HOSTS_A_PORT + number) for number in range(HOSTS_A_PORT)]
        issuer.issue_cert(*names).configure_cert(context)
        contexts.append(context)
    return contexts


def host_of(number: int) -> str:
    """The loopback address of a feed."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"


def main() -> None:
    """Serve the texts of a folder: CORPORA [TLS-PORTS FILE-FOR-THE-AUTHORITY]."""
    corpora, *tls = sys.argv[1:]
    contexts = tls_contexts(int(tls[0]), Path(tls[1])) if tls else []
    asyncio.run(serve(Site(Path(corpora)), contexts))


if __name__ == "__main__":
    main()
