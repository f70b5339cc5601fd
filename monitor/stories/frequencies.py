"""How common each word is in the stream, and from it what a piece is about: its rarest words, weighed. Pure.

Words are counted in two generations, the older of which is dropped when the newer is full: the counts follow
the stream, and their memory has a bound.
"""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt

from monitor.stories.gist import PRIOR, Word

MOST = 32
"""Terms kept of a piece, the weightiest: the others are common words."""

Term = tuple[int, float]
"""A word as a number, and its weight: all weights of a piece are a vector of length one."""


class Frequencies:
    """In how many pieces of the last two generations each word stands."""

    def __init__(self) -> None:
        self._now: Counter[int] = Counter()
        self._before: Counter[int] = Counter()
        self._seen = self._seen_before = 0

    def count(self, words: Iterable[Word]) -> None:
        """A piece has these words."""
        self._now.update([number for number, _, _ in words])
        self._seen += 1

    def turn(self) -> None:
        """Begin a new generation; the one before the last is forgotten."""
        self._before, self._now = self._now, Counter()
        self._seen_before, self._seen = self._seen, 0

    def terms_of(self, words: Iterable[Word]) -> list[Term]:
        """The weightiest terms of a piece, the weightiest first."""
        seen = self._seen + self._seen_before + PRIOR
        now, before = self._now.get, self._before.get
        weighed = [
            (weight * log(1 + seen / (now(number, 0) + before(number, 0) + believed)), number)
            for number, weight, believed in words
        ]
        best = sorted(weighed, reverse=True)[:MOST]
        length = sqrt(sum([weight * weight for weight, _ in best])) or 1.0
        return [(number, weight / length) for weight, number in best]
