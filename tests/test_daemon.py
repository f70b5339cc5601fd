"""The daemon as a process: signals, reloads, the lock, health. Every wait is for a line of its log."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from monitor.arrival import Arrival, FoundHit, Ingested
from monitor.clock import clock
from monitor.daemon import _is_news
from monitor.dispatcher import Dispatched
from monitor.feeds.entry import Entry
from monitor.feeds.health import Health
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.poller import PollReport
from monitor.reports import Trouble
from monitor.store import open_store
from monitor.store.feeds import Follow
from tests.alerts.sinks import free_port
from tests.load import slowdown
from tests.loopback import Loopback, loopback, rss
from tests.store.contract import new_hit

SECONDS = 60.0
"""How long to wait for what must happen, however busy the machine is."""


class Daemon:
    """A running `monitor run`, and its log as it comes."""

    def __init__(self, directory: Path) -> None:
        command = [sys.executable, "-m", "monitor", "run", "--config", str(directory)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(json.loads(line) if line.startswith("{") else {"event": "text", "text": line})

    def wait_for(self, event: str, **facts: object) -> dict[str, Any]:
        """The next line of the log with this event and these facts."""
        seen = []
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                line = self.lines.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                break
            seen.append(line)
            if line.get("event") == event and facts.items() <= line.items():
                return line
        raise AssertionError(f"no {event} {facts} in {seen}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.pages["/feed"] = rss("Nothing new")
        yield state


@pytest.fixture
def home(tmp_path: Path, server: Loopback) -> Path:
    """A configuration with one feed, one topic and one receiver on loopback."""
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "one.yaml").write_text("- Cuba\n")
    (tmp_path / "monitor.yaml").write_text(
        "allow_private: true\npoll: {interval: 1s}\nweb: {listen: '127.0.0.1:0'}\n"
    )
    (tmp_path / "feeds.yaml").write_text(f"- url: {server.url('/feed')}\n  name: A\n")
    (tmp_path / "alerts.yaml").write_text(
        "route: {receiver: desk, group_wait: 0s, group_interval: 0s}\n"
        f"receivers: [{{name: desk, urls: ['{server.url('/alerts', 'json')}'], allow_private: true}}]\n"
    )
    return tmp_path


@pytest.fixture
def daemons(home: Path) -> Iterator[list[Daemon]]:
    running: list[Daemon] = []
    yield running
    for daemon in running:
        daemon.process.kill()
        daemon.process.wait()


def run(home: Path, daemons: list[Daemon]) -> Daemon:
    daemon = Daemon(home)
    daemons.append(daemon)
    daemon.wait_for("started")
    return daemon


def monitor(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words], capture_output=True, text=True, check=False
    )


def test_an_entry_that_appears_is_delivered(home: Path, server: Loopback, daemons: list[Daemon]) -> None:
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    server.pages["/feed"] = rss("Nothing new", "Havana: Cuba without light")
    daemon.wait_for("hit", topic="Cuba")
    daemon.wait_for("delivered", receiver="desk")
    ((path, body),) = server.posted
    assert path == "/alerts"
    assert "without light" in body.decode()
    assert daemon.stop() == 0


def test_what_a_poll_beside_it_finds_is_delivered_at_once(
    home: Path, server: Loopback, daemons: list[Daemon]
) -> None:
    (home / "monitor.yaml").write_text(
        "allow_private: true\npoll: {interval: 1h}\nweb: {listen: '127.0.0.1:0'}\n"
    )
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    server.pages["/feed"] = rss("Nothing new", "Havana: Cuba without light")
    assert monitor("poll", "--config", str(home)).returncode == 0
    daemon.wait_for("delivered", receiver="desk")
    store = open_store(home / "monitor.db")
    (hit,) = store.hits()
    assert (hit.state, hit.labels["story"]) == ("told", str(hit.entry.entry_id))
    store.close()


TERMINAL = "route: {receiver: terminal, group_wait: 0s}\nreceivers: [{name: terminal, urls: 'stdout://'}]\n"


def test_the_terminal_hears_on_the_daemons_own_standard_output(
    home: Path, server: Loopback, daemons: list[Daemon]
) -> None:
    (home / "alerts.yaml").write_text(TERMINAL)
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    server.pages["/feed"] = rss("Nothing new", "Havana: Cuba without light")
    daemon.wait_for("delivered", receiver="terminal")
    assert daemon.stop() == 0
    assert daemon.process.stdout is not None
    shown = daemon.process.stdout.read()
    assert "Havana: *Cuba* without light\n" in shown


@pytest.mark.parametrize("as_json", [False, True])
def test_the_terminal_hears_of_a_single_poll_too_and_never_among_json(
    home: Path, server: Loopback, as_json: bool
) -> None:
    (home / "alerts.yaml").write_text(TERMINAL)
    server.pages["/feed"] = rss("Havana: Cuba without light")
    done = monitor(
        "poll", "--config", str(home), "--backfill", "2d", "--send", *(["--json"] if as_json else [])
    )
    assert "Havana: *Cuba* without light\n" in (done.stderr if as_json else done.stdout)
    if as_json:
        assert {json.loads(line)["event"] for line in done.stdout.splitlines()} >= {"poll", "delivery"}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_seconds_whatever_hangs(
    home: Path, server: Loopback, daemons: list[Daemon], number: int
) -> None:
    server.hangs |= {"/alerts", "/slow"}
    with (home / "feeds.yaml").open("a") as file:
        file.write(f"- url: {server.url('/slow')}\n")
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    server.pages["/feed"] = rss("Nothing new", "Cuba without light")
    daemon.wait_for("alert")
    began = time.monotonic()
    assert daemon.stop(number) == 0
    assert time.monotonic() - began < 10


def test_a_second_daemon_on_the_same_database_is_refused_with_code_2(
    home: Path, daemons: list[Daemon]
) -> None:
    first = run(home, daemons)
    second = monitor("run", "--config", str(home))
    assert second.returncode == 2
    assert f"process {first.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_lock_of_a_killed_daemon_holds_nobody_up(home: Path, daemons: list[Daemon]) -> None:
    run(home, daemons).stop(signal.SIGKILL)
    run(home, daemons)


def test_an_edit_runs_within_two_seconds(home: Path, daemons: list[Daemon]) -> None:
    daemon = run(home, daemons)
    with slowdown() as machine:
        began = time.monotonic()
        (home / "watchlists" / "one.yaml").write_text("- Cuba\n- Taiwan Strait\n")
        assert daemon.wait_for("reloaded")["topics"] == 2
        seconds = time.monotonic() - began
    assert seconds < 2 * machine.times


def test_a_broken_edit_is_refused_and_status_says_since_when(home: Path, daemons: list[Daemon]) -> None:
    daemon = run(home, daemons)
    (home / "watchlists" / "one.yaml").write_text("- name: Cuba\n  query: Cuba AND (\n")
    refused = daemon.wait_for("edit refused")
    assert "one.yaml:2:" in refused["problems"]
    status = json.loads(monitor("status", "--config", str(home), "--json").stdout)
    assert "one.yaml:2:" in json.dumps(status)
    (home / "watchlists" / "one.yaml").write_text("- Cuba\n- Havana\n")
    daemon.wait_for("reloaded", topics=2)


@pytest.mark.slow
def test_what_ran_before_a_broken_edit_goes_on(home: Path, server: Loopback, daemons: list[Daemon]) -> None:
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    (home / "watchlists" / "one.yaml").write_text("- {nonsense: 1}\n")
    daemon.wait_for("edit refused")
    server.pages["/feed"] = rss("Nothing new", "Cuba without light")
    daemon.wait_for("delivered")


def test_sighup_reads_the_configuration_again(home: Path, daemons: list[Daemon]) -> None:
    (home / "secret").write_text("one")
    (home / "feeds.yaml").write_text("- url: https://a.invalid/${file:../outside}\n")
    outside = home.parent / "outside"
    outside.write_text("one")
    daemon = run(home, daemons)
    outside.write_text("two")  # outside of the directory that is watched
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("reloaded")


@pytest.mark.slow
def test_health_is_good_while_it_runs_and_bad_afterwards(home: Path, daemons: list[Daemon]) -> None:
    database = str(home / "monitor.db")
    assert monitor("health", "--db", database).returncode == 1
    daemon = run(home, daemons)
    assert monitor("health", "--db", database).returncode == 0
    daemon.stop()
    assert monitor("health", "--db", database).returncode == 1


def test_the_service_manager_hears_that_it_is_ready_and_stopping(
    home: Path, daemons: list[Daemon], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(home / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(path)
        channel.settimeout(SECONDS)
        monkeypatch.setitem(os.environ, "NOTIFY_SOCKET", path)
        daemon = run(home, daemons)
        assert b"READY=1" in channel.recv(1000)
        daemon.stop()
        heard = b""
        while b"STOPPING=1" not in heard:
            heard += channel.recv(1000)


def test_a_secret_never_reaches_the_log(home: Path, server: Loopback, daemons: list[Daemon]) -> None:
    secret = "hunter2-hunter2"
    (home / "feeds.yaml").write_text(f"- url: http://user:{secret}@{server.host}/missing\n  name: B\n")
    daemon = run(home, daemons)
    line = daemon.wait_for("poll failed")
    assert secret not in json.dumps(line)


def test_a_dead_feed_is_told(home: Path, server: Loopback, daemons: list[Daemon]) -> None:
    """It failed for thirteen hours while a daemon watched; this one goes on from there."""
    now, long_ago = clock(), clock() - timedelta(hours=13)
    store = open_store(home / "monitor.db")
    store.follow([Follow(url=server.url("/feed"), name="A", interval=timedelta(hours=1))], now=now)
    (state,) = store.claim_all(now=now, lease=timedelta())
    failed = replace(state, last_polled_at=now, failures=9, error="404: there is nothing at this address")
    store.save_poll(failed, next_poll_at=now + timedelta(hours=1))
    store.save_healths([Health(feed_id=state.feed_id, failing_since=long_ago)])
    for moment in (long_ago, now):
        store.watch_on(now=moment, gap=timedelta(days=1))
    store.close()
    del server.pages["/feed"]
    run(home, daemons).wait_for("delivered", receiver="desk")
    ((_, body),) = server.posted
    assert "Feed dead: A" in body.decode()
    assert "404: there is nothing at this address" in body.decode()


def test_the_desk_is_served_at_the_address_that_is_printed(home: Path, daemons: list[Daemon]) -> None:
    daemon = Daemon(home)
    daemons.append(daemon)
    address = daemon.wait_for("serving")["address"]
    daemon.wait_for("started")
    with urlopen(f"{address}readyz") as answer:
        assert answer.read().startswith(b"running")
    assert daemon.stop() == 0


def test_a_message_brings_a_link_that_acts_where_the_desk_can_be_reached(
    home: Path, server: Loopback, daemons: list[Daemon]
) -> None:
    address = f"127.0.0.1:{free_port()}"
    settings = (home / "monitor.yaml").read_text()
    reached = f"{{listen: '{address}', public_url: 'http://{address}'}}"
    (home / "monitor.yaml").write_text(settings.replace("{listen: '127.0.0.1:0'}", reached))
    daemon = run(home, daemons)
    daemon.wait_for("polled", baseline=True)
    server.pages["/feed"] = rss("Nothing new", "Havana: Cuba without light")
    daemon.wait_for("delivered", receiver="desk")
    ((_, body),) = server.posted
    links = {act["name"]: act["url"] for act in json.loads(body)["alert"]["acts"]}
    with urlopen(Request(links["snooze-8h"], method="POST")) as answer:
        assert b"(silence S-1)" in answer.read()
    store = open_store(home / "monitor.db")
    assert [str(matcher) for one in store.silences() for matcher in one.matchers] == ['topic="Cuba"']
    store.close()


def test_open_pages_look_where_there_are_hits_or_something_has_become_of_them() -> None:
    state = FeedState(feed_id=1, url="https://a.example/feed")
    subscription = Subscription(url=state.url)
    arrival = Arrival(state=state, subscription=subscription, next_poll_at=None)
    entry = Entry(title="Cuba")
    hit = FoundHit(hit_id=1, hit=new_hit(1), entry=entry)

    def polled(*hits: FoundHit) -> PollReport:
        ingested = Ingested(arrival=arrival, state=state, hits=hits)
        return PollReport(subscription=subscription, at=clock(), ingested=ingested)

    assert [_is_news(report) for report in (polled(hit), Dispatched())] == [True, True]
    other = Trouble(part="poll", error=ValueError())
    assert [_is_news(report) for report in (polled(), other)] == [False, False]


def test_an_address_that_is_taken_does_not_keep_the_daemon_from_its_work(
    home: Path, server: Loopback, daemons: list[Daemon]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = (home / "monitor.yaml").read_text()
        (home / "monitor.yaml").write_text(settings.replace("127.0.0.1:0", address))
        daemon = Daemon(home)
        daemons.append(daemon)
        assert address in daemon.wait_for("failed", part="web")["error"]
        daemon.wait_for("polled", baseline=True)


def test_without_the_desk_its_libraries_are_not_loaded(home: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from monitor.daemon import run_monitor\n"
        "stop = asyncio.Event(); stop.set()\n"
        f"asyncio.run(run_monitor(Path({str(home)!r}), None, on_report=lambda _: None, stop=stop))\n"
        "print([name for name in ('starlette', 'uvicorn', 'jinja2', 'nh3', 'argon2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
