"""Two or three words that stand side by side: what a phrase can not do without, and far rarer than they are.

Safe rather than sharp: of the last word only that is looked at which all its spellings share. Where they are
found the phrase may stand; where they are not, it can not.
"""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from monitor.topics.words import Hit, Noun, Prefix, Word

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet

LONGEST = 3
"""Words that are looked for as one, at most."""

RARE = 0.01
"""How likely two words may stand in a document for the third not to be looked for with them."""

_MOST_PATTERNS = 24
"""Spellings of them, at most."""

_GAPS = ("", " s")
"""What ends a word that another follows: nothing, or a possessive."""

_CLOSED = (Word, Noun)
"""Words that stand between blanks, in few spellings."""

_BEGUN = (Word, Noun, Prefix)
"""Words that stand behind a blank and begin in one way."""

_Stretch = tuple[int, Sequence[Word]]
"""Some of a phrase's words, behind the place of the first of them."""


class Neighbours(Word):
    """Words each of which is directly behind the one before, or behind its possessive."""

    __slots__ = ("endings", "size", "words")

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        seen = len(beginning(words[-1]))
        self.endings = tuple([form[seen:] for form in words[-1].patterns])
        self.size = len(words)
        super().__init__(" ".join(word.text for word in words))

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:
        """Where its first word starts and ends."""
        return hit[1] + 1, sheet.folded.text.find(" ", hit[1] + 1)

    def _patterns(self) -> tuple[str, ...]:
        *others, last = self.words
        forms = [[form[:-1] + gap for form in word.patterns for gap in _GAPS] for word in others]
        return tuple(map("".join, product(*forms, (beginning(last),))))

    def _frequency(self) -> float:
        return prod(word.frequency / 1000 for word in self.words) * 1000


_NEIGHBOURS: WeakValueDictionary[tuple[Word, ...], Neighbours] = WeakValueDictionary()


def rarest_in(words: Sequence[Word]) -> tuple[int, Word]:
    """What a phrase is best found by, neighbours or its rarest word, behind the place where that begins."""
    best = min(_stretches(words, 1), key=_rarity)
    for length in (2, LONGEST):
        best = min((*filter(_can_be_spelt, _stretches(words, length)), best), key=_rarity)
        if _rarity(best) <= RARE:
            break
    first, some = best
    return first, some[0] if len(some) == 1 else _neighbours(tuple(some))


def beginning(word: Word) -> str:
    """What all its spellings begin with."""
    first, last = min(word.patterns), max(word.patterns)
    differs = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differs, len(first))]


def _stretches(words: Sequence[Word], length: int) -> list[_Stretch]:
    return [(first, words[first : first + length]) for first in range(len(words) - length + 1)]


def _rarity(stretch: _Stretch) -> float:
    return prod([word.frequency / 1000 for word in stretch[1]])


def _can_be_spelt(stretch: _Stretch) -> bool:
    """Whether its words stand between blanks and are written in few ways, the last perhaps open."""
    *others, last = stretch[1]
    if type(last) not in _BEGUN or any(type(word) not in _CLOSED for word in others):
        return False
    return prod([len(_GAPS) * len(word.patterns) for word in others]) <= _MOST_PATTERNS


def _neighbours(words: tuple[Word, ...]) -> Neighbours:
    """The one of these words."""
    known = _NEIGHBOURS.get(words)
    if known is None:
        known = _NEIGHBOURS[words] = Neighbours(words)
    return known
