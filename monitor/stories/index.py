"""Rare terms → the stories that have them: where candidates come from, so that none is compared with all."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

from monitor.stories.frequencies import Term
from monitor.stories.packing import Unpacking, pack

RARE = 12
"""Terms of a piece by which it can be found: its rarest. It looks for others by all of its own."""
MOST = 100
"""Stories kept of a term, the newest: what more have is not rare, and an old one hardly returns."""

_NONE: list[int] = []


class RareTerms:
    """The index, in two generations like the frequencies."""

    def __init__(self) -> None:
        self._now: defaultdict[int, list[int]] = defaultdict(list)
        self._before: defaultdict[int, list[int]] = defaultdict(list)

    def to_bytes(self) -> bytes:
        """As it is kept."""
        return b"".join(
            pack("I", stories.keys())
            + pack("H", map(len, stories.values()))
            + pack("q", chain.from_iterable(stories.values()))
            for stories in (self._now, self._before)
        )

    @classmethod
    def read(cls, packed: Unpacking) -> "RareTerms":
        """What `to_bytes` made."""
        index = cls()
        for stories in (index._now, index._before):
            numbers, lengths, names = packed.array("I"), packed.array("H"), packed.array("q").tolist()
            ends = list(accumulate(lengths, initial=0))
            stories.update(
                (number, names[start:end])
                for number, (start, end) in zip(numbers, pairwise(ends), strict=True)
            )
        return index

    def add(self, terms: Sequence[Term], story: int) -> None:
        """A piece with these terms, the weightiest first, is told in this story."""
        for number, _ in terms[:RARE]:
            stories = self._now[number]
            if story not in (stories if len(stories) <= MOST else stories[-MOST:]):
                stories.append(story)
                if len(stories) > 2 * MOST:
                    del stories[:-MOST]

    def candidates(self, terms: Sequence[Term]) -> dict[int, float]:
        """Stories that share terms with a piece, and the weight of what they share.

        Beyond its rarest terms those count that few stories have: the others would bring in everybody.
        """
        shared: defaultdict[int, float] = defaultdict(float)
        now, before = self._now.get, self._before.get
        for place, (number, weight) in enumerate(terms):
            recent, older = now(number, _NONE)[-MOST:], before(number, _NONE)
            room = MOST - len(recent)
            if place >= RARE and len(older) >= room:
                continue
            if older and room:
                recent = older[-room:] + recent
            for name in recent:
                shared[name] += weight
        return shared

    def turn(self) -> None:
        """Begin a new generation; the one before the last is forgotten."""
        self._before, self._now = self._now, defaultdict(list)
