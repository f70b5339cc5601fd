"""`monitor replay`: an archive's hits and alerts, for people and as events; the same bytes each time."""

import gzip
import json
from pathlib import Path

from tests.command_line import Call

ARCHIVE = (
    b'{"feed": "Alpha Wire", "id": "1", "link": "https://a.example/1", "title": "Cuba talks",'
    b' "seen_at": "2024-05-01T10:05:00Z"}\n'
    b'{"feed": "Elsewhere", "id": "2", "link": "https://a.example/2", "title": "Other",'
    b' "content": "In the Taiwan Strait", "seen_at": "2024-05-01T10:06:00Z"}\n'
)


def test_events_come_in_the_order_of_time_and_twice_the_same(monitor: Call, directory: Path) -> None:
    done = monitor("replay", "-", "--json", stdin=ARCHIVE)
    assert done.code == 0
    events = [json.loads(line) for line in done.out.splitlines()]
    assert sorted(event["event"] for event in events) == sorted(["entry", "hit", "alert"] * 2)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert monitor("replay", "-", "--json", stdin=ARCHIVE).out == done.out


def test_people_see_hits_alerts_and_sums(monitor: Call, directory: Path, tmp_path: Path) -> None:
    packed = tmp_path / "archive.jsonl.gz"
    packed.write_bytes(gzip.compress(ARCHIVE))
    done = monitor("replay", packed)
    assert "2024-05-01 10:05  Cuba  *Cuba* talks" in done.out
    assert "In the *Taiwan Strait*" in done.out
    assert done.out.splitlines()[-1] == "2 entries, 2 hits, 2 alerts"


def test_nothing_is_written_beside_the_configuration(monitor: Call, directory: Path) -> None:
    monitor("replay", "-", stdin=ARCHIVE)
    assert not list(directory.glob("*.db*"))


def test_a_line_that_can_not_be_read_is_told_with_its_place(monitor: Call, directory: Path) -> None:
    done = monitor("replay", "-", stdin=ARCHIVE + b"oops\n")
    assert done.code == 2
    assert done.err.startswith("error: -:3: ")


def test_a_file_that_is_no_text_is_told(monitor: Call, directory: Path, tmp_path: Path) -> None:
    (tmp_path / "archive.jsonl").write_bytes(b"\x80\xff\n")
    done = monitor("replay", tmp_path / "archive.jsonl")
    assert done.code == 2
    assert "this is not UTF-8 text" in done.err


def test_a_missing_or_broken_file_is_told(monitor: Call, directory: Path, tmp_path: Path) -> None:
    assert monitor("replay", "none.jsonl").err == "error: none.jsonl: no such file or directory\n"
    (tmp_path / "cut.gz").write_bytes(gzip.compress(ARCHIVE)[:40])
    assert monitor("replay", tmp_path / "cut.gz").code == 2
