"""How common each word is in the stream, and from it what a piece is about: its rarest words, weighed. Pure.

Words are counted in two generations, the older of which is dropped when the newer is full: the counts follow
the stream, and their memory has a bound.
"""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt

from monitor.stories.gist import PRIOR, Word
from monitor.stories.packing import Unpacking, pack

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

    def to_bytes(self) -> bytes:
        """As they are kept."""
        generations = ((self._now, self._seen), (self._before, self._seen_before))
        return b"".join(
            pack("I", counts.keys()) + pack("I", counts.values()) + pack("Q", [seen])
            for counts, seen in generations
        )

    @classmethod
    def read(cls, packed: Unpacking) -> "Frequencies":
        """What `to_bytes` made."""
        frequencies = cls()
        frequencies._now, frequencies._seen = _generation(packed)
        frequencies._before, frequencies._seen_before = _generation(packed)
        return frequencies

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


def _generation(packed: Unpacking) -> tuple[Counter[int], int]:
    counts = Counter(dict(zip(packed.array("I"), packed.array("I"), strict=True)))
    (seen,) = packed.array("Q")
    return counts, seen
