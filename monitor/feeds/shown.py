"""What a feed's last document showed: its items, and the entry that each became. Pure; the store keeps it.

Packed, because there is one for every feed and most polls do not ask for it.
"""

import struct
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.records import dataclass

READ_WHOLE = timedelta(days=1)
"""How often a document is read whole though most of it is known: its head may say something new."""
NO_ENTRY = 0
"""What stands for the entry of an item that says nothing."""

_ITEM = struct.Struct("<16sq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The items of a feed's last document, packed, and when one was last read whole.

    There are none where it is not sure what its items are: then the next document is read whole.
    """

    packed: bytes = b""
    whole_at: datetime | None = None

    @classmethod
    def of(cls, items: Mapping[bytes, int], *, whole_at: datetime | None) -> "Shown":
        """These items, by their hashes, and their entries' ids (or NO_ENTRY)."""
        return cls(packed=b"".join(map(_ITEM.pack, items, items.values())), whole_at=whole_at)

    def items(self) -> dict[bytes, int]:
        """The entry that each item became, by the item's hash."""
        return dict(_ITEM.iter_unpack(self.packed))

    def may_leave_out(self, now: datetime) -> dict[bytes, int]:
        """The items that need not be read again: none when it is time to read a document whole."""
        if self.whole_at is None or not timedelta() <= now - self.whole_at < READ_WHOLE:
            return {}
        return self.items()


NOTHING_SHOWN = Shown()
