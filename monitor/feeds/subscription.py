"""A subscription: the wish to follow a feed. Data only; the configuration makes it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Literal

from monitor.egress.passage import DIRECT, Passage
from monitor.records import dataclass

FullText = Literal["topics", "when_short", "always", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The wish to follow a feed: its URL, name and labels, and how to poll it.

        `interval` is the time between polls, None for the settings' default; between `min_interval` and
    `max_interval` its rhythm may move it. `backfill` is how far back the first document's entries may be
    told (zero: its first document is a silent baseline).
    `owner` is who publishes it, where that is not its site: feeds of one owner are one origin.
    `full_text` says whether the pages of its entries are read: where topics ask for it, for all topics where
    the feed tells little, always, or never. `allow_private` lets its URL, and those of its pages, lead into
    private networks. `headers`, with the credentials among them, are sent to its origin only; `passage` is
    its way out. `local`: its URL may name a file or a command.
    """

    url: str
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    interval: timedelta | None = None
    min_interval: timedelta | None = None
    max_interval: timedelta | None = None
    backfill: timedelta = timedelta()
    full_text: FullText = "topics"
    owner: str = ""
    allow_private: bool = False
    user_agent: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    passage: Passage = DIRECT
    local: bool = False
