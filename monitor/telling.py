"""What an entry is in its story, as topics' hits and routes see it. Knows nothing of how stories are made."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.records import dataclass

if TYPE_CHECKING:
    from monitor.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an entry is in its story; `first_seen` is when its text was, None where that is now."""

    story: int
    origin: str
    first_seen: datetime | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """What routes see of it."""
        return {"story": str(self.story), "origin": self.origin}


def told_again(store: "Store", entry_id: int) -> Telling | None:
    """What an entry that was placed before is in its story."""
    for member in store.members([entry_id]):
        return Telling(story=member.story_id, origin=member.origin)
    return None
