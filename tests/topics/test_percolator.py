"""The percolator: the presearch changes nothing but the time it takes, and a broken topic harms no other."""

import gc
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.batch import Batch
from monitor.topics.clauses import clause_of
from monitor.topics.document import Document
from monitor.topics.match import Match
from monitor.topics.matcher import compile_topic
from monitor.topics.parser import parse
from monitor.topics.percolator import NO_PRESEARCH, Percolator, version_of
from monitor.topics.presearch import Presearch
from monitor.topics.query import Node, Phrase, Regex
from monitor.topics.sheet import lay_out, value_of
from monitor.topics.text import words_of
from monitor.topics.topic import Topic
from tests.examples import examples
from tests.topics import nasty
from tests.topics.strategies import WORDS, queries

GLUE = st.sampled_from([" ", " ", " ", "", ", ", ". ", "\n\n", "-", "’s ", "s "])
PIECES = st.lists(st.tuples(st.sampled_from((*WORDS, "the", "in", "a")), GLUE), max_size=12)
TEXTS = PIECES.map(lambda pieces: "".join(word + glue for word, glue in pieces))
DOCUMENTS = st.builds(
    Document,
    title=TEXTS,
    summary=TEXTS,
    content=TEXTS,
    author=TEXTS,
    url=TEXTS.map(lambda text: f"https://example.org/{text}"),
    site=st.sampled_from(["", "example.org"]),
    tags=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    lang=st.sampled_from(["", "en", "en-GB", "ru"]),
)

FEW = (
    "spy",
    "balloon",
    "balloons",
    "Cuba",
    "country",
    "countries",
    "boss",
    "is",
    "s",
    "The",
    "Тайвань",
    "台湾",
)
DENSE_GLUE = st.sampled_from(
    [" ", " ", " ", " ", "", ", ", ". ", "\n\n", "-", "’s ", "'s-", "s ", " 's ", "…   "]
)
DENSE_TEXTS = st.lists(st.tuples(st.sampled_from(FEW), DENSE_GLUE), max_size=20).map(
    lambda pieces: "".join(word + glue for word, glue in pieces)
)
"""Texts of few words, in which phrases of the same words do stand: behind possessives, stops, lost blanks."""


def topics_of(asked: list[Node], **others: Any) -> list[Topic]:
    return [Topic(name=str(number), query=query, **others) for number, query in enumerate(asked)]


def topics(*texts: str) -> list[Topic]:
    return [Topic(name=text, query=parse(text).node) for text in texts]


def names(matches: tuple[Match, ...]) -> list[str]:
    return [match.topic for match in matches]


@pytest.mark.slow
@examples(200)
@given(
    st.lists(queries(with_odd=False), min_size=1, max_size=8),
    st.lists(DOCUMENTS, min_size=1, max_size=4),
    st.sampled_from(["", "", "en"]),
    st.sampled_from([("title", "body"), ("title",), ("body", "author"), ("title", "tag", "url")]),
    st.sampled_from([(), ("en",)]),
)
def test_the_presearch_finds_what_looking_at_every_topic_finds(
    asked: list[Node], documents: list[Document], stem: str, fields: tuple[str, ...], langs: tuple[str, ...]
) -> None:
    """Random queries and texts in several scripts, stems, fields: the same topics, the same spans."""
    wanted = topics_of(asked, stem=stem, fields=fields, langs=langs)
    fast, plain = Percolator(wanted), Percolator(wanted, presearch=NO_PRESEARCH)
    for document in documents:
        assert fast.match(document) == plain.match(document)
        assert fast.broken == plain.broken


@pytest.mark.slow
@examples(200)
@given(
    st.lists(queries(FEW, with_odd=False, with_regexes=False), min_size=1, max_size=12),
    st.lists(st.builds(Document, title=DENSE_TEXTS, content=DENSE_TEXTS), min_size=1, max_size=4),
)
def test_the_presearch_finds_phrases_that_do_stand_in_a_text(
    asked: list[Node], documents: list[Document]
) -> None:
    """Texts of the queries' own few words, so that phrases and NEARs are there in some of their spellings."""
    wanted = topics_of(asked)
    fast, plain = Percolator(wanted), Percolator(wanted, presearch=NO_PRESEARCH)
    for document in documents:
        assert fast.match(document) == plain.match(document)
        assert not fast.broken


