"""Two words that stand side by side: what a phrase can not do without, and far rarer than either word.

Safe rather than sharp: of the second word only that is looked at which all its spellings share. Where a pair is
found the phrase may stand; where it is not, it can not.
"""

from collections.abc import Sequence
from itertools import pairwise
from os.path import commonprefix
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from monitor.topics.words import Hit, Noun, Prefix, Word

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet


class Pair(Word):
    """A word with another directly behind it, or behind its possessive."""

    __slots__ = ("first", "second")

    def __init__(self, first: Word, second: Word) -> None:
        self.first = first
        self.second = second
        super().__init__(f"{first.text} {second.text}")

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:
        """Where its first word starts and ends."""
        return hit[1] + 1, sheet.folded.text.find(" ", hit[1] + 1)

    def _patterns(self) -> tuple[str, ...]:
        behind = commonprefix(self.second.patterns)
        return tuple([f"{form[:-1]}{gap}{behind}" for form in self.first.patterns for gap in ("", " s")])

    def _frequency(self) -> float:
        return self.first.frequency * self.second.frequency / 1000


_PAIRS: WeakValueDictionary[tuple[Word, Word], Pair] = WeakValueDictionary()


def pairs_in(words: Sequence[Word]) -> dict[int, Pair]:
    """The pairs of a phrase by the place of their first words; none where letters are no help to find them."""
    return {
        number: _pair(first, second)
        for number, (first, second) in enumerate(pairwise(words))
        if type(first) in _CLOSED and type(second) in _BEGUN
    }


def _pair(first: Word, second: Word) -> Pair:
    """The one pair of these words."""
    known = _PAIRS.get((first, second))
    if known is None:
        known = _PAIRS[first, second] = Pair(first, second)
    return known


_CLOSED = (Word, Noun)
"""Words that stand between blanks, in few spellings."""

_BEGUN = (Word, Noun, Prefix)
"""Words that stand behind a blank and begin in one way."""
