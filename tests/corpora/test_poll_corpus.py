"""Every captured feed, served on loopback as it was captured, through `monitor poll`, twice."""

import csv
import json
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from monitor.store import open_store

SAYING = ("title", "link", "id", "summary", "content")
CORPORA = Path(__file__).parent.parent.parent.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="needs the captured feeds")


@pytest.fixture(scope="module")
def captured() -> dict[str, tuple[bytes, int]]:
    """Each feed's bytes, and how many different entries feedparser finds in it."""
    with (CORPORA / "feeds" / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with tarfile.open(CORPORA / "feeds" / "feeds.tar.xz") as archive:
        members = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        bodies = {name: body.read() for name, body in members.items() if body is not None}
    return {f"/{row['id']}": (bodies[row["file"]], different(bodies[row["file"]])) for row in rows}


def different(body: bytes) -> int:
    """How many different entries feedparser finds: some documents repeat theirs, or have empty ones."""
    entries = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries
    said = [entry for entry in entries if any(entry.get(field) for field in SAYING)]
    return len({entry.get("id") or tuple(map(entry.get, ("link", "title", "summary"))) for entry in said})


@pytest.fixture(scope="module")
def host(captured: dict[str, tuple[bytes, int]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, _ = captured[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def poll(home: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "monitor", "poll", "--json", "--config", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    assert done.returncode in (0, 1), done.stderr[-3000:]
    return {"out": [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]}


def test_every_captured_feed_is_read_and_told_once(
    tmp_path: Path, captured: dict[str, tuple[bytes, int]], host: str
) -> None:
    """At least 98 % of what feedparser finds is read; a second poll stores nothing and tells nothing."""
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "one.yaml").write_text("- name: the\n  query: the OR a OR de OR 的\n")
    (tmp_path / "monitor.yaml").write_text("allow_private: true\n")
    urls = "".join(f"- {host}{path}\n" for path in captured)
    (tmp_path / "feeds.yaml").write_text(urls)
    poll(tmp_path)
    store = open_store(tmp_path / "monitor.db")
    first = store.counts()
    rows = {row.state.url.removeprefix(host): row for row in store.feeds()}
    short = {
        path: (rows[path].entries, entries, rows[path].state.error)
        for path, (_, entries) in captured.items()
        if rows[path].entries < 0.98 * entries
    }
    assert not short
    assert first.hits.keys() == {"kept"}, "a first document is a silent baseline"
    poll(tmp_path)
    second = store.counts()
    store.close()
    assert second == first