NASTY = st.sampled_from(nasty.VOCABULARIES).flatmap(
    lambda words: st.tuples(
        st.lists(nasty.queries(words), min_size=1, max_size=10),
        st.lists(nasty.documents(words), min_size=1, max_size=3),
    )
)


@pytest.mark.slow
@examples(250)
@given(NASTY, st.sampled_from(["", "", "en"]))
def test_texts_that_are_hard_to_read_match_alike_in_any_company(
    both: tuple[list[Node], list[Document]], stem: str
) -> None:
    """With a presearch, without one, with words read before, each topic alone: the same spans, none empty."""
    asked, documents = both
    wanted = topics_of(asked, stem=stem)
    fast, plain = Percolator(wanted), Percolator(wanted, presearch=NO_PRESEARCH)
    for document in documents:
        found = fast.match(document)
        assert found == plain.match(document) == alone(wanted, document)
        words = words_of(document.title, document.summary, document.content)
        assert found == fast.match(replace(document, words=words))
        assert not found or fast.may_match(Batch.of([words])) == [True]
        assert not fast.broken
        assert not plain.broken
        for span in (span for match in found for span in match.spans):
            assert span.text == value_of(document, span.field)[span.start : span.end] != ""


def alone(wanted: list[Topic], document: Document) -> tuple[Match, ...]:
    """What each of the topics matches where it is the only one."""
    compiled = map(compile_topic, wanted)
    found = ((each.topic.name, each.match(lay_out(document, each.fields))) for each in compiled)
    return tuple(Match(name, spans) for name, spans in found if spans)


@examples(60)
@given(st.lists(queries(with_odd=False), min_size=2, max_size=8), DOCUMENTS, st.data())
def test_topics_that_come_and_go_leave_no_trace(
    asked: list[Node], document: Document, data: st.DataObject
) -> None:
    wanted = topics_of(asked)
    percolator = Percolator(wanted)
    percolator.match(document)
    gone = data.draw(st.sets(st.sampled_from([topic.name for topic in wanted])))
    for name in sorted(gone):
        percolator.remove(name)
    left = Percolator([topic for topic in wanted if topic.name not in gone])
    assert percolator.match(document) == left.match(document)


@examples(60)
@given(st.lists(queries(FEW), min_size=2, max_size=8), st.builds(Document, content=DENSE_TEXTS), st.data())
def test_topics_that_come_one_by_one_match_as_those_that_came_together(
    asked: list[Node], document: Document, data: st.DataObject
) -> None:
    wanted, percolator = topics_of(asked), Percolator()
    for topic in wanted:
        percolator.add(topic)
        if data.draw(st.booleans()):
            percolator.match(document)
    assert percolator.match(document) == Percolator(wanted).match(document)


def test_a_broken_topic_is_named_and_the_others_go_on() -> None:
    broken = Topic(name="broken", query=Regex(pattern="("))
    percolator = Percolator([broken, *topics("Cuba")])
    assert set(percolator.broken) == {"broken"}
    assert names(percolator.match(Document(title="Cuba"))) == ["Cuba"]


def test_a_topic_of_the_same_name_takes_the_place_of_the_one_before() -> None:
    percolator = Percolator(topics("Cuba"))
    percolator.add(Topic(name="Cuba", query=parse("Havana").node))
    assert len(percolator) == 1
    assert names(percolator.match(Document(title="Cuba"))) == []
    assert names(percolator.match(Document(title="Havana"))) == ["Cuba"]


def test_a_new_topics_words_are_not_taken_for_those_of_one_that_is_gone() -> None:
    """What is no longer looked for is forgotten with the next new word, and its number given away."""
    percolator = Percolator(topics("Cuba", "Havana"))
    for gone, new in (("Cuba", "Madrid"), ("Madrid", "Lisbon"), ("Lisbon", "Cuba")):
        percolator.remove(gone)
        percolator.add(*topics(new))
        assert names(percolator.match(Document(title="Cuba, Madrid, Lisbon"))) == [new]
    assert names(percolator.match(Document(title="Havana"))) == ["Havana"]


