"""Whole percolators, compiled and in plain Python: the same topics, the same spans, the same broken."""

import contextlib
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics import phrases, sheet, standing
from monitor.topics.batch import Batch
from monitor.topics.document import Document
from monitor.topics.match import Match
from monitor.topics.matcher import compile_topic
from monitor.topics.parser import parse
from monitor.topics.query import Node, Regex
from monitor.topics.sheet import lay_out
from monitor.topics.spelling import spelling_of
from monitor.topics.text import are_few_words, words_of
from monitor.topics.topic import Topic
from monitor.topics.words import Word, word
from tests.examples import examples
from tests.topics import nasty
from tests.topics.strategies import queries
from tests.topics.test_percolator import (
    DENSE_TEXTS,
    DOCUMENTS,
    FEW,
    NASTY,
    names,
    topics,
    topics_of,
)
from tests.topics.twins import Twins, in_plain_python, leave_out_where_nothing_is_compiled

leave_out_where_nothing_is_compiled()

from monitor.topics import placing, waiting  # noqa: E402 - what is not there can not be imported before

FIELDS = st.sampled_from([("title", "body"), ("title",), ("body", "author"), ("title", "tag", "url")])
NAMES = st.integers(0, 9).map(str)


def any_topics(asked: st.SearchStrategy[Node]) -> st.SearchStrategy[Topic]:
    """Topics of such queries with few names, so that they take each other's places."""
    return st.builds(
        Topic,
        name=NAMES,
        query=asked | asked | asked | st.just(Regex(pattern="(")),
        fields=FIELDS,
        feeds=st.sampled_from([(), (), ("Wire",)]),
        langs=st.sampled_from([(), (), ("en",)]),
        stem=st.sampled_from(["", "", "", "en", "no such"]),
    )


