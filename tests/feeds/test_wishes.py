"""What feeds ask of those who poll them."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.entry import Feed
from monitor.feeds.wishes import NO_WISHES, wishes_of

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("feed", "every", "by"),
    [
        (Feed(), timedelta(), ""),
        (Feed(ttl=30), HOUR / 2, "ttl"),
        (Feed(ttl=10**18), timedelta(days=366), "ttl"),
        (Feed(update_period="daily", update_frequency=4), 6 * HOUR, "updatePeriod"),
        (Feed(update_period="hourly", update_frequency=0), HOUR, "updatePeriod"),
        (Feed(update_period="sometimes"), timedelta(), ""),
        (Feed(ttl=90, update_period="hourly"), 1.5 * HOUR, "ttl"),
        (Feed(ttl=30, update_period="hourly"), HOUR, "updatePeriod"),
    ],
)
def test_the_longer_wish_counts(feed: Feed, every: timedelta, by: str) -> None:
    wishes = wishes_of(feed)
    assert (wishes.every, wishes.by) == (every, by)


def test_hours_and_days_are_those_of_utc() -> None:
    wishes = wishes_of(Feed(skip_hours=(0,), skip_days=("Sunday",)))
    assert wishes.skips(datetime(2026, 3, 2, 0, 59, tzinfo=UTC))
    assert not wishes.skips(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert wishes.skips(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    assert not NO_WISHES.skips(datetime(2026, 3, 1, tzinfo=UTC))
