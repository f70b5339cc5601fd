"""Due pages → retrieve → extract → match again: full text where the feed tells only the beginning.

    claim due pages, one a host ─ robots.txt ─ retrieve ─ extract in a child ─ article ─ take_page, one commit
                                                  └── why not, in words: later, or unreadable

Does not decide which pages are worth it (fulltext.py), nor how often one is tried (articles/reading.py).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from monitor.arrival import FoundHit
from monitor.articles.article import Article
from monitor.articles.extract import extract
from monitor.articles.reading import PAID, READ, Verdict, after_status, again, unreadable
from monitor.articles.robots import ALL_ALLOWED, MOST_BYTES, Robots
from monitor.egress import Egress
from monitor.errors import ArticleError, MonitorError, RetrieveError, SandboxError
from monitor.feeds.subscription import Subscription
from monitor.matched import take_page
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.pages import Page
from monitor.store.records import StoredEntry
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from monitor.watch import Watch

LEASE = timedelta(minutes=5)
EXTRACT_SECONDS = 20.0
ROBOTS_HOLD = timedelta(hours=24)
"""How long a host's robots.txt is taken for what it says (RFC 9309)."""
MOST_HOSTS = 2_000
"""Hosts whose robots.txt is remembered."""
_ACCEPT = {"Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"}


class Reads(Protocol):
    """What the reader must know of the configuration; asked anew for each page."""

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """Subscriptions by URL."""

    @property
    def watch(self) -> Watch:
        """The topics that run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """What came of an attempt to read a page."""

    page: Page
    at: datetime
    verdict: Verdict
    hits: tuple[FoundHit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What an attempt brought: a verdict, the article if any, and the pause that the host asks for."""

    verdict: Verdict
    article: Article | None = None
    pause: timedelta = timedelta()


class PageReader:
    """Reads pages. `tick` claims and starts what is due and returns at once; reports come as attempts end."""

    def __init__(  # noqa: PLR0913 - its parts, and what is set
        self,
        *,
        store: StoreThread,
        egress: Egress,
        sandbox: Sandbox,
        reads: Reads,
        agent: str,
        seconds: float,
        pause: timedelta,
        clock: Callable[[], datetime],
        on_report: Callable[[PageReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 8,
    ) -> None:
        self._store = store
        self._egress = egress
        self._sandbox = sandbox
        self._reads = reads
        self._agent = agent
        self._seconds = seconds
        self._pause = pause
        self._clock = clock
        self._on_report = on_report
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._robots: dict[str, tuple[datetime, Robots]] = {}

    async def tick(self) -> int:
        """Start reading what is due, as far as there are free slots; returns how many were started."""
        free, now = self._slots.free, self._clock()
        if not free:
            return 0
        claimed = await self._store.run(lambda store: store.claim_pages(now=now, limit=free, lease=LEASE))
        for page in claimed:
            self._slots.start(self._read(page))
        return len(claimed)

    async def read_all(self) -> None:
        """Read every page that is due, and those that only wait for their host's turn."""
        while True:
            started = await self.tick()
            await self._slots.drain()
            now = self._clock()
            next_at = await self._store.run(partial(_next_at, now=now))
            if next_at is None or next_at > now + self._pause:
                return
            if not started:
                await asyncio.sleep(max(0.01, (next_at - now).total_seconds()))

    async def close(self) -> None:
        """Give up what runs; its leases end by themselves."""
        await self._slots.cancel()

    async def _read(self, page: Page) -> None:
        entry = await self._store.run(lambda store: store.entry(page.entry_id))
        if entry is None:
            return  # forgotten meanwhile, and its page with it
        subscription = self._reads.subscriptions.get(entry.feed_url) or Subscription(url=entry.feed_url)
        answer = await self._attempt(page, subscription)
        await self._commit(page, entry, subscription, answer)

    async def _commit(
        self, page: Page, entry: StoredEntry, subscription: Subscription, answer: _Answer
    ) -> None:
        watch = await self._reads.watch.built() if answer.article else self._reads.watch
        now = self._clock()
        pause = max(self._pause, answer.pause)

        def keep(store: Store) -> tuple[FoundHit, ...]:
            with store.transaction():
                head = answer.article.head if answer.article else None
                store.save_page(page, answer.verdict, head=head, pause=pause, now=now)
                if answer.article is None:
                    return ()
                return take_page(
                    store,
                    entry,
                    answer.article,
                    topics=page.topics,
                    subscription=subscription,
                    watch=watch,
                    now=now,
                )

        hits = await self._store.run(keep)
        self._on_report(PageReport(page=page, at=now, verdict=answer.verdict, hits=hits))

    async def _attempt(self, page: Page, subscription: Subscription) -> _Answer:
        """Ask for the page and read it; whatever goes wrong is a verdict."""
        attempts = page.attempts + 1
        try:
            return await self._article(page, subscription)
        except ArticleError as error:
            return _Answer(verdict=unreadable(str(error)))
        except RetrieveError as error:
            verdict = again(str(error), attempts=attempts, now=self._clock())
            return _Answer(verdict=verdict if error.retryable else unreadable(str(error)))
        except SandboxError as error:
            return _Answer(verdict=unreadable(f"the page could not be read: {error}"))
        except MonitorError as error:
            return _Answer(verdict=again(str(error), attempts=attempts, now=self._clock()))

    async def _article(self, page: Page, subscription: Subscription) -> _Answer:
        robots = await self._rules(page, subscription)
        if robots is None:
            reason = "its robots.txt could not be read"
            return _Answer(verdict=again(reason, attempts=page.attempts + 1, now=self._clock()))
        if not robots.allow(page.url, self._agent):
            return _Answer(verdict=unreadable("the site's robots.txt asks us not to read it"))
        answer = await self._egress.request(
            "GET",
            page.url,
            headers=_ACCEPT,
            allow_private=subscription.allow_private,
            timeout=self._seconds,
        )
        pause = robots.pause(self._agent)
        if answer.status != 200:
            retry_after = answer.headers.get("Retry-After", "")
            verdict = after_status(
                answer.status, retry_after=retry_after, attempts=page.attempts + 1, now=self._clock()
            )
            return _Answer(verdict=verdict, pause=pause)
        article = await self._sandbox.run(
            extract,
            answer.body,
            url=answer.url,
            content_type=answer.headers.get("Content-Type", ""),
            timeout=EXTRACT_SECONDS,
        )
        return _Answer(verdict=PAID if article.head.is_paid else READ, article=article, pause=pause)

    async def _rules(self, page: Page, subscription: Subscription) -> Robots | None:
        """The rules of the page's host; None where they could not be had, and all is forbidden for now."""
        parts = urlsplit(page.url)
        origin, now = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", self._clock()
        until, rules = self._robots.get(origin, (now, None))
        if rules is not None and now < until:
            return rules
        try:
            answer = await self._egress.request(
                "GET",
                f"{origin}/robots.txt",
                allow_private=subscription.allow_private,
                timeout=self._seconds,
                max_bytes=MOST_BYTES,
            )
        except RetrieveError:
            return None
        if answer.status == 429 or answer.status >= 500:
            return None
        text = answer.body[:MOST_BYTES].decode("utf-8", "replace")
        rules = Robots.read(text) if answer.status == 200 else ALL_ALLOWED
        if len(self._robots) >= MOST_HOSTS:
            self._robots.clear()
        self._robots[origin] = (now + ROBOTS_HOLD, rules)
        return rules


def _next_at(store: Store, *, now: datetime) -> datetime | None:
    return store.next_page_at(now=now)
