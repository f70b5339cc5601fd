"""How common each word is in the stream, and from it what a piece is about: its rarest words, weighed. Pure.

Words are counted in two generations, the older of which is dropped when the newer is full: the counts follow
the stream, and their memory has a bound.
"""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt
from typing import NamedTuple

from monitor.stories.terms import Words, is_rare_by_nature, number_of

MOST = 32
"""Terms kept of a piece, the weightiest: the others are common words."""

PRIOR = 1000
_SHARES = (0.3, 0.3, 0.3, 0.1, 0.03, 0.02, 0.0125)
"""In what share of the pieces a word of so many letters is believed to stand before the stream has told,
which counts like `PRIOR` pieces seen. Measured in English news; everywhere the short words are the common."""


class Term(NamedTuple):
    """A word as a number, and its weight: all weights of a piece are a vector of length one."""

    number: int
    weight: float


class Frequencies:
    """In how many pieces of the last two generations each word stands."""

    def __init__(self) -> None:
        self._now: Counter[int] = Counter()
        self._before: Counter[int] = Counter()
        self._seen = self._seen_before = 0

    def count(self, numbers: Iterable[int]) -> None:
        """A piece has these words."""
        self._now.update(numbers)
        self._seen += 1

    def turn(self) -> None:
        """Begin a new generation; the one before the last is forgotten."""
        self._before, self._now = self._now, Counter()
        self._seen_before, self._seen = self._seen, 0

    def terms_of(self, words: Words) -> tuple[list[Term], list[int]]:
        """The weightiest terms of a piece, the weightiest first, and all its words' numbers."""
        seen = self._seen + self._seen_before + PRIOR
        weighed = []
        for word, count in words.counts().items():
            number = number_of(word)
            stands_in = self._now[number] + self._before[number] + PRIOR * _share(word)
            weighed.append(((1 + log(count)) * log(1 + seen / stands_in), number))
        best = sorted(weighed, reverse=True)[:MOST]
        length = sqrt(sum(weight * weight for weight, _ in best)) or 1.0
        return [Term(number, weight / length) for weight, number in best], [number for _, number in weighed]


def _share(word: str) -> float:
    return _SHARES[-1] if is_rare_by_nature(word) else _SHARES[min(len(word), len(_SHARES) - 1)]
