"""Numbers words: what a search finds is told by numbers, and what is listed by them is close together."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.topics.words import Word

NO_NUMBER = -1


class Lexicon:
    """Words, each with a number of its own, small and for as long as the word is known."""

    __slots__ = ("_free", "_numbers", "numbers", "words")

    def __init__(self) -> None:
        self._numbers: dict[Word, int] = {}
        self.numbers: Mapping[Word, int] = MappingProxyType(self._numbers)
        self.words: list[Word] = []
        """The words by number; where a number is free, the word that had it."""
        self._free: list[int] = []

    def add(self, word: "Word") -> None:
        """Give the word a number, one that is free again if there is any."""
        if self._free:
            number = self._free.pop()
            self.words[number] = word
        else:
            number = len(self.words)
            self.words.append(word)
        self._numbers[word] = number

    def forget(self, word: "Word") -> None:
        """Free the word's number for another one."""
        self._free.append(self._numbers.pop(word))
