"""Suggestions: near misses, words that go with the hits, exclusions; each counted over real entries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.topics.topic import Topic
from monitor.workshop.suggest import Suggestions, suggestions
from tests.stocked import Stock, topic

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    stock = Stock(tmp_path, queries={"t": "Cuba"}, now=NOW)
    yield stock
    stock.store.close()


def suggested(stock: Stock, query: str | Topic) -> Suggestions:
    wanted = topic("t", query) if isinstance(query, str) else query
    return suggestions(stock.store, wanted, since=None, looked=lambda: None)


def near(stock: Stock, query: str) -> dict[str, tuple[int, str]]:
    """How many each near miss would add, and the example's title."""
    return {
        gain.edit.what: (gain.added, gain.example.stored.entry.title)
        for gain in suggested(stock, query).near
        if gain.example is not None
    }


def test_entries_that_lack_one_clause_are_near_misses(stock: Stock) -> None:
    stock.see("spy balloon over Guam", "balloon over Guam", "spy over Guam", "spy balloon", "Guam")
    found = near(stock, "spy AND balloon AND Guam")
    assert found["without spy"] == (1, "balloon over Guam")
    assert found["without balloon"] == (1, "spy over Guam")
    assert found["without Guam"] == (1, "spy balloon")


def test_an_entry_that_only_an_exclusion_kept_out_is_a_near_miss(stock: Stock) -> None:
    stock.see("Cuba baseball", "Cuba")
    assert near(stock, "Cuba NOT baseball") == {"without NOT baseball": (1, "Cuba baseball")}


def test_a_wider_near_takes_in_more(stock: Stock) -> None:
    stock.see("spy a b c balloon", "spy a b c d e f g h i j k l m balloon")
    found = near(stock, "spy NEAR/2 balloon")
    assert found["NEAR/4 for NEAR/2"] == (1, "spy a b c balloon")
    assert found["AND for NEAR/2"][0] == 2


def test_slips_of_spelling_are_found_in_the_entries(stock: Stock) -> None:
    stock.see("the baloon", "the ballon", "ballooon", *["a balloon"] * 3, "the saloon", "a falcon")
    found = near(stock, "balloon")
    assert found == {
        "baloon beside balloon": (1, "the baloon"),
        "ballon beside balloon": (1, "the ballon"),
        "ballooon beside balloon": (1, "ballooon"),
    }


def test_where_the_query_has_the_slip_the_right_word_is_found(stock: Stock) -> None:
    stock.see(*[f"a balloon {number}" for number in range(25)])
    assert near(stock, "baloon")["balloon beside baloon"][0] == 25


def test_a_common_word_one_letter_away_is_another_word(stock: Stock) -> None:
    stock.see(*["the trade"] * 9, *["the grade"] * 5)
    assert near(stock, "trade") == {}


def test_inflected_forms_are_found_but_plurals_are_caught_already(stock: Stock) -> None:
    stock.see("they drilled", "drilling on", "drills", "a drill")
    found = near(stock, "drill")
    assert found == {
        "drilled beside drill": (1, "they drilled"),
        "drilling beside drill": (1, "drilling on"),
    }


def test_a_form_must_stand_where_the_rest_of_the_query_holds(stock: Stock) -> None:
    stock.see("navy drilling", "army drilling", "dentist drilling")
    assert near(stock, "drill AND (army OR navy)")["drilling beside drill"][0] == 2


def test_words_that_go_with_the_hits_are_suggested(stock: Stock) -> None:
    stock.see(*[f"Cuba and Havana number {number}" for number in range(6)])
    stock.see("Havana alone", "Havana again", *[f"something else {number}" for number in range(200)])
    (word,) = [gain for gain in suggested(stock, "Cuba").words if gain.edit.what == "havana"]
    assert (word.added, str(word.edit.query), word.is_all) == (2, "Cuba OR havana", True)
    assert word.score > 10


def test_one_story_told_by_many_is_one_voice(stock: Stock) -> None:
    stock.see(*["Cuba and Havana"] * 6)
    stock.see("Havana alone", *[f"something else {number}" for number in range(200)])
    assert suggested(stock, "Cuba").words == ()


def test_a_word_that_would_bring_in_everything_is_not_suggested(stock: Stock) -> None:
    stock.see(*[f"Cuba bulletin {number}" for number in range(5)])
    stock.see(*[f"bulletin {number}" for number in range(60)], *[f"other {number}" for number in range(900)])
    assert "bulletin" not in [gain.edit.what for gain in suggested(stock, "Cuba").words]


def test_words_of_wrong_hits_are_suggested_as_exclusions(stock: Stock) -> None:
    wrong = [f"Cuba Gooding wins {number}" for number in range(4)]
    relevant = [f"Cuba talks {number}" for number in range(4)]
    stock.see(*wrong, *relevant, "Cuba Gooding unjudged")
    stock.judge("wrong", titles=wrong)
    stock.judge("relevant", titles=relevant)
    (first,) = suggested(stock, "Cuba").exclusions  # `wins` would remove the same
    assert str(first.edit.query) == "Cuba NOT gooding"
    assert (first.wrong, first.relevant, first.hits) == (4, 0, 5)


def test_an_exclusion_says_what_it_would_cost(stock: Stock) -> None:
    wrong = [f"Cuba libre recipe {number}" for number in range(8)]
    relevant = [f"Cuba talks {number}" for number in range(8)]
    stock.see(*wrong, *relevant, "Cuba: a recipe for trouble")
    stock.judge("wrong", titles=wrong)
    stock.judge("relevant", titles=[*relevant, "Cuba: a recipe for trouble"])
    costs = {one.edit.what: (one.wrong, one.relevant) for one in suggested(stock, "Cuba").exclusions}
    assert costs["libre"] == (8, 0)
    assert costs["recipe"] == (8, 1)


def test_without_hits_there_may_still_be_near_misses(stock: Stock) -> None:
    stock.see("the baloon")
    found = suggested(stock, "balloon")
    assert (found.hits, found.words, found.exclusions) == (0, (), ())
    assert [gain.edit.what for gain in found.near] == ["baloon beside balloon"]
