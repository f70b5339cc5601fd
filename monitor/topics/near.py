"""Which places on a sheet are near each other: NEAR, ONEAR and phrases with slop. Knows no query.

Works on lists of places in order and looks from each only at its nearest, so that the work grows with the
number of places and not with its square.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.sheet import Occurrence, Sheet

    Place = tuple[int, int, Clause]
    """Where a word of a phrase stands."""

_START, _END = itemgetter(0), itemgetter(1)


class Group(NamedTuple):
    """Places that belong together, and the stretch they take up."""

    start: int
    end: int
    places: "tuple[Occurrence, ...]"


Stretch = Union["Occurrence", Group]
"""What stands beside NEAR: a place, or several that belong together."""


def groups_near(
    sheet: "Sheet", left: Sequence[Stretch], right: Sequence[Stretch], *, distance: int, ordered: bool
) -> list[Group]:
    """One group for each of the left and one of the right that are near each other, in order."""
    sheet.spend(len(left) + len(right))
    if len(left) == len(right) == 1:
        return _near_ones(sheet, left[0], right[0], distance=distance, ordered=ordered)
    found: dict[tuple[int, int], Group] = {}
    for one, other in _neighbours(left, right, ordered=ordered):
        if _is_near(sheet, one, other, distance):
            group = _joined(one, other)
            found.setdefault(group[:2], group)
    return [found[stretch] for stretch in sorted(found)]


def places_of(stretch: Stretch) -> "tuple[Occurrence, ...]":
    """The places that it is made of."""
    return stretch.places if isinstance(stretch, Group) else (stretch,)


def _near_ones(sheet: "Sheet", one: Stretch, other: Stretch, *, distance: int, ordered: bool) -> list[Group]:
    """The same where there is one on each side, as nearly always."""
    is_near = (one[1] <= other[0] or not ordered) and _is_near(sheet, one, other, distance)
    return [_joined(one, other)] if is_near else []


def _joined(one: Stretch, other: Stretch) -> Group:
    return Group(min(one[0], other[0]), max(one[1], other[1]), places_of(one) + places_of(other))


def windows(
    sheet: "Sheet", places: "Sequence[Place]", counts: "Mapping[Clause, int]", slop: int
) -> Iterator[tuple[int, int]]:
    """The shortest stretches that hold each clause so many times and at most `slop` other words.

    The places are in order; stretches that overlap an earlier one are left out.
    """
    wanted, missing, first, done = dict(counts), sum(counts.values()), 0, 0
    words: dict[Clause, int] = {}
    for start, end, clause in places:
        words[clause] = sheet.words_between(start, end)
        missing -= wanted[clause] > 0
        wanted[clause] -= 1
        while not missing and wanted[places[first][2]] < 0:
            wanted[places[first][2]] += 1
            first += 1
        begin = places[first][0]
        if missing or begin < done or not sheet.is_one_paragraph(begin, end):
            continue
        others = sheet.words_between(begin, end) - sum(words[each] * count for each, count in counts.items())
        if 0 <= others <= slop:
            done = end
            yield begin, end


def _neighbours(
    left: Sequence[Stretch], right: Sequence[Stretch], *, ordered: bool
) -> Iterable[tuple[Stretch, Stretch]]:
    """Each of the left with the nearest of the right behind it, each of the right with that before it.

    Unless they are `ordered`, also the other way round, and one inside the other's stretch.
    """
    if ordered:
        return _followed(left, right)
    return chain(_followed(left, right), _followed(right, left), _inside(left, right), _inside(right, left))


def _followed(ones: Sequence[Stretch], others: Sequence[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Each of the ones with the first other behind it, each of the others with the last one before it."""
    by_end = sorted(ones, key=_END) if len(ones) > 1 else ones
    passed = 0
    for other in others:
        seen = passed
        while passed < len(by_end) and by_end[passed][1] <= other[0]:
            yield by_end[passed], other
            passed += 1
        if passed == seen and passed:
            yield by_end[passed - 1], other


def _inside(ones: Sequence[Stretch], others: Sequence[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Each of the ones that are apart in themselves with the first of the others inside."""
    for one in ones:
        if isinstance(one, Group):
            inside = bisect_right(others, one[0], key=_START)
            if inside < len(others) and others[inside][0] < one[1]:
                yield one, others[inside]


def _is_near(sheet: "Sheet", one: Stretch, other: Stretch, distance: int) -> bool:
    if other[0] < one[0]:
        one, other = other, one
    if other[0] >= one[1]:
        return sheet.is_within(one[1], other[0], distance) and sheet.is_one_paragraph(one[1], other[0])
    return not any(
        start < other_end and other_start < end
        for start, end, _ in places_of(one)
        for other_start, other_end, _ in places_of(other)
    )
