"""How what is typed is looked for: its words, and their spellings between blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.neighbours import rarest_in
from monitor.topics.spelling import spelling_of, spelling_of_signs, spelling_with_wildcards
from monitor.topics.words import Noun, Run, word
from tests.examples import examples

BARE = st.lists(st.text("aBsxYzo", min_size=1, max_size=5), min_size=1, max_size=4).map(" ".join)


@given(typed=BARE, stem=st.sampled_from(("", "english")))
@examples(200)
def test_bare_words_are_looked_for_as_they_are_among_signs(typed: str, stem: str) -> None:
    assert spelling_of(typed, stem=stem) == spelling_of_signs(typed, stem=stem)


@pytest.mark.parametrize(
    "typed", ["U.S.", "AT&T", "spy-balloon", "#tag", "C++", "don't", "½", "台湾", "two  words"]
)
def test_what_has_signs_is_looked_at_closely(typed: str) -> None:
    assert spelling_of(typed) == spelling_of_signs(typed)


def test_a_noun_stands_between_blanks_as_itself_and_in_its_plurals() -> None:
    assert word(Noun, "box").between_blanks() == [(" box ", 5), (" boxs ", 6), (" boxes ", 7)]


def test_what_may_end_anywhere_has_no_spellings_between_blanks() -> None:
    assert spelling_with_wildcards("drill*").words[0].between_blanks() == []
    assert word(Run, "台湾").between_blanks() == []


def test_neighbours_stand_between_blanks_wherever_their_last_word_is_whole() -> None:
    _, pair = rarest_in(spelling_of("spy balloon").words)
    whole = dict(pair.between_blanks())
    assert whole[" spy balloons "] == whole[" spy balloon "] == len(" spy balloon")
    assert whole[" spies balloon "] == len(" spies balloon")
    assert whole[" spy s balloon "] == len(" spy s balloon")


def test_neighbours_of_which_the_last_is_a_beginning_have_none() -> None:
    *_, last = spelling_with_wildcards("spy-ballo*").words
    assert last.between_blanks() == []
    assert rarest_in(spelling_with_wildcards("spy-ballo*").words)[1].between_blanks() == []
