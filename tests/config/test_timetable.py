"""Times of the week, limits: what may be written, and what is said of the rest."""

from contextlib import suppress
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.limit import Limit
from monitor.alerts.times import EVERY_DAY, Schedule, Stretch
from monitor.config.timetable import TimesError, parse_limit, parse_schedule, parse_stretch

PRAGUE = ZoneInfo("Europe/Prague")
WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("08:00", Schedule(times=(time(8),))),
        ("Mon-Fri 08:00 Europe/Prague", Schedule(days=WEEKDAYS, times=(time(8),), zone=PRAGUE)),
        ("18:00,8:00", Schedule(times=(time(8), time(18)))),
        ("Sat,Sun 10:30 UTC", Schedule(days=frozenset({5, 6}), times=(time(10, 30),), zone=ZoneInfo("UTC"))),
        (" friday-MON  07:00 ", Schedule(days=frozenset({4, 5, 6, 0}), times=(time(7),))),
        ("Mon-Tue,Thu 07:00", Schedule(days=frozenset({0, 1, 3}), times=(time(7),))),
    ],
)
def test_times_of_a_digest(text: str, schedule: Schedule) -> None:
    assert parse_schedule(text) == schedule


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("22:00-07:00", Stretch(start=time(22), end=time(7))),
        ("Sat-Sun", Stretch(days=frozenset({5, 6}))),
        ("Mon-Fri 17:00-24:00", Stretch(days=WEEKDAYS, start=time(17))),
        ("00:00-24:00 Europe/Prague", Stretch(zone=PRAGUE)),
        ("Europe/Prague", Stretch(days=EVERY_DAY, zone=PRAGUE)),
    ],
)
def test_stretches_of_the_week(text: str, stretch: Stretch) -> None:
    assert parse_stretch(text) == stretch


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("Mon-Fri", "Mon-Fri", "a time is missing"),
        ("Mon-Fry 08:00", "Fry", "`Fry` is no day of the week"),
        ("Mon-Wed-Fri 08:00", "Mon-Wed-Fri", "from which day to which"),
        ("25:00", "25:00", "`25:00` is no time of the day"),
        ("24:00", "24:00", "`24:00` is no time of the day"),
        ("8am", "8am", "`8am` is no time of the day"),
        ("08:00 Europe/Prag", "Europe/Prag", "there is no time zone `Europe/Prag`"),
        ("08:00 Europe", "Europe", "there is no time zone `Europe`"),
        ("08:00 UTC daily", "daily", "this is too much here"),
        ("08:00,", "", "`` is no time of the day"),
    ],
)
def test_what_is_wrong_with_a_digests_times_is_said_with_its_place(text: str, marked: str, says: str) -> None:
    with pytest.raises(TimesError, match=says) as caught:
        parse_schedule(text)
    assert text[caught.value.start : caught.value.end] == marked
    assert caught.value.end > caught.value.start


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("22:00", "from when until when"),
        ("22:00-23:00-24:00", "from when until when"),
        ("24:00-07:00", "`24:00` is no time of the day"),
        ("07:00-07:00", "begins when it ends"),
    ],
)
def test_what_is_wrong_with_hours_is_said(text: str, says: str) -> None:
    with pytest.raises(TimesError, match=says):
        parse_stretch(text)


@given(st.text(max_size=30) | st.text(alphabet="Mon-Fri 08:,/EuropePrague24", max_size=30))
def test_garbage_is_refused_in_words(text: str) -> None:
    for parse in (parse_schedule, parse_stretch):
        with suppress(TimesError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20/h", Limit()),
        ("5/10m", Limit(messages=5, period=timedelta(minutes=10))),
        ("100 per day", Limit(messages=100, period=timedelta(days=1))),
        ("3 an hour", Limit(messages=3)),
        ("none", None),
    ],
)
def test_limits(text: str, limit: Limit | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "20", "0/h", "-1/h", "20/", "many", "20/fortnight", "1/1ms", "20/0s"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is expected here|for a second"):
        parse_limit(text)
