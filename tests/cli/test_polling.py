"""`monitor poll`: loopback feeds once through the real pipeline; what matched, and what failed."""

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import clock
from monitor.config import load
from monitor.errors import DiskFullError
from monitor.following import follows_of
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.store import Store
from tests.command_line import Call
from tests.loopback import Loopback, loopback, rss
from tests.small_disk import small_disk


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.pages["/good"] = rss("Cuba restores power", "Two warships cross the Taiwan Strait", "Other")
        state.pages["/page"] = b"<html><body>no feed"
        yield state


@pytest.fixture
def followed(server: Loopback, directory: Path) -> Path:
    """A configuration that follows a good feed and one that is none, and tells the server."""
    (directory / "feeds.yaml").write_text(
        f"defaults: {{allow_private: true}}\nfeeds:\n"
        f"  - {{url: '{server.url('/good')}', name: Alpha Wire}}\n"
        f"  - {{url: '{server.url('/page')}', name: Page}}\n",
        encoding="utf-8",
    )
    (directory / "alerts.yaml").write_text(
        f"route: {{receiver: desk}}\nreceivers:\n"
        f"  - {{name: desk, urls: ['{server.url('/alerts', 'json')}'], allow_private: true}}\n",
        encoding="utf-8",
    )
    return directory


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_poll_prints_hits_failures_and_sums(monitor: Call, followed: Path) -> None:
    done = monitor("poll")
    assert done.code == 0
    lines = done.out.splitlines()
    assert "Cuba  *Cuba* restores power" in lines
    assert "Taiwan Strait  Two warships cross the *Taiwan Strait*" in lines
    assert lines.count("    kept: baseline: it was in the feed's first document") == 2
    assert any(line.startswith("failed  Page: this is an HTML page, not a feed; ") for line in lines)
    assert lines[-2].endswith("s, 1 failed, 3 new entries, 2 hits")
    assert lines[-1].startswith("2 hits in first documents: kept, not told")
    assert (followed / "monitor.db").exists()

    again = monitor("poll").out.splitlines()
    assert again[-1].endswith("s, 1 failed, 1 unchanged, 0 new entries, 0 hits")


def test_what_can_not_be_placed_in_a_story_is_said_and_told_all_the_same(
    monitor: Call, followed: Path, server: Loopback, odd_one: str
) -> None:
    done = monitor("poll", "--backfill", "2d", "--send")
    assert done.code == 0
    assert f"failed {odd_one}" in " ".join(done.out.split())
    assert done.out.count(": delivered") == len(server.posted) == 2


def test_where_no_server_can_be_reached_it_is_said_that_no_feed_is_blamed(
    monitor: Call, followed: Path
) -> None:
    urls = "".join(f"  - http://127.0.2.{number}:1/feed\n" for number in range(1, 9))
    (followed / "feeds.yaml").write_text(f"defaults: {{allow_private: true}}\nfeeds:\n{urls}")
    done = monitor("poll")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("no server can be reached: it is our network that is down")


def test_as_json_it_is_an_event(monitor: Call, followed: Path, odd_one: str) -> None:
    done = monitor("poll", "--backfill", "2d", "--send", "--json")
    assert {"event": "trouble", "part": "dispatch", "error": odd_one} in events(done.out)


def test_that_the_disk_is_full_is_said(monitor: Call, followed: Path, tmp_path: Path) -> None:
    """By who opens the database, and by who finds it only when there is something to store."""
    full = "the disk is full: nothing can be stored until there is room"
    with small_disk(tmp_path / "disk") as disk:
        database = disk.path / "monitor.db"
        open_store(database).close()
        disk.fill()
        assert monitor("poll", "--db", database).err == f"error: can not use {database}: {full}\n"
        disk.drain()
        with closing(open_store(database)) as daemon:
            daemon.follow(follows_of(load(followed, environ={})), now=clock())
            disk.fill()
            assert monitor("poll", "--db", database).err == f"error: {full}\n"


def test_backfill_and_send_tell_at_once(monitor: Call, followed: Path, server: Loopback) -> None:
    done = monitor("poll", "--backfill", "2d", "--send", "alpha wire")
    assert done.code == 0
    assert done.out.count(": delivered") == 2
    assert "1 feed polled" in done.out
    messages = sorted(json.loads(body)["message"] for _, body in server.posted)
    assert "*Cuba* restores power" in messages[0]
    assert "*Taiwan Strait*" in messages[1]
    monitor("poll", "--send")
    assert len(server.posted) == 2


