"""How long does an alert take from a hub's push to the wire?

    python -m benchmarks.push [--pushes 400] [--json]

Runs the daemon as it is, in a process of its own with a database on disk, on a feed that names a hub; the hub
is here, the web hook that hears in another process. Each push is signed, holds one new entry, and comes when
the one before was heard. The clock runs from before the push is posted until the web hook has read the alert.
Beside each of them, in the same run, a bare POST of the same bytes to the same web hook.
"""

import argparse
import hmac
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from benchmarks.alerts import SUMMARY, Hook
from benchmarks.corpora import machine, table

SECONDS = 60.0
WARM_UP = 20
VERSIONS = ("apprise", "feedparser", "pycurl", "starlette", "uvicorn")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--pushes", type=int, default=400, help="one after the other (default %(default)s)")
    options.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    chosen = options.parse_args()
    rows = measured(chosen.pushes)
    versions = {name: version(name) for name in VERSIONS}
    result = {"machine": machine(), "versions": versions, "pushes": chosen.pushes, "ms": rows}
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(
        f"{result['machine']}\n{versions}\n\n{chosen.pushes:,} pushes, one after the other, ms\n{table(rows)}"
    )


def measured(count: int) -> list[dict[str, Any]]:
    """The daemon's way and the bare one, in turns; the first ones warm both up."""
    hook = Hook()
    with tempfile.TemporaryDirectory() as folder, hub_here() as hub, daemon(Path(folder), hub, hook):
        taken, heard, bare = [], [], []
        for number in range(1, count + WARM_UP + 1):
            began = time.monotonic()
            taken.append(hub.push(document(hub, number)) - began)
            heard.append(hook.read_at() - began)
            bare.append(bare_post(hook, document(hub, number)))
    hook.close()
    ways = {"push answered": taken, "push to alert": heard, "bare POST": bare}
    return [row(name, values[WARM_UP:]) for name, values in ways.items()]


def row(name: str, seconds: Sequence[float]) -> dict[str, Any]:
    """Percentiles in milliseconds."""
    ms = [round(value * 1000, 1) for value in sorted(seconds)]
    parts = {f"p{part}": ms[min(len(ms) - 1, len(ms) * part // 100)] for part in (50, 90, 99)}
    return {"": name} | parts | {"max": ms[-1]}


def bare_post(hook: Hook, body: bytes) -> float:
    """Seconds until the web hook has read these bytes."""
    began = time.monotonic()
    post(hook.url.replace("json:", "http:"), body, {})
    return hook.read_at() - began


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """A POST on a connection of its own, as hubs make them."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=SECONDS)
    connection.request("POST", parts.path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


# --- the hub ---


@dataclass
class Hub:
    """A hub and its one feed; `agreed` is what we have been asked for."""

    host: str = ""
    agreed: dict[str, str] = field(default_factory=dict)
    ready: threading.Event = field(default_factory=threading.Event)

    def push(self, body: bytes) -> float:
        """Tell; returns the moment when it was answered."""
        signature = hmac.digest(self.agreed["hub.secret"].encode(), body, "sha256").hex()
        headers = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"sha256={signature}"}
        status = post(self.agreed["hub.callback"], body, headers)
        assert status == 202, status
        return time.monotonic()

    def come_back(self, form: dict[str, str]) -> None:
        """Ask whoever has asked whether it was them."""
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "x"}
        parts = urlsplit(form["hub.callback"])
        connection = HTTPConnection(parts.netloc, timeout=SECONDS)
        connection.request("GET", f"{parts.path}?{urlencode({**query, 'hub.lease_seconds': '864000'})}")
        assert connection.getresponse().status == 200
        connection.close()
        self.agreed = form
        self.ready.set()


@contextmanager
def hub_here() -> Iterator[Hub]:
    """A hub that is served until the block ends."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, document(hub, 0))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.come_back({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(202, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def document(hub: Hub, number: int) -> bytes:
    """The feed with one entry, and the head that names its hub."""
    links = "".join(f'<atom:link rel="{rel}" href="http://{hub.host}/{rel}"/>' for rel in ("hub", "self"))
    entry = (
        f"<item><guid>https://example.org/{number}</guid><link>https://example.org/{number}</link>"
        f"<title>Spy base in Cuba grows, report {number}</title>"
        f"<description><![CDATA[{SUMMARY.format(number=number)}]]></description></item>"
    )
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>World News</title>'
        f"{links}{entry}</channel></rss>"
    ).encode()


# --- the daemon ---


@contextmanager
def daemon(folder: Path, hub: Hub, hook: Hook) -> Iterator[None]:
    """The daemon, once the hub has agreed to tell it."""
    configure(folder, hub, hook)
    command = [sys.executable, "-m", "monitor", "run", "--config", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "NO_COLOR": "1"})
        try:
            if not hub.ready.wait(SECONDS):
                raise RuntimeError(f"the hub was never asked:\n{(folder / 'log').read_text()[-2000:]}")
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS)


def configure(folder: Path, hub: Hub, hook: Hook) -> None:
    """A topic, a feed, a receiver that hears at once."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    (folder / "watchlists").mkdir()
    files = {
        "watchlists/one.yaml": "- {name: Cuba, query: Cuba AND Havana}\n",
        "feeds.yaml": f"- {{url: 'http://{hub.host}/self', name: World News}}\n",
        "monitor.yaml": (
            "allow_private: true\n"
            f"web: {{listen: '127.0.0.1:{port}', public_url: 'http://127.0.0.1:{port}'}}\n"
        ),
        "alerts.yaml": (
            "route: {receiver: desk, group_by: [topic], group_wait: 0s, group_interval: 0s}\n"
            f"receivers: [{{name: desk, urls: ['{hook.url}'], allow_private: true, limit: none}}]\n"
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
