"""`monitor coverage`: how far silence can be trusted, in words, as JSON and as an exit code."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.command_line import NOW, Call, Desk, entry


def test_what_was_not_looked_at_is_said_first_of_all(monitor: Call, desk: Desk) -> None:
    desk.poll(feed=1, now=NOW, error="HTTP 403: a bot wall")
    done = monitor("coverage")
    assert done.code == 1
    shown = " ".join(done.out.split())
    for words in (
        "watched no: the monitor does not run",
        "feeds 1 of 2 polled, 1 blind",
        "entries 2 read",
        "hits 2 of 2 topics",
        "receiver desk: not proven, nothing has arrived there yet",
        "Blind feeds",
        "HTTP 403: a bot wall",
    ):
        assert words in shown, words
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80


def test_where_all_was_looked_at_the_exit_code_says_so(monitor: Call, desk: Desk) -> None:
    now = datetime.now(UTC)
    for hours in (2, 1, 0):
        desk.store.watch_on(now=now - timedelta(hours=hours), gap=timedelta(hours=1, minutes=1))
    desk.poll(entry("x", "Nothing"), feed=1, now=NOW)
    done = monitor("coverage", "--since", "1h")
    assert (done.code, "all the time" in done.out) == (0, True)


def test_a_watch_of_a_part_of_the_time_is_told_by_its_first_and_its_last_look(
    monitor: Call, desk: Desk
) -> None:
    now = datetime.now(UTC)
    for minutes in (50, 30):
        desk.store.watch_on(now=now - timedelta(minutes=minutes), gap=timedelta(hours=1))
    done = monitor("coverage", "--json")
    facts = json.loads(done.out)
    looks = [datetime.fromisoformat(facts[name]) for name in ("watched_since", "watched_until")]
    assert looks[1] - looks[0] == timedelta(minutes=20)
    assert re.search(r"watched +only from .*\d\d:\d\d to .*\d\d:\d\d *\n", monitor("coverage").out)


def test_a_topic_has_its_near_misses(monitor: Call, desk: Desk) -> None:
    desk.poll(entry("n1", "Cuban cigars are expensive"), now=NOW)
    facts = json.loads(monitor("coverage", "Cuba", "--since", "7d", "--json").out)
    assert facts["hits"] == {"Cuba": 1}
    assert facts["whole"] is False
    assert isinstance(facts["near"], list)
    shown = monitor("coverage", "Cuba", "--since", "7d").out
    assert "near misses: entries one edit away" in shown


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [(["Atlantis"], "Atlantis"), (["--since", "soon"], "a duration (2d, 12h) or a date")],
)
def test_what_there_is_not_is_a_wrong_use(
    monitor: Call, desk: Desk, arguments: list[str], problem: str
) -> None:
    done = monitor("coverage", *arguments)
    assert done.code == 2
    assert problem in done.err
