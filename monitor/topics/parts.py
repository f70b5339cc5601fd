"""The parts of a compiled query: a clause in its fields, AND with NOT, OR, NEAR.

Each says where it stands on a sheet, or that it does not; and for the presearch, what it can not do without.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from monitor.topics.near import Group, Stretch, groups_near
from monitor.topics.sheet import Sheet

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.sheet import Occurrence
    from monitor.topics.words import Word

_STRETCH = itemgetter(0, 1)

FEW = 8
"""An OR of more alternatives looks which of the words that were found are its own, and leaves the others."""


class Key(NamedTuple):
    """Clauses of which one must stand, and in how many of a thousand documents one may."""

    frequency: float
    clauses: "tuple[Clause, ...]"


class Part(ABC):
    """A part of a compiled query."""

    __slots__ = ()

    @abstractmethod
    def match(self, sheet: Sheet) -> "Sequence[Occurrence] | None":
        """The places that make it match, in no order; None where it does not match."""

    @abstractmethod
    def groups(self, sheet: Sheet) -> Sequence[Stretch]:
        """The same for NEAR: what belongs together, in order."""

    @abstractmethod
    def parts(self) -> "Sequence[Part]":
        """What it is made of."""

    @abstractmethod
    def key(self) -> Key | None:
        """What it can not match without, as rare as can be; None where there is nothing such."""

    @abstractmethod
    def required(self) -> "Iterable[Word]":
        """Words that must all be found."""


class Somewhere(Part):
    """A clause in some fields."""

    __slots__ = ("clause", "fields")

    def __init__(self, clause: "Clause", fields: frozenset[str]) -> None:
        self.clause = clause
        self.fields = fields

    def match(self, sheet: Sheet) -> "Sequence[Occurrence] | None":
        return sheet.places_in(self.clause, self.fields) or None

    def groups(self, sheet: Sheet) -> Sequence[Stretch]:
        return sheet.places_in(self.clause, self.fields)

    def parts(self) -> Sequence[Part]:
        return ()

    def key(self) -> Key | None:
        words = self.clause.required
        return Key(words[0].frequency, (self.clause,)) if words else None

    def required(self) -> "Iterable[Word]":
        return self.clause.required


class AllOf(Part):
    """AND: all that is wanted, and nothing that is not."""

    __slots__ = ("unwanted", "wanted")

    def __init__(self, wanted: Sequence[Part], unwanted: Sequence[Part]) -> None:
        self.wanted = tuple(sorted(wanted, key=_rarity))
        self.unwanted = tuple(unwanted)

    def match(self, sheet: Sheet) -> "Sequence[Occurrence] | None":
        places: Sequence[Occurrence] = ()
        for part in self.wanted:
            found = part.match(sheet)
            if found is None:
                return None
            places = [*places, *found] if places else found
        for part in self.unwanted:
            if part.match(sheet) is not None:
                return None
        return places

    def groups(self, sheet: Sheet) -> Sequence[Stretch]:
        raise NotImplementedError("AND can not stand beside NEAR")

    def parts(self) -> Sequence[Part]:
        return self.wanted + self.unwanted

    def key(self) -> Key | None:
        return self.wanted[0].key()  # the rarest is the first

    def required(self) -> "Iterable[Word]":
        return chain.from_iterable(part.required() for part in self.wanted)


class AnyOf(Part):
    """OR: the places of all that matches."""

    __slots__ = ("_by_word", "alternatives")

    def __init__(self, alternatives: Sequence[Part]) -> None:
        self.alternatives = tuple(alternatives)
        self._by_word = _by_word(self.alternatives) if len(self.alternatives) > FEW else None

    def match(self, sheet: Sheet) -> "Sequence[Occurrence] | None":
        found = [places for part in self._promising(sheet) if (places := part.match(sheet)) is not None]
        return (found[0] if len(found) == 1 else list(chain.from_iterable(found))) if found else None

    def groups(self, sheet: Sheet) -> Sequence[Stretch]:
        return sorted(
            chain.from_iterable(part.groups(sheet) for part in self._promising(sheet)), key=_STRETCH
        )

    def parts(self) -> Sequence[Part]:
        return self.alternatives

    def key(self) -> Key | None:
        keys = [part.key() for part in self.alternatives]
        if None in keys:
            return None
        known = [key for key in keys if key]
        clauses = dict.fromkeys(clause for key in known for clause in key.clauses)
        return Key(sum(key.frequency for key in known), tuple(clauses))

    def required(self) -> "Iterable[Word]":
        return ()

    def _promising(self, sheet: Sheet) -> Iterable[Part]:
        """The alternatives that can match: all, or after a presearch those whose words were found."""
        by_word = self._by_word
        if by_word is None or sheet.lexicon is None:
            return self.alternatives
        numbers = {number for word in by_word.keys() & sheet.found_words() for number in by_word[word]}
        return [self.alternatives[number] for number in sorted(numbers)]


class NearBy(Part):
    """NEAR: places of the left and of the right with few words between."""

    __slots__ = ("distance", "left", "ordered", "right")

    def __init__(self, left: Part, right: Part, *, distance: int, ordered: bool) -> None:
        self.left = left
        self.right = right
        self.distance = distance
        self.ordered = ordered

    def match(self, sheet: Sheet) -> "Sequence[Occurrence] | None":
        groups = self.groups(sheet)
        if len(groups) < 2:
            return groups[0].places if groups else None
        return list(chain.from_iterable(group.places for group in groups))

    def groups(self, sheet: Sheet) -> list[Group]:
        left = self.left.groups(sheet)
        right = self.right.groups(sheet) if left else []
        return groups_near(sheet, left, right, distance=self.distance, ordered=self.ordered) if right else []

    def parts(self) -> Sequence[Part]:
        return (self.left, self.right)

    def key(self) -> Key | None:
        return _rarest((self.left.key(), self.right.key()))

    def required(self) -> "Iterable[Word]":
        yield from self.left.required()
        yield from self.right.required()


def somewheres(part: Part) -> list[Somewhere]:
    """All the clauses in it, each in its fields."""
    if isinstance(part, Somewhere):  # as most queries are: half of a build's walks
        return [part]
    return [each for each in walk(part) if isinstance(each, Somewhere)]


def walk(part: Part) -> Iterator[Part]:
    """The part and everything in it."""
    waiting = [part]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(part.parts())


def _rarest(keys: Iterable[Key | None]) -> Key | None:
    return min(filter(None, keys), key=lambda key: key.frequency, default=None)


def _rarity(part: Part) -> float:
    key = part.key()
    return key.frequency if key else float("inf")


def _by_word(alternatives: Sequence[Part]) -> "dict[Word, list[int]] | None":
    """The alternatives by the words that they need; None where one needs none."""
    numbers: dict[Word, list[int]] = {}
    for number, part in enumerate(alternatives):
        key = part.key()
        if key is None:
            return None
        for clause in key.clauses:
            numbers.setdefault(clause.required[0], []).append(number)
    return numbers
