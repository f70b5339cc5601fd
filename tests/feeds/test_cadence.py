"""When a feed is polled next."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError, RetrieveError
from monitor.feeds.cadence import (
    LONGEST_WAIT,
    SPREAD,
    TIGHTEST,
    NextPoll,
    Outcome,
    after_a_stop,
    in_words,
    next_poll,
    sooner,
    tightened,
)
from monitor.feeds.entry import Feed, Parsed
from monitor.feeds.retrieve import Retrieved
from monitor.feeds.rhythm import HOURS, Rhythm
from monitor.feeds.state import FeedState
from monitor.feeds.wishes import wishes_of

NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
"""A Wednesday."""
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def state(*, failures: int = 0, url: str = "http://a.example/", interval: timedelta = QUARTER) -> FeedState:
    """A feed that has had its first document."""
    return FeedState(feed_id=1, url=url, failures=failures, interval=interval, baseline_at=NOW)


def good(feed: Feed | None = None, *, retry_after: str = "", cache_control: str = "") -> NextPoll:
    outcome = Outcome(feed=feed, retry_after=retry_after, cache_control=cache_control)
    return next_poll(state(), outcome, now=NOW)


def failed(failures: int, *, retry_after: str = "", url: str = "http://a.example/") -> timedelta:
    """How long to wait after so many failures."""
    outcome = Outcome(kind="failed", retry_after=retry_after)
    following = next_poll(state(failures=failures, url=url), outcome, now=NOW)
    assert following.at is not None
    return following.at - NOW


# --- good ---


def test_after_a_good_poll_comes_the_interval() -> None:
    assert good() == NextPoll(at=NOW + QUARTER, reason="every 15 min")


@pytest.mark.parametrize(
    ("feed", "wait", "who"),
    [
        (Feed(ttl=30), 30, "ttl"),
        (Feed(ttl=5), 15, ""),
        (Feed(ttl=1440), 60, "ttl"),
        (Feed(update_period="hourly"), 60, "updatePeriod"),
        (Feed(update_period="hourly", update_frequency=2), 30, "updatePeriod"),
        (Feed(update_period="hourly", update_frequency=0), 60, "updatePeriod"),
        (Feed(update_period="sometimes"), 15, ""),
    ],
)
def test_what_the_feed_asks_for_lengthens_the_interval_up_to_four_times(
    feed: Feed, wait: int, who: str
) -> None:
    following = good(feed)
    assert following.at == NOW + timedelta(minutes=wait)
    assert who in following.reason


@pytest.mark.parametrize(
    ("cache_control", "wait"),
    [
        ("public, max-age=1800", 30),
        ("max-age=60", 15),
        ("s-maxage=1800", 15),
        ("max-age=99999999999999999999", 60),
        ("no-cache", 15),
    ],
)
def test_max_age_is_respected_within_limits(cache_control: str, wait: int) -> None:
    assert good(cache_control=cache_control).at == NOW + timedelta(minutes=wait)


def test_retry_after_is_respected_after_a_good_poll_too() -> None:
    assert good(retry_after="1800").at == NOW + timedelta(minutes=30)


def test_hours_to_skip_are_skipped() -> None:
    following = good(Feed(skip_hours=(12, 13, 14)))
    assert following.at == NOW.replace(hour=15)
    assert "skip" in following.reason


def test_days_to_skip_are_skipped_for_a_day_at_most() -> None:
    assert good(Feed(skip_days=("Wednesday",))).at == NOW.replace(day=2, hour=0)
    assert good(Feed(skip_days=("Wednesday", "Thursday"))).at == NOW + LONGEST_WAIT


def test_who_skips_everything_means_nothing() -> None:
    assert good(Feed(skip_hours=tuple(range(24)))).at == NOW + QUARTER


def test_the_first_poll_parts_feeds_that_began_together() -> None:
    polls = [
        next_poll(FeedState(feed_id=n, url=f"http://a.example/{n}"), Outcome(), now=NOW).at
        for n in range(200)
    ]
    waits = sorted(at - NOW for at in polls if at is not None)
    assert waits[0] >= QUARTER / 2
    assert waits[-1] <= QUARTER
    assert waits[150] - waits[50] > QUARTER / 8


def test_what_the_feed_asked_for_holds_while_its_document_is_unchanged() -> None:
    asked = replace(state(), wishes=wishes_of(Feed(ttl=30, skip_hours=(12,))))
    following = next_poll(asked, Outcome(), now=NOW)
    assert following.at == NOW + HOUR
    assert "skip" in following.reason


def test_the_users_longest_interval_limits_what_others_ask_for() -> None:
    limited = replace(state(), min_interval=QUARTER, max_interval=timedelta(minutes=20))
    outcome = Outcome(feed=Feed(ttl=1440), cache_control="max-age=86400")
    assert next_poll(limited, outcome, now=NOW).at == NOW + timedelta(minutes=20)
    patient = replace(limited, max_interval=timedelta(hours=6))
    assert next_poll(patient, outcome, now=NOW).at == NOW + timedelta(hours=6)


# --- rhythm ---


def with_rhythm(each_hour: int, *, weeks: int = 2) -> FeedState:
    """A feed that brings so many entries each hour, and may be polled every five minutes to every hour."""
    rhythm = Rhythm.of((each_hour * weeks,) * HOURS, since=NOW - timedelta(weeks=weeks))
    return replace(state(), rhythm=rhythm, min_interval=timedelta(minutes=5), max_interval=HOUR)


@pytest.mark.parametrize(("each_hour", "minutes"), [(0, 60), (1, 30), (2, 15), (3, 10), (6, 5), (1000, 5)])
def test_the_interval_follows_the_rhythm_between_its_limits(each_hour: int, minutes: int) -> None:
    following = next_poll(with_rhythm(each_hour), Outcome(), now=NOW)
    assert following.at == NOW + timedelta(minutes=minutes)
    assert ("rhythm" in following.reason) == (minutes != 15)


def test_until_the_rhythm_is_learnt_the_interval_holds() -> None:
    young = replace(with_rhythm(6), rhythm=Rhythm(since=NOW - timedelta(days=6)))
    assert next_poll(young, Outcome(), now=NOW).at == NOW + QUARTER


def test_an_interval_without_limits_is_meant_as_it_stands() -> None:
    fixed = replace(with_rhythm(6), min_interval=None, max_interval=None)
    assert next_poll(fixed, Outcome(), now=NOW).at == NOW + QUARTER


# --- windows that run over ---


def test_an_overrun_halves_the_time_and_each_day_without_one_doubles_it() -> None:
    tight = tightened(state(), QUARTER, now=NOW)
    waits = [next_poll(tight, Outcome(), now=NOW + timedelta(days=days)).at for days in range(4)]
    assert [at - NOW - timedelta(days=days) for days, at in enumerate(waits) if at] == [
        QUARTER / 2,
        QUARTER,
        QUARTER,
        QUARTER,
    ]
    assert "ran over" in next_poll(tight, Outcome(), now=NOW).reason


def test_an_overrun_is_no_reason_to_poll_more_often_than_the_user_allows() -> None:
    limited = replace(tightened(with_rhythm(0), timedelta(minutes=1), now=NOW))
    assert next_poll(limited, Outcome(), now=NOW).at == NOW + timedelta(minutes=5)
    free = tightened(state(), timedelta(seconds=9), now=NOW)
    assert next_poll(free, Outcome(), now=NOW).at == NOW + TIGHTEST


def test_a_poll_that_was_due_later_comes_sooner_and_never_later() -> None:
    before, after = state(), tightened(state(), QUARTER, now=NOW)
    assert sooner(NOW + HOUR, before, after, now=NOW) == NOW + HOUR / 2
    assert sooner(NOW + HOUR, after, before, now=NOW) == NOW + HOUR
    assert sooner(None, before, after, now=NOW) is None
    assert sooner(NOW - HOUR, before, after, now=NOW) == NOW - HOUR


# --- failed ---


def test_failures_back_off_from_a_minute_to_a_day() -> None:
    waits = [failed(count) for count in range(1, 20)]
    assert timedelta(seconds=45) <= waits[0] <= timedelta(seconds=75)
    assert waits[:10] == sorted(waits[:10])
    assert all(LONGEST_WAIT * 0.75 <= wait <= LONGEST_WAIT for wait in waits[12:])


def test_a_short_interval_is_the_first_wait() -> None:
    hasty = state(failures=1, interval=timedelta(seconds=2))
    at = next_poll(hasty, Outcome(kind="failed"), now=NOW).at
    assert at is not None
    assert at - NOW < timedelta(seconds=3)


def test_a_million_failures_are_no_reason_to_give_up() -> None:
    assert failed(1_000_000) <= LONGEST_WAIT


def test_feeds_that_fail_together_part() -> None:
    assert len({failed(3, url=f"http://a.example/{n}") for n in range(50)}) == 50


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("3600", HOUR),
        (" 3600 ", HOUR),
        ("Wed, 01 Jan 2025 13:00:00 GMT", HOUR),
        ("99999999999999999999", LONGEST_WAIT),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)
def test_retry_after_is_respected_up_to_a_day(retry_after: str, wait: timedelta) -> None:
    assert failed(1, retry_after=retry_after) == wait


@pytest.mark.parametrize(
    "absurd", ["", "0", "-5", "soon", "Wed, 01 Jan 2020 00:00:00 GMT", "²", "1e9", "\x00"]
)
def test_an_absurd_retry_after_is_none(absurd: str) -> None:
    assert failed(1, retry_after=absurd) == failed(1)


def test_a_date_counts_by_the_servers_own_clock() -> None:
    outcome = Outcome(
        retry_after="Wed, 01 Jan 2020 00:30:00 GMT", server_date=datetime(2020, 1, 1, tzinfo=UTC)
    )
    assert next_poll(state(), outcome, now=NOW).at == NOW + timedelta(minutes=30)


def test_gone_is_gone() -> None:
    following = next_poll(state(), Outcome(kind="gone"), now=NOW)
    assert following.at is None
    assert "410" in following.reason


@given(
    failures=st.integers(0, 10**6),
    interval=st.timedeltas(timedelta(seconds=1), timedelta(days=7)),
    retry_after=st.one_of(st.text(), st.integers().map(str)),
    cache_control=st.one_of(st.text(), st.integers().map("max-age={}".format)),
    ttl=st.one_of(st.none(), st.integers(0, 10**18)),
    hours=st.sets(st.integers(0, 23)).map(tuple),
    kind=st.sampled_from(["good", "failed"]),
    limits=st.tuples(*[st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=7))] * 2),
    pace=st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(days=99))),
    counts=st.lists(st.integers(0, 99), min_size=HOURS, max_size=HOURS),
)
def test_the_next_poll_is_always_later_and_never_too_late(
    failures: int,
    interval: timedelta,
    retry_after: str,
    cache_control: str,
    ttl: int | None,
    hours: tuple[int, ...],
    kind: str,
    limits: tuple[timedelta | None, timedelta | None],
    pace: timedelta | None,
    counts: list[int],
) -> None:
    """Whatever limits a user sets, right or wrong, and whatever was learnt."""
    feed = Feed(ttl=ttl, skip_hours=hours)
    outcome = Outcome(kind=kind, retry_after=retry_after, cache_control=cache_control, feed=feed)  # type: ignore[arg-type]
    learnt = replace(
        state(failures=failures, interval=interval),
        min_interval=limits[0],
        max_interval=limits[1],
        pace=pace,
        overrun_at=NOW,
        rhythm=Rhythm.of(counts, since=NOW - timedelta(weeks=3)),
    )
    at = next_poll(learnt, outcome, now=NOW).at
    assert at is not None
    assert NOW < at <= NOW + max(LONGEST_WAIT, interval, *(limit for limit in limits if limit))


# --- outcomes ---


def test_an_outcome_is_made_of_what_came_back() -> None:
    retrieved = Retrieved(url="u", status=200, body=b"", cache_control="max-age=1", retry_after="2")
    assert Outcome.of(retrieved, Parsed(feed=Feed(ttl=3))) == Outcome(
        cache_control="max-age=1", retry_after="2", feed=Feed(ttl=3)
    )
    assert Outcome.of(retrieved, None).feed is None


def test_only_a_410_is_the_end() -> None:
    assert Outcome.failed(RetrieveError(status=410, retryable=False)).kind == "gone"
    assert Outcome.failed(RetrieveError(status=503, retry_after="9")) == Outcome(
        kind="failed", retry_after="9"
    )
    assert Outcome.failed(RetrieveError("not a URL", retryable=False)).kind == "failed"
    assert Outcome.failed(ParseError()).kind == "failed"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 s"), (60, "1 min"), (90, "90 s"), (900, "15 min"), (3600, "1 h"), (86400, "24 h")],
)
def test_times_have_words(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


# --- told by a hub ---


def told(**facts: object) -> NextPoll:
    """The next poll of a feed whose hub tells us for a day, if nothing else is said."""
    one = replace(state(), pushed_until=NOW + timedelta(days=1))
    return next_poll(replace(one, **facts), Outcome(), now=NOW)  # type: ignore[arg-type]


def test_a_feed_whose_hub_tells_us_is_polled_more_rarely_and_says_why() -> None:
    assert told() == NextPoll(at=NOW + HOUR, reason="every 1 h: its hub tells what is new")


def test_it_is_polled_some_times_a_day_all_the_same() -> None:
    assert told(interval=4 * HOUR).at == NOW + 6 * HOUR


def test_a_feed_that_is_polled_more_rarely_anyway_is_polled_no_sooner_for_it() -> None:
    assert told(interval=12 * HOUR) == NextPoll(at=NOW + 12 * HOUR, reason="every 12 h")


def test_when_the_lease_ends_the_feed_is_polled_as_before() -> None:
    assert told(pushed_until=NOW + 2 * QUARTER).at == NOW + 2 * QUARTER
    assert told(pushed_until=NOW + timedelta(minutes=1)).at == NOW + QUARTER
    assert told(pushed_until=NOW).at == NOW + QUARTER


def test_a_window_that_ran_over_counts_more_than_a_hub() -> None:
    assert told(pace=QUARTER / 3, overrun_at=NOW).at == NOW + QUARTER / 3


def test_a_feed_whose_hub_has_missed_something_is_polled_as_before_at_once() -> None:
    before = replace(state(), pushed_until=NOW + timedelta(days=1))
    assert sooner(NOW + HOUR, before, state(), now=NOW) == NOW + QUARTER


def test_a_poll_that_fails_is_repeated_as_soon_as_without_a_hub() -> None:
    failing = replace(state(failures=1), pushed_until=NOW + timedelta(days=1))
    assert next_poll(failing, Outcome(kind="failed"), now=NOW) == next_poll(
        state(failures=1), Outcome(kind="failed"), now=NOW
    )


# --- after a stop ---


@given(st.integers(1, 3600))
def test_what_became_due_while_nobody_polled_is_polled_within_a_minute_or_its_interval(seconds: int) -> None:
    interval = timedelta(seconds=seconds)
    at = after_a_stop("http://a.example/", interval, now=NOW).at
    assert at is not None
    assert NOW <= at <= NOW + min(SPREAD, interval)


def test_after_a_stop_feeds_are_spread_evenly() -> None:
    urls = [f"http://a.example/{number}" for number in range(6_000)]
    moments = [after_a_stop(url, QUARTER, now=NOW).at for url in urls]
    seconds = Counter(int((at - NOW).total_seconds()) for at in moments if at)
    assert len(seconds) == 60
    assert max(seconds.values()) < 150  # a hundred each, by chance hardly more
