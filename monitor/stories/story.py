"""A story in memory: the sum of what its pieces are about, how they are worded, when it was last told."""

from array import array
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import sqrt
from operator import mul
from struct import Struct

from monitor.stories.frequencies import Term
from monitor.stories.kinds import two_of_a_kind
from monitor.stories.packing import Unpacking, pack
from monitor.stories.wording import Wording

TERMS = 64
"""Terms kept of a story: twice a piece's."""
WORDINGS = 16
"""Wordings kept of a story, the newest: what is copied is mostly new."""


_HEAD = Struct("<qqQd")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Story:
    """A story: its terms are packed, since most of half a million stories never hear of a second piece."""

    __slots__ = ("_length", "_numbers", "_weights", "last_at", "name", "pieces", "wordings")

    def __init__(self, name: int, last_at: datetime) -> None:
        self.name = name
        self.last_at = last_at
        self.pieces = 0
        self.wordings: tuple[Wording, ...] = ()
        self._numbers = array("I")
        self._weights = array("f")
        self._length = 0.0

    def to_bytes(self) -> bytes:
        """As it is kept."""
        told = (self.last_at - _EPOCH) // _MICROSECOND
        head = _HEAD.pack(self.name, told, self.pieces, self._length)
        wordings = (wording.to_bytes() for wording in self.wordings)
        return b"".join((head, pack("I", self._numbers), pack("f", self._weights), *wordings))

    @classmethod
    def from_bytes(cls, data: memoryview) -> "Story":
        """What `to_bytes` made."""
        name, told, pieces, length = _HEAD.unpack_from(data)
        story, packed = cls(name, _EPOCH + told * _MICROSECOND), Unpacking(data[_HEAD.size :])
        story.pieces, story._length = pieces, length
        story._numbers.frombytes(packed.bytes())
        story._weights.frombytes(packed.bytes())
        while not packed.is_done:
            story.wordings += (Wording.read(packed),)
        return story

    @staticmethod
    def name_of(data: memoryview) -> int:
        """The name of a packed story."""
        name: int = _HEAD.unpack_from(data)[0]
        return name

    @staticmethod
    def told_at(data: memoryview) -> datetime:
        """When a packed story was last told."""
        told: int = _HEAD.unpack_from(data)[1]
        return _EPOCH + told * _MICROSECOND

    def add(self, terms: Iterable[Term], *, at: datetime) -> None:
        """A piece with these terms joins."""
        self._add(terms)
        self.pieces += 1
        self.last_at = max(self.last_at, at)

    def remember(self, wording: Wording) -> None:
        """A piece tells it in words of its own."""
        self.wordings = (*self.wordings, wording)[-WORDINGS:]

    def has_another_like(self, wording: Wording) -> bool:
        """Whether a piece in it is of the same kind as this one, and tells of another thing."""
        return any(two_of_a_kind(wording, other) for other in self.wordings)

    def absorb(self, other: "Story") -> None:
        """The other was this story all along."""
        self._add(zip(other._numbers, other._weights, strict=True))
        self.pieces += other.pieces
        self.last_at = max(self.last_at, other.last_at)
        self.wordings = tuple(sorted((*self.wordings, *other.wordings)))[-WORDINGS:]

    def likeness(self, terms: Mapping[int, float]) -> float:
        """How alike a piece with these terms is, from 0 to 1.

        Between the mean of its cosines with all pieces, which shuts out whoever is new to a long story, and
        the cosine with their sum, which lets a long story swallow its neighbours.
        """
        return self._dot(terms) / sqrt(self.pieces * self._length) if self._length else 0.0

    def kinship(self, other: "Story") -> float:
        """How alike the two stories are: the cosine of their sums."""
        terms = dict(zip(other._numbers, other._weights, strict=True))
        return self._dot(terms) / (self._length * other._length) if self._length and other._length else 0.0

    def _dot(self, terms: Mapping[int, float]) -> float:
        shared = zip(map(terms.get, self._numbers), self._weights, strict=True)
        return sum([own * weight for own, weight in shared if own])

    def _add(self, terms: Iterable[Term]) -> None:
        sums = dict(zip(self._numbers, self._weights, strict=True))
        for number, weight in terms if sums else ():
            sums[number] = sums.get(number, 0.0) + weight
        sums = sums or dict(terms)
        best = sorted([(-weight, number) for number, weight in sums.items()])[:TERMS]
        self._numbers = array("I", [number for _, number in best])
        self._weights = array("f", [-weight for weight, _ in best])
        self._length = sqrt(sum(map(mul, self._weights, self._weights)))
