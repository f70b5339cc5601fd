"""watchlists/*.yaml: what a topic becomes, and carets at the very character of its query."""

from collections.abc import Callable

import pytest

from monitor.config.config import Config
from monitor.topics.query import Phrase, Term
from monitor.topics.topic import Topic
from tests.configs import page

Loaded = Callable[..., Config]
Says = Callable[..., str]


def test_three_plain_strings_are_a_complete_watchlist(loaded: Loaded) -> None:
    config = loaded(geo="- Taiwan Strait\n- spy balloon\n- Cuba\n")
    assert config.topics == (
        Topic(name="Taiwan Strait", watchlist="geo", query=Phrase(text="Taiwan Strait")),
        Topic(name="spy balloon", watchlist="geo", query=Phrase(text="spy balloon")),
        Topic(name="Cuba", watchlist="geo", query=Term(text="Cuba")),
    )


def test_names_stay_what_was_typed(loaded: Loaded) -> None:
    config = loaded(odd="- no\n- 1.10\n- 2024-01-01\n- 12:30:45\n- null\n- {name: 08, query: x}\n")
    names = [topic.name for topic in config.topics]
    assert names == ["no", "1.10", "2024-01-01", "12:30:45", "null", "08"]


def test_a_topic_says_everything_of_itself(loaded: Loaded) -> None:
    (topic,) = loaded(
        feeds="[{url: 'https://example.org', name: BBC World}]\n",
        geo="""
        labels: {desk: asia, severity: low}
        topics:
          - name: Strait
            query: Taiwan AND Strait
            in: title
            feeds: [bbc world]
            langs: [en, zh-TW]
            stem: en
            labels: {severity: high}
            full_text: true
            on_edit: alert
        """,
    ).topics
    assert str(topic.query) == "Taiwan AND Strait" or str(topic.query) == "Taiwan Strait"
    assert (topic.fields, topic.feeds, topic.langs) == (("title",), ("bbc world",), ("en", "zh-TW"))
    assert (topic.stem, topic.full_text, topic.on_edit) == ("en", True, "alert")
    assert topic.labels == {"desk": "asia", "severity": "high"}


def test_aliases_are_a_watchlists_own(says: Says) -> None:
    said = says(
        asia="aliases: {pla: [PLA, 解放军]}\ntopics: [{name: army, query: '@pla'}]\n",
        other="topics: [{name: army too, query: '@pla'}]\n",
    )
    assert said.startswith("watchlists/other.yaml:1:35: there is no alias @pla\n")


def test_a_name_on_several_lines_is_one_line(loaded: Loaded) -> None:
    (topic,) = loaded(geo="- name: >\n    Taiwan\n    Strait\n").topics
    assert topic.name == "Taiwan Strait"


