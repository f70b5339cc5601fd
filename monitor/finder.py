"""A URL → the feeds that are there: itself, or those of the page that it is, each tried.

    retrieve ─ a feed? that is it
            └─ a page ─ discover: declared, linked ─ retrieve each ─ feeds?
                                                  ├─ none: those of the pages that it links to
                                                  └─ none: the usual places

Where a feed may be feeds/discover.py says. Writes nothing.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.config.secrets import mask_feed_url
from monitor.config.settings import Settings
from monitor.egress import Egress
from monitor.errors import ForbiddenAddressError, MonitorError, ParseError, RetrieveError
from monitor.feeds.discover import Candidate, How, candidates, usual_places
from monitor.feeds.entry import Parsed
from monitor.feeds.parse import parse
from monitor.feeds.retrieve import Retrieved, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.sandbox import Sandbox

PARSE_SECONDS = 20.0
DISCOVER_SECONDS = 10.0
PAGES = 4
"""So many pages are read for the feeds that they name; a site has a page of its feeds, not many."""

_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_VERSION = re.compile(r"(rss|atom|json)(\d?)(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A feed that is there: what it says of itself, and how it was found."""

    url: str
    title: str
    how: How
    version: str
    entries: int
    newest: datetime | None

    @property
    def format(self) -> str:
        """The format that it is written in, as people call it: RSS 2.0; "" where it says none."""
        said = _VERSION.match(self.version)
        if said is None:
            return ""
        name, *numbers = said.groups(default="")
        return f"{_FORMATS[name]} {'.'.join(filter(None, numbers))}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An address at which there is no feed, why, and the page that is there if one is."""

    url: str
    why: str
    page: Retrieved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The feeds, the best first, and where there was none; `unsafe` is why not https was taken but http."""

    finds: tuple[Find, ...] = ()
    misses: tuple[Miss, ...] = ()
    unsafe: str = ""

    @property
    def is_itself(self) -> bool:
        """Whether the address that was asked for is the feed."""
        return bool(self.finds) and self.finds[0].how == "itself"


def addresses_of(typed: str) -> tuple[str, ...]:
    """What somebody means, the best first: an address without a scheme is a host's, https or else http.

    One with a login or a key in it is never asked for over http, where everybody could read that.
    """
    if "://" in typed:
        return (typed,)
    safe = f"https://{typed}"
    return (safe, f"http://{typed}") if mask_feed_url(safe) == safe else (safe,)


async def look_for_feeds(typed: str, *, settings: Settings, allow_private: bool) -> Found:
    """The feeds at this address, looked for as the settings say; raises RetrieveError as `Finder.find`."""
    poll = settings.poll
    egress = Egress(
        timeout=poll.timeout.total_seconds(), max_bytes=poll.max_bytes, user_agent=poll.user_agent
    )
    with Sandbox(settings.parse.workers, preload=("monitor.feeds.parse",)) as sandbox:
        async with egress:
            return await Finder(egress=egress, sandbox=sandbox, allow_private=allow_private).find(typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """What looks for feeds: the way out, and children that read."""

    egress: Egress
    sandbox: Sandbox
    allow_private: bool = False

    async def find(self, typed: str) -> Found:
        """The feeds at this address; raises RetrieveError where not even a page is there."""
        first, *others = addresses_of(typed)
        try:
            return await self._find(first)
        except RetrieveError as error:
            if not others or error.status is not None or isinstance(error, ForbiddenAddressError):
                raise
            return await self._find_unsafe(others[0], error)

    async def _find_unsafe(self, url: str, why: RetrieveError) -> Found:
        """The feeds at this address, after nobody has answered over https."""
        try:
            return replace(await self._find(url), unsafe=str(why))
        except RetrieveError as error:
            raise RetrieveError(f"over https: {why}; over http: {error}", url=url) from error

    async def _find(self, url: str) -> Found:
        first = await self._read(Candidate(url=url, how="itself"), await self._retrieve(url))
        if isinstance(first, Find):
            return Found(finds=(first,))
        found = Found(misses=(first,))
        for look in (self._named, self._named, self._usual):  # on the page, on the pages that it names, usual
            found = await self._try(await look(found), found)
            if found.finds:
                break
        return found

    async def _named(self, found: Found) -> list[Candidate]:
        """What the pages name that were found so far, and that was not tried."""
        named: dict[str, Candidate] = {}
        for page in [miss.page for miss in found.misses if miss.page][:PAGES]:
            body = page.body or b""
            some = await self.sandbox.run(candidates, body, url=page.url, timeout=DISCOVER_SECONDS)
            named |= {one.url: one for one in some}
        tried = {miss.url for miss in found.misses}
        return [one for one in named.values() if one.url not in tried]

    async def _usual(self, found: Found) -> list[Candidate]:
        page = found.misses[0].page
        return list(usual_places(page.url)) if page else []

    async def _try(self, some: Sequence[Candidate], before: Found) -> Found:
        results = await asyncio.gather(*map(self._try_one, some))
        misses = [result for result in results if isinstance(result, Miss)]
        finds = _each_once(result for result in results if isinstance(result, Find))
        return Found(finds=finds, misses=(*before.misses, *misses))

    async def _try_one(self, candidate: Candidate) -> Find | Miss:
        try:
            return await self._read(candidate, await self._retrieve(candidate.url))
        except MonitorError as error:
            return Miss(url=candidate.url, why=_without_advice(error))

    async def _read(self, candidate: Candidate, retrieved: Retrieved) -> Find | Miss:
        try:
            return _find(candidate, retrieved, await self._parse(retrieved))
        except ParseError as error:
            return Miss(url=candidate.url, why=_without_advice(error), page=retrieved)

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
