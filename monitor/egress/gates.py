"""Turns: at most so many at once for each key, the others in the order they came."""

import asyncio
from collections import Counter


class Gates:
    """At most so many at once for each key, the others in the order they came."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    def turn(self, key: str) -> "_Turn":
        """A turn: it is there inside `async with`."""
        return _Turn(self, key)

    async def _begin(self, key: str) -> None:
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = asyncio.Semaphore(self._at_once)
        self._users[key] += 1
        try:
            await gate.acquire()
        except BaseException:
            self._leave(key)
            raise

    def _end(self, key: str) -> None:
        self._gates[key].release()
        self._leave(key)

    def _leave(self, key: str) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            del self._users[key], self._gates[key]


class _Turn:
    """Every request takes one: a generator would cost three times as much."""

    __slots__ = ("_gates", "_key")

    def __init__(self, gates: Gates, key: str) -> None:
        self._gates = gates
        self._key = key

    async def __aenter__(self) -> None:
        await self._gates._begin(self._key)

    async def __aexit__(self, *_: object) -> None:
        self._gates._end(self._key)
