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

_CLOSED = frozenset((Word, Noun))
"""Words that stand between blanks, in few spellings."""

_BEGUN = _CLOSED | {Prefix}
"""Words that stand behind a blank and begin in one way."""

_Stretch = tuple[int, Sequence[Word]]
"""Some of a phrase's words, behind the place of the first of them."""


class Neighbours(Word):
    """Words each of which is directly behind the one before, or behind its possessive."""

    __slots__ = ("words",)

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        super().__init__(" ".join(word.text for word in words))

    @property
    def endings(self) -> tuple[str, ...]:
        """What follows a hit where it is all of the last word."""
        return self.words[-1].endings

    def between_blanks(self) -> list[tuple[str, int]]:
        last = self.words[-1]
        shared, heads = len(last.beginning), self._heads()
        forms = [form for form, _ in last.between_blanks()]
        return [(head + form, len(head) + shared) for form in forms for head in heads]

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:
        """Where its first word starts and ends."""
        return hit[1] + 1, sheet.folded.text.find(" ", hit[1] + 1)

    def _patterns(self) -> tuple[str, ...]:
        last = self.words[-1].beginning
        return tuple([head + last for head in self._heads()])

    def _heads(self) -> list[str]:
        """How all but the last may be spelt."""
        forms = [[form[:-1] + gap for form in word.patterns for gap in _GAPS] for word in self.words[:-1]]
        return forms[0] if len(forms) == 1 else list(map("".join, product(*forms)))

    def _frequency(self) -> float:
        return prod(word.frequency / 1000 for word in self.words) * 1000


_NEIGHBOURS: WeakValueDictionary[tuple[Word, ...], Neighbours] = WeakValueDictionary()


def rarest_in(words: Sequence[Word]) -> tuple[int, Word]:
    """What a phrase is best found by, neighbours or its rarest word, behind the place where that begins."""
    pairs = _spellable(words, 2)
    if not pairs:
        return min(enumerate(words), key=lambda each: each[1].frequency)
    best = pairs[0] if len(pairs) == 1 else min(pairs, key=_rarity)
    if len(words) >= LONGEST and _rarity(best) > RARE:
        best = min((*_spellable(words, LONGEST), best), key=_rarity)
    return best[0], _neighbours(tuple(best[1]))


def rarest_beside(words: Sequence[Word], anchor: int, rarest: Word) -> list[Word]:
    """The rarest two neighbours that are not both in what the phrase is found by; none where all are."""
    found_by = range(anchor, anchor + rarest.text.count(" ") + 1)
    if len(found_by) == len(words):
        return []
    pairs = [pair for pair in _spellable(words, 2) if not (pair[0] in found_by and pair[0] + 1 in found_by)]
    return [_neighbours(tuple(min(pairs, key=_rarity)[1]))] if pairs else []


def _spellable(words: Sequence[Word], length: int) -> list[_Stretch]:
    """The stretches of so many words that can be looked for as one."""
    stretches = [(first, words[first : first + length]) for first in range(len(words) - length + 1)]
    return [stretch for stretch in stretches if _can_be_spelt(stretch[1])]


def _rarity(stretch: _Stretch) -> float:
    return prod([word.frequency / 1000 for word in stretch[1]])


def _can_be_spelt(words: Sequence[Word]) -> bool:
    """Whether they stand between blanks and are written in few ways, the last perhaps open."""
    *others, last = words
    if type(last) not in _BEGUN or not _CLOSED.issuperset(map(type, others)):
        return False
    return len(others) == 1 or prod([len(_GAPS) * len(word.patterns) for word in others]) <= _MOST_PATTERNS


def _neighbours(words: tuple[Word, ...]) -> Neighbours:
    """The one of these words."""
    known = _NEIGHBOURS.get(words)
    if known is None:
        known = _NEIGHBOURS[words] = Neighbours(words)
    return known
