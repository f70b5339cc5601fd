"""NEAR looks from each place only at its nearest: what it finds is what looking at all pairs finds."""

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.clauses import clause_of
from monitor.topics.document import Document
from monitor.topics.fold import fold
from monitor.topics.matcher import compile_topic
from monitor.topics.query import Near, Or, Phrase, Term
from monitor.topics.sheet import Sheet, lay_out
from monitor.topics.text import words
from monitor.topics.topic import Topic
from tests.examples import examples
from tests.topics import nasty

FEW = ("spy", "Cuba", "the", "house", "台湾", "الله")
LEAVES = st.builds(Term, text=st.sampled_from(FEW)) | st.builds(
    Phrase, text=st.lists(st.sampled_from(FEW), min_size=2, max_size=2).map(" ".join)
)
SIDES = st.lists(LEAVES, min_size=1, max_size=2, unique_by=str)
Places = list[tuple[int, int]]


@examples(300)
@given(nasty.texts(FEW), SIDES, SIDES, st.integers(0, 6), st.booleans())
def test_near_stands_where_any_two_places_are_near(
    text: str, left: list[Term | Phrase], right: list[Term | Phrase], distance: int, ordered: bool
) -> None:
    near = Near(left=any_of(left), right=any_of(right), distance=distance, ordered=ordered)
    sheet = lay_out(Document(content=text))
    pairs = product(places(sheet, left), places(sheet, right))
    stands = any(is_near(sheet, one, other, distance, ordered=ordered) for one, other in pairs)
    assert stands == bool(compile_topic(Topic(name="t", query=near)).match(sheet))


def any_of(leaves: list[Term | Phrase]) -> Term | Phrase | Or:
    return leaves[0] if len(leaves) == 1 else Or(parts=tuple(leaves))


def places(sheet: Sheet, leaves: list[Term | Phrase]) -> Places:
    return [place[:2] for leaf in leaves for place in sheet.occurrences(clause_of(leaf))]


def is_near(
    sheet: Sheet, one: tuple[int, int], other: tuple[int, int], distance: int, *, ordered: bool
) -> bool:
    """By the book: not one in the other, few words and no new paragraph between."""
    first, last = (one, other) if ordered else sorted((one, other))
    end, start = first[1], last[0]
    if end > start or re.search(r"\n[ \t\r]*\n", sheet.text[end:start]):
        return False
    folded = fold(sheet.text)
    starts = [folded.origin(begin) for begin, _ in words(sheet.text, folded)]
    return sum(end <= begin < start for begin in starts) <= distance