def test_topics_match_in_the_order_in_which_they_were_added() -> None:
    percolator = Percolator(topics("b1", "a1", "c1"))
    assert names(percolator.match(Document(title="a1 b1 c1"))) == ["b1", "a1", "c1"]


def test_a_word_that_ends_a_glued_text_is_found_in_its_second_reading() -> None:
    """The scraper lost a blank before "The"; the text ends with the phrase."""
    percolator = Percolator(topics('"the house"', '"the house rules"', "house"))
    found = percolator.match(Document(content="In CubaThe House"))
    assert [(match.topic, [span.text for span in match.spans]) for match in found] == [
        ('"the house"', ["The House"]),
        ("house", ["House"]),
    ]
    assert not percolator.broken


@pytest.mark.parametrize(
    ("phrase", "pairs"),
    [
        ("spy balloon", {"spy balloon"}),
        ("spy balloon over Montana", {"spy balloon", "balloon over"}),
        ("Donald Trump serves", {"donald trump", "trump serves"}),
        ("the U.S. spy balloon", {"spy balloon", "s spy"}),
    ],
)
def test_a_phrase_is_looked_at_only_where_two_of_its_pairs_are(phrase: str, pairs: set[str]) -> None:
    clause = clause_of(Phrase(text=phrase))
    assert {word.text for word in clause.required} == pairs


@pytest.mark.parametrize("text", ["Donald Trump’s serves", "Donald, Trumps — serves", "DonaldTrumpServes ok"])
def test_a_phrase_is_found_in_all_of_its_spellings(text: str) -> None:
    percolator = Percolator(topics('"Donald Trump serves"', '"Donald Trump serves tea"'))
    assert names(percolator.match(Document(title="Trump serves", content=text))) == ['"Donald Trump serves"']


@pytest.mark.parametrize("presearch", [Presearch, NO_PRESEARCH])
def test_a_word_and_its_plural_are_marked_in_reading_order(presearch: type[Presearch] | None) -> None:
    percolator = Percolator(topics("balloon"), presearch=presearch)
    (match,) = percolator.match(Document(title="balloons, a balloon, balloons"))
    assert [span.start for span in match.spans] == [0, 12, 21]


def test_a_build_leaves_the_collection_of_garbage_as_it_was() -> None:
    Percolator(topics("Cuba"))
    assert gc.isenabled()
    gc.disable()
    try:
        Percolator(topics("Cuba"))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_many_topics_are_not_looked_through_for_garbage_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.topics.percolator.MANY", 2)
    frozen = gc.get_freeze_count()  # Python 3.12 begins with some
    try:
        Percolator(topics("Cuba"))
        assert gc.get_freeze_count() == frozen
        Percolator(topics("Cuba", "Havana"))
        assert gc.get_freeze_count() > frozen
        assert gc.isenabled()
    finally:
        gc.unfreeze()


@pytest.mark.slow
def test_an_article_full_of_the_same_words_ends_soon() -> None:
    """A hundred thousand places for each side of a NEAR: the topic may be left out, the others answer."""
    percolator = Percolator(topics("aa NEAR/5 bb NEAR/5 cc", '"aa bb"~9', "dd"))
    text = "aa bb " * 50_000 + " dd"
    assert "dd" in names(percolator.match(Document(content=text)))


def test_the_version_changes_with_what_decides_a_match_and_with_nothing_else() -> None:
    topic = Topic(name="Cuba", query=parse("Cuba").node)
    same = Topic(name="Cuba", query=parse(" Cuba ").node, labels={"x": "y"})
    assert version_of(topic) == version_of(same)
    assert version_of(topic) != version_of(Topic(name="Cuba", query=parse("Havana").node))
    assert version_of(topic) != version_of(Topic(name="Cuba", query=parse("Cuba").node, langs=("en",)))
