"""Which hits are news, and which come in one summary."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.news import LONG_SILENCE, News, Showing, in_days, news_of, showing_of
from monitor.topics.parser import parse
from monitor.topics.topic import OnEdit, Topic

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KNOWN = FeedState(feed_id=1, url="u", baseline_at=NOW - 99 * DAY, interval=timedelta(minutes=15))
SUBSCRIPTION = Subscription(url="u")


def topic(on_edit: OnEdit = "silent") -> Topic:
    return Topic(name="Cuba", query=parse("Cuba").node, on_edit=on_edit)


def news(
    showing: Showing,
    *,
    revised: bool = False,
    on_edit: OnEdit = "silent",
    backfill: timedelta = timedelta(),
    **facts: datetime,
) -> News:
    subscription = Subscription(url="u", backfill=backfill)
    entry = Entry(guid="1", **facts)  # type: ignore[arg-type]
    return news_of(entry, topic(on_edit), showing, subscription, revised=revised, now=NOW)


def test_a_new_entry_of_a_feed_that_is_heard_is_told() -> None:
    assert news(Showing()) == News(state="pending")


def test_a_first_document_is_kept_but_for_what_backfill_asks_for() -> None:
    first = showing_of(FeedState(feed_id=1, url="u"), heard_at=None, now=NOW)
    assert first.baseline
    assert news(first).reason == "baseline: it was in the feed's first document"
    assert news(first, backfill=2 * DAY, published=NOW - DAY).state == "pending"
    assert news(first, backfill=2 * DAY, published=NOW - 3 * DAY).state == "kept"
    assert news(first, backfill=2 * DAY).state == "pending"


def test_an_edit_is_kept_with_its_reason_unless_the_topic_asks_for_it() -> None:
    kept = news(Showing(), revised=True)
    assert (kept.state, kept.reason.partition(":")[0]) == ("kept", "edited")
    assert news(Showing(), revised=True, on_edit="alert") == News(labels={"edited": "yes"})


def test_what_comes_after_a_long_silence_is_told_with_a_label() -> None:
    returned = showing_of(KNOWN, heard_at=NOW - 23 * DAY, now=NOW)
    assert news(returned) == News(labels={"returned": "3 weeks"})
    assert news(returned, revised=True, on_edit="alert").labels == {"edited": "yes", "returned": "3 weeks"}


@pytest.mark.parametrize(
    ("state", "heard_at", "silence"),
    [
        (KNOWN, NOW - timedelta(minutes=15), timedelta()),
        (KNOWN, NOW - LONG_SILENCE, timedelta()),
        (KNOWN, NOW - 3 * DAY, 3 * DAY),
        (KNOWN, None, timedelta()),
        (KNOWN, NOW + DAY, timedelta()),  # a clock that was set back
    ],
)
def test_a_silence_is_long_from_two_days_on(
    state: FeedState, heard_at: datetime | None, silence: timedelta
) -> None:
    assert showing_of(state, heard_at=heard_at, now=NOW) == Showing(silence=silence)


def test_who_is_polled_rarely_is_silent_for_longer() -> None:
    weekly = FeedState(feed_id=1, url="u", baseline_at=NOW, interval=7 * DAY)
    assert not showing_of(weekly, heard_at=NOW - 20 * DAY, now=NOW).silence
    assert showing_of(weekly, heard_at=NOW - 22 * DAY, now=NOW).silence


def test_documents_without_entries_are_a_silence_too() -> None:
    empty = FeedState(feed_id=1, url="u", baseline_at=NOW, empty_since=NOW - 9 * DAY)
    assert showing_of(empty, heard_at=NOW - timedelta(minutes=15), now=NOW).silence == 9 * DAY


@pytest.mark.parametrize(
    ("days", "words"), [(2, "2 days"), (13, "13 days"), (14, "2 weeks"), (400, "57 weeks")]
)
def test_long_times_have_words(days: int, words: str) -> None:
    assert in_days(days * DAY + timedelta(hours=5)) == words


@given(
    st.booleans(), st.booleans(), st.timedeltas(timedelta(), 99 * DAY), st.sampled_from(["silent", "alert"])
)
def test_what_is_not_told_says_why(
    baseline: bool, revised: bool, silence: timedelta, on_edit: OnEdit
) -> None:
    found = news(Showing(baseline=baseline, silence=silence), revised=revised, on_edit=on_edit)
    assert (found.state == "kept") == bool(found.reason)
