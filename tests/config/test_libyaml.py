"""What libyaml composes is what ruamel.yaml would compose; all else it leaves to it."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from monitor.config import libyaml
from tests.examples import examples

PIECES = st.sampled_from(
    ["a", "b: ", "- ", "\n", "\n", "\n  ", "\n    ", "  ", "'", '"', "|", "|-\n", "|2\n", ">\n", ">+\n",
     ": ", "[", "]", "{", "}", ", ", "#", " # c", "&x ", "*x", "!t ", "!!str ", "\\n", "\\x41", "\\\n", "? ",
     "---\n", "%", "@", "台湾", "é", "\r\n", "\t", "k: v\n", "- i\n", "http://x:80/y#z", "\u2028", "''", "~",
     ":", "-", "😀"]
)  # fmt: skip


def shape(node: Any) -> Any:
    """A node with all that is looked at: kinds, texts, styles, tags, places."""
    if node is None or (node.id == "scalar" and not node.value and not node.style):
        return "nothing"  # where nothing ends is of no interest
    tag = str(node.tag) if not str(node.tag).startswith("tag:yaml.org,2002:") else ""
    if node.id == "scalar":
        return (tag, node.value, node.style or "", node.start_mark.index, node.end_mark.index)
    if node.id == "sequence":
        return (tag, node.start_mark.index, [shape(item) for item in node.value])
    return (tag, node.start_mark.index, [(shape(key)[1], shape(value)) for key, value in node.value])


def by_ruamel(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    try:
        return shape(yaml.compose(text))
    except (YAMLError, ValueError, AttributeError):
        return "refused"


@examples(1000)
@given(st.lists(PIECES, max_size=14).map("".join))
@example("a: [x, {b: c}, *x]\n")
@example("- &x {a: *x}\n- *x\n")
@example("a: >-\n  x\n\n   y\n  z\nb: |+\n  x\n\n")
def test_both_compose_the_same(text: str) -> None:
    try:
        root = libyaml.compose(text)
        mine = shape(root)
    except (libyaml.UnsureError, RecursionError):
        return  # left to ruamel.yaml, or an alias that leads to itself
    theirs = by_ruamel(text)
    assert theirs in (mine, "refused")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 5_000 + "a", "{a: " * 100 + "b" + "}" * 100])
def test_deep_nesting_is_left_to_the_one_that_says_where(text: str) -> None:
    """And does not overflow the stack."""
    with pytest.raises(libyaml.UnsureError):
        libyaml.compose(text)


@pytest.mark.parametrize("text", ["a: [\n", "a\tb: c", "\ufeffa: b", "a: b\n---\nc: d\n", "|\n a\n", "*x"])
def test_what_is_broken_or_odd_is_left_to_ruamel(text: str) -> None:
    with pytest.raises(libyaml.UnsureError):
        libyaml.compose(text)


def test_nothing_is_nothing() -> None:
    assert libyaml.compose("# only this\n") is None
