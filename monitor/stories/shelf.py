"""The stories of the window by name: those that were kept stay packed until somebody asks for them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from monitor.stories.story import Story


class Shelf:
    """Stories by name. Most of those that come back after a start are never asked for."""

    def __init__(self, packed: Mapping[int, memoryview] | None = None) -> None:
        self._packed = dict(packed or {})
        self._open: dict[int, Story] = {}

    def __len__(self) -> int:
        return len(self._packed) + len(self._open)

    def __contains__(self, name: object) -> bool:
        return name in self._open or name in self._packed

    def __getitem__(self, name: int) -> Story:
        story = self._open.get(name)
        if story is None:
            story = self._open[name] = Story.from_bytes(self._packed.pop(name))
        return story

    def begun(self, name: int, at: datetime) -> Story:
        """The story of this name, a new one where there is none."""
        if name not in self:
            self._open[name] = Story(name, at)
        return self[name]

    def pop(self, name: int) -> Story:
        """Take a story off the shelf."""
        self[name]
        return self._open.pop(name)

    def forget(self, before: datetime) -> None:
        """Forget the stories that were last told before this moment."""
        self._open = {name: story for name, story in self._open.items() if story.last_at >= before}
        self._packed = {name: data for name, data in self._packed.items() if Story.told_at(data) >= before}

    def packed(self) -> Iterator[bytes | memoryview]:
        """Every story as it is kept."""
        yield from self._packed.values()
        yield from (story.to_bytes() for story in self._open.values())