def fed(documents: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    """The same of some feed, and with the words read before or without."""

    def as_fed(document: Document, feed: str, is_read: bool) -> Document:
        values: dict[str, Any] = {name: getattr(document, name) for name in Document.__dataclass_fields__}
        read = words_of(document.title, document.summary, document.content) if is_read else None
        return Document(**{**values, "feed": feed, "words": read})

    return st.builds(as_fed, documents, st.sampled_from(["Wire", "Another"]), st.booleans())


DENSE = st.builds(Document, title=DENSE_TEXTS, content=DENSE_TEXTS)
STEPS = st.lists(
    st.one_of(
        any_topics(queries(with_odd=False) | queries(FEW, with_odd=False) | nasty.queries(FEW)),
        NAMES,
        fed(DOCUMENTS | DENSE | nasty.documents() | nasty.documents(FEW)),
    ),
    min_size=2,
    max_size=24,
)


@examples(200)
@given(STEPS, DENSE)
def test_topics_that_come_and_go_match_alike(steps: list[Topic | str | Document], last: Document) -> None:
    """With fields, feeds, languages, stems, and documents between."""
    twins = Twins()
    for step in [*steps, last]:
        if isinstance(step, Topic):
            twins.add(step)
        elif isinstance(step, Document):
            twins.match(step)
        else:
            twins.remove(step)


@examples(200)
@given(NASTY, st.sampled_from(["", "", "en"]))
def test_texts_that_are_hard_to_read_match_alike(both: tuple[list[Node], list[Document]], stem: str) -> None:
    asked, documents = both
    twins = Twins(topics_of(asked, stem=stem))
    for document in documents:
        twins.match(document)


@examples(200)
@given(
    st.lists(queries(FEW, with_odd=False, with_regexes=False), min_size=1, max_size=12),
    st.lists(DENSE, min_size=1, max_size=4),
)
def test_phrases_that_do_stand_in_a_text_match_alike(asked: list[Node], documents: list[Document]) -> None:
    twins = Twins(topics_of(asked))
    for document in documents:
        twins.match(document)
    read = Batch.of([words_of(document.title, "", document.content) for document in documents])
    for document, may in zip(documents, twins.quick.may_match(read), strict=True):
        assert may or not twins.match(document)


class _Marked(str):
    """A text as other libraries have them: more than a str."""


def test_names_and_fields_may_be_more_than_plain_strings() -> None:
    asked = (
        Topic(name=_Marked(text), query=parse(text).node)
        for text in ("Cuba", "Cuba OR Havana", '"in Havana"')
    )
    twins = Twins(asked)
    document = Document(title=_Marked("Cuba"), content=_Marked("Cuba’s trade in Havana"))
    assert names(twins.match(document)) == ["Cuba", "Cuba OR Havana", '"in Havana"']
    assert not twins.quick.broken


# --- topics that fail -------------------------------------------------------------------------------------


def test_a_topic_that_fails_while_its_word_is_located_is_left_out_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each that asks for the word, be it enough or not; the others match, and those left out do no more."""

    def fails(self: phrases.OneWord, text: str, start: int, end: int) -> tuple[int, int]:
        raise ArithmeticError(text[start:end])

    monkeypatch.setattr(phrases.OneWord, "settled", fails)
    twins = Twins(topics("Cuba", "Cuba OR Havana", "Havana NOT Cuba", "Havana Cuba", "Havana", '"in Havana"'))
    left = ["Havana", '"in Havana"']
    assert names(twins.match(Document(title="Cuba’s trade", content="in Havana"))) == left
    assert set(twins.quick.broken) == {"Cuba", "Cuba OR Havana", "Havana NOT Cuba", "Havana Cuba"}
    assert set(twins.quick.broken.values()) == {"ArithmeticError: Cuba"}
    monkeypatch.undo()
    assert names(twins.match(Document(title="Cuba’s trade", content="in Havana"))) == left


@pytest.mark.parametrize("most", [1, 4, 20, 50])
def test_a_topic_that_takes_too_much_work_is_left_out_alike(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MAX_WORK", most)
    twins = Twins(topics("a1 NEAR/3 b1", '"a1 b1"~4', '"a1 b1"', '"a1 b1" OR c1', "c1", "c1 a1", "/a.b/"))
    for count in (1, 3, 30):
        assert "c1" in names(twins.match(Document(title="c1", content="a1 b1 " * count)))
    assert twins.quick.broken


# --- garbage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("watched", "found"),
    [
        (None, {}), ([], None), ([], []), ([], {0: []}), ([()], {1: []}), ([None], {0: []}),
        ([[None]], {0: []}), ([(None,)], {0: []}), ([(5,)], {0: []}), ([()], {"0": []}),
        ([()], {1 << 70: []}),
    ],
)  # fmt: skip
def test_nobody_is_told_of_what_is_nothing_that_was_found(watched: Any, found: Any) -> None:
    page = lay_out(Document(title="Cuba"))
    page.found = found
    with pytest.raises((TypeError, AttributeError, IndexError, OverflowError)):
        waiting.look(watched, page, {}, {})


NO_HITS: list[Any] = [
    None, [None], [5], [()], [(0,)], [(0, 1)], [[0, 0, 6]], [("a", "b", "c")], [(0, 0, None)],
    [(0, 0, 99)], [(0, -9, 6)], [(0, 99, 105)], [(0, 0, -99)], [(0, 1 << 40, 1 << 40)],
    [(0, 0, 1 << 70)], [(0, -1 << 63, 6)],
]  # fmt: skip


@pytest.mark.parametrize("hits", NO_HITS)
def test_nothing_is_located_by_what_is_no_hit_of_a_text(hits: Any) -> None:
    clause = phrases.PlainWord("Cuba", word(Word, "cuba"))
    with pytest.raises((TypeError, IndexError, OverflowError)):
        placing.locate_word(clause, lay_out(Document(title="Cuba")), hits)


@pytest.mark.parametrize("hits", NO_HITS)
def test_no_phrase_is_located_by_what_is_no_hit_of_a_text(hits: Any) -> None:
    """It is refused, or nothing is found there; of a hit only where it begins is looked at first."""
    with contextlib.suppress(TypeError, IndexError, OverflowError):
        places = placing.locate_phrase(_phrase("spy balloon"), lay_out(Document(title="A spy balloon")), hits)
        assert all(span.text == "spy balloon" for _, _, span in places)


@pytest.mark.parametrize("title", ["Cuba 台湾", "½ Cuba", "CubaThe white house", "Cuba\u00ad Cuba's ﬁn"])
def test_a_plain_word_is_located_however_the_text_was_folded(title: str) -> None:
    clause, page = phrases.PlainWord("Cuba", word(Word, "cuba")), lay_out(Document(title=title))
    with in_plain_python():
        expected = clause.locate(page, word(Word, "cuba").find(page))
    assert expected
    assert placing.locate_word(clause, page, word(Word, "cuba").find(page)) == expected


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("A spy balloon, the spy balloon", 2), ("spy\u00adballoon spy balloon\u00ad spy  balloon", 2),
        ("spy  balloon, spy balloon", 2), ("spy balloon, spy -- balloon", 2), ("spy\n\nballoon", 0),
        ("spies balloons; spy's balloon; Spy-Balloon", 3), ("½ spy balloon", 1),
        ("spy balloonThe spy balloon", 2),
        ("the spy balloon's end; l'spy balloon; spy balloon.The", 3), ("spy ballo\u00f6n spy ballooning", 1),
        ("spy balloon 台湾 spy balloon", 2), ("AT&T-spy balloon#tag spy balloon's's", 2),
    ],
)  # fmt: skip
def test_a_plain_phrase_is_located_however_the_text_was_folded(title: str, count: int) -> None:
    clause, page = _phrase("spy balloon"), lay_out(Document(title=title))
    hits = clause.required[0].find(page)
    with in_plain_python():
        expected = clause.locate(page, hits)
    assert placing.locate_phrase(clause, page, hits) == expected
    assert len(expected) == count


def _phrase(typed: str) -> phrases.PlainPhrase:
    return phrases.PlainPhrase(typed, spelling_of(typed))


# --- smaller twins ----------------------------------------------------------------------------------------


@examples(400)
@given(
    st.text(alphabet="a. '\u2019_b\u00e9\u4e00", min_size=1, max_size=60),
    st.integers(0, 9),
    st.data(),
)
def test_words_between_two_places_are_counted_alike(between: str, most: int, data: st.DataObject) -> None:
    text = f"\n{between}\n\n"
    wide = "".join(char if char.isalnum() else " " for char in text)
    start = data.draw(st.integers(1, len(between)))
    end = data.draw(st.integers(start, len(between) + 1))
    expected = are_few_words(text, wide, start, end, most=most)
    assert placing.are_few_words(text, wide, start, end, most=most) is expected


@examples(50)
@given(st.sets(st.integers(-(1 << 63), (1 << 63) - 1), max_size=40), st.randoms())
def test_matches_are_put_in_the_order_of_their_topics(orders: set[int], random: Random) -> None:
    shuffled = random.sample(sorted(orders), len(orders))
    matched = {order: Match(str(order), ()) for order in shuffled}
    assert [match.topic for match in waiting.in_order(matched)] == list(map(str, sorted(orders)))


@pytest.mark.parametrize("matched", [None, [], {"a": 1}, {1 << 63: 1}, {None: 1}])
def test_what_has_no_order_can_not_be_put_in_order(matched: Any) -> None:
    with pytest.raises((TypeError, OverflowError)):
        waiting.in_order(matched)


@pytest.mark.parametrize("kind", [standing.Watchers, waiting.Watchers], ids=["plain", "quick"])
@pytest.mark.parametrize("asked", ["Cuba", "Cuba trade"], ids=["enough", "beside another"])
def test_who_waits_for_a_clause_is_forgotten_one_by_one(kind: Any, asked: str) -> None:
    clause, many = phrases.PlainWord("Cuba", word(Word, "cuba")), range(1, 40)
    topic = Topic(name="", query=parse(asked).node)
    each = {
        number: standing.Standing(number, compile_topic(replace(topic, name=str(number)))) for number in many
    }
    watchers = kind(clause, None)
    for number, one in each.items():
        watchers.add(one, number % 3)
    with pytest.raises(KeyError):
        watchers.remove(standing.Standing(99, compile_topic(replace(topic, name="99"))), 0)
    for number, one in sorted(each.items(), key=lambda item: item[0] * 7 % 40):
        assert watchers
        watchers.remove(one, number % 3)
        with pytest.raises(KeyError):
            watchers.remove(one, number % 3)
    assert not watchers
