"""A database with entries and hits in it, as ingest would have left it, and a configuration beside it."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.arrival import Arrival
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.sqlite import SQLiteStore
from monitor.store.versions import NewVersion
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch

HOUR = timedelta(hours=1)
FEED = Subscription(url="https://a.example/feed", name="A")
OTHER = Subscription(url="https://b.example/feed", name="B")
"""A second feed, followed once it shows something."""


class Stock:
    """A folder with a database; each batch of entries is seen at its own moment."""

    def __init__(
        self,
        folder: Path,
        *,
        queries: Mapping[str, str] | None = None,
        severities: Mapping[str, str] | None = None,
        now: datetime,
    ) -> None:
        self.folder = folder
        self.path = folder / "monitor.db"
        self.now = now
        self.store: SQLiteStore = open_store(self.path)
        topics = [topic(name, query) for name, query in (queries or {}).items()]
        labels = {name: {"severity": severity} for name, severity in (severities or {}).items()}
        self._watch = Watch.of(replace(one, labels=labels.get(one.name, {})) for one in topics)
        self._states: dict[str, FeedState] = {}
        self._state_of(FEED)
        self._count = 0

    def see(
        self,
        *titles: str,
        days_ago: float = 0,
        summary: str = "",
        feed: Subscription = FEED,
        stays: bool = True,
    ) -> list[int]:
        """The feed shows entries with these titles, to a process that `stays` or not; returns their ids."""
        entries = [self._entry(title, summary) for title in titles]
        arrival = Arrival(
            state=self._state_of(feed),
            subscription=feed,
            next_poll_at=self.now,
            parsed=Parsed(feed=Feed(), entries=tuple(entries)),
        )
        moment = self.now - timedelta(days=days_ago)
        placer = Placer() if stays else None
        (ingested,) = ingest(self.store, [arrival], watch=self._watch, now=moment, placer=placer)
        self._states[feed.name] = ingested.state
        return [one.entry_id for one in ingested.entries]

    def _state_of(self, feed: Subscription) -> FeedState:
        if feed.name not in self._states:
            followed = [FEED] if feed is FEED else [FEED, feed]
            follows = [Follow(url=one.url, name=one.name, interval=HOUR) for one in followed]
            self.store.follow(follows, now=self.now)
            (self._states[feed.name],) = self.store.claim_all(now=self.now, lease=HOUR, urls=[feed.url])
        return self._states[feed.name]

    def judge(self, verdict: str, *, titles: Iterable[str]) -> None:
        """Mark the hits whose titles are these."""
        wanted = set(titles)
        ids = [hit.hit_id for hit in self.store.hits() if hit.entry.entry.title in wanted]
        assert len(ids) >= len(wanted)
        assert self.store.judge(ids, verdict=verdict, who="ann", now=self.now) == []  # type: ignore[arg-type]

    def write(self, text: str, *, name: str = "watch", runs: bool = False) -> Path:
        """Write a watchlist into the configuration, and let it run if it is to; returns its folder."""
        text = textwrap.dedent(text)
        path = self.folder / "config" / "watchlists" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if runs:
            self.store.add_versions([NewVersion(watchlist=name, text=text, who="file")], now=self.now)
        return path.parent.parent

    def _entry(self, title: str, summary: str) -> Entry:
        self._count += 1
        guid = str(self._count)
        return Entry(guid=guid, link=f"https://a.example/{guid}", title=title, summary=summary)


def topic(name: str, query: str) -> Topic:
    """A topic with this query."""
    return Topic(name=name, query=parse(query).node)
