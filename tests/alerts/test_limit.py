"""Buckets: how many messages at once, and how they fill up again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.limit import Bucket, Limit
from tests.alerts.examples import NOON, later

HOURLY = Limit(messages=20)


def test_a_new_receiver_may_hear_all_at_once() -> None:
    assert HOURLY.full(NOON).whole() == 20


def test_what_was_spent_comes_back_with_time_and_no_more_than_there_was() -> None:
    empty = HOURLY.full(NOON).spend(20)
    assert empty.whole() == 0
    assert HOURLY.next_at(empty) == later(180)
    assert HOURLY.filled(empty, later(1800)).whole() == 10
    assert HOURLY.filled(empty, later(86_400)).whole() == 20


def test_a_clock_that_was_set_back_adds_nothing_and_takes_nothing() -> None:
    half = Bucket(tokens=10, at=later(3600))
    assert HOURLY.filled(half, NOON) == Bucket(tokens=10, at=NOON)


@given(st.integers(1, 1000), st.integers(1, 10**6), st.integers(0, 1000))
def test_when_a_token_is_said_to_be_there_it_is(messages: int, seconds: int, spent: int) -> None:
    limit = Limit(messages=messages, period=timedelta(seconds=seconds))
    bucket = limit.full(NOON).spend(spent)
    assert limit.filled(bucket, limit.next_at(bucket)).whole() >= 1


@given(st.lists(st.integers(0, 4000), min_size=1).map(sorted))
def test_in_no_hour_are_there_more_than_the_bucket_and_what_fills_it(moments: list[int]) -> None:
    limit = Limit(messages=5)
    bucket, sent = limit.full(NOON), []
    for seconds in moments:
        bucket = limit.filled(bucket, later(seconds))
        if bucket.whole():
            bucket = bucket.spend(1)
            sent.append(seconds)
    for start in sent:
        assert sum(start <= one < start + 3600 for one in sent) <= 10
