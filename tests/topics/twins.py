"""The compiled way and the plain one side by side: what tests that hold them equal share."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from monitor.topics import folded, phrases, presearch, sheet, standing
from monitor.topics.compiled import is_compiled
from monitor.topics.document import Document
from monitor.topics.match import Match
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic

USERS = (folded, phrases, presearch, sheet, standing)
"""The modules that take the compiled way where there is one."""


def leave_out_where_nothing_is_compiled() -> None:
    """Skip the file that calls this; but where all must be compiled, its tests are run, and fail."""
    if not is_compiled() and os.environ.get("MONITOR_COMPILE") != "must":
        pytest.skip("nothing is compiled here, there is only the plain way", allow_module_level=True)


@contextmanager
def in_plain_python() -> Iterator[None]:
    """Match meanwhile as where nothing is compiled."""
    with pytest.MonkeyPatch.context() as patch:
        for module in USERS:
            patch.setattr(module, "quick", None)
        yield


class Twins:
    """Two percolators of the same topics, a compiled one and a plain one, that must agree."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        topics = tuple(topics)
        self.quick = Percolator(topics)
        with in_plain_python():
            self.plain = Percolator(topics)

    def add(self, topic: Topic) -> None:
        self.quick.add(topic)
        with in_plain_python():
            self.plain.add(topic)

    def remove(self, name: str) -> None:
        self.quick.remove(name)
        with in_plain_python():
            self.plain.remove(name)

    def match(self, document: Document) -> tuple[Match, ...]:
        """What both find: the same topics in order, the same spans of the same types, the same broken."""
        found = self.quick.match(document)
        with in_plain_python():
            expected = self.plain.match(document)
        assert found == expected
        assert hash(found) == hash(expected)
        assert types(found) == types(expected)
        assert self.quick.broken == self.plain.broken
        return found


def types(matches: tuple[Match, ...]) -> set[tuple[type, ...]]:
    """What all is made of: a named tuple is equal to one without names."""
    return {(type(match), type(span), *map(type, span)) for match in matches for span in match.spans}
