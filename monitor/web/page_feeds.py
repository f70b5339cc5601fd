"""Feeds: how each of them is, at a glance, with what is wrong in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from monitor.config.secrets import mask_feed_url
from monitor.store.records import FeedRow
from monitor.web.desk import desk_of
from monitor.web.render import page

Mood = Literal["good", "failing", "gone", "waiting"]
WORDS: dict[Mood, str] = {
    "good": "well",
    "failing": "failing",
    "gone": "polled no more",
    "waiting": "not polled yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed as a line of the list."""

    row: FeedRow
    name: str
    url: str
    mood: Mood
    is_late: bool

    @property
    def words(self) -> str:
        """Its mood in words."""
        return WORDS[self.mood]


async def show_feeds(request: Request) -> Response:
    """All feeds, those that need somebody first."""
    desk = desk_of(request)
    rows = await desk.workshop.run(lambda store: store.feeds())
    shown = sorted((shown_feed(row, now=desk.now()) for row in rows), key=_order)
    moods = {mood: sum(feed.mood == mood for feed in shown) for mood in WORDS}
    return await page(request, "feeds.html", feeds=shown, moods=moods, words=WORDS)


def shown_feed(row: FeedRow, *, now: datetime) -> ShownFeed:
    """How a feed is."""
    url = mask_feed_url(row.state.url)
    late = row.next_poll_at is not None and now - row.next_poll_at > row.state.interval
    return ShownFeed(row=row, name=row.name or url, url=url, mood=mood_of(row), is_late=late)


def mood_of(row: FeedRow) -> Mood:
    """In one word."""
    if row.state.last_polled_at is None:
        return "waiting"
    if row.next_poll_at is None:
        return "gone"
    return "failing" if row.state.error else "good"


def _order(feed: ShownFeed) -> tuple[int, str]:
    return ("gone", "failing", "waiting", "good").index(feed.mood), feed.name.casefold()
