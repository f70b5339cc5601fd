"""The words of a document: the same whether they are read in one pass, part by part, or with a sheet."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.topics.batch import Batch
from monitor.topics.document import Document
from monitor.topics.fold import fold, narrowed
from monitor.topics.glue import with_second_reading
from monitor.topics.percolator import FEW_TOPICS, Percolator
from monitor.topics.query import Node
from monitor.topics.sheet import lay_out
from monitor.topics.text import words, words_of
from monitor.topics.topic import Topic
from tests.examples import examples
from tests.topics import nasty
from tests.topics.strategies import WORDS, queries
from tests.topics.test_percolator import DENSE_TEXTS, FEW, topics, topics_of

GLUE = st.sampled_from([" ", " ", " ", "", ", ", "… “", "\n", "\n\n", "-", "’s ", "reported ", "\u200b", "&"])
TEXTS = st.lists(st.tuples(st.sampled_from((*WORDS, "The", "ﬁve", "a")), GLUE), max_size=10).map(
    lambda pieces: "".join(word + glue for word, glue in pieces)
)
LATIN = st.text(alphabet="aZé .,’\n1R", max_size=40)


PARTS = TEXTS | LATIN


@given(PARTS, PARTS, PARTS)
@example("", "", "")
@example("a", "reported", "abcdreported")
@example("ab", "reported", "cdreported ")
def test_words_that_stand_once_are_those_of_parts_and_all_that_a_sheet_has(
    title: str, summary: str, content: str
) -> None:
    read = words_of(title, summary, content)
    if read.once:
        assert (read.title, read.body) == (alone(title), alone(f"{summary}\n\n{content}"))
        sheet = lay_out(Document(title=title, summary=summary, content=content))
        assert read.text.split() == sheet.folded.text.split()
        assert sheet.folded.text in (read.text, " ")


def alone(text: str) -> str:
    """The words of one part, read by itself, with what is read twice in it."""
    padded = f"\n{text}\n\n"
    return " ".join(with_second_reading(padded, narrowed(padded), fold(padded)).text.split())


@given(nasty.texts(max_size=6), nasty.texts(max_size=6), st.sampled_from((0, 1, 2, 5)))
@example("theHouse", "a Cubareported", 0)
@example("½ ﷺ.'ﷺ", "㍿'s", 1)
@example("spy\ufc5e.cuba", "", 0)
def test_distances_are_those_of_the_words_that_the_text_is_cut_into(
    title: str, content: str, distance: int
) -> None:
    """From anywhere to anywhere, be it in the midst of a word, and however much was measured before."""
    sheet, measured = (lay_out(Document(title=title, content=content)) for _ in range(2))
    folded = fold(sheet.text)
    starts = [folded.origin(start) for start, _ in words(sheet.text, folded)]
    for end, start in combinations_with_replacement(range(1, len(sheet.text)), 2):
        between = sum(end <= place < start for place in starts)
        assert measured.words_between(end, start) == between
        assert measured.is_within(end, start, distance) == (between <= distance)
        assert sheet.is_within(end, start, distance) == (between <= distance)


def test_a_plain_text_stands_once_and_one_with_a_lost_blank_does_not() -> None:
    assert words_of("Fidel’s Cuba", "A “café” in Zürich", "").once
    assert not words_of("CubaThe", "", "").once
    assert not words_of("Тайвань", "", "").once


@examples(200)
@given(
    st.lists(queries(with_odd=False), min_size=1, max_size=5),
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3),
    st.sampled_from(["", "en"]),
)
def test_a_document_with_its_words_matches_as_without(
    asked: list[Node], texts: list[tuple[str, str]], stem: str
) -> None:
    percolator = Percolator(Topic(name=str(at), query=query, stem=stem) for at, query in enumerate(asked))
    for title, content in texts:
        plain = Document(title=title, content=content)
        read = Document(title=title, content=content, words=words_of(title, "", content))
        assert percolator.match(read) == percolator.match(plain)


@examples(100)
@given(
    st.lists(queries(FEW, with_odd=False), min_size=1, max_size=6),
    st.lists(st.tuples(DENSE_TEXTS, DENSE_TEXTS), max_size=6),
    st.sampled_from(["", "", "en"]),
)
def test_what_may_not_match_by_its_words_alone_does_not(
    asked: list[Node], texts: list[tuple[str, str]], stem: str
) -> None:
    """Looked through many at a time, each by itself: words of one text stand beside none of another."""
    percolator = Percolator(topics_of(asked, stem=stem))
    documents = [Document(title=title, content=content) for title, content in texts]
    words = [words_of(title, "", content) for title, content in texts]
    for document, may in zip(documents, percolator.may_match(Batch.of(words)), strict=True):
        assert may or not percolator.match(document)


@pytest.mark.parametrize("others", [0, FEW_TOPICS])
def test_of_many_those_may_match_that_have_a_word_of_a_topic(others: int) -> None:
    percolator = Percolator(topics('"spy balloon"', "Cuba", *(f"thing{number}" for number in range(others))))
    words = [words_of(title, "", "") for title in ("A spy balloon", "Cuba’s", "spies", "", "Kuba", "CubaThe")]
    assert percolator.may_match(Batch.of(words)) == [True, True, False, False, False, True]
    assert Percolator(topics("url:cuba")).may_match(Batch.of(words)) == [True] * 6


def test_what_a_topic_that_was_taken_away_asked_for_matters_no_more_until_it_comes_back() -> None:
    percolator = Percolator(topics("Cuba", '"spy balloon"'))
    words = [words_of(title, "", "") for title in ("Cuba", "A spy balloon")]
    assert percolator.may_match(Batch.of(words)) == [True, True]
    percolator.remove("Cuba")
    assert percolator.may_match(Batch.of(words)) == [False, True]
    (again,) = topics("Cuba")
    percolator.add(again)
    assert percolator.may_match(Batch.of(words)) == [True, True]