UNCLOSED = "this parenthesis is not closed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- {name: a, query: Cuba OR (x}\n",
            """
            watchlists/w.yaml:1:28: this parenthesis is not closed
                - {name: a, query: Cuba OR (x}
                                           ^
            """,
        ),
        (
            "- name: a\n  query: 'it''s OR (x'\n",
            """
            watchlists/w.yaml:2:20: this parenthesis is not closed
                  query: 'it''s OR (x'
                                   ^
            """,
        ),
        (
            '- name: a\n  query: "\\"a b\\" OR (x"\n',
            """
            watchlists/w.yaml:2:22: this parenthesis is not closed
                  query: "\\"a b\\" OR (x"
                                     ^
            """,
        ),
        (
            "- name: a\n  query: >\n    台湾 OR\n    台北 OR (x\n",
            """
            watchlists/w.yaml:4:11: this parenthesis is not closed
                    台北 OR (x
                            ^
            """,
        ),
        (
            "- name: a\n  query: |-\n    (台湾 OR\n\n    x\n",
            """
            watchlists/w.yaml:3:5: this parenthesis is not closed
                    (台湾 OR
                    ^
            """,
        ),
        (
            "- name: a\n  query: Cuba\n    OR (x\n",
            """
            watchlists/w.yaml:3:8: this parenthesis is not closed
                    OR (x
                       ^
            """,
        ),
        (
            "topics: [{name: a, query: '@b'}]\naliases: {b: [x, 'y OR (z']}\n",
            """
            watchlists/w.yaml:1:28: the alias @b is wrong: this parenthesis is not closed
                topics: [{name: a, query: '@b'}]
                                           ^^
            watchlists/w.yaml:2:24: this parenthesis is not closed
                aliases: {b: [x, 'y OR (z']}
                                       ^
            """,
        ),
        (
            "- Cuba\n- {name: Cuba, query: x}\n",
            """
            watchlists/w.yaml:2:10: the topic `Cuba` stands twice; the first is on line 1
                - {name: Cuba, query: x}
                         ^^^^
            """,
        ),
        (
            "- {name: a, in: [titel, body]}\n",
            """
            watchlists/w.yaml:1:18: there is no field `titel`
                - {name: a, in: [titel, body]}
                                 ^^^^^
                hint: did you mean `title`?
            """,
        ),
        (
            "- {name: a, on_edit: allert}\n",
            """
            watchlists/w.yaml:1:22: silent or alert is expected here, this is `allert`
                - {name: a, on_edit: allert}
                                     ^^^^^^
                hint: did you mean `alert`?
            """,
        ),
        (
            "- {name: a, langs: [english]}\n",
            """
            watchlists/w.yaml:1:21: a language is expected here, like en or zh-TW
                - {name: a, langs: [english]}
                                    ^^^^^^^
            """,
        ),
        (
            "- {name: a, stem: englsh}\n",
            """
            watchlists/w.yaml:1:19: there is no stemmer for `englsh`
                - {name: a, stem: englsh}
                                  ^^^^^^
                hint: did you mean `english`?
            """,
        ),
        (
            "- {name: a, feeds: [BBC]}\n",
            """
            watchlists/w.yaml:1:21: warning: no feed in feeds.yaml has the name `BBC`
                - {name: a, feeds: [BBC]}
                                    ^^^
            """,
        ),
        (
            "- {name: a, labels: {my-desk: x, topic: y}}\n",
            """
            watchlists/w.yaml:1:22: a label's name has letters, digits and `_` only
                - {name: a, labels: {my-desk: x, topic: y}}
                                     ^^^^^^^
                hint: did you mean `my_desk`?
            watchlists/w.yaml:1:34: the label `topic` is the monitor's own: it sets it on every hit
                - {name: a, labels: {my-desk: x, topic: y}}
                                                 ^^^^^
            """,
        ),
        (
            "- name: a\n  query: strike #Gaza\n",
            """
            watchlists/w.yaml:2:17: warning: this is a comment to YAML, not part of the query
                  query: strike #Gaza
                                ^^^^^
                hint: put '…' around the query if it belongs to it, a blank after # if it is a comment
            """,
        ),
        (
            "- {query: x}\n- [a, b]\n- ''\n",
            """
            watchlists/w.yaml:1:3: `name` is missing here
                - {query: x}
                  ^^^^^^^^^^
            watchlists/w.yaml:2:3: a text or a mapping (`name: value`) is expected here, this is a list
                - [a, b]
                  ^^^^^^
            watchlists/w.yaml:3:3: this text is empty
                - ''
                  ^^
            """,
        ),
        (
            '- "Cuba\\x1b[31m"\n',
            """
            watchlists/w.yaml:1:3: a text without control characters is expected here
                - "Cuba\\x1b[31m"
                  ^^^^^^^^^^^^^^
            """,
        ),
        (
            "topic: [a]\n",
            """
            watchlists/w.yaml:1:1: unknown key `topic`
                topic: [a]
                ^^^^^
                hint: did you mean `topics`?
            """,
        ),
    ],
)
def test_what_is_wrong_with_a_topic(says: Says, text: str, message: str) -> None:
    assert says(w=text) == page(message)


def test_a_name_that_stands_in_another_watchlist_is_named_with_its_file(says: Says) -> None:
    assert says(a="- Cuba\n", b="- Cuba\n") == page(
        """
        watchlists/b.yaml:1:3: the topic `Cuba` stands twice; the first is watchlists/a.yaml:1
            - Cuba
              ^^^^
        """
    )


def test_what_looks_unintended_in_a_query_is_a_warning(says: Says) -> None:
    assert says(w="- name: a\n  query: x OR y z\n") == page(
        """
        watchlists/w.yaml:2:10: warning: AND binds tighter than OR: read as x OR (y AND z)
              query: x OR y z
                     ^^^^^^^^
            hint: put parentheses where they are meant; Google would read the OR first
        """
    )


def test_a_comment_behind_a_plain_topic_is_a_comment(says: Says) -> None:
    assert says(w="- Taiwan Strait     # the phrase\n") == ""


def test_a_topic_may_not_have_the_name_of_the_monitors_own(says: Says) -> None:
    assert "the topic `_monitor` is the monitor's own" in says(watchlist="topics: [_monitor]")
