"""Finds all the words of all topics in one pass over a folded text: the only file that knows Aho-Corasick.

Words that stand between blanks are looked up in an index where that is compiled (wordindex.pyx); all others,
and without it all, are found by an automaton. Neither can be changed, so there are three of them, each some
thirty times the size of the next: new words go into the smallest, and one that is full is poured into the one
above it.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.topics.lexicon import Lexicon
from monitor.topics.words import Hit, Stem, Word

try:
    from monitor.topics import wordindex as quick
except ImportError:
    quick = None  # type: ignore[assignment]  # not compiled here

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet

Found = dict[int, list[Hit]]
"""The hits of words that were found, by the words' numbers."""

_TEXT = attrgetter("text")
CAPACITIES = (1_000, 30_000, 1 << 62)
"""Words that each of the finders holds at most, the smallest first."""


class Presearch:
    """The words that topics look for, each as often as it was added. Those found are told by number."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        self._uses: defaultdict[Word, int] = defaultdict(int)
        self._new: list[Word] = []
        self._finders: list[_Finder | None] = [None for _ in CAPACITIES]
        self._stems: dict[str, dict[str, Word]] = {}

    def add(self, words: Iterable[Word]) -> None:
        """Look for these words too."""
        for word in words:
            self._uses[word] += 1
            if word not in self.lexicon.numbers:
                self.lexicon.add(word)
                self._look_for(word)

    def remove(self, words: Iterable[Word]) -> None:
        """Look for them once less; what nobody looks for is forgotten when what finds it is built anew."""
        for word in words:
            self._uses[word] -= 1

    @property
    def reads_stems(self) -> bool:
        """Whether some words are looked for by their stems, for which it takes a sheet."""
        return bool(self._stems)

    def find(self, text: str) -> Found:
        """Where the words seem to stand in a folded text that is closed up."""
        if self._new:
            self._take_in_new()
        found: Found = {}
        for finder in self._finders:
            if finder is not None:
                finder.search(text, found)
        return found

    def search(self, sheet: "Sheet", found: Found | None = None) -> None:
        """Note on the sheet where all the words seem to stand; what was `found` in it is not looked for."""
        sheet.found = found = self.find(sheet.folded.text) if found is None else found
        for language, by_stem in self._stems.items():
            stems = sheet.stems(language)
            there = by_stem.keys() & stems.keys()
            found.update({self.lexicon.numbers[by_stem[stem]]: stems[stem] for stem in there})
        sheet.lexicon = self.lexicon

    def _look_for(self, word: Word) -> None:
        if isinstance(word, Stem):
            self._stems.setdefault(word.language, {})[word.stem] = word
        else:
            self._new.append(word)

    def _take_in_new(self) -> None:
        """Pour what is new into the finders."""
        words, self._new = self._new, []
        for number, capacity in enumerate(CAPACITIES):
            if (finder := self._finders[number]) is not None:
                words = [*self._still_used(finder.words), *words]
            if len(words) <= capacity:
                self._finders[number] = _Finder(words, self.lexicon) if words else None
                break
            self._finders[number] = None

    def _still_used(self, words: Sequence[Word]) -> list[Word]:
        used = [word for word in words if self._uses[word] > 0]
        if len(used) < len(words):
            for word in words:
                if self._uses[word] <= 0:
                    self.lexicon.forget(word)
        return used


class _Finder:
    """Finds some words: by an index those that stand between blanks, the others by an automaton."""

    def __init__(self, words: Sequence[Word], lexicon: Lexicon) -> None:
        self.words = words
        in_order = sorted(words, key=_TEXT)  # what is spelt alike is then together in memory
        numbers = lexicon.numbers
        spellings: list[tuple[str, int, int]] = []
        others: list[Word] = []
        for word in in_order:
            whole, number = word.between_blanks() if quick else [], numbers[word]
            spellings.extend([(spelling, covers, number) for spelling, covers in whole])
            if not whole:
                others.append(word)
        self._index = quick.WordIndex(spellings) if spellings else None
        self._automaton = _Automaton(others, numbers) if others else None

    def search(self, text: str, found: Found) -> None:
        """Add what stands in the text to what was found."""
        if self._index:
            self._index.find(text, found)
        if self._automaton:
            self._automaton.find(text, found)


class _Automaton:
    """An automaton over the patterns of some words."""

    def __init__(self, words: Sequence[Word], numbers: Mapping[Word, int]) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        self._owners = array("L", [numbers[word] for word in words for _ in word.patterns])
        patterns = [pattern for word in words for pattern in word.patterns]
        self._automaton = AhoCorasick(
            patterns, implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def find(self, text: str, found: Found) -> None:
        """Add what stands in the text to what was found, the hits of each word in order."""
        owners = self._owners
        for hit in self._automaton.find_matches_as_indexes(text, overlapping=True):
            number = owners[hit[0]]
            if number in found:
                found[number].append(hit)
            else:
                found[number] = [hit]
