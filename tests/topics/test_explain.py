"""Explanations: which clause matched where, or why it did not, in the query's own shape."""

from monitor.topics.document import Document
from monitor.topics.explain import explain
from monitor.topics.parser import parse
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

DOCUMENT = Document(
    title="Spy craft over Montana", content="A balloon was seen.\n\nHavana denied it.", lang="en"
)


def lines(query: str, **facts: tuple[str, ...]) -> str:
    topic = Topic(name="t", query=parse(query).node, **facts)  # type: ignore[arg-type]
    told = explain(topic, DOCUMENT)
    assert told.holds == bool(Percolator([topic]).match(DOCUMENT)), "explaining and matching must agree"
    return "\n".join(told.lines())


def test_what_matched_is_told_with_its_place() -> None:
    assert "+ balloon" in lines("spy AND balloon")
    assert "content 2: balloon" in lines("spy AND balloon")


def test_what_is_missing_is_named() -> None:
    told = lines("spy AND Cuba")
    assert "- Cuba" in told
    assert "+ spy" in told


def test_what_stands_only_in_another_field_is_said() -> None:
    assert "content" in lines("title:balloon")


def test_how_far_apart_the_sides_of_a_near_are_is_said() -> None:
    assert "paragraph" in lines("balloon NEAR/3 Havana")


def test_a_negative_that_is_there_is_said() -> None:
    assert "keeps the topic from matching" in lines("spy NOT balloon")


def test_a_narrowing_that_fails_is_named() -> None:
    assert "es" in lines("spy", langs=("es",))
