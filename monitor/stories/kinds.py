"""Two of a kind: pieces of one publisher that differ in what they tell of, not in how. Pure.

    M 4.5 - 10 km W of Honiara   ·  M 5.1 - 22 km S of Petrolia      a pattern is filled in
    (a show's boilerplate)       ·  (the same under another title)   what is repeated is no news

Their likeness is the pattern's, and says nothing of the happening. Who tells the same again repeats its
words or adds some; who tells of another thing has something else in their place.
"""

from array import array
from difflib import SequenceMatcher

from monitor.stories.wording import COPY, Wording, shared

PATTERN = 0.6
"""The share of two titles' words that is the same and in the same order, figures standing for each other."""
_FIGURE = 0


def two_of_a_kind(one: Wording, other: Wording) -> bool:
    """Whether both are of one publisher and one pattern, and tell of two things."""
    if not one.publisher or one.publisher != other.publisher:
        return False
    if one.title == other.title:
        return _each_has_its_own(one.figures, other.figures)
    return _each_has_its_own(one.title, other.title) and (
        _ordered_likeness(one, other) >= PATTERN or shared(set(one.sketch), other.sketch) > COPY
    )


def _each_has_its_own(one: "array[int]", other: "array[int]") -> bool:
    return not set(one) <= set(other) and not set(other) <= set(one)


def _ordered_likeness(one: Wording, other: Wording) -> float:
    ours, theirs = _masked(one), _masked(other)
    common = min(sum(map(set(theirs).__contains__, ours)), sum(map(set(ours).__contains__, theirs)))
    if 2 * common < PATTERN * (len(ours) + len(theirs)):
        return 0.0  # in whatever order
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _masked(wording: Wording) -> list[int]:
    return [_FIGURE if word in wording.figures else word for word in wording.title]
