"""A text that is closed up, compiled and in plain Python: the same text, its letters from the same places."""

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.topics.folded import Folded, closed_up
from tests.examples import examples
from tests.topics.twins import in_plain_python, leave_out_where_nothing_is_compiled

leave_out_where_nothing_is_compiled()

from monitor.topics import closing  # noqa: E402 - what is not there can not be imported before

LETTERS = ("a", "\xff", "\u0144", "\ud800", "\uffff", "\U0001f388", "\U0010ffff", "\0", "\x7f")
"""Letters of each width that Python stores texts in, lone surrogates, a null."""

WORDS = st.lists(st.sampled_from(LETTERS), max_size=3).map("".join)
BLANKS = st.integers(0, 5).map(" ".__mul__)
TEXTS = st.lists(st.tuples(BLANKS, WORDS, BLANKS).map("".join), max_size=12).map(
    lambda pieces: f"{''.join(pieces)}  "
)
"""As all that is laid out they end with two blanks."""


def closed_both_ways(wide: str) -> tuple[Folded, Folded]:
    with in_plain_python():
        plain = closed_up(Folded(wide))
        plain.pieces()
    return closed_up(Folded(wide)), plain


def all_origins(closed: Folded) -> Sequence[int]:
    """Where each letter stood, and where the text ended."""
    starts, origins = closed.pieces()
    pieces = pairwise([*starts, len(closed.text) + 1])
    return [*chain(*(range(at, at + end - start) for (start, end), at in zip(pieces, origins, strict=True)))]


@examples(500)
@given(TEXTS)
@example("")
@example("  ")
@example("a")
@example(" a")
@example("a  b  ")
def test_a_text_is_closed_up_alike(wide: str) -> None:
    """Letter by letter, from place to place and back; with blanks before it or none."""
    quick, plain = closed_both_ways(wide)
    assert quick.text == plain.text == " ".join(["", *filter(None, wide.split(" ")), ""])
    assert quick.wide == plain.wide == wide
    assert all_origins(quick) == all_origins(plain)
    for start in range(len(quick.text)):
        assert quick.origin(start) == plain.origin(start)
    for place in range(len(wide)):
        assert quick.position(place) == plain.position(place)


@pytest.mark.parametrize("letter", LETTERS[::3])
def test_a_million_letters_are_closed_up_alike(letter: str) -> None:
    """One word, as many pieces as there can be, blanks alone, pieces of two words."""
    wide = letter * 400_000 + " ".join([letter] * 50_000) + "  ".join([letter] * 100_000) + " " * 200_000
    quick, plain = closed_both_ways(wide)
    assert quick.text == plain.text
    assert all_origins(quick) == all_origins(plain)


class _Text(str):
    """Not what folding makes."""


@pytest.mark.parametrize("garbage", [None, b"a  b", 5, ["a"], _Text("a  b")])
def test_what_is_no_text_is_refused(garbage: Any) -> None:
    with pytest.raises(TypeError):
        closing.with_single_blanks(garbage)
