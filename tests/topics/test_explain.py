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


# --- many alternatives ------------------------------------------------------------------------------------

MANY = [f"ship{number}" for number in range(12)]


def test_many_alternatives_of_which_none_is_there_are_a_line_whatever_they_are_made_of() -> None:
    groups = f'({" OR ".join(MANY)} OR (frigate NOT spy) OR "grey frigate")'
    assert lines(f"spy AND {groups}").splitlines()[3:] == ["    - any of: none of its 14 is there"]
    assert lines(f"title:{groups}").splitlines()[2:] == ["    - any of: none of its 14 is there"]


def test_of_many_alternatives_those_that_are_elsewhere_are_told() -> None:
    told = lines(f"title:({' OR '.join([*MANY, 'balloon'])})").splitlines()
    assert told[3:] == [
        "      - balloon: there, but only in content",
        "      … and 12 more that are not there",
    ]


def test_of_many_alternatives_those_that_matched_are_told() -> None:
    told = lines(" OR ".join([*MANY[:8], "spy"])).splitlines()
    assert told[2:] == ["    + spy: title 0: Spy", "    … and 8 more that are not there"]
    there = ["spy", "craft", "Montana", "balloon", "seen", "it", "denied", "was", "over"]
    assert lines(" OR ".join([*MANY, *there])).count("    + ") == len(there)


def test_what_is_left_out_may_be_there_and_not_match() -> None:
    """Those of which all is there but the distance."""
    told = lines(" OR ".join([*MANY[:8], "spy", "balloon NEAR/3 Havana"])).splitlines()
    assert told[2:] == ["    + spy: title 0: Spy", "    … and 9 more that are not matched"]
    told = lines(f"title:({' OR '.join(['balloon', 'seen', 'was', 'it', 'denied'] * 2)})").splitlines()
    assert told[-1] == "      … and 2 more that are not matched"


def test_each_of_few_alternatives_is_told() -> None:
    assert lines("ship OR boat").splitlines()[2:] == ["    - ship: not there", "    - boat: not there"]


def test_a_line_is_said_of_one_more() -> None:
    there = ["spy", "craft", "Montana", "balloon", "seen", "it", "denied", "was"]
    assert lines(" OR ".join([*there, "ship"])).endswith("… and 1 more that is not there")
