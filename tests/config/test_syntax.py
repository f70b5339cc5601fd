"""Broken YAML is explained in plain words, at its place."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.problem import Problem
from monitor.config.source import Source
from monitor.config.tree import read_tree
from tests.configs import page
from tests.examples import examples

Read = Callable[[str], Source]

BROKEN = [
    ("a:\n\tb: 1\n", "2:1", "\t", "a tab can not indent YAML"),
    ("query: @alias\n", "1:8", "@", "a value can not begin with `@` unless it is quoted"),
    ("a: %x\n", "1:4", "%", "a value can not begin with `%` unless it is quoted"),
    ('a: "open\nb: 1\n', "1:4", '"', 'this quote (") is never closed'),
    ("a: 'open\nb: 1\n", "1:4", "'", "this quote (') is never closed"),
    ("a: [x, y\nb: 1\n", "1:4", "[", "this `[` is never closed, or something in it needs quotes"),
    ("a: {x: 1\n", "1:4", "{", "this `{` is never closed, or something in it needs quotes"),
    ("a: {x: 1 'y': 2}\n", "1:13", ":", "a comma or `}` is expected here"),
    ("a: 'b' OR c\n", "1:8", "OR c", "there is text after the closing quote"),
    ("a: 1\n- b\n", "2:1", "-", "a list item (`-`) stands among the keys of a mapping"),
    ("- b\na: 1\n", "2:1", "a: 1", "this line does not fit the lines above"),
    ("a:\n  b: 1\n c: 2\n", "3:2", "c: 2", "this line does not fit the lines above"),
    ("name: Cuba: the island\n", "1:11", ":", "a second `: ` stands in this line"),
    ("- a: b: c\n", "1:7", ":", "a second `: ` stands in this line"),
    (
        "a: b\n  c: d\n",
        "2:3",
        "c",
        "this key is indented deeper than the line above, which has a value already",
    ),
    ("feeds\nother: 1\n", "1:1", "feeds", "this line lacks its colon"),
    ("a: 1\nb:2\n", "2:3", "2", "a blank is missing after the colon"),
    (
        "a: 1\nonly text\nb: 2\n",
        "2:1",
        "only text",
        "this line is neither `key: value` nor a list item (`- value`)",
    ),
    ("a: ]\n", "1:4", "]", "a value is expected here, not `]`"),
    ("a: [x, [\n", "1:9", "", "the file ends here, but a `[` or `{` further up is still open"),
    ("query: *foo bar\n", "1:8", "*foo", "nothing further up has this anchor"),
    ('a: "C:\\dir"\n', "1:7", "\\d", "this is no escape that YAML knows"),
    ('a: "\\xZZ"\n', "1:5", "\\xZ", "this is no escape that YAML knows"),
    ("query: | foo\n", "1:10", "foo", "nothing may follow `|` on its line"),
    ("a: |\n     \n  b\n", "3:3", "b", "this line does not fit the lines above"),
    ("a: 1\n---\nb: 2\n", "2:1", "---", "a second document (`---`) begins here; one file holds one"),
    ("a: 'x\n---\nb'\n", "2:1", "-", "a quote is still open where a new document (`---`) begins"),
    ("a: - b\n", "1:4", "-", "a list begins on its own line"),
    ("a: ? b\n", "1:4", "?", "a key can not stand here"),
    ("a: b\x01c\n", "1:5", "\x01", "the control character U+0001 is not allowed here"),
    ("a: !secret b\n", "1:4", "!secret b", "YAML tags like `!secret` are not read here"),
    ("a: &x [*x]\n", "1:4", "&x [*x]", "an anchor's alias (`*name`) stands inside the anchor itself"),
    ("[a, b]: c\n", "1:1", "[a, b]", "a key is a single word or text, not a list or mapping"),
    ("[" * 100, "1:61", "[", "lists and mappings are nested too deeply here"),
    ('a: "\\UFFFFFFFF"\n', "1:1", "a", "this is not YAML that can be read"),
    ("a: 1\nb: 2\na: 3\n", "3:1", "a", "the key `a` stands here twice; the first is on line 1"),
]


def broken(source: Source) -> Problem:
    (problem,) = read_tree(source).problems
    return problem


@pytest.mark.parametrize(("text", "place", "marked", "message"), BROKEN)
def test_what_is_wrong_and_where(source: Read, text: str, place: str, marked: str, message: str) -> None:
    problem = broken(source(text))
    line = text.splitlines()[problem.line - 1]
    assert f"{problem.line}:{problem.column}" == place
    assert line[problem.column - 1 : problem.end_column - 1] == marked
    assert problem.message == message


def test_text_after_a_closing_quote_is_shown_with_the_way_out(source: Read) -> None:
    assert str(broken(source('- query: "Taiwan Strait" OR Formosa\n'))) == page(
        """
        file.yaml:1:26: there is text after the closing quote
            - query: "Taiwan Strait" OR Formosa
                                     ^^^^^^^^^^
            hint: a value that begins with a quote ends at the closing quote: put '…' around all of it
        """
    )


def test_a_field_with_a_blank_is_shown_with_the_way_out(source: Read) -> None:
    assert str(broken(source("- query: title: Cuba\n"))) == page(
        """
        file.yaml:1:15: a second `: ` stands in this line
            - query: title: Cuba
                          ^
            hint: a text with `: ` in it needs quotes; a field name is written without a blank: title:word
        """
    )


def test_a_few_lines_can_not_stand_for_billions_of_nodes(source: Read) -> None:
    lines = ["a: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{key}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]" for n, key in enumerate("bcdefghi")]
    assert "too much is repeated here by aliases (`*name`)" in {
        problem.message for problem in read_tree(source("\n".join(lines))).problems
    }


@examples(300)
@given(st.text(st.sampled_from("ab:-?[]{}&*!|>'\"%@`,# \n\t\\x0~."), max_size=30))
def test_any_text_is_a_tree_or_a_problem_of_ours(text: str) -> None:
    """Nothing else comes out, and every problem can be printed."""
    from pathlib import Path

    for problem in read_tree(Source(path=Path("f.yaml"), text=text)).problems:
        assert str(problem).startswith(f"f.yaml:{problem.line}:{problem.column}: ")
