"""Each character of a scalar's value is placed at the character or escape of the file that makes it."""

import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    PlainScalarString,
    SingleQuotedScalarString,
)

from monitor.config.scalars import places
from tests.examples import examples

STYLES = {
    "": PlainScalarString,
    "'": SingleQuotedScalarString,
    '"': DoubleQuotedScalarString,
    "|": LiteralScalarString,
    ">": FoldedScalarString,
}
AWKWARD = " \t\n\n  'a\"b#:-\\>|é台\u2028\x85\x07%&*![]{},?"
CHARACTERS = st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cs"]))


def scalar_at_q(source: str) -> Any:
    """The YAML library's node for the value of the first `q` in the text."""
    node = YAML(typ="safe", pure=True).compose(source)
    while node.value[0][0].value != "q":
        node = node.value[0][1].value[0] if node.value[0][1].id == "sequence" else node.value[0][1]
    return node.value[0][1]


def placed(source: str) -> tuple[str, tuple[int, ...]]:
    node = scalar_at_q(source)
    found = places(
        source, node.start_mark.index, node.end_mark.index, style=node.style or "", value=node.value
    )
    return node.value, found


def in_raw(source: str) -> list[str]:
    """For each character of the value, the four characters of the file from its place on."""
    value, found = placed(source)
    return [source[place : place + 4] for place in found[:-1]] if value else []


def assert_faithful(source: str) -> None:
    """Every character of the value stands at its place, as itself, as a line's end or as an escape."""
    node = scalar_at_q(source)
    value, found = placed(source)
    assert len(found) == len(value) + 1
    assert list(found) == sorted(found)
    for character, place in zip(value, found[:-1], strict=True):
        at = source[place]
        folded = character in " \n" and at in "\r\n\x85"
        escaped = node.style == '"' and at == "\\"
        assert at == character or folded or escaped, (character, place)
    if len(value) > 1:
        assert len(set(found[:-1])) == len(value), "characters share a place: the reading differed"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("q: a b\n", ["a b\n", " b\n", "b\n"]),
        ("q: a\n   b\n", ["a\n  ", "\n   ", "b\n"]),
        ("q: a\n\n   b\n", ["a\n\n ", "\n   ", "b\n"]),
        ("q: 'a''b'\n", ["a''b", "''b'", "b'\n"]),
        ('q: "a\\tb"\n', ["a\\tb", '\\tb"', 'b"\n']),
        ('q: "\\u53f0b"\n', ["\\u53", 'b"\n']),
        ('q: "a\\\n   b"\n', ["a\\\n ", 'b"\n']),
        ('q: "a \n   b"\n', ["a \n ", "\n   ", 'b"\n']),
        ("q: |\n  a\n  b\n", ["a\n  ", "\n  b", "b\n", "\n"]),
        ("q: >-\n  a\n  b\n", ["a\n  ", "\n  b", "b\n"]),
        ("q: >\n  a\n\n  b\n", ["a\n\n ", "\n  b", "b\n", "\n"]),
        ("q: >-\n  a\n    b\n", ["a\n  ", "\n   ", "  b\n", " b\n", "b\n"]),
        ("q: |2\n    a\n", ["  a\n", " a\n", "a\n", "\n"]),
        ("q: !!str &x a b\n", ["a b\n", " b\n", "b\n"]),
        ("q: |  # why\r\n  a\r\n  b\r\n", ["a\r\n ", "\r\n  ", "b\r\n", "\r\n"]),
        ("q: ''\n", []),
    ],
)
def test_each_style_places_its_characters(source: str, expected: list[str]) -> None:
    assert in_raw(source) == expected


@examples(400)
@given(
    value=st.text(CHARACTERS, max_size=60),
    style=st.sampled_from(sorted(STYLES)),
    width=st.sampled_from([20, 80]),
)
@example(value="台湾  OR \n\n  drill*\n", style=">", width=20)
@example(value="a\\b \" ' \x07 é \u2028", style='"', width=20)
def test_whatever_a_writer_writes_is_placed(value: str, style: str, width: int) -> None:
    """Any text, written by the YAML library in any style."""
    yaml, file = YAML(), io.StringIO()
    yaml.width, yaml.allow_unicode = width, True
    try:
        yaml.dump({"list": [{"q": STYLES[style](value)}], "z": 1}, file)
        assert scalar_at_q(file.getvalue()).id == "scalar"
    except (YAMLError, AssertionError, ValueError, AttributeError, IndexError):
        return  # the library does not write every text in every style
    assert_faithful(file.getvalue())


@examples(400)
@given(
    head=st.sampled_from(["", "'", '"', "|", ">", "|-", ">+", "|2", ">1-", "!!str ", "&a '"]),
    body=st.text(st.sampled_from("  \n\n\t'\"\\ab#:x0"), max_size=40),
)
@example(head="!!str ", body="#\n 0")
@example(head=">", body="\n   a\n\n    b\n   c\n")
@example(head='"', body='a \\\n\n  b\\x61  \n c"')
def test_whatever_a_parser_reads_is_placed(head: str, body: str) -> None:
    """Any source that happens to be a scalar."""
    source = f"q: {head}{body}"
    try:
        node = scalar_at_q(source)
    except (YAMLError, ValueError, AttributeError, IndexError):
        return
    if node.id == "scalar":
        assert_faithful(source)


def test_where_reading_differs_all_characters_stand_at_the_beginning() -> None:
    assert places("q: abc", 3, 6, style="", value="not abc") == (3,) * 8


def test_the_place_after_an_escape_is_behind_it() -> None:
    source = 'q: "a\\u53f0"\n'
    assert source[placed(source)[1][-1]] == '"'
