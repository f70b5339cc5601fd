"""`monitor stories`: stories with their origins, copies and times."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.stories import TIMELINE, timeline
from tests.command_line import Call
from tests.stocked import Stock
from tests.stories.telling import FERRY, OTHERS

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    stock = Stock(tmp_path, queries={"Ferry": "ferry"}, now=NOW)
    stock.see()
    for hours, (title, lead) in enumerate((*OTHERS[:2], *FERRY, FERRY[0])):
        stock.see(title, summary=lead, days_ago=(9 - hours) / 24)
    return stock


def test_stories_are_listed_the_last_told_first_with_who_told_them(monitor: Call, stock: Stock) -> None:
    done = monitor("stories", "--db", stock.path)
    assert done.code == 0
    shown = " ".join(done.out.split())
    assert "Ferry with 214 aboard runs aground off Gotland" in shown
    assert "2 origins: Reuters, a.example" in shown
    assert shown.index("Gotland") < shown.index("Dresden") < shown.index("Lima")
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_story_is_shown_with_why_each_entry_is_in_it(monitor: Call, stock: Stock) -> None:
    shown = " ".join(monitor("stories", "3", "--db", stock.path).out.split())
    assert "4 entries, 2 origins" in shown
    assert "first of its story" in shown
    assert "same happening" in shown


def test_stories_can_be_narrowed_by_topic_time_and_number(monitor: Call, stock: Stock) -> None:
    def listed(*options: str) -> list[int]:
        done = monitor("stories", "--json", "--db", stock.path, *options)
        return [json.loads(line)["id"] for line in done.out.splitlines()]

    assert listed() == [3, 2, 1]
    assert listed("--topic", "Ferry") == [3]
    assert listed("--since", "7h") == [3]
    assert listed("--limit", "2") == [3, 2]


def test_a_story_as_json_has_everything(monitor: Call, stock: Stock) -> None:
    story = json.loads(monitor("stories", "--json", "--topic", "Ferry", "--db", stock.path).out)
    assert (story["title"], story["copies"]) == (FERRY[0][0], 1)
    assert story["origins"] == {"Reuters": 2, "a.example": 2}
    assert story["topics"] == ["Ferry"]
    assert [one["tie"] for one in story["entries"]] == ["first", "happening", "happening", "copy"]
    assert story["first_at"] == story["entries"][0]["seen_at"]


def test_a_story_that_is_not_there_is_named(monitor: Call, stock: Stock) -> None:
    done = monitor("stories", "3", "4711", "--db", stock.path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: there is no story 4711;")


def test_where_there_are_none_it_says_so_and_a_wrong_moment_is_refused(monitor: Call, stock: Stock) -> None:
    assert monitor("stories", "--topic", "Nobody", "--db", stock.path).err == "no stories\n"
    wrong = monitor("stories", "--since", "yesterdayish", "--db", stock.path)
    assert wrong.code == 2
    assert "yesterdayish" in wrong.err


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=50))
def test_a_timeline_fits_its_width_and_its_ends_are_told(seconds: list[int]) -> None:
    line = timeline([NOW + timedelta(seconds=each) for each in seconds])
    assert 1 <= len(line) <= TIMELINE
    assert "·" not in (line[0], line[-1])


def test_what_is_no_number_of_a_story_is_said(monitor: Call) -> None:
    done = monitor("stories", "x")
    assert done.code == 2
    assert "'x': a number is expected" in done.err
