"""What recognising a document's entries takes and says. Data only."""

from dataclasses import field
from typing import Literal

from monitor.feeds.entry import Entry
from monitor.records import dataclass

Verdict = Literal["new", "revised", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of a key: the entry it belongs to, and the hash of what that said last."""

    entry_id: int
    content_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """An entry of a document and what it is; `entry_id` is the known entry, None for a new one.

    `keys` are all that it is to be known by from now on, `new_keys` those of them that were not known
    for it before. `at` is its number in the document, `places` are those of all entries that are this one.
    """

    entry: Entry
    at: int = field(compare=False, repr=False)
    keys: tuple[bytes, ...]
    entry_id: int | None
    verdict: Verdict
    content_hash: bytes
    new_keys: tuple[bytes, ...] = ()
    places: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A document's entries, each once; what its feed is recognised by from now on; what is odd about it."""

    items: tuple[Recognised, ...]
    identity: str
    note: str = ""
