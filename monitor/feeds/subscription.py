"""A subscription: the wish to follow a feed. Data only; the configuration makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The wish to follow a feed: its URL, name and labels, and how to poll it.

    `interval` is the time between polls, None for the settings' default; `backfill` is how far back the
    first document's entries may be told (zero: its first document is a silent baseline).
    `allow_private` lets its URL lead into private networks. `headers` are sent to its origin only.
    """

    url: str
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    interval: timedelta | None = None
    backfill: timedelta = timedelta()
    allow_private: bool = False
    user_agent: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
