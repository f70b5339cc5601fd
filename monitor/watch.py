"""The topics that run, as ingest, pages and replay ask for them."""

import asyncio
import threading
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.topics.topic import Topic

if TYPE_CHECKING:
    from monitor.topics.matcher import CompiledTopic
    from monitor.topics.percolator import Percolator


class Watch:
    """The topics that run. What takes a while to build is built when it is first asked for."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = {topic.name: topic for topic in topics}
        self._versions: dict[str, str] = {}
        self._building = threading.Lock()
        self._is_built = False

    @classmethod
    def of(cls, topics: Iterable[Topic]) -> "Watch":
        """A watch over these topics."""
        return cls(topics)

    async def built(self) -> "Watch":
        """Itself, with everything built: by a thread, while the event loop goes on."""
        if not self._is_built:
            await asyncio.to_thread(self._build)
        return self

    def _build(self) -> None:
        with self._building:
            _ = self.full_text  # and, for that, the percolator
            self._is_built = True

    @cached_property
    def percolator(self) -> "Percolator":
        """All topics, built when first asked for."""
        from monitor.topics.percolator import Percolator

        return Percolator(self.topics.values())

    @cached_property
    def full_text(self) -> "Mapping[str, CompiledTopic]":
        """Those that ask for full text."""
        from monitor.topics.matcher import compile_topic

        broken = self.percolator.broken
        asking = (topic for topic in self.topics.values() if topic.full_text and topic.name not in broken)
        return {topic.name: compile_topic(topic) for topic in asking}

    def version_of(self, topic: str) -> str:
        """The version of a topic's query; of a large one it takes a while to say."""
        from monitor.topics.percolator import version_of

        if topic not in self._versions:
            self._versions[topic] = version_of(self.topics[topic])
        return self._versions[topic]
