"""A command line to call, and a configuration with a filled database to call it on: what tests name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.arrival import Arrival
from monitor.config.config import Config
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.retrieve import Retrieved
from monitor.ingest import ingest
from monitor.learned import bad, good
from monitor.store.sqlite import SQLiteStore
from monitor.watch import Watch

NOW = datetime.now(UTC).replace(microsecond=0)
"""The commands read the real clock, and so do those who fill their database."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a call of the program ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Done]
"""Calls the program: arguments, and `stdin=` bytes."""

WATCHLIST = """\
topics:
  - Taiwan Strait
  - name: Cuba
    query: Cuba NOT ("Cuba Gooding" OR "Cuba libre")
    labels: {severity: high}
"""
FEEDS = """\
feeds:
  - {url: "http://127.0.0.1:1/a", name: Alpha Wire}
  - {url: "http://user:geheim@127.0.0.1:1/b", name: Beta}
"""
ALERTS = """\
route: {receiver: desk}
receivers:
  - {name: desk, urls: ["json://127.0.0.1:1/alerts"], allow_private: true}
"""


@dataclass(slots=True)
class Desk:
    """A configuration and its database, filled through the real ingest."""

    config: Config
    store: SQLiteStore

    def poll(self, *entries: Entry, feed: int = 0, now: datetime = NOW, error: str = "") -> None:
        """Take in a document of a feed with these entries, or a failure."""
        subscription = self.config.subscriptions[feed]
        (state,) = self.store.claim_all(now=now, lease=timedelta(), urls=[subscription.url])
        answer = Retrieved(url=subscription.url, status=200, body=b"")
        state = bad(state, error, now) if error else good(state, answer, hashed="", now=now)
        parsed = None if error else Parsed(feed=Feed(title="x"), entries=entries)
        arrival = Arrival(
            state=state, subscription=subscription, next_poll_at=now + timedelta(minutes=15), parsed=parsed
        )
        ingest(self.store, [arrival], watch=Watch.of(self.config.topics), now=now)


def entry(guid: str, title: str, summary: str = "") -> Entry:
    """An entry as a parser makes it."""
    return Entry(guid=guid, link=f"https://news.example.org/{guid}", title=title, summary=summary)


STRAIT = entry("strait", "Two warships [bold]\x1b[31m pass", "<p>They crossed the <b>Taiwan</b> Strait.</p>")
