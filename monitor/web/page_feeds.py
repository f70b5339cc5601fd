"""Feeds: how each of them is, at a glance and in full; one less."""

from calendar import day_abbr
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.cli.feed import RHYTHM, FeedView, views_of
from monitor.errors import ConfigError
from monitor.feedkeeper import remove_feed
from monitor.feeds.rhythm import Rhythm
from monitor.feeds.websub import STANDINGS
from monitor.store.gaps import Gap
from monitor.store.store import Store
from monitor.web.chart import Chart, chart
from monitor.web.desk import desk_of
from monitor.web.render import page

MOODS = {
    "gone": "polled no more",
    "dead": "dead",
    "failing": "failing",
    "silent": "silent",
    "new": "not polled yet",
    "well": "well",
}
"""The states of feeds in words, those that need somebody first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed as a line of the list. `number` is 0 for one that the daemon has not taken up yet."""

    view: FeedView
    gaps: tuple[Gap, ...]
    is_late: bool

    @property
    def number(self) -> int:
        """How its page is called."""
        return self.view.row.state.feed_id if self.view.row else 0

    @property
    def words(self) -> str:
        """How it is."""
        return MOODS[self.view.state]

    @property
    def why(self) -> str:
        """What is wrong, else what is odd; "" where there is nothing to say."""
        if self.view.error:
            return self.view.mask(self.view.error)
        if self.view.state == "silent":
            return "nothing new for longer than ever before"
        note = self.view.row.note if self.view.row else ""
        return "" if note.startswith("every ") else note


async def show_feeds(request: Request) -> Response:
    """All feeds, those that need somebody first."""
    desk = desk_of(request)
    now, config = desk.now(), desk.config()

    def look(store: Store) -> list[ShownFeed]:
        return shown_feeds(views_of(config, store, now=now), store.gaps(now - RHYTHM), now=now)

    shown = await desk.workshop.run(look)
    moods = {mood: sum(feed.view.state == mood for feed in shown) for mood in MOODS}
    done = {name: request.query_params.get(name, "")[:200] for name in ("followed", "removed")}
    return await page(request, "feeds.html", feeds=shown, moods=moods, words=MOODS, done=done)


def shown_feeds(views: Sequence[FeedView], gaps: Sequence[Gap], *, now: datetime) -> list[ShownFeed]:
    """Feeds as the list has them."""
    return sorted((_shown(view, gaps, now) for view in views), key=_order)


def _shown(view: FeedView, gaps: Sequence[Gap], now: datetime) -> ShownFeed:
    row = view.row
    late = row is not None and row.next_poll_at is not None and now - row.next_poll_at > row.state.interval
    own = tuple(gap for gap in gaps if row is not None and gap.feed_id == row.state.feed_id)
    return ShownFeed(view=view, gaps=own, is_late=late)


def _order(feed: ShownFeed) -> tuple[int, str]:
    return list(MOODS).index(feed.view.state), feed.view.name.casefold()


async def show_feed(request: Request) -> Response:
    """All that is known of one feed."""
    desk = desk_of(request)
    now, config = desk.now(), desk.config()

    def look(store: Store) -> ShownFeed:
        views = views_of(config, store, now=now)
        return _named(shown_feeds(views, store.gaps(now - RHYTHM), now=now), request)

    feed = await desk.workshop.run(look)
    row = feed.view.row
    rhythm = week(row.state.rhythm) if row and row.state.rhythm else None
    return await page(request, "feed.html", feed=feed, rhythm=rhythm, standings=STANDINGS)


def week(rhythm: Rhythm) -> Chart:
    """How many entries a feed brought in each hour of the week."""
    names = (f"{day} {hour:02}:00 UTC" for day in day_abbr for hour in range(24))
    return chart(zip(names, rhythm.counts, strict=True))


async def remove(request: Request) -> Response:
    """Take a feed out of feeds.yaml; its entries and hits stay."""
    desk = desk_of(request)
    now, config = desk.now(), desk.config()

    def work(store: Store) -> str:
        view = _named(shown_feeds(views_of(config, store, now=now), (), now=now), request).view
        remove_feed(view.subscription.url, keeping=desk.keeping(store))
        return view.name

    try:
        name = await desk.workshop.run(work)
    except ConfigError as error:
        raise HTTPException(409, str(error)) from error
    return RedirectResponse(f"/feeds?{urlencode({'removed': name})}", status_code=303)


def _named(feeds: Sequence[ShownFeed], request: Request) -> ShownFeed:
    number = cast(int, request.path_params["feed"])
    for feed in feeds:
        if feed.number == number > 0:
            return feed
    raise HTTPException(404, "there is no such feed; it may be followed no more")
