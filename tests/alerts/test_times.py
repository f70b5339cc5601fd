"""Schedules and stretches of the week, in time zones whose clocks are put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.times import DAYS, Interval, Schedule, Stretch

PRAGUE = ZoneInfo("Europe/Prague")
ZONES = [ZoneInfo(name) for name in ("Europe/Prague", "America/New_York", "Australia/Lord_Howe", "UTC")]
WEEKDAYS = frozenset(range(5))
EIGHT = Schedule(days=WEEKDAYS, times=(time(8),), zone=PRAGUE)
MOMENTS = st.integers(0, 10 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
NIGHT = Interval(stretches=(Stretch(start=time(22), end=time(7)),))


def local(text: str) -> datetime:
    """A moment in Prague."""
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE).astimezone(UTC)


def test_the_next_moment_is_on_the_next_of_its_days() -> None:
    assert EIGHT.next_after(local("2024-03-08 07:59"), UTC) == local("2024-03-08 08:00")
    assert EIGHT.next_after(local("2024-03-08 08:00"), UTC) == local("2024-03-11 08:00")


def test_without_a_zone_of_its_own_it_is_the_readers() -> None:
    schedule = Schedule(times=(time(8), time(18)))
    assert schedule.next_after(local("2024-03-08 09:00"), PRAGUE) == local("2024-03-08 18:00")


def test_eight_in_the_morning_is_eight_before_and_after_the_clock_is_changed() -> None:
    for day in ("2024-03-29", "2024-04-01", "2024-10-25", "2024-10-28"):
        assert EIGHT.next_after(local(f"{day} 00:00"), UTC).astimezone(PRAGUE).hour == 8


def test_a_time_that_the_clock_skips_comes_all_the_same_that_day() -> None:
    found = Schedule(times=(time(2, 30),), zone=PRAGUE).next_after(local("2024-03-31 00:00"), UTC)
    assert found.astimezone(PRAGUE).isoformat() == "2024-03-31T03:30:00+02:00"


def test_a_time_that_the_clock_shows_twice_comes_once() -> None:
    schedule = Schedule(times=(time(2, 30),), zone=PRAGUE)
    first = schedule.next_after(local("2024-10-27 00:00"), UTC)
    assert first == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert schedule.next_after(first, UTC) == datetime(2024, 10, 28, 1, 30, tzinfo=UTC)


def cron_fires(schedule: Schedule, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """When a cron trigger fires first on each local day, asked at the beginning of the day."""
    days = ",".join(DAYS[day].lower() for day in sorted(schedule.days))
    triggers = [
        CronTrigger(day_of_week=days, hour=at.hour, minute=at.minute, timezone=zone) for at in schedule.times
    ]
    midnights = [
        datetime.combine(start.astimezone(zone).date() + timedelta(days=day), time(), zone)
        for day in range((end - start).days + 2)
    ]
    fires = {
        fire.astimezone(UTC)
        for midnight in midnights
        for trigger in triggers
        if (fire := trigger.get_next_fire_time(None, midnight)).date() == midnight.date()
    }
    return sorted(fire for fire in fires if start < fire <= end)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(
    start=MOMENTS,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    times=st.sets(st.times().map(lambda at: time(at.hour, at.minute)), min_size=1, max_size=2),
)
def test_it_comes_when_a_cron_trigger_fires_but_once_a_day(
    zone: ZoneInfo, start: datetime, days: frozenset[int], times: set[time]
) -> None:
    schedule = Schedule(days=days, times=tuple(sorted(times)), zone=zone)
    assert moments(schedule, start, start + timedelta(days=30)) == cron_fires(
        schedule, zone, start, start + timedelta(days=30)
    )


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("at", [time(2), time(2, 30), time(1, 45), time(8)], ids=str)
def test_over_ten_years_it_comes_once_a_local_day(zone: ZoneInfo, at: time) -> None:
    schedule = Schedule(times=(at,), zone=zone)
    start, end = (datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) for year in (2020, 2030))
    found = moments(schedule, start - timedelta(microseconds=1), end - timedelta(hours=1))
    assert [one.astimezone(zone).date() for one in found] == [
        date(2020, 1, 1) + timedelta(days=day) for day in range(3653)
    ]


def moments(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    while (start := schedule.next_after(start, UTC)) <= end:
        found.append(start)
    return found


def test_a_night_ends_in_the_morning_of_the_next_day() -> None:
    assert NIGHT.until(local("2024-03-08 23:00"), PRAGUE) == local("2024-03-09 07:00")
    assert NIGHT.until(local("2024-03-09 06:59:59"), PRAGUE) == local("2024-03-09 07:00")
    assert NIGHT.until(local("2024-03-09 07:00"), PRAGUE) is None
    assert NIGHT.until(local("2024-03-08 21:59"), PRAGUE) is None


def test_it_is_known_when_the_last_night_was_over() -> None:
    assert NIGHT.last_end(local("2024-03-08 12:00"), PRAGUE) == local("2024-03-08 07:00")
    assert NIGHT.last_end(local("2024-03-08 23:00"), PRAGUE) == local("2024-03-08 07:00")


def test_a_night_is_an_hour_shorter_or_longer_when_the_clock_is_changed() -> None:
    for day, hours in (("2024-03-30", 8), ("2024-10-26", 10), ("2024-11-01", 9)):
        start = local(f"{day} 22:00")
        assert NIGHT.until(start, PRAGUE) == start + timedelta(hours=hours)


def test_stretches_that_touch_are_one() -> None:
    weekend = Interval(
        stretches=(Stretch(days=frozenset({5, 6})), Stretch(days=WEEKDAYS, start=time(17), end=time(9)))
    )
    assert weekend.until(local("2024-03-08 18:00"), PRAGUE) == local("2024-03-11 00:00")
    assert weekend.until(local("2024-03-08 16:00"), PRAGUE) is None


def test_what_never_ends_is_said_to_end_later() -> None:
    moment = local("2024-03-08 18:00")
    until = Interval(stretches=(Stretch(),)).until(moment, PRAGUE)
    assert until is not None
    assert until > moment + timedelta(days=7)


@given(
    MOMENTS,
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_a_moment_is_covered_where_the_local_clock_says_so(
    moment: datetime, start: time, end: time, days: frozenset[int]
) -> None:
    stretch = Stretch(start=start, end=end, days=days)
    here = moment.astimezone(UTC)
    clock, today = here.time(), here.weekday()
    if start < end:
        inside = today in days and start <= clock < end
    else:
        inside = (today in days and clock >= start) or ((today - 1) % 7 in days and clock < end)
    assert Interval(stretches=(stretch,)).covers(moment, UTC) == inside


def test_it_prints_as_it_is_written() -> None:
    assert str(EIGHT) == "Mon-Fri 08:00"
    assert str(Schedule(times=(time(8), time(18)))) == "08:00,18:00"
    assert str(Stretch(start=time(22), end=time(7), days=frozenset({5, 6}))) == "Sat,Sun 22:00-07:00"
    assert str(Stretch()) == "always"
