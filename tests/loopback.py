"""A loopback HTTP server whose pages the test writes, and which keeps what is posted to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Loopback:
    """`pages` by path are served; a path in `hangs` never answers; posts are kept in `posted`."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.hangs: set[str] = set()
        self.failing: set[str] = set()
        self.posted: list[tuple[str, bytes]] = []
        self.requests: list[str] = []
        self.done = threading.Event()
        self.host = ""

    def url(self, path: str, scheme: str = "http") -> str:
        """The address of a page."""
        return f"{scheme}://{self.host}{path}"


@contextmanager
def loopback() -> Iterator[Loopback]:
    """Serve until the block ends."""
    state = Loopback()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(self.path)
            self.hang()
            body = state.pages.get(self.path)
            self.answer(404 if body is None else 200, body or b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.hang()
            if self.path not in state.failing:
                state.posted.append((self.path, body))
            self.answer(500 if self.path in state.failing else 200, b"")

        def hang(self) -> None:
            if self.path in state.hangs:
                state.done.wait(60)

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield state
    finally:
        state.done.set()
        server.shutdown()
        server.server_close()


def rss(*titles: str) -> bytes:
    """An RSS document with an entry a title, the last one first."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{number}</guid><title>{title}</title>"
        f"<link>https://a.example/{number}</link></item>"
        for number, title in reversed(list(enumerate(titles)))
    )
    return f"<rss version='2.0'><channel><title>A feed</title>{items}</channel></rss>".encode()
