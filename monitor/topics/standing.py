"""A topic in the percolator: which clauses it waits for, and what its spans are once one of them stands."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from monitor.topics.matcher import CompiledTopic
from monitor.topics.parts import AnyOf, Part, Somewhere, walk
from monitor.topics.sheet import TEXT

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.words import Word


class Standing:
    """A topic that waits for one of its `clauses` to stand.

    Either one is enough (`is_any`), or the word `beside` it must be found too, if there is such a word, and
    then it is verified. Without clauses it is verified for every document.
    """

    __slots__ = ("beside", "clauses", "compiled", "is_any", "name", "order")

    def __init__(self, order: int, compiled: CompiledTopic) -> None:
        key = compiled.part.key()
        self.order = order
        self.name = compiled.topic.name
        self.compiled = compiled
        self.clauses = key.clauses if key else ()
        self.is_any = bool(self.clauses) and not compiled.is_narrowed and _is_any(compiled.part)
        firsts = {clause.required[0] for clause in self.clauses}
        others = (word for word in compiled.part.required() if word not in firsts)
        self.beside = min(others, key=lambda word: word.frequency, default=None)

    def words(self) -> "list[Word]":
        """All the words that matching it looks up."""
        parts = walk(self.compiled.part)
        return [word for part in parts if isinstance(part, Somewhere) for word in part.clause.required]


class Watchers:
    """The topics that wait for a clause: those that it is `enough` for, the others by the word beside it.

    Those that need no word beside it wait for the clause's own.
    """

    __slots__ = ("clause", "enough", "waiting")

    def __init__(self, clause: "Clause") -> None:
        self.clause = clause
        self.enough: list[Standing] = []
        self.waiting: dict[Word, list[Standing]] = {}

    def __bool__(self) -> bool:
        return bool(self.enough or self.waiting)

    def add(self, standing: Standing) -> None:
        """Let it wait for the clause."""
        if standing.is_any:
            self.enough.append(standing)
        else:
            self.waiting.setdefault(standing.beside or self.clause.required[0], []).append(standing)

    def remove(self, standing: Standing) -> None:
        """Let it wait no more."""
        if standing.is_any:
            self.enough.remove(standing)
            return
        beside = standing.beside or self.clause.required[0]
        self.waiting[beside].remove(standing)
        if not self.waiting[beside]:
            del self.waiting[beside]

    def all(self) -> "Iterator[Standing]":
        """All of them."""
        return chain(self.enough, *self.waiting.values())


def _is_any(part: Part) -> bool:
    """Whether it matches as soon as one of its clauses stands in the running text."""
    if isinstance(part, AnyOf):
        return all(map(_is_any, part.alternatives))
    return isinstance(part, Somewhere) and part.fields == TEXT
