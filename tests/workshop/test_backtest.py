"""Looking back: what a topic would have caught, the newest first, and on which days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from monitor.topics.narrowing import narrowing
from monitor.workshop.backtest import by_day, candidates, catches
from tests.stocked import Stock, topic

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    stock = Stock(tmp_path, now=NOW)
    yield stock
    stock.store.close()


def titles_caught(stock: Stock, query: str, *, days: int = 30) -> list[str]:
    wanted = topic("t", query)
    entry_ids = candidates(stock.store, wanted, since=NOW - days * DAY)
    found = catches(stock.store, wanted, entry_ids, looked=lambda: None)
    return [catch.stored.entry.title for catch in found]


def test_the_newest_comes_first(stock: Stock) -> None:
    stock.see("Cuba one", "Peru", days_ago=2)
    stock.see("Cuba two", days_ago=1)
    assert titles_caught(stock, "Cuba") == ["Cuba two", "Cuba one"]


def test_what_was_seen_before_the_moment_is_left_out(stock: Stock) -> None:
    stock.see("Cuba one", days_ago=9)
    stock.see("Cuba two", days_ago=1)
    assert titles_caught(stock, "Cuba", days=3) == ["Cuba two"]


def test_the_matcher_decides_what_the_index_only_narrows(stock: Stock) -> None:
    stock.see("A strait near Taiwan", "Taiwan's Strait", "The Taiwan Strait")
    wanted = topic("t", '"Taiwan Strait" NOT near')
    assert len(candidates(stock.store, wanted, since=None)) == 3
    assert titles_caught(stock, '"Taiwan Strait" NOT near') == ["The Taiwan Strait", "Taiwan's Strait"]


def test_a_query_that_the_index_can_not_narrow_looks_at_every_entry(stock: Stock) -> None:
    stock.see("balloon", "ballooon", "ball")
    assert narrowing(topic("t", "/ballo+n/")) is None
    assert titles_caught(stock, "/ballo+n/") == ["ballooon", "balloon"]


def test_a_catch_says_where_it_was_caught(stock: Stock) -> None:
    stock.see("News", summary="<p>The <b>spy</b> balloon</p>")
    wanted = topic("t", '"spy balloon"')
    (catch,) = catches(stock.store, wanted, stock.store.candidates(None), looked=lambda: None)
    (span,) = catch.spans
    assert (span.field, span.text) == ("summary", "spy balloon")
    assert catch.document.summary[span.start : span.end] == "spy balloon"


def test_every_entry_that_was_looked_at_is_counted(stock: Stock) -> None:
    stock.see("Cuba", "Peru", "Chile")
    looked: list[None] = []
    list(
        catches(
            stock.store,
            topic("t", "Cuba"),
            stock.store.candidates(None),
            looked=lambda: looked.append(None),
        )
    )
    assert len(looked) == 3


def test_days_without_any_are_counted_too() -> None:
    days = by_day([NOW, NOW, NOW - 2 * DAY], since=NOW - 3 * DAY, now=NOW, zone=UTC)
    assert [(day.day, day.count) for day in days] == [
        (date(2026, 2, 26), 0),
        (date(2026, 2, 27), 1),
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 2),
    ]


def test_a_day_is_one_of_the_given_zone() -> None:
    (first, *_, last) = by_day(
        [NOW - 13 * timedelta(hours=1)], since=NOW, now=NOW, zone=timezone(timedelta(hours=-5))
    )
    assert (first.day, first.count) == (date(2026, 2, 28), 1)
    assert (last.day, last.count) == (date(2026, 3, 1), 0)
