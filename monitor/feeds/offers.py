"""What a feed offers to those who want to be told: a hub, and the topic that it knows the feed by. Pure.

The Link header of the answer says it, else the document; the first that names a hub is believed (WebSub, 4).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.feeds.state import FeedState
from monitor.records import dataclass

if TYPE_CHECKING:
    from monitor.feeds.entry import Feed

_MOST_LINKS = 100
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*.-]+\s*(?:=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s;,\"]*))?)*)")
_PARAMETER = re.compile(r";\s*([\w*.-]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A hub that tells of a feed, and the topic: the feed's address as the hub knows it."""

    hub: str
    topic: str


def offer_of(link_header: str, feed: "Feed | None", *, url: str) -> Offer | None:
    """What a feed offers: by the Link header of its answer, else by its document; None for nothing.

    `url` is where the document came from: the topic of a feed that does not say what it is called itself.
    """
    links = list(links_of(link_header, url=url)) if link_header else []
    hub = best_hub(to for rel, to in links if rel == "hub") or (feed.hub if feed else "")
    if not hub:
        return None
    itself = next((to for rel, to in links if rel == "self"), "")
    return Offer(hub=hub, topic=itself or (feed.self_link if feed else "") or url)


def learnt_offer(state: FeedState, link_header: str, feed: "Feed | None", *, url: str) -> FeedState:
    """The state with what an answer offers; one without a document changes nothing that is known."""
    if feed is None and state.hub:
        return state
    offer = offer_of(link_header, feed, url=url)
    if offer:
        return replace(state, hub=offer.hub, topic=offer.topic)
    return replace(state, hub="", topic="") if feed and state.hub else state


def best_hub(hubs: Iterable[str]) -> str:
    """The first one that is asked over TLS, else the first; "" where there is none."""
    every = [hub for hub in hubs if hub]
    return next((hub for hub in every if hub.lower().startswith("https:")), every[0] if every else "")


def links_of(header: str, *, url: str) -> Iterator[tuple[str, str]]:
    """Relations and absolute addresses in a Link header (RFC 8288); what is about other pages is left out."""
    from monitor.feeds.text import absolute  # what cleans texts, where there is one

    for number, found in enumerate(_LINK.finditer(header)):
        if number == _MOST_LINKS:
            return
        given = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(found[2])}
        to = absolute(found[1], url)
        if to and "anchor" not in given:
            yield from ((rel, to) for rel in given.get("rel", "").lower().split())
