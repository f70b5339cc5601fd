"""A site with feeds and a hub, on loopback: real HTTP, as badly behaved as the test wants it."""

import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

LEASE_SECONDS = "7200"


@dataclass
class Hub:
    """`asked` are the forms that came, `agreed` those of them that we said yes to, by the callback; once
    there is one it is `ready` to tell.

    `pages` are served with the headers that stand beside them. `moves` redirects a path, `refuses` answers
    each question with a status. The hub comes back to whoever asks before it answers, unless it is `slow`;
    it asks about `topic`, if that is something, and gives a lease of `lease` seconds.
    """

    pages: dict[str, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)
    moves: dict[str, tuple[int, str]] = field(default_factory=dict)
    refuses: tuple[int, str] | None = None
    retry_after: str = ""
    topic: str = ""
    lease: str = LEASE_SECONDS
    slow: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    agreed: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)
    host: str = ""

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"http://{self.host}{path}"

    def come_back(self, form: Mapping[str, str], **changes: str) -> int:
        """Ask the callback whether it has asked; returns what it answers, 200 only with the challenge."""
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": self.topic or form["hub.topic"],
            "hub.challenge": "a challenge <b>&",
            "hub.lease_seconds": self.lease,
        } | {f"hub.{name}": value for name, value in changes.items()}
        status, body = ask("GET", f"{form['hub.callback']}?{urlencode(query)}")
        if 200 <= status < 300 and body != query["hub.challenge"]:
            return 0
        self.answers.append(status)
        if status == 200 and query["hub.mode"] == "subscribe":
            self.agreed[form["hub.callback"]] = dict(form)
            self.ready.set()
        elif status == 200:
            self.agreed.pop(form["hub.callback"], None)
        return status

    def deny(self, reason: str) -> int:
        """Tell the one who is told that this is over."""
        ((callback, form),) = self.agreed.items()
        query = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": reason}
        return ask("GET", f"{callback}?{urlencode(query)}")[0]

    def publish(
        self,
        body: bytes,
        *,
        method: str = "sha256",
        secret: str = "",
        kind: str = "application/rss+xml",
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Tell the one who is told; with `method` "" without a signature. Returns what they answer."""
        ((callback, form),) = self.agreed.items()
        sent = {"Content-Type": kind, "Link": f"<{form['hub.topic']}>; rel=self"} | dict(headers or {})
        if method:
            key = (secret or form["hub.secret"]).encode()
            sent["X-Hub-Signature"] = f"{method}={hmac.digest(key, body, method).hex()}"
        return ask("POST", callback, body, sent)[0]


def ask(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """One request, as it is."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        self.hub.requests.append(self.path)
        if not self._move():
            body, headers = self.hub.pages.get(self.path, (b"", {}))
            self._answer(200 if self.path in self.hub.pages else 404, body, headers)

    def do_POST(self) -> None:
        hub = self.hub
        hub.requests.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._move():
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        hub.asked.append(form)
        if hub.refuses:
            status, words = hub.refuses
            wait = {"Retry-After": hub.retry_after} if hub.retry_after else {}
            self._answer(status, words.encode(), wait)
        elif hub.slow or hub.come_back(form) == 200:
            self._answer(202, b"", {})
        else:
            self._answer(400, b"the callback does not know", {})

    def _move(self) -> bool:
        status, where = self.hub.moves.get(self.path, (0, ""))
        if status:
            self._answer(status, b"", {"Location": where})
        return bool(status)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/xml", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def hub_server() -> Iterator[Hub]:
    """Serve until the block ends."""
    hub = Hub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
