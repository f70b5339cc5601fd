"""A feed's rhythm: what is learnt of it, and how long one may wait by it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.rhythm import HOURS, LEARNT, Rhythm, is_learnt, learnt, wait_for

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
DAY_LONG = timedelta(days=1)


def watched(weeks: int, *, at_hours: dict[int, int]) -> Rhythm:
    """A feed that brought so many entries at these hours of each of some weeks, until MONDAY."""
    rhythm = Rhythm(since=MONDAY - weeks * WEEK)
    for week in range(weeks, 0, -1):
        for hour, new in at_hours.items():
            rhythm = learnt(rhythm, new, at=MONDAY - week * WEEK + hour * HOUR)
    return rhythm


def test_a_rhythm_is_believed_after_a_week() -> None:
    rhythm = learnt(None, 0, at=MONDAY)
    assert not is_learnt(None, at=MONDAY)
    assert not is_learnt(rhythm, at=MONDAY + LEARNT - HOUR)
    assert is_learnt(rhythm, at=MONDAY + LEARNT)


def test_what_comes_often_is_asked_for_often() -> None:
    busy = watched(4, at_hours=dict.fromkeys(range(HOURS), 6))
    assert wait_for(busy, at=MONDAY, longest=HOUR) == timedelta(minutes=5)


def test_what_never_comes_is_asked_for_as_rarely_as_allowed() -> None:
    assert wait_for(Rhythm(since=MONDAY - WEEK), at=MONDAY, longest=7 * HOUR) == 7 * HOUR


def test_hours_differ() -> None:
    """Busy on weekdays from 9 to 17, silent otherwise."""
    office = watched(4, at_hours={day * 24 + hour: 2 for day in range(5) for hour in range(9, 17)})
    at_work = wait_for(office, at=MONDAY + 12 * HOUR, longest=DAY_LONG)
    at_night = wait_for(office, at=MONDAY + 20 * HOUR, longest=DAY_LONG)
    on_sunday = wait_for(office, at=MONDAY + 6 * DAY_LONG, longest=DAY_LONG)
    assert at_work == pytest.approx(HOUR / 4, abs=HOUR / 60)
    assert at_night == pytest.approx(13 * HOUR, abs=HOUR), "until the next morning begins"
    assert on_sunday == DAY_LONG


def test_the_end_of_the_week_is_followed_by_its_beginning() -> None:
    early = watched(4, at_hours={0: 50})
    assert HOUR / 2 < wait_for(early, at=MONDAY - timedelta(minutes=90), longest=DAY_LONG) < 2 * HOUR


def test_what_is_old_counts_less() -> None:
    rhythm = learnt(Rhythm(since=MONDAY), 8, at=MONDAY)
    later = learnt(rhythm, 0, at=MONDAY + 9 * WEEK)
    assert (sum(later.counts), later.since) == (4, MONDAY + 4.5 * WEEK)


def test_a_clock_that_was_set_back_begins_anew() -> None:
    rhythm = learnt(Rhythm(since=MONDAY), 8, at=MONDAY - WEEK)
    assert (sum(rhythm.counts), rhythm.since) == (8, MONDAY - WEEK)


@given(
    st.lists(st.integers(0, 0xFFFF), min_size=HOURS, max_size=HOURS),
    st.timedeltas(timedelta(), timedelta(days=99999)).map(lambda age: MONDAY - timedelta(days=9999) + age),
)
def test_what_is_kept_is_what_was_learnt_to_the_hour(counts: list[int], since: datetime) -> None:
    whole = since.replace(minute=0, second=0, microsecond=0)
    rhythm = Rhythm.of(counts, since=whole)
    assert Rhythm.from_bytes(rhythm.to_bytes()) == rhythm
    assert Rhythm.from_bytes(Rhythm.of(counts, since=since).to_bytes()) == rhythm


@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x02" + Rhythm(since=MONDAY).to_bytes()[1:], b"x" * 999])
def test_what_another_version_kept_is_learnt_anew(packed: bytes) -> None:
    assert Rhythm.from_bytes(packed) is None


@given(
    counts=st.lists(st.integers(0, 0xFFFF), min_size=HOURS, max_size=HOURS),
    watched=st.timedeltas(timedelta(), timedelta(days=70)),
    longest=st.timedeltas(timedelta(minutes=1), timedelta(days=10)),
    new=st.integers(0, 10**6),
)
def test_a_wait_is_never_longer_than_allowed_and_more_entries_never_lengthen_it(
    counts: list[int], watched: timedelta, longest: timedelta, new: int
) -> None:
    rhythm = Rhythm.of(counts, since=MONDAY - watched)
    wait = wait_for(rhythm, at=MONDAY, longest=longest)
    assert timedelta() <= wait <= longest
    more = Rhythm.of((min(0xFFFF, count + new) for count in counts), since=rhythm.since)
    assert wait_for(more, at=MONDAY, longest=longest) <= wait
