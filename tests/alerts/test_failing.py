"""When a target that fails is told to somebody."""

from datetime import timedelta

import pytest

from monitor.alerts.failing import Failure, may_be_pushed, notice_of
from monitor.notice import Notice
from tests.alerts.examples import NOON

HOUR = timedelta(hours=1)


def failure(*, dead: bool = False, first_minutes_ago: float = 0) -> Failure:
    return Failure(
        receiver="desk",
        target="k1",
        label="slack://***",
        alert_id="A-7K3QX-9ZD4M",
        is_dead=dead,
        detail="HTTP 500 server error",
        first_at=NOON - timedelta(minutes=first_minutes_ago),
    )


def key(notice: Notice | None) -> str:
    assert notice is not None
    return notice.key


def test_a_dead_letter_is_told_at_once_with_the_words_to_repair_it() -> None:
    assert may_be_pushed(failure(dead=True), now=NOON)
    notice = notice_of(failure(dead=True), arrived_at=NOON, now=NOON)
    assert notice is not None
    assert notice.title == "Not delivered: alert A-7K3QX-9ZD4M to desk (slack://***)"
    assert "HTTP 500 server error" in notice.text
    assert "monitor alert retry" in notice.text
    assert notice.all_labels["receiver"] == "desk"


def test_dead_letters_of_one_day_are_one_notice() -> None:
    today, late, tomorrow = (
        key(notice_of(failure(dead=True), arrived_at=None, now=NOON + hours * HOUR)) for hours in (0, 11, 13)
    )
    assert today == late != tomorrow


@pytest.mark.parametrize(("minutes", "told"), [(0, False), (29.9, False), (30, True)])
def test_a_failure_is_told_when_it_has_lasted_for_half_an_hour(minutes: float, told: bool) -> None:
    assert may_be_pushed(failure(first_minutes_ago=minutes), now=NOON) is told
    assert (notice_of(failure(first_minutes_ago=minutes), arrived_at=None, now=NOON) is not None) is told


def test_one_refused_alert_is_no_failing_receiver_where_others_arrive() -> None:
    just_now = NOON - timedelta(minutes=1)
    assert notice_of(failure(first_minutes_ago=90), arrived_at=just_now, now=NOON) is None


def test_a_failure_is_told_once_until_something_arrives() -> None:
    arrived = NOON - 9 * HOUR
    first, again = (
        key(notice_of(failure(first_minutes_ago=60), arrived_at=arrived, now=NOON + hours * HOUR))
        for hours in (0, 48)
    )
    later = key(notice_of(failure(first_minutes_ago=60), arrived_at=arrived + HOUR, now=NOON))
    assert first == again != later
