"""What a poll, a push or a replay brings, and what becomes of it. Data only."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass

if TYPE_CHECKING:  # what most polls bring nothing of
    from monitor.feeds.entry import Entry, Parsed
    from monitor.prepared import Prepared
    from monitor.store.records import NewHit
    from monitor.topics.document import Document, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a poll, a push or a replay brought: what it taught of the feed and, if any, a document.

    `heard_at` is when the feed was heard before, None where that was never or does not matter.
    `items` are the hashes of all the document's items, `left_out` those that are known and were not parsed,
    and the entries that they are. Where that is all there is, nothing was `parsed`. `prepared` is what was
    made of the parsed entries before; where nothing was, ingest makes what it needs.
    `push` is the one that it was told by, None where we have asked.
    """

    state: FeedState
    subscription: Subscription
    next_poll_at: datetime | None
    parsed: "Parsed | None" = None
    prepared: "Prepared | None" = None
    heard_at: datetime | None = None
    items: tuple[bytes, ...] = ()
    left_out: Mapping[bytes, int] = field(default_factory=dict)
    note: str = ""
    push: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    """A new or edited entry of the feed of this name, as ingested; with its words, where they are at hand.

    Most entries have no word that any topic asks for: they are never made a document.
    """

    entry_id: int
    entry: "Entry"
    feed: str
    words: "Words | None" = None
    revised: bool = False

    @property
    def document(self) -> "Document":
        """The entry as topics see it, made anew each time."""
        from monitor.documents import document_of

        return document_of(self.entry, feed=self.feed, words=self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    """A new hit, as ingested."""

    hit_id: int
    hit: "NewHit"
    entry: "Entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of an arrival; `state` is the feed's state as it stands in the store now.

    `wished` counts the pages that are to be read; `lost` is the time from which entries may be missing, None
    where there is none; `odd` is what was found out about the feed's identifiers. Where there is a `doubt`
    nothing is stored: it says why the document must be read whole.
    """

    arrival: Arrival
    state: FeedState
    baseline: bool = False
    wished: int = 0
    lost: timedelta | None = None
    odd: str = ""
    doubt: str = ""
    entries: tuple[FoundEntry, ...] = field(default=())
    hits: tuple[FoundHit, ...] = field(default=())


def feed_name(arrival: Arrival) -> str:
    """How the feed is called: the subscription's name, or its URL."""
    return arrival.subscription.name or arrival.subscription.url
