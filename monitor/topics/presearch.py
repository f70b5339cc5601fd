"""Finds all the words of all topics in one pass over a folded text: the only file that knows Aho-Corasick.

An automaton can not be changed, so there are three of them, each some thirty times the size of the next: new
words go into the smallest, and one that is full is poured into the one above it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.topics.words import Hit, Stem, Word

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet

_SPELLINGS = attrgetter("patterns")
CAPACITIES = (1_000, 30_000, 1 << 62)
"""Words that the automata hold at most, the smallest first."""


class Presearch:
    """The words that topics look for, each as often as it was added."""

    def __init__(self) -> None:
        self._uses: Counter[Word] = Counter()
        self._known: set[Word] = set()
        self._new: list[Word] = []
        self._automata: list[_Automaton | None] = [None for _ in CAPACITIES]
        self._stems: dict[str, dict[str, Word]] = {}

    def add(self, words: Iterable[Word]) -> None:
        """Look for these words too."""
        for word in words:
            self._uses[word] += 1
            if word not in self._known:
                self._known.add(word)
                self._look_for(word)

    def remove(self, words: Iterable[Word]) -> None:
        """Look for them once less; what nobody looks for is forgotten when its automaton is built anew."""
        self._uses.subtract(words)

    @property
    def reads_stems(self) -> bool:
        """Whether some words are looked for by their stems, for which it takes a sheet."""
        return bool(self._stems)

    def find(self, text: str) -> "dict[Word, list[Hit]]":
        """Where the words seem to stand in a folded text that is closed up."""
        if self._new:
            self._take_in_new()
        found: dict[Word, list[Hit]] = {}
        for automaton in self._automata:
            if automaton is not None:
                automaton.search(text, found)
        return found

    def search(self, sheet: "Sheet", found: "dict[Word, list[Hit]] | None" = None) -> None:
        """Note on the sheet where all the words seem to stand; what was `found` in it is not looked for."""
        sheet.found = found = self.find(sheet.folded.text) if found is None else found
        for language, by_stem in self._stems.items():
            stems = sheet.stems(language)
            found.update({by_stem[stem]: stems[stem] for stem in by_stem.keys() & stems.keys()})
        sheet.complete = True

    def _look_for(self, word: Word) -> None:
        if isinstance(word, Stem):
            self._stems.setdefault(word.language, {})[word.stem] = word
        else:
            self._new.append(word)

    def _take_in_new(self) -> None:
        """Pour what is new into the automata."""
        words, self._new = self._new, []
        for number, capacity in enumerate(CAPACITIES):
            if (automaton := self._automata[number]) is not None:
                words = [*self._still_used(automaton.words), *words]
            if len(words) <= capacity:
                self._automata[number] = _Automaton(words) if words else None
                break
            self._automata[number] = None

    def _still_used(self, words: Sequence[Word]) -> list[Word]:
        used = [word for word in words if self._uses[word] > 0]
        if len(used) < len(words):
            self._known.difference_update(word for word in words if self._uses[word] <= 0)
        return used


class _Automaton:
    """An automaton over the patterns of some words."""

    def __init__(self, words: Sequence[Word]) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        self.words = words
        in_order = sorted(words, key=_SPELLINGS)  # what is spelt alike is then together in memory
        self._owners = [word for word in in_order for _ in word.patterns]
        patterns = [pattern for word in in_order for pattern in word.patterns]
        self._automaton = AhoCorasick(
            patterns, implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def search(self, text: str, found: dict[Word, list[Hit]]) -> None:
        """Add what stands in the text to what was found."""
        owners = self._owners
        for hit in self._automaton.find_matches_as_indexes(text, overlapping=True):
            word = owners[hit[0]]
            if word in found:
                found[word].append(hit)
            else:
                found[word] = [hit]
