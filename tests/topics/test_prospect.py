"""Whether a topic that does not match could, if there were more text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.document import Document
from monitor.topics.matcher import compile_topic
from monitor.topics.parser import parse
from monitor.topics.prospect import could_match
from monitor.topics.query import Node
from monitor.topics.sheet import lay_out
from monitor.topics.topic import Topic
from tests.examples import examples
from tests.topics.strategies import WORDS, queries

TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
SHORT = Document(id="1", title="Ships pass", summary="Two frigates sailed north.", feed="Wire", lang="en")


def could(query: str, *, feeds: tuple[str, ...] = (), langs: tuple[str, ...] = ()) -> bool:
    topic = Topic(name="t", query=parse(query).node, feeds=feeds, langs=langs)
    return could_match(compile_topic(topic), SHORT)


@pytest.mark.parametrize(
    "query",
    ["Cuba", '"spy balloon"', "Cuba AND frigate", "title:ships AND Cuba", "Cuba NEAR navy", "/Cub.a/"],
)
def test_what_is_looked_for_in_the_text_may_yet_appear(query: str) -> None:
    assert could(query)


@pytest.mark.parametrize(
    "query", ["title:Cuba", "title:Cuba frigate", "author:Smith OR title:Cuba", "tag:navy"]
)
def test_what_is_not_in_the_other_fields_will_not_be(query: str) -> None:
    assert not could(query)


def test_what_is_excluded_already_stays_excluded() -> None:
    assert not could("Cuba NOT frigate")
    assert could("Cuba NOT (frigate NOT navy)"), "the exception of the exception may yet appear"


def test_other_feeds_and_languages_are_not_looked_at() -> None:
    assert not could("Cuba", feeds=("Another",))
    assert not could("Cuba", langs=("fr",))


@examples(150)
@given(query=queries(with_odd=False), title=TEXTS, text=TEXTS, more=TEXTS)
def test_whatever_matches_with_more_text_was_thought_possible(
    query: Node, title: str, text: str, more: str
) -> None:
    """The plain way: add the text, and match."""
    topic = compile_topic(Topic(name="t", query=query))
    short = Document(id="1", title=title, summary=text)
    whole = Document(id="1", title=title, summary=text, content=more)
    if topic.match(lay_out(whole, topic.fields)) is not None:
        assert could_match(topic, short)
