"""What goes into the store and comes out of it, one small record a purpose. Data only."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from monitor.alerts.alert import Alert
from monitor.feeds.entry import Entry
from monitor.records import dataclass
from monitor.topics.match import Span

HitState = Literal["pending", "told", "kept"]
DeliveryState = Literal["due", "delivered", "dead", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry to store, with all its keys and the tokens of its title and body for the full-text index.

    Without these it is indexed later, by somebody else.
    """

    feed_id: int
    entry: Entry
    keys: tuple[bytes, ...]
    content_hash: bytes
    index_text: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as stored; `feed` is the feed's name, or its URL where it has none."""

    entry_id: int
    feed_id: int
    feed: str
    feed_url: str
    entry: Entry
    seen_at: datetime
    revised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHit:
    """A hit to store; `again`: its topic may have hit the entry before, and asks to hear of it again."""

    topic: str
    entry_id: int
    watchlist: str
    version: str
    spans: tuple[Span, ...]
    labels: Mapping[str, str]
    found_at: datetime
    state: HitState = "pending"
    reason: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A hit as stored, with its entry."""

    hit_id: int
    topic: str
    watchlist: str
    version: str
    spans: tuple[Span, ...]
    labels: Mapping[str, str]
    found_at: datetime
    state: HitState
    reason: str
    entry: StoredEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to make: the target's key and how it may be shown."""

    target: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as stored, with its alert."""

    delivery_id: int
    alert: Alert
    receiver: str
    target: str
    label: str
    state: DeliveryState
    attempts: int
    next_at: datetime
    first_at: datetime | None
    ended_at: datetime | None
    error: str
    may_repeat: bool = False
    """An earlier attempt may have arrived though nobody said so."""
    plain: bool = False
    """The service refused it as it was: it is said short and plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonRow:
    """What the running (or last) daemon says of itself."""

    pid: int
    version: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None
    config_loaded_at: datetime
    config_error: str
    config_error_since: datetime | None
    offline_since: datetime | None = None
    """Since when no server could be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds."""

    entries: int = 0
    hits: Mapping[str, int] = field(default_factory=dict)
    """Hits by state."""
    alerts: int = 0
    deliveries: Mapping[str, int] = field(default_factory=dict)
    """Deliveries by state."""
