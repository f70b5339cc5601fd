"""When a failed delivery is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.outcome import Outcome
from monitor.alerts.retry import POLICY, DeadLetter, Retry, next_attempt
from tests.alerts.examples import NOON, later

FAILED = Outcome(kind="retry", detail="HTTP 500")


def wait(attempts: int, outcome: Outcome = FAILED, delivery_id: int = 1) -> float:
    """Seconds until the next attempt."""
    verdict = next_attempt(delivery_id, attempts=attempts, first_at=NOON, now=NOON, outcome=outcome)
    assert isinstance(verdict, Retry)
    return (verdict.at - NOON).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (8, 640), (11, 3600), (12, 3600), (10_000, 3600)]
)
def test_waits_double_from_five_seconds_to_an_hour(attempts: int, seconds: int) -> None:
    assert 0.8 * seconds <= wait(attempts) <= 1.2 * seconds


def test_waits_differ_between_deliveries_and_are_the_same_again() -> None:
    waits = [wait(1, delivery_id=number) for number in range(20)]
    assert len(set(waits)) == 20
    assert waits == [wait(1, delivery_id=number) for number in range(20)]


def test_a_receiver_that_asks_for_patience_gets_it() -> None:
    assert wait(1, Outcome(kind="retry", retry_after=120)) == 120


def test_a_receiver_can_not_ask_for_less_than_the_usual_wait() -> None:
    assert wait(11, Outcome(kind="retry", retry_after=1)) > 2800


@pytest.mark.parametrize("absurd", [1e6, 1e300, float("inf")])
def test_absurd_patience_is_bounded(absurd: float) -> None:
    assert wait(1, Outcome(kind="retry", retry_after=absurd)) == 6 * 3600


@pytest.mark.parametrize("absurd", [-1.0, 0.0, float("nan")])
def test_senseless_patience_is_ignored(absurd: float) -> None:
    assert wait(1, Outcome(kind="retry", retry_after=absurd)) < 7


def test_what_may_have_arrived_is_told_again() -> None:
    assert wait(1, Outcome(kind="uncertain")) < 7


def test_a_message_refused_as_it_was_is_said_plainly_once() -> None:
    outcome = Outcome(kind="refused", detail="HTTP 400")
    again = next_attempt(1, attempts=1, first_at=NOON, now=NOON, outcome=outcome)
    assert again == Retry(at=NOON, plain=True)
    end = next_attempt(1, attempts=2, first_at=NOON, now=NOON, outcome=outcome, plain=True)
    assert end == DeadLetter(reason="refused for good")


def test_what_was_refused_for_good_is_a_dead_letter_at_once() -> None:
    outcome = Outcome(kind="permanent", detail="HTTP 404")
    verdict = next_attempt(1, attempts=1, first_at=NOON, now=NOON, outcome=outcome)
    assert verdict == DeadLetter(reason="refused for good")


def test_after_three_days_a_delivery_is_given_up() -> None:
    now = later(72 * 3600 - 60)
    verdict = next_attempt(1, attempts=80, first_at=NOON, now=now, outcome=FAILED)
    assert verdict == DeadLetter(reason="given up after 72 hours and 80 attempts")


def test_a_delivered_message_is_not_tried_again() -> None:
    with pytest.raises(ValueError, match="delivered"):
        next_attempt(1, attempts=1, first_at=NOON, now=NOON, outcome=Outcome(kind="delivered"))


@given(st.integers(), st.integers(1, 10**9), st.floats(allow_nan=True, allow_infinity=True))
def test_every_wait_lies_within_bounds(delivery_id: int, attempts: int, asked: float) -> None:
    seconds = wait(attempts, Outcome(kind="retry", retry_after=asked), delivery_id)
    assert POLICY.first * 0.8 <= timedelta(seconds=seconds) <= POLICY.longest_asked
