"""Queries one step away from a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.parser import parse
from monitor.workshop.edits import (
    loosened,
    near_spellings,
    places,
    with_alternative,
    with_exclusion,
    with_variant,
)
from tests.topics.strategies import queries


def loose(query: str) -> list[str]:
    return [str(edit.query) for edit in loosened(parse(query).node)]


@pytest.mark.parametrize(
    ("query", "edits"),
    [
        ("a AND b", ["b", "a"]),
        ("a AND b NOT c", ["b NOT c", "a NOT c", "a AND b"]),
        ("a NOT b", ["a"]),
        ("x OR (a AND b)", ["x OR b", "x OR a"]),
        ("a NEAR/4 b", ["a NEAR/8 b", "a NEAR/16 b", "a AND b"]),
        ("a ONEAR/0 b", ["a ONEAR/2 b", "a ONEAR/5 b", "a AND b"]),
        ('"spy balloon"', ['"spy balloon"~3']),
        ('="spy balloon"', []),
        ("a NOT (b AND c)", ["a"]),
        ("title:(a AND b)", ["title:b", "title:a"]),
    ],
)
def test_a_clause_less_or_words_further_apart(query: str, edits: list[str]) -> None:
    assert loose(query) == edits


def test_a_near_inside_a_near_does_not_become_an_and() -> None:
    assert all(
        "AND" not in query or query.startswith("(a NEAR/2 b)") for query in loose("(a NEAR/2 b) NEAR/3 c")
    )


def test_what_an_alias_stands_for_is_not_taken_apart() -> None:
    query = parse("@x AND spy", aliases={"x": ["Taiwan Strait"]}).node
    assert [str(edit.query) for edit in loosened(query)] == ["spy", "@x"]


@given(queries(with_odd=False, max_leaves=6))
def test_every_edit_is_a_query_that_can_be_written(node: object) -> None:
    for edit in loosened(node):  # type: ignore[arg-type]
        assert str(parse(str(edit.query)).node) == str(edit.query)


def test_of_a_field_within_a_field_the_inner_one_is_left() -> None:
    edits = loosened(parse("author:(title:Smith NOT author:Jones AND body:cigar)").node)
    assert "author:(title:Smith NOT author:Jones)" in [str(edit.query) for edit in edits]
    edits = loosened(parse("author:(title:Smith AND body:cigar)").node)
    assert {str(edit.query) for edit in edits} == {"title:Smith", "body:cigar"}


def test_a_variant_stands_beside_its_word() -> None:
    query = parse("balloon* OR (balloon NEAR/5 spying)").node
    by_word = {place.word: place for place in places(query)}
    assert by_word.keys() == {"balloon", "spying"}
    edit = with_variant(query, by_word["spying"], "spied", kind="form")
    assert str(edit.query) == "balloon* OR (balloon NEAR/5 (spying OR spied))"
    assert str(edit.needs) == "balloon* OR (balloon NEAR/5 spied)"


def test_a_variant_of_a_phrases_word_is_another_phrase() -> None:
    query = parse('"Taiwan Strait" NOT chess').node
    place = next(place for place in places(query) if place.word == "Strait")
    edit = with_variant(query, place, "straight", kind="spelling")
    assert str(edit.query) == '("Taiwan Strait" OR "Taiwan straight") NOT chess'


def test_a_variant_of_an_aliass_value_stands_beside_the_alias() -> None:
    query = parse("@x AND ships", aliases={"x": ["Taiwan", "Formosa"]}).node
    place = next(place for place in places(query) if place.word == "Formosa")
    assert str(with_variant(query, place, "formoza", kind="spelling").query) == "(@x OR formoza) AND ships"


def test_only_plain_words_that_are_long_enough_and_wanted_have_variants() -> None:
    query = parse("Cuba =Havana drill* F-16 NOT baseball").node
    assert list(places(query)) == []


def test_alternatives_and_exclusions_go_around_the_whole_query() -> None:
    query = parse("a AND b").node
    assert str(with_alternative(query, parse("c").node).query) == "(a AND b) OR c"
    assert str(with_exclusion(parse("a OR b").node, parse('"c d"').node).query) == '(a OR b) NOT "c d"'


def distance(one: str, other: str) -> int:
    """Damerau–Levenshtein (optimal string alignment), the plain slow way."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i + j
                continue
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", max_size=6))
def test_near_spellings_are_those_at_a_distance_of_one(word: str, other: str) -> None:
    assert (other in near_spellings(word, "abc")) == (distance(word, other) == 1)
