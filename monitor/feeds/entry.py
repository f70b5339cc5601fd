"""What a feed document holds, in Atom's words (RFC 4287). Data only."""

import re
from dataclasses import field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from monitor.records import dataclass

_PLAIN = re.compile("https?://([a-z0-9.-]+)/")
"""How nearly all links begin."""


def host_of(url: str) -> str:
    """The host that a URL names, "" where it names none."""
    if plain := _PLAIN.match(url):
        return plain[1]
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry."""

    url: str
    type: str = ""
    length: int | None = None


class Entry(NamedTuple):
    """One entry as its feed shows it.

    `title` and `author` are plain text; `summary` and `content` are always HTML (text that the feed
    declares as plain arrives here escaped), empty where the feed has none. `guid` is the Atom id, the RSS
    guid or the JSON Feed id. Dates are aware and UTC, None where absent or unreadable. `link` is absolute,
    and so is `source`, the site or feed that the entry says it was taken from.
    A tuple, because thirty are made of each first document, and come back from a child.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    lang: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    enclosures: tuple[Enclosure, ...] = ()
    source: str = ""

    @property
    def site(self) -> str:
        """The host that its link names, "" where it names none."""
        return host_of(self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The head of a feed document: what it says of itself, and what it asks of those who poll it.

    `ttl` is in minutes; `skip_hours` are hours of the day in UTC, `skip_days` English names of days;
    `hub` and `self_link` are WebSub's; `update_period`/`update_frequency` are RSS syndication's.
    """

    title: str = ""
    link: str = ""
    lang: str = ""
    version: str = ""
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    update_period: str = ""
    update_frequency: int | None = None
    hub: str = ""
    self_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A feed document, read: its head and the entries that could be read, in the document's order.

    `warnings` says in plain words what was wrong with the document or with single entries.
    `items` are the hashes of the document's items, none where it is not sure what they are; `places` say
    which of them each entry was. Items that the caller knew already are `left_out` of the entries, so many.
    """

    feed: Feed
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    items: tuple[bytes, ...] = ()
    places: tuple[int, ...] = ()
    left_out: int = 0
