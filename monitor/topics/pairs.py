"""Two words that stand side by side: what a phrase can not do without, and far rarer than either word.

Safe rather than sharp: of the neighbour only that is looked at which all its spellings share, and behind a
possessive there are two neighbours. Where a pair is found the phrase may stand; where it is not, it can not.
"""

import re
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from monitor.topics.words import Hit, Noun, Word

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet

_BLANKS = re.compile(" *")
_ENDINGS = "seiy"
"""Letters that a word may lose or win in its plurals: country, countries, box, boxes, boss, bosses."""

MOST_TELLING = 50
"""In how many of a thousand documents a word may stand for its absence to be worth a look."""

_EVERYDAY = 500
"""Neighbours in so many of a thousand documents are not looked up: nearly always they are there."""

_Key = tuple[Word, Word, bool]


class Pair(Word):
    """A word with another directly behind it, or before it. Its hits are those of the first, the anchor."""

    __slots__ = ("anchor", "core", "is_behind", "neighbour")

    def __init__(self, anchor: Word, neighbour: Word, *, is_behind: bool) -> None:
        self.anchor = anchor
        self.neighbour = neighbour
        self.core = neighbour.text.rstrip(_ENDINGS)
        self.is_behind = is_behind
        super().__init__(f"{anchor.text} {self.core}" if is_behind else f"{self.core} {anchor.text}")
        self.frequency = anchor.frequency * neighbour.frequency / 1000

    @property
    def looked_up(self) -> tuple[Word, ...]:
        """The words that must be looked for to find it: the neighbour only where that may save the way."""
        return (self.anchor, self.neighbour) if self.neighbour.frequency < _EVERYDAY else (self.anchor,)

    def holds(self, word: Word) -> bool:
        """Whether the word is one of the two."""
        return word is self.anchor or word is self.neighbour

    def find(self, sheet: "Sheet") -> list[Hit]:
        text, hits = sheet.folded.text, sheet.hits(self.anchor)
        if self.is_behind:
            return [hit for hit in hits if self.core in cores_behind(text, hit[2])]
        return [hit for hit in hits if self.core in cores_before(text, hit[1])]

    def _patterns(self) -> tuple[str, ...]:
        return ()


_PAIRS: WeakValueDictionary[_Key, Pair] = WeakValueDictionary()


def pair_in(words: Sequence[Word], anchor: int) -> Pair | None:
    """The anchor with the rarer of the words beside it; None where letters are no help to find those."""
    beside = [number for number in (anchor + 1, anchor - 1) if 0 <= number < len(words)]
    plain = [number for number in beside if _is_plain(words[number])]
    if not plain or not _is_plain(words[anchor]):
        return None
    neighbour = min(plain, key=lambda number: words[number].frequency)
    return _pair(words[anchor], words[neighbour], is_behind=neighbour > anchor)


def _pair(anchor: Word, neighbour: Word, *, is_behind: bool) -> Pair:
    """The one pair of these words."""
    key = (anchor, neighbour, is_behind)
    known = _PAIRS.get(key)
    if known is None:
        known = _PAIRS[key] = Pair(anchor, neighbour, is_behind=is_behind)
    return known


def _is_plain(word: Word) -> bool:
    """Whether it stands between blanks and has no spellings besides its plurals."""
    return type(word) in (Word, Noun)


def cores_behind(text: str, place: int) -> tuple[str, ...]:
    """The core of the word behind this place of a folded text.

    Where that is nothing but an ending, as the s of a possessive is, also that of the next word.
    """
    core, end = _behind(text, place)
    return (core,) if core else tuple({core, _behind(text, end)[0]})


def cores_before(text: str, place: int) -> tuple[str, ...]:
    """The core of the word before this place of a folded text; of two likewise."""
    core, start = _before(text, place)
    return (core,) if core else tuple({core, _before(text, start)[0]})


def _behind(text: str, place: int) -> tuple[str, int]:
    if text.startswith(" ", place):
        place = _BLANKS.match(text, place).end()  # type: ignore[union-attr]  # it always matches
    end = text.find(" ", place)
    return text[place:end].rstrip(_ENDINGS), end


def _before(text: str, place: int) -> tuple[str, int]:
    while place and text[place - 1] == " ":
        place -= 1
    start = text.rfind(" ", 0, place) + 1
    return text[start:place].rstrip(_ENDINGS), start


class Pairs:
    """The pairs that topics look for, by their anchors."""

    def __init__(self) -> None:
        self._behind: dict[Word, _Beside] = {}
        self._before: dict[Word, _Beside] = {}

    def add(self, pair: Pair) -> None:
        """Look for this pair too."""
        self._side(pair).setdefault(pair.anchor, _Beside()).add(pair)

    def remove(self, pair: Pair) -> None:
        """Look for it no more."""
        beside = self._side(pair)[pair.anchor]
        beside.remove(pair)
        if not beside.by_core:
            del self._side(pair)[pair.anchor]

    def search(self, text: str, found: dict[Word, list[Hit]]) -> None:
        """Add to the anchors that were found in the folded text those of their pairs that are there."""
        self._search_behind(text, found)
        self._search_before(text, found)

    def _search_behind(self, text: str, found: dict[Word, list[Hit]]) -> None:
        for anchor in self._behind.keys() & found.keys():
            by_core = self._behind[anchor].promising(found.keys())
            for hit in found[anchor] if by_core else ():
                end = hit[2]
                core = text[end : text.find(" ", end)].rstrip(_ENDINGS)
                for each in (core,) if core else cores_behind(text, end):
                    if each in by_core:
                        _note(by_core[each], hit, found)

    def _search_before(self, text: str, found: dict[Word, list[Hit]]) -> None:
        for anchor in self._before.keys() & found.keys():
            by_core = self._before[anchor].promising(found.keys())
            for hit in found[anchor] if by_core else ():
                start = hit[1]
                core = text[text.rfind(" ", 0, start) + 1 : start].rstrip(_ENDINGS)
                for each in (core,) if core else cores_before(text, start):
                    if each in by_core:
                        _note(by_core[each], hit, found)

    def _side(self, pair: Pair) -> "dict[Word, _Beside]":
        return self._behind if pair.is_behind else self._before


class _Beside:
    """What topics look for on one side of a word."""

    __slots__ = ("_common", "_rare", "by_core")

    def __init__(self) -> None:
        self.by_core: dict[str, list[Pair]] = {}
        self._rare: set[Word] = set()
        self._common = 0

    def add(self, pair: Pair) -> None:
        self.by_core.setdefault(pair.core, []).append(pair)
        if len(pair.looked_up) > 1:
            self._rare.add(pair.neighbour)
        else:
            self._common += 1

    def remove(self, pair: Pair) -> None:
        self.by_core[pair.core].remove(pair)
        if not self.by_core[pair.core]:
            del self.by_core[pair.core]
        if pair.neighbour in self._rare:
            self._rare.remove(pair.neighbour)
        else:
            self._common -= 1

    def promising(self, found: Set[Word]) -> dict[str, list[Pair]]:
        """The pairs by their core; none where none of the words was found that could be the neighbour."""
        return self.by_core if self._common or not found.isdisjoint(self._rare) else {}


def _note(pairs: Iterable[Pair], hit: Hit, found: dict[Word, list[Hit]]) -> None:
    for pair in pairs:
        found.setdefault(pair, []).append(hit)
