"""Topics run their own tests, and a failure says why at the test's line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.config import Config
from monitor.config.selftest import run_tests
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from tests.configs import page


def topic(query: str, *, wanted: str = "", unwanted: str = "", **narrowed: tuple[str, ...]) -> Topic:
    return Topic(
        name="t",
        query=parse(query).node,
        must_match=(wanted,) if wanted else (),
        must_not_match=(unwanted,) if unwanted else (),
        **narrowed,  # type: ignore[arg-type]
    )


def reasons(*topics: Topic) -> list[str]:
    return [failure.reason for failure in run_tests(topics)]


def test_tests_that_hold_say_nothing() -> None:
    assert (
        reasons(topic("Cuba NOT baseball", wanted="news from Cuba", unwanted="Cuba wins at baseball")) == []
    )


def test_narrowing_by_feed_and_language_does_not_fail_a_test() -> None:
    assert reasons(topic("Cuba", wanted="Cuba", feeds=("BBC",), langs=("en",), fields=("body",))) == []


@pytest.mark.parametrize(
    ("query", "text", "reason"),
    [
        ("Cuba", "Havana", "`Cuba` is not in the text"),
        ("Cuba spy (base OR ship)", "the spy in Cuba", "`base OR ship` is not in the text"),
        ("Cuba NOT baseball", "baseball in Cuba", "the text has what `NOT baseball` excludes"),
        (
            "Cuba NEAR/1 spy",
            "Cuba says it knows of no spy",
            "both sides of `Cuba NEAR/1 spy` are in the text, but not like this",
        ),
        ("Cuba AND spy", "nothing", "`Cuba` is not in the text; `spy` is not in the text"),
    ],
)
def test_a_text_that_should_match_says_which_clause_failed(query: str, text: str, reason: str) -> None:
    assert reasons(topic(query, wanted=text)) == [reason]


def test_a_text_that_should_not_match_says_what_matched() -> None:
    assert reasons(topic("Cub* OR spy", unwanted="The Cubans")) == ["matched: `Cub*` at `Cubans`"]


WATCHLIST = """
    topics:
      - name: Cuba
        query: Cuba NOT baseball
        must_match:
          - Cuban spies
          - from Cuba
        must_not_match: ["Cuba libre"]
    """


def test_failures_stand_at_the_tests_line(says: Callable[..., str]) -> None:
    assert says(w=WATCHLIST) == page(
        """
        watchlists/w.yaml:6:9: must_match fails: the topic `Cuba` does not match this text
                  - Cuban spies
                    ^^^^^^^^^^^
            hint: `Cuba` is not in the text
        watchlists/w.yaml:8:22: must_not_match fails: the topic `Cuba` matches this text
                must_not_match: ["Cuba libre"]
                                 ^^^^^^^^^^^^
            hint: matched: `Cuba` at `Cuba`
        """
    )


def test_when_starting_a_topic_that_fails_its_tests_runs_and_is_told(write: Callable[..., Path]) -> None:
    config: Config = load(write(w=WATCHLIST), environ={}, tolerant=True)
    assert [topic.name for topic in config.topics] == ["Cuba"]
    assert config.broken_topics == ()
    assert len(config.problems) == 2


def test_who_polls_once_does_not_wait_for_the_topics_tests(write: Callable[..., Path]) -> None:
    config: Config = load(write(w=WATCHLIST), environ={}, tolerant=True, tested=False)
    assert [topic.name for topic in config.topics] == ["Cuba"]
    assert config.problems == ()
