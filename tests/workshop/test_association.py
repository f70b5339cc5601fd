"""Which words stand in some texts far more than in others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.document import Document
from monitor.workshop.association import associations, counted, features, log_likelihood, node_of


def test_the_score_is_dunnings() -> None:
    """His Table 2: `the swiss` 110 times, with 2442 and 111 of each alone, in 31 777 pairs: 270.72."""
    assert log_likelihood(110, 221, 2442, 31_777 - 221) == pytest.approx(270.72, abs=0.01)


def test_what_is_as_frequent_everywhere_does_not_surprise() -> None:
    assert log_likelihood(10, 100, 100, 1000) == pytest.approx(0, abs=1e-9)


def test_what_is_rarer_inside_scores_below_nothing() -> None:
    assert log_likelihood(1, 100, 500, 1000) < 0


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_score_turns_with_the_sides(inside: int, rest: int, outside: int, others: int) -> None:
    one = log_likelihood(inside, inside + rest, outside, outside + others)
    other = log_likelihood(outside, outside + others, inside, inside + rest)
    assert abs(one) == pytest.approx(abs(other), abs=1e-6)


def test_the_most_surprising_comes_first_and_chance_is_left_out() -> None:
    found = associations({"castro": 20, "havana": 30, "said": 30}, 100, {"castro": 5, "said": 300}, 1000)
    assert [one.text for one in found] == ["havana", "castro"]


def test_telling_words_and_their_pairs_are_features() -> None:
    document = Document(title="The Guantánamo Bay of Cuba", summary="In 2019 a White House aide")
    assert features(document) >= {"guantanamo", "bay", "cuba", "guantanamo bay", "house aide", "aide"}
    assert features(document).isdisjoint({"the", "of", "2019", "bay of", "of cuba", "in", "the guantanamo"})


def test_everyday_words_of_the_news_tell_too_where_they_are_surprising() -> None:
    """The statistic knows how frequent they are: no list of frequent words hides them."""
    assert features(Document(title="China and the Supreme Court")) == {
        "china",
        "supreme",
        "court",
        "supreme court",
    }
    frequent = {"china": 24, "says": 70}
    assert [one.text for one in associations(frequent, 82, {"china": 380, "says": 14_800}, 17_000)] == [
        "china"
    ]


def test_in_scripts_without_spaces_two_letters_are_a_feature() -> None:
    assert features(Document(title="台湾海峡")) == {"台湾", "湾海", "海峡"}


def test_a_word_counts_once_a_document() -> None:
    counts = counted([Document(title="Havana", summary="Havana, Havana"), Document(title="Peru")])
    assert (counts["havana"], counts["peru"]) == (1, 1)


def test_a_feature_can_be_looked_for() -> None:
    assert str(node_of("castro")) == "castro"
    assert str(node_of("guantanamo bay")) == '"guantanamo bay"'
