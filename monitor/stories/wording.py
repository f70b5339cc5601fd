"""How a piece is worded: a sketch of its shingles, which two copies share however their ends differ. Pure.

A bottom-k MinHash: the smallest hashes of all runs of three words. A summary has hardly more than a sketch
holds, so that for most of a stream the comparison is exact; one stretch of damage costs three shingles.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from monitor.stories.packing import Unpacking, pack, pack_bytes

SHINGLE = 3
SKETCH = 48
COPY = 0.5
"""The share of the shorter wording's shingles that makes it a copy; rewrites share hardly a tenth."""
FEWEST = 8
"""Shingles that a wording needs before it can say anything: below, a headline's stock phrases decide."""

_LARGEST = 2**32 - 1

BEGINNING = 30
"""Words of a text that tell it from all others."""


class Wording(NamedTuple):
    """How a piece is worded: its title's words in order, the figures of title and lead, a sketch of all."""

    piece: int
    publisher: str
    title: "array[int]"
    figures: "array[int]"
    sketch: "array[int]"

    def to_bytes(self) -> bytes:
        """As it is kept."""
        publisher = self.publisher.encode("utf-8", "surrogatepass")
        arrays = (pack("I", numbers) for numbers in (self.title, self.figures, self.sketch))
        return b"".join((pack("q", [self.piece]), pack_bytes(publisher), *arrays))

    @classmethod
    def read(cls, packed: Unpacking) -> "Wording":
        """What `to_bytes` made."""
        (piece,) = packed.array("q")
        publisher = str(packed.bytes(), "utf-8", "surrogatepass")
        return cls(piece, publisher, packed.array("I"), packed.array("I"), packed.array("I"))


def sketch_of(numbers: Sequence[int]) -> "array[int]":
    """The wording of a text, by its words' numbers.

    Numbers are hashed, and in tuples: that is the same in every process, and a CRC would keep likenesses.
    """
    shingles = {hash(run) & _LARGEST for run in zip(numbers, numbers[1:], numbers[2:], strict=False)}
    return array("I", sorted(shingles)[:SKETCH])


def fingerprint_of(words: Sequence[str]) -> int | None:
    """The wording of a text's beginning as one number of 63 bits: the same text shown again has the same.

    None where the text is so short that its words come again by themselves ("Weather forecast").
    """
    if len(words) < SHINGLE + FEWEST - 1:
        return None
    text = " ".join(words[:BEGINNING])
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def shared(one: set[int], other: "array[int]") -> float:
    """What share of the shorter wording stands in the longer one, 0 where one is too short to say.

    Of a wording that fills its sketch only what is below its largest hash can be compared.
    """
    if min(len(one), len(other)) < FEWEST or not (common := len(one.intersection(other))):
        return 0.0
    limit = min(_known_below(one), other[-1] if len(other) >= SKETCH else _LARGEST)
    fewer = min(bisect_right(other, limit), sum(number <= limit for number in one))
    return common / fewer if fewer >= FEWEST else 0.0


def _known_below(sketch: set[int]) -> int:
    return max(sketch) if len(sketch) >= SKETCH else _LARGEST
