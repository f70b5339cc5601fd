"""A URL → the feeds that are there: itself, or those of the page that it is, each tried.

    retrieve ─ a feed? that is it
            └─ a page ─ discover: declared, linked ─ retrieve each ─ feeds?
                                                  └─ none: the usual places

Where a feed may be feeds/discover.py says. Writes nothing.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.egress import Egress
from monitor.errors import MonitorError, ParseError
from monitor.feeds.discover import Candidate, How, candidates, usual_places
from monitor.feeds.entry import Parsed
from monitor.feeds.parse import parse
from monitor.feeds.retrieve import Retrieved, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.sandbox import Sandbox

PARSE_SECONDS = 20.0
DISCOVER_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A feed that is there: what it says of itself, and how it was found."""

    url: str
    title: str
    how: How
    version: str
    entries: int
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The feeds, the best first, and the addresses at which there was none, with the reason."""

    finds: tuple[Find, ...]
    misses: tuple[tuple[str, str], ...] = ()

    @property
    def is_itself(self) -> bool:
        """Whether the address that was asked for is the feed."""
        return bool(self.finds) and self.finds[0].how == "itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """What looks for feeds: the way out, and children that read."""

    egress: Egress
    sandbox: Sandbox
    allow_private: bool = False

    async def find(self, url: str) -> Found:
        """The feeds at this address; raises RetrieveError where not even a page is there."""
        retrieved = await self._retrieve(url)
        try:
            parsed = await self._parse(retrieved)
        except ParseError as error:
            return await self._find_on_page(retrieved, url, _without_advice(error))
        return Found(finds=(_find(Candidate(url=url, how="itself"), retrieved, parsed),))

    async def _find_on_page(self, page: Retrieved, url: str, why: str) -> Found:
        body = page.body or b""
        named = await self.sandbox.run(candidates, body, url=page.url, timeout=DISCOVER_SECONDS)
        found = await self._try(named)
        if not found.finds:
            usual = await self._try(usual_places(page.url))
            found = Found(finds=usual.finds, misses=(*found.misses, *usual.misses))
        return Found(finds=found.finds, misses=((url, why), *found.misses))

    async def _try(self, some: Sequence[Candidate]) -> Found:
        results = await asyncio.gather(*map(self._try_one, some))
        pairs = zip(some, results, strict=True)
        misses = [(one.url, result) for one, result in pairs if isinstance(result, str)]
        finds = _each_once(result for result in results if isinstance(result, Find))
        return Found(finds=finds, misses=tuple(misses))

    async def _try_one(self, candidate: Candidate) -> Find | str:
        """The feed, or why there is none."""
        try:
            retrieved = await self._retrieve(candidate.url)
            return _find(candidate, retrieved, await self._parse(retrieved))
        except MonitorError as error:
            return _without_advice(error)

    async def _retrieve(self, url: str) -> Retrieved:
        subscription = Subscription(url=url, allow_private=self.allow_private)
        return await retrieve(self.egress, subscription, FeedState(feed_id=0, url=url))

    async def _parse(self, retrieved: Retrieved) -> Parsed:
        return await self.sandbox.run(
            parse,
            retrieved.body,
            url=retrieved.url,
            content_type=retrieved.content_type,
            timeout=PARSE_SECONDS,
        )


def _without_advice(error: MonitorError) -> str:
    """What is wrong, and not that somebody could look for the feed: that is what is done."""
    return str(error).partition(";")[0]


def _find(candidate: Candidate, retrieved: Retrieved, parsed: Parsed) -> Find:
    dates = [moment for entry in parsed.entries if (moment := entry.published or entry.updated)]
    return Find(
        url=retrieved.moved_to or candidate.url,
        title=parsed.feed.title or candidate.title,
        how=candidate.how,
        version=parsed.feed.version,
        entries=len(parsed.entries),
        newest=max(dates, default=None),
    )


def _each_once(finds: Iterable[Find]) -> tuple[Find, ...]:
    """The feeds without those that another address gave already."""
    seen: set[object] = set()
    kept: list[Find] = []
    for find in finds:
        marks = {find.url, (find.title, find.version, find.entries, find.newest)}
        if not seen & marks:
            kept.append(find)
        seen |= marks
    return tuple(kept)
