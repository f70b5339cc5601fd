"""Lists of queries, one a line: which become topics, which are left out and where that is said."""

from pathlib import Path

from monitor.config.editing_values import NewTopic
from monitor.config.importing import Imported, read_lines
from monitor.config.source import Source
from tests.configs import page


def imported(text: str, *, phrases: bool = False, taken: dict[str, str] | None = None) -> Imported:
    source = Source(path=Path("alerts.txt"), text=text)
    return read_lines(source, taken=taken or {}, labels={}, phrases=phrases)


def test_each_line_is_a_topic_blank_lines_and_comments_are_not() -> None:
    found = imported('# my alerts\n\n  Cuba\r\n"Taiwan Strait"\n#\n#havana\nspy balloon\n')
    assert found.topics == (
        NewTopic(name="Cuba"),
        NewTopic(name="Taiwan Strait"),
        NewTopic(name="#havana"),
        NewTopic(name="spy balloon", query="spy balloon"),
    )
    assert found.left_out == ()


def test_words_without_quotes_are_a_phrase_where_that_is_asked_for() -> None:
    assert imported("spy balloon\n", phrases=True).topics == (NewTopic(name="spy balloon"),)


def test_a_line_that_is_wrong_is_left_out_with_its_place() -> None:
    found = imported("Cuba\n  Haiti OR (x\nPeru\n")
    assert [topic.name for topic in found.topics] == ["Cuba", "Peru"]
    assert "\n".join(map(str, found.left_out)) == page(
        """
        alerts.txt:2:12: this parenthesis is not closed
              Haiti OR (x
                       ^
        """
    )


def test_what_stands_twice_or_is_there_already_is_named() -> None:
    found = imported("Cuba\nHaiti OR Peru\nHaiti | Peru\ncuba\nChile\n", taken={"chile": "a.yaml:3"})
    assert [topic.name for topic in found.topics] == ["Cuba", "Haiti OR Peru"]
    assert [(each.line, each.message) for each in found.left_out] == [
        (3, "this stands twice; the first is on line 2"),
        (4, "there is a topic `cuba` already: line 1"),
        (5, "there is a topic `Chile` already: a.yaml:3"),
    ]


def test_what_a_dialect_loses_is_a_warning_at_its_word() -> None:
    found = imported("Cuba\nx OR y z\n")
    assert [(each.line, each.column) for each in found.warnings] == [(2, 1)]


def test_long_queries_have_short_names_that_differ() -> None:
    line = " OR ".join(f"word{number}" for number in range(30))
    found = imported(f"{line}\n{line} OR more\n")
    assert [topic.name for topic in found.topics] == [
        "word0 OR word1 OR word2 OR word3 OR word4 OR word5 OR word6 …",
        "word0 OR word1 OR word2 OR word3 OR word4 OR word5 OR word6 … (2)",
    ]