def test_what_can_not_be_kept_of_stories_holds_up_no_message(
    monitor: Call, followed: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(placer: Placer, store: Store) -> None:
        raise DiskFullError

    monkeypatch.setattr(Placer, "keep", full)
    assert monitor("poll", "--backfill", "2d", "--send", "alpha wire").code == 0
    assert len(server.posted) == 2


def test_json_is_a_line_a_poll_and_one_for_the_sums(monitor: Call, followed: Path, server: Loopback) -> None:
    done = monitor("poll", "--json", "--backfill", "2d")
    polls = {event["feed"]: event for event in events(done.out) if event["event"] == "poll"}
    assert polls["Page"]["error"].startswith("this is an HTML page, not a feed; `monitor feed add` can")
    good = polls["Alpha Wire"]
    assert (good["baseline"], good["new"], good["error"]) == (True, 3, "")
    assert sorted(hit["topic"] for hit in good["hits"]) == ["Cuba", "Taiwan Strait"]
    assert {hit["state"] for hit in good["hits"]} == {"pending"}
    totals = events(done.out)[-1]
    assert totals["event"] == "totals"
    assert (totals["polled"], totals["failed"], totals["new"]) == (2, 1, 3)
    assert totals["hits"] == {"pending": 2}


def test_waiting_hits_say_who_tells_them(monitor: Call, followed: Path) -> None:
    last = monitor("poll", "--backfill", "2d", "Alpha Wire").out.splitlines()[-1]
    assert last == "2 hits to be told: `monitor run` does, or --send"


def test_every_feed_failing_is_an_exit_code(monitor: Call, followed: Path) -> None:
    assert monitor("poll", "Page").code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://unknown.example/feed"], "is no feed of this configuration"),
        (["--backfill", "soon"], "a duration is expected"),
    ],
)
def test_wrong_use_is_told_before_anything_is_polled(
    monitor: Call, followed: Path, server: Loopback, arguments: list[str], words: str
) -> None:
    done = monitor("poll", *arguments)
    assert done.code == 2
    assert words in done.err
    assert server.requests == []


def test_broken_topics_are_told_and_left_out(monitor: Call, followed: Path) -> None:
    path = followed / "watchlists" / "news.yaml"
    path.write_text("topics: [Cuba, {name: broken, query: a AND}]\n", encoding="utf-8")
    done = monitor("poll", "Alpha Wire")
    assert done.code == 0
    assert "left out: " in done.err
    assert "news.yaml:1:" in done.err
    assert "Cuba  *Cuba* restores power" in done.out


def test_who_tells_nobody_reads_nothing_of_whom_to_tell(monitor: Call, followed: Path) -> None:
    (followed / "alerts.yaml").write_text("route: {receiver: nobody}\n", encoding="utf-8")
    assert monitor("poll", "Alpha Wire").code == 0
    done = monitor("poll", "--send", "Alpha Wire")
    assert done.code == 2
    assert "there is no receiver `nobody`" in done.err


def test_a_poll_that_finds_nothing_new_imports_nothing_for_what_is_new(monitor: Call, followed: Path) -> None:
    assert monitor("poll", "Alpha Wire").code == 0
    code = "import sys; from monitor.cli.program import run; run(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "poll", "Alpha Wire", "--config", str(followed)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert "1 unchanged" in done.stdout
    imported = set(done.stdout.split())
    assert "monitor.poller" in imported
    assert not {name for name in imported if name.startswith("monitor.alerts.")}
    assert not imported & {
        "monitor.feeds.parse",
        "monitor.ingest",
        "monitor.reading",
        "monitor.setup",
        "monitor.stories.stories",
        "monitor.store.records",
        "monitor.store.sqlite",
        "monitor.topics.percolator",
    }


def test_what_a_poll_has_left_is_in_stories_when_somebody_looks(
    monitor: Call, followed: Path, server: Loopback
) -> None:
    monitor("poll", "--backfill", "2d")
    (story,) = events(monitor("stories", "--topic", "Cuba", "--json").out)
    assert story["origins"] == {"a.example": 1}
    (hit,) = events(monitor("hits", "--topic", "Cuba", "--json").out)
    assert hit["labels"]["story"] == str(story["id"])


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_reason_not_to_poll(followed: Path, closed: str) -> None:
    """As where a scheduler starts it without any."""
    database = followed / "closed.db"
    poll = shlex.join(
        [sys.executable, "-m", "monitor", "poll", "--config", str(followed), "--db", str(database)]
    )
    done = subprocess.run(f"{poll} {closed}", shell=True, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert ("2 feeds polled" in done.stdout) is (closed == "2>&-")
    with closing(open_store(database)) as store:
        assert sum(row.entries for row in store.feeds()) == 3
