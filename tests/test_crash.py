"""A daemon that is killed at any commit, with a receiver that fails, tells every hit, and none twice.

The one exception is promised in the README: a send that was in flight when the daemon died is sent again,
with the same alert id.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.store import open_store

ROOT = Path(__file__).parent.parent
ALERT_ID = re.compile(r"A-[0-9A-Z]{5}-[0-9A-Z]{5}")
CRASHES = [(commit, when) for commit in range(1, 7) for when in ("before", "after")]


class World:
    """A feed that grows, and a receiver that refuses every alert the first time.

    With `grows` the feed has an entry more each time it is looked at.
    """

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.taken: list[str] = []
        self.grows = False
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    def feed(self) -> bytes:
        if self.grows:
            self.titles.append(f"Cuba headline number {len(self.titles):03}.")
        items = "".join(
            f"<item><guid>{number}</guid><title>{title}</title><link>http://a.example/{number}</link></item>"
            for number, title in reversed(list(enumerate(self.titles)))
        )
        return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()

    def post(self, body: bytes) -> int:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        with self._lock:
            if text not in self._refused:
                self._refused.add(text)
                return 500
            self.taken.append(text)
            return 200


@pytest.fixture
def world() -> Iterator[tuple[World, str]]:
    world = World()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(200, world.feed())

        def do_POST(self) -> None:
            self.answer(world.post(self.rfile.read(int(self.headers["Content-Length"]))), b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield world, f"127.0.0.1:{server.server_port}"
    server.shutdown()


def configure(directory: Path, host: str) -> None:
    (directory / "watchlists").mkdir()
    (directory / "watchlists" / "one.yaml").write_text("- Cuba\n")
    (directory / "monitor.yaml").write_text(
        "allow_private: true\npoll: {interval: 1s}\ndelivery: {first_retry: 200ms, longest_retry: 400ms}\n"
    )
    (directory / "feeds.yaml").write_text(f"- url: http://{host}/feed\n  name: A\n")
    (directory / "alerts.yaml").write_text(
        "route: {receiver: desk, group_wait: 0s, group_interval: 0s}\n"
        f"receivers:\n  - name: desk\n    urls: ['json://{host}/alerts']\n"
        "    allow_private: true\n    limit: none\n"
    )


def start(directory: Path, commit: int, when: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests" / "crashing.py"), str(directory), str(commit), when]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)


def finish(directory: Path) -> None:
    """Run without a fault until nothing waits any more."""
    process = start(directory, 0, "never")
    until = time.monotonic() + 60
    while time.monotonic() < until and waiting(directory):
        threading.Event().wait(0.2)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=30)
    assert not waiting(directory), log


def waiting(directory: Path) -> bool:
    store = open_store(directory / "monitor.db")
    counts, feeds = store.counts(), store.feeds()
    store.close()
    polled = all(row.state.baseline_at for row in feeds) and bool(feeds)
    return not polled or "pending" in counts.hits or "due" in counts.deliveries


@pytest.mark.slow
@pytest.mark.parametrize("crashes", [CRASHES, CRASHES[::-1], CRASHES[::5] + CRASHES[1::5] + CRASHES[2::5]])
def test_every_hit_is_told_and_none_twice_whenever_the_daemon_is_killed(
    tmp_path: Path, world: tuple[World, str], crashes: list[tuple[int, str]]
) -> None:
    """More than thirty kills, at every commit of the way, before and after it, in three orders."""
    state, host = world
    configure(tmp_path, host)
    finish(tmp_path)  # the baseline
    in_flight = 0
    for number, (commit, when) in enumerate(crashes):
        state.titles.append(f"Cuba headline number {number:03}.")
        process = start(tmp_path, commit, when)
        _, log = process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL, log
        in_flight += int((tmp_path / "crash").read_text())
    finish(tmp_path)
    repeats = repeats_where_all_are_told(state)
    assert repeats <= in_flight


KILLS = 100


@pytest.mark.slow
def test_a_hundred_kills_at_random_moments_lose_nothing_and_repeat_at_most_once_each(
    tmp_path: Path, world: tuple[World, str]
) -> None:
    state, host = world
    configure(tmp_path, host)
    finish(tmp_path)  # the baseline
    state.grows = True
    command = [sys.executable, str(ROOT / "tests" / "killing.py"), str(tmp_path), str(KILLS), "1"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    state.grows = False
    finish(tmp_path)
    assert len(state.titles) > KILLS // 4, "the daemon was killed before it could do anything"
    assert repeats_where_all_are_told(state) <= KILLS


def repeats_where_all_are_told(state: World) -> int:
    """How many sends were one too many; every hit was told, and none in two different alerts."""
    # The alert marks the word that matched: the rest of the headline is what stays as it was.
    ends = [title.removeprefix("Cuba ") for title in state.titles]
    told = {end for text in state.taken for end in ends if end in text}
    assert told == set(ends)
    sends = Counter(ALERT_ID.search(text)[0] for text in state.taken)  # type: ignore[index]
    by_alert = {ALERT_ID.search(text)[0]: text for text in state.taken}  # type: ignore[index]
    in_alerts = Counter(end for text in by_alert.values() for end in ends if end in text)
    assert set(in_alerts.values()) == {1}, "a hit was told in two different alerts"
    return sends.total() - len(sends)
