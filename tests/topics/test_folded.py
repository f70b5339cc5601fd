"""A folded text with one blank between words: the same words, each at its place in the original."""

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.fold import fold
from monitor.topics.folded import Folded, Pieces, closed_up

WORD = re.compile("[^ ]+")
TEXTS = st.lists(
    st.sampled_from(["Cuba", "Señor", "ﬁve", "台湾", "n̈o", " ", " ", ", ", "\n\n", "… “", "‑", "\u200b"]),
    max_size=30,
).map(lambda pieces: f"\n{''.join(pieces)}\n\n")


@given(TEXTS)
def test_a_closed_up_text_has_the_same_words_at_the_same_places(text: str) -> None:
    """Ligatures, marks that combine and letters that vanish included, and with one blank between any two."""
    folded, closed = fold(text), closed_up(fold(text))
    assert closed.text.split(" ") == ["", *folded.text.split(), ""] or not folded.text.strip()
    for word, other in zip(WORD.finditer(closed.text), WORD.finditer(folded.text), strict=True):
        assert closed.stretch(*word.span()) == (folded.origin(other.start()), folded.origin(other.end()))


@given(TEXTS)
def test_where_a_text_was_position_for_position_each_of_its_pieces_begins_a_word(text: str) -> None:
    closed = closed_up(fold(text))
    if closed.wide is not None:
        starts, origins = closed.pieces()
        assert set(starts[1:]) <= {found.start() for found in WORD.finditer(closed.text)}
        assert set(origins[1:]) <= {found.start() for found in WORD.finditer(closed.wide)}


def test_a_place_is_looked_up_where_it_was_read_first() -> None:
    pieces = Pieces(Folded(" a bc ", (0, 3), (0, 5)))
    pieces.keep(0, 6)
    read_once = len(pieces.starts)
    pieces.keep(3, 6)
    assert pieces.folded(read_once=read_once).position(5) == 3


def test_a_place_that_several_letters_stand_for_is_that_of_the_first() -> None:
    folded = fold("a ﬁve")
    assert folded.text == "a five"
    assert [folded.position(place) for place in range(6)] == [0, 1, 2, 4, 5, 6]
