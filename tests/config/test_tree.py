"""The tree keeps every scalar as it was typed, and knows where its characters stand."""

from collections.abc import Callable

import pytest

from monitor.config.source import Source
from monitor.config.tree import Mapping, Node, Scalar, Sequence, read_tree, scalars_of

Read = Callable[[str], Source]


def texts(node: Node | None) -> list[str]:
    return [scalar.text for scalar in scalars_of(node)] if node else []


@pytest.mark.parametrize(
    "text", ["no", "1.10", "12:30:45", "2024-01-01", "0x1F", "null", "~", "1e3", "on", "08"]
)
def test_scalars_stay_the_text_that_was_typed(source: Read, text: str) -> None:
    assert texts(read_tree(source(f"- {text}\n- '{text}'\n")).root) == [text, text]


def test_keys_are_text_too(source: Read) -> None:
    root = read_tree(source("no: a\n1.10: b\n")).root
    assert isinstance(root, Mapping)
    assert list(root.pairs) == ["no", "1.10"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\n\n"])
def test_an_empty_file_has_no_root(source: Read, text: str) -> None:
    tree = read_tree(source(text))
    assert texts(tree.root) in ([], [""])
    assert not tree.problems


def test_an_alias_stands_for_what_its_anchor_has(source: Read) -> None:
    root = read_tree(source("- &a {x: 1}\n- *a\n")).root
    assert isinstance(root, Sequence)
    assert root.items[0] is root.items[1]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("q: Cuba NOT baseball\n", "NOT"),
        ("q: 'Cuba ''NOT'' baseball'\n", "NOT"),
        ('q: "Cuba \\"NOT\\" baseball"\n', "NOT"),
        ("q: |\n  Cuba\n  NOT baseball\n", "NOT"),
        ("q: >\n  Cuba\n  NOT\n  baseball\n", "NOT"),
        ("q: Cuba\n   NOT baseball\n", "NOT"),
    ],
)
def test_a_stretch_of_the_text_is_found_in_the_file(source: Read, text: str, marked: str) -> None:
    read = source(text)
    (scalar,) = scalars_of(read_tree(read).root or pytest.fail("no root"))
    start = scalar.text.index(marked)
    first, last = scalar.span(start, start + len(marked))
    assert read.text[first:last] == marked


def test_a_stretch_over_a_fold_ends_behind_its_last_character(source: Read) -> None:
    read = source("q: Cuba\n   NOT baseball\n")
    (scalar,) = scalars_of(read_tree(read).root or pytest.fail("no root"))
    first, last = scalar.span(0, len("Cuba NOT"))
    assert read.text[first:last] == "Cuba\n   NOT"


def test_the_end_of_the_text_is_behind_its_last_character(source: Read) -> None:
    (scalar,) = scalars_of(read_tree(source("q: 'ab'\n")).root or pytest.fail("no root"))
    assert isinstance(scalar, Scalar)
    assert scalar.span(2) == (6, 7)
