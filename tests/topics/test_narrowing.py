"""Narrowing: what the full-text index is asked for holds for every entry that the topic matches."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.records import NewEntry
from monitor.store.sqlite import SQLiteStore
from monitor.topics.document import Document
from monitor.topics.fold import folded_character, is_spaceless
from monitor.topics.narrowing import MAX_DEPTH, _is_known, narrowing
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.query import And, Node, Or, Term
from monitor.topics.text import index_text
from monitor.topics.topic import Topic
from tests.examples import examples
from tests.topics.strategies import WORDS, queries

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Index:
    """The real full-text index, over documents."""

    def __init__(self, store: SQLiteStore) -> None:
        self.store = store
        store.follow([Follow(url="https://a.example/", name="A", interval=timedelta(hours=1))], now=NOW)
        (state,) = store.claim_due(now=NOW, limit=1, lease=timedelta(hours=1))
        self.feed_id = state.feed_id

    def add(self, document: Document) -> int:
        new = NewEntry(
            feed_id=self.feed_id,
            entry=Entry(guid="", link="", title=document.title),
            keys=(),
            content_hash=b"",
            index_text=index_text(document),
        )
        (entry_id,) = self.store.add_entries([new], now=NOW)
        return entry_id

    def finds(self, expression: str | None, document: Document) -> bool:
        return self.add(document) in self.store.candidates(expression)


@pytest.fixture
def index() -> Iterator[Index]:
    store = open_store(":memory:")
    yield Index(store)
    store.close()


def asked(query: str, **facts: object) -> str | None:
    return narrowing(Topic(name="t", query=parse(query).node, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("Cuba", '("cuba") OR ("cubas")'),
        ("=WHO", '"who"'),
        ("drill*", '"drill" *'),
        ("wom?n", '"wom" *'),
        ("=Spy =Ring", '("spy") AND ("ring")'),
        ("=Spy OR =Ring", '("spy") OR ("ring")'),
        ("=Spy NOT =Ring", '"spy"'),
        ("=Spy NEAR/4 =Ring", '("spy") AND ("ring")'),
        ('="spy ring"', 'NEAR("spy" "ring", 1)'),
        ("台湾海峡", '"台 湾 海 峡"'),
        ("title:=Spy", '{title} : ("spy")'),
        ("body:(=Spy =Ring)", '({body} : ("spy")) AND ({body} : ("ring"))'),
    ],
)
def test_what_a_query_asks_of_the_index(query: str, expression: str) -> None:
    assert asked(query) == expression


@pytest.mark.parametrize(
    "query", ["/ba(l+)oon/", "author:Smith", "site:example.org", "=Spy OR lang:en", "tag:spy OR =Ring"]
)
def test_where_an_alternative_is_not_in_the_index_nothing_narrows(query: str) -> None:
    assert asked(query) is None


def test_what_is_in_the_index_narrows_though_the_rest_is_not() -> None:
    assert asked("=Spy lang:en /x+/ author:Smith") == '"spy"'


def test_a_topic_that_looks_at_other_fields_too_is_not_narrowed() -> None:
    assert asked("=Spy", fields=("title", "body", "author")) is None
    assert asked("=Spy", fields=("title",)) == '{title} : ("spy")'


def test_stems_are_not_in_the_index() -> None:
    assert asked("drilling", stem="en") is None
    assert asked("drilling =PLA", stem="en") == '"pla"'


def test_a_phrase_with_too_many_spellings_asks_for_its_words() -> None:
    expression = asked('"red white blue green black"')
    assert expression is not None
    assert "NEAR" not in expression
    assert '"black"' in expression


def test_a_possessive_does_not_keep_a_phrase_from_being_found(index: Index) -> None:
    document = Document(title="The Taiwan’s Strait’s ships")
    assert index.finds(asked('"Taiwan Strait ship"'), document)


def test_the_deepest_tree_is_one_that_the_index_can_read(index: Index) -> None:
    node: Node = Term(text="cuba")
    for level in range(3 * MAX_DEPTH):
        kind = (And, Or)[level % 2]
        node = kind(parts=(Term(text="spy"), node))
    expression = narrowing(Topic(name="t", query=node))
    assert index.finds(expression, Document(title="spy cuba"))


def test_a_query_of_thousands_of_words_is_one_that_the_index_can_read(index: Index) -> None:
    query = parse(" OR ".join(f"=w{number}" for number in range(5000))).node
    assert index.finds(narrowing(Topic(name="t", query=query)), Document(title="w4999"))


def test_the_index_takes_every_letter_that_it_is_asked_for(index: Index) -> None:
    """SQLite's idea of a letter must cover all letters that an expression may hold."""
    letters = {letter for code in range(0x2_0000) for letter in folded_character(chr(code)) if letter != " "}
    runs = {letter for letter in letters if is_spaceless(letter)}
    asked_for = {f"x{letter}" for letter in letters - runs if all(map(_is_known, letter))}
    assert len(asked_for) > 15_000
    index.add(Document(title=" ".join(asked_for), summary="".join(runs)))
    assert asked_for - index.store.words_beginning("x", limit=1_000_000).keys() == set()
    some = [letter for letter in sorted(runs)[::50] if _is_known(letter)]
    assert index.store.word_counts(some).keys() == set(some)


FORMS = ("{}", "{}s", "{}'s", "{}’s", "{}es", "({})", "{},", "{}.", "“{}”", "{}The", "US{}", "{}\n\n", "-{}-")
DOCUMENT_WORDS = st.builds(
    str.format,
    st.sampled_from(FORMS),
    st.sampled_from((*WORDS, "woman", "women", "transits", "organization")),
)
TEXTS = st.lists(DOCUMENT_WORDS, max_size=12).map(" ".join)
DOCUMENTS = st.builds(
    Document,
    title=TEXTS,
    summary=TEXTS,
    content=TEXTS,
    author=st.sampled_from(("", "Cuba")),
    lang=st.sampled_from(("", "en")),
)
FIELDS = st.sampled_from((("title", "body"), ("title",), ("body",), ("title", "author")))


@pytest.mark.slow
@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nodes=st.lists(queries(with_odd=False), min_size=1, max_size=6),
    fields=FIELDS,
    stem=st.sampled_from(("", "", "en")),
    documents=st.lists(DOCUMENTS, min_size=1, max_size=4),
)
def test_what_a_topic_matches_the_index_finds(
    index: Index, nodes: list[Node], fields: tuple[str, ...], stem: str, documents: list[Document]
) -> None:
    topics = {
        str(number): Topic(name=str(number), query=node, fields=fields, stem=stem)
        for number, node in enumerate(nodes)
    }
    percolator = Percolator(topics.values())
    for document in documents:
        for match in percolator.match(document):
            expression = narrowing(topics[match.topic])
            assert index.finds(expression, document), (str(topics[match.topic].query), expression, document)
