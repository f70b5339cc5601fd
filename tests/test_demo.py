"""The demo: every step really happens, it fits 80 columns, and it says what is missing where one does not."""

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from monitor.demo import play as play_file
from monitor.demo.promises import Witness
from monitor.demo.samples import FEEDS, SampleFeed
from monitor.demo.server import ALERTS, LoopbackServer, Received
from monitor.feeds.parse import parse

STARTED = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def taken() -> list[Received]:
    return []


@pytest.fixture
async def server(taken: list[Received]) -> AsyncIterator[LoopbackServer]:
    made = LoopbackServer(on_alert=taken.append, documents={"/a": ("text/plain", b"hello")})
    await made.start()
    yield made
    await made.stop()


async def ask(server: LoopbackServer, head: str, body: bytes = b"") -> tuple[str, str, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    headers, _, content = answer.partition(b"\r\n\r\n")
    status, _, fields = headers.decode().partition("\r\n")
    return status, fields, content


async def test_the_server_serves_a_document_once_and_then_says_not_modified(server: LoopbackServer) -> None:
    status, fields, content = await ask(server, "GET /a HTTP/1.1\r\nHost: x")
    assert (status, content) == ("HTTP/1.1 200 OK", b"hello")
    etag = next(line for line in fields.split("\r\n") if line.startswith("ETag: ")).removeprefix("ETag: ")
    status, _, content = await ask(server, f"GET /a HTTP/1.1\r\nIf-None-Match: {etag}")
    assert (status, content) == ("HTTP/1.1 304 Not Modified", b"")
    assert server.not_modified == 1
    server.documents["/a"] = ("text/plain", b"changed")
    status, _, content = await ask(server, f"GET /a HTTP/1.1\r\nIf-None-Match: {etag}")
    assert (status, content) == ("HTTP/1.1 200 OK", b"changed")


async def test_the_server_takes_alerts_and_nothing_else(
    server: LoopbackServer, taken: list[Received]
) -> None:
    alert = json.dumps({"title": "Cuba", "message": "Text", "type": "info"}).encode()
    assert (await ask(server, f"POST {ALERTS} HTTP/1.1", alert))[0] == "HTTP/1.1 200 OK"
    assert (await ask(server, f"POST {ALERTS} HTTP/1.1", b"[1]"))[0] == "HTTP/1.1 400 Bad Request"
    assert (await ask(server, "GET /none HTTP/1.1"))[0] == "HTTP/1.1 404 Not Found"
    assert taken == [Received(title="Cuba", text="Text")]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.kind)
def test_each_sample_feed_is_a_feed_with_all_its_entries(feed: SampleFeed) -> None:
    later = [feed.later] if feed.later else []
    entries = [*later, *feed.first]
    parsed = parse(feed.render(entries, STARTED), url="http://127.0.0.1/", content_type=feed.content_type)
    assert not parsed.warnings
    assert parsed.feed.title == feed.name
    assert [(one.title, one.link) for one in parsed.entries] == [(one.title, one.link) for one in entries]
    assert [one.published or one.updated for one in parsed.entries] == [STARTED - one.age for one in entries]


def test_nothing_is_promised_as_kept_before_it_happened() -> None:
    witness = Witness(feeds=FEEDS)
    assert [promise.words for promise in witness.promises(not_modified=0) if promise.kept] == []


def test_the_sample_feeds_differ_in_format() -> None:
    assert {feed.kind for feed in FEEDS} == {"RSS 2.0", "Atom", "JSON Feed"}
    assert len({feed.path for feed in FEEDS}) == len(FEEDS)


@pytest.mark.slow
def test_a_demo_whose_receiver_fails_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerts go to a path that answers 404: what was found is shown, what was not told is named."""
    for name, seconds in (("LONGEST", 4.0), ("PATIENCE", 2.0), ("PAUSE", 0.1), ("CALM", 0.1)):
        monkeypatch.setattr(play_file, name, seconds)
    monkeypatch.setattr(play_file, "ALERTS", "/nowhere")
    shown = io.StringIO()
    kept = play_file.play(Console(file=shown, width=80, color_system=None), clock=lambda: datetime.now(UTC))
    assert not kept
    assert "✗ `backfill: 2d` told what was younger than two days" in shown.getvalue()
    assert "✗ nothing was told twice" in shown.getvalue()
    assert "✓ near misses did not match" in shown.getvalue()
    assert "HTTP 404" in shown.getvalue()


@pytest.fixture(scope="module")
def played() -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done, time.monotonic() - began


def test_the_demo_ends_well_without_a_terminal(
    played: tuple[subprocess.CompletedProcess[str], float],
) -> None:
    done, seconds = played
    assert done.returncode == 0, done.stdout + done.stderr
    assert seconds < 20
    assert done.stderr == ""


def test_the_demo_shows_each_step_and_what_to_do_next(
    played: tuple[subprocess.CompletedProcess[str], float],
) -> None:
    shown = played[0].stdout
    for step in ("poll", "hit", "alert", "sent", "publish", "304", "baseline", "monitor init", "monitor run"):
        assert step in shown, step
    assert "*Taiwan Strait*" in shown
    assert "*spy* *balloon’s*" in shown
    assert "✗" not in shown


def test_the_demo_fits_80_columns_and_has_no_escapes_without_a_terminal(
    played: tuple[subprocess.CompletedProcess[str], float],
) -> None:
    shown = played[0].stdout
    assert "\x1b" not in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
