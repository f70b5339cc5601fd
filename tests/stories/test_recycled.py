"""Old news that a feed shows as new."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.recycled import date_in, recycled

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def reason(**facts: object) -> str:
    known = {"first_seen": None, "published": None, "link": "https://a.example/x", **facts}
    return recycled(now=NOW, **known)  # type: ignore[arg-type]


def test_what_was_seen_before_the_window_is_recycled_with_the_day() -> None:
    assert reason(first_seen=NOW - 40 * DAY) == "recycled: first seen 2026-01-20"
    assert reason(first_seen=NOW - DAY) == ""


def test_what_was_published_long_ago_is_recycled_but_no_date_before_the_web_is_believed() -> None:
    assert reason(published=datetime(2019, 3, 12, tzinfo=UTC)) == "recycled: published 2019-03-12"
    assert reason(published=NOW - 3 * DAY) == ""
    assert reason(published=datetime(1970, 1, 1, tzinfo=UTC)) == ""


def test_a_fresh_date_does_not_hide_the_old_one_in_the_link() -> None:
    link = "https://a.example/2019/03/12/ferry"
    assert reason(published=NOW, link=link) == "recycled: its link is of 2019-03-12"


def test_where_old_dates_are_no_wonder_only_what_was_seen_before_is_recycled() -> None:
    old = datetime(2019, 3, 12, tzinfo=UTC)
    assert reason(published=old, dated=False) == ""
    assert reason(first_seen=old, dated=False) == "recycled: first seen 2019-03-12"


@pytest.mark.parametrize(
    ("link", "day"),
    [
        ("https://a.example/2019/03/12/ferry", datetime(2019, 3, 12, tzinfo=UTC)),
        ("https://a.example/news-2019-03-12-ferry", datetime(2019, 3, 12, tzinfo=UTC)),
        ("https://a.example/world/20190312/ferry.html", datetime(2019, 3, 12, tzinfo=UTC)),
        ("https://a.example/2019/02/31/ferry", None),
        ("https://a.example/id/120190312994", None),
        ("https://a.example/?d=2019-03-12", None),
        ("https://[broken/2019/03/12/", None),
        ("", None),
    ],
)
def test_a_link_may_name_its_day(link: str, day: datetime | None) -> None:
    assert date_in(link) == day


@given(st.text(alphabet="0129/-[]:htps.", max_size=60))
def test_no_link_is_too_broken(link: str) -> None:
    date_in(link)
