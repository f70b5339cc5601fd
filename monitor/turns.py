"""Turns at what takes few at once: who finds none left waits outside; contains no business logic."""

from collections import Counter, defaultdict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """At most `at_once` turns for each key; the others wait in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._taken: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[T]] = defaultdict(deque)

    @property
    def full(self) -> list[str]:
        """The keys that have no turn left."""
        return [key for key, count in self._taken.items() if count >= self._at_once]

    def take(self, key: str, one: T) -> bool:
        """Whether its turn is now; where not, it waits."""
        if self._taken[key] >= self._at_once:
            self._waiting[key].append(one)
            return False
        self._taken[key] += 1
        return True

    def hand_on(self, key: str) -> T | None:
        """Who has the turn that ends here: the one that waited longest, None where nobody does."""
        if waiting := self._waiting.get(key):
            return waiting.popleft()
        self._waiting.pop(key, None)
        self._taken[key] -= 1
        if not self._taken[key]:
            del self._taken[key]
        return None
