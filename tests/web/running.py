"""A desk that is served on loopback, and somebody who visits it: real HTTP, store and configuration."""

import asyncio
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from monitor.clock import clock
from monitor.config import load
from monitor.config.config import Config
from monitor.errors import ConfigError
from monitor.reports import Report, Serving, Trouble
from monitor.store import open_store
from monitor.store.records import DaemonRow
from monitor.web.live import News
from monitor.web.opening import open_desk

PASSWORD = "correct horse battery"
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    text: str

    @property
    def where(self) -> str:
        """Where a redirection leads."""
        return self.headers.get("location", "")


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser: keeps cookies, says where forms come from."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = ""

    @property
    def origin(self) -> str:
        """What a browser would say."""
        return f"http://{self.host or f'127.0.0.1:{self.port}'}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request, as it is."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        sent = {"Host": self.host or f"127.0.0.1:{self.port}", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("set-cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return Answer(answer.status, answer.headers, text)

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """A form of ours."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.ask("POST", path, urlencode(fields).encode(), kind | headers)

    def set_up(self, password: str = PASSWORD) -> Answer:
        """The first visit."""
        return self.post("/setup", {"password": password, "again": password, "who": "ann"})

    def log_in(self, password: str = PASSWORD) -> Answer:
        """Come in."""
        return self.post("/login", {"password": password, "who": "ben"})

    def csrf(self) -> str:
        """What the forms on a page carry."""
        return self.get("/").text.split('data-csrf="')[1].split('"')[0]

    def send(self, path: str, **fields: str) -> Answer:
        """A form of ours, with what it carries."""
        return self.post(path, {"csrf": self.csrf(), **fields})


@dataclass(slots=True)
class Running:
    """A desk that is served."""

    port: int
    database: Path
    directory: Path
    news: News
    reports: list[Report]
    rung: list[str]
    loop: asyncio.AbstractEventLoop

    def visitor(self) -> Visitor:
        """Somebody new."""
        return Visitor(self.port)

    def insider(self) -> Visitor:
        """Somebody who has come in."""
        visitor = self.visitor()
        done = visitor.set_up()
        if done.where == "/login":
            done = visitor.log_in()
        assert (done.status, done.where) == (303, "/")
        return visitor

    def tell(self) -> None:
        """There may be news."""
        self.loop.call_soon_threadsafe(self.news.tell)

    @property
    def troubles(self) -> list[str]:
        """What went wrong inside."""
        return [str(one.error) for one in self.reports if isinstance(one, Trouble)]


@contextmanager
def running(directory: Path, database: Path, **environ: str) -> Iterator[Running]:
    """Serve the desk of a configuration until the block ends; the daemon says that it runs."""
    say_running(database)
    started: list[Running] = []
    ready, stop = threading.Event(), asyncio.Event()
    failure: list[BaseException] = []

    def in_thread() -> None:
        try:
            asyncio.run(_serve(directory, database, started, ready, stop))
        except BaseException as error:  # noqa: BLE001 - told to the test
            failure.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=in_thread, daemon=True)
    thread.start()
    ready.wait(SECONDS)
    try:
        if failure:
            raise failure[0]
        yield started[0]
    finally:
        if started and not failure:
            started[0].loop.call_soon_threadsafe(stop.set)
        thread.join(SECONDS)


class Taken:
    """The configuration that runs: what was read last without an error, as the daemon keeps it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stamp = self._files()
        self._runs = load(directory, environ=os.environ, tolerant=True)

    def __call__(self) -> Config:
        stamp = self._files()
        if stamp != self._stamp:
            self._stamp = stamp
            with suppress(ConfigError):
                self._runs = load(self._directory, environ=os.environ, tolerant=True)
        return self._runs

    def _files(self) -> list[tuple[str, int, int]]:
        """What tells that somebody has edited a file."""
        found = [(str(path), path.stat()) for path in sorted(self._directory.rglob("*.yaml"))]
        return [(path, stat.st_mtime_ns, stat.st_size) for path, stat in found]


async def _serve(
    directory: Path, database: Path, started: list[Running], ready: threading.Event, stop: asyncio.Event
) -> None:
    reports: list[Report] = []
    rung: list[str] = []
    news = News()
    loop = asyncio.get_running_loop()

    def on_report(report: Report) -> None:
        reports.append(report)
        if isinstance(report, Serving):
            port = int(report.address.rstrip("/").rpartition(":")[2])
            started.append(Running(port, database, directory, news, reports, rung, loop))
            ready.set()

    async with open_desk(
        database,
        directory,
        Taken(directory),
        ring=rung.append,
        news=news,
        on_report=on_report,
    ):
        await stop.wait()


def say_running(database: Path, **changes: Any) -> None:
    """Let the daemon say that it runs."""
    now = clock()
    facts: dict[str, Any] = {
        "pid": 1, "version": "1", "started_at": now - timedelta(hours=1), "beat_at": now, "stopped_at": None,
        "config_loaded_at": now, "config_error": "", "config_error_since": None,
    }  # fmt: skip
    store = open_store(database)
    store.say_daemon(DaemonRow(**facts | changes))
    store.close()
