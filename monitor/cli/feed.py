"""`monitor feed list|health`: the feeds that are followed, and how they are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, print_json, words
from monitor.cli.feed_group import feeds
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    WithLabelsOption,
    examples,
    labels_of,
    load,
    reading,
)
from monitor.clock import clock
from monitor.config.secrets import mask_feed_url

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitor.config.config import Config
    from monitor.feeds.health import Health
    from monitor.feeds.subscription import Subscription
    from monitor.feeds.websub import Pact, Standing
    from monitor.store.feeds import FeedRow
    from monitor.store.store import Store

WELL, UNWELL = 0, 1
RHYTHM = timedelta(days=7)
"""How far back a feed's rhythm is counted."""

LinesOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON for each feed.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A subscription with what the database knows of it; `row` is None before it was followed."""

    subscription: "Subscription"
    interval: timedelta
    mask: Callable[[str], str]
    row: "FeedRow | None" = None
    health: "Health | None" = None
    recent: int = 0
    """How many entries it showed within `RHYTHM`."""
    pact: "Pact | None" = None
    standing: "Standing" = ""
    """How we stand with its hub."""

    @property
    def name(self) -> str:
        """How it is called: its name, or its URL without secrets."""
        return self.subscription.name or self.url

    @property
    def url(self) -> str:
        """Its URL without secrets."""
        return self.mask(mask_feed_url(self.subscription.url))

    @property
    def hub(self) -> str:
        """The hub that it names, without secrets; "" where it names none."""
        return self.mask(mask_feed_url(self.row.state.hub)) if self.row and self.row.state.hub else ""

    @property
    def error(self) -> str:
        """Why its last poll failed, "" if it did not."""
        return self.row.state.error if self.row else ""

    @property
    def state(self) -> str:
        """In a word: new, well, failing, dead, silent or gone."""
        if self.row is None or self.row.state.last_polled_at is None:
            return "new"
        if self.row.next_poll_at is None:
            return "gone"
        told = self.health.told if self.health else ""
        return told or ("failing" if self.error else "well")


@feeds.command(
    "list",
    epilog=examples(
        "monitor feed list",
        "monitor feed list --label region=asia --label kind=wire",
        "monitor feed list --json | jq -r .url",
    ),
)
def list_(
    labels: WithLabelsOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: LinesOption = False,
) -> None:
    """List the feeds that are followed: name, address, labels, how often, how they are.

    With --label only those that have all these labels.
    """
    loaded = load(config, tolerant=True)
    views = [view for view in feed_views(loaded, database) if _has(view, labels_of(labels))]
    if as_json:
        for view in views:
            print_json(_facts(view))
        return
    from monitor.cli.feed_view import show_list

    show_list(views)


@feeds.command(
    epilog=examples(
        "monitor feed health # those that need somebody's care",
        "monitor feed health 'BBC World' # all that is known of one",
        "monitor feed health --all --json | jq 'select(.failures > 3) | .url'",
    )
)
def health(
    feed: Annotated[str, typer.Argument(metavar="[FEED]", help="One feed, by URL or name.")] = "",
    everyone: Annotated[bool, typer.Option("--all", help="Also the feeds that are well.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: LinesOption = False,
) -> None:
    """Say how the feeds are: last and next poll, rhythm, failures, the error in words.

    Exit code: 0 they are well, 1 some are not.
    """
    from monitor.cli.feed_view import show_health, show_one

    loaded = load(config, tolerant=True)
    views = list(feed_views(loaded, database, only=feed))
    unwell = [view for view in views if view.state not in ("new", "well")]
    shown = views if everyone or feed else unwell
    if as_json:
        for view in shown:
            print_json(_facts(view))
    elif feed:
        show_one(shown[0], zone=_zone(loaded), now=clock())
    elif shown:
        show_health(shown, now=clock())
    else:
        err().print(words(_all_well(views), "green"))
    raise typer.Exit(UNWELL if unwell else WELL)


def _all_well(views: Sequence[FeedView]) -> str:
    new = sum(view.state == "new" for view in views)
    unknown = f" ({new:,} not polled yet)" if new else ""
    return f"{count(len(views), 'feed')}, and none is known to fail{unknown}"


def feed_views(config: "Config", database: Path | None, *, only: str = "") -> Iterator[FeedView]:
    """The feeds of the configuration, or the one of this URL or name, with what the database knows."""
    from monitor.cli.polling import chosen_urls
    from monitor.parts import database_path

    chosen = set(chosen_urls(config, [only])) if only else None
    path = database_path(config, database)
    with reading(path) if path.exists() else nullcontext() as store:
        views = views_of(config, store, now=clock())
    return (view for view in views if chosen is None or view.subscription.url in chosen)


def views_of(config: "Config", store: "Store | None", *, now: datetime) -> list[FeedView]:
    """The feeds of the configuration with what a store knows of them."""
    from monitor.feeds.websub import standing

    rows = {row.state.url: row for row in store.feeds()} if store else {}
    healths = store.healths() if store else {}
    recent = store.new_counts(since=now - RHYTHM) if store else {}
    pacts = {one.feed_id: one for one in store.pacts() if one.state != "leaving"} if store else {}
    return [
        FeedView(
            subscription=one,
            interval=one.interval or config.settings.poll.interval,
            mask=config.secrets.mask,
            row=row,
            health=healths.get(row.state.feed_id) if row else None,
            recent=recent.get(row.state.feed_id, 0) if row else 0,
            pact=pact,
            standing=standing(pact, now=now),
        )
        for one in config.subscriptions
        for row in [rows.get(one.url)]
        for pact in [pacts.get(row.state.feed_id) if row else None]
    ]


def _has(view: FeedView, labels: Mapping[str, str]) -> bool:
    return labels.items() <= view.subscription.labels.items()


def _zone(config: "Config") -> "tzinfo":
    from monitor.clock import zone_of

    return zone_of(config.settings.time_zone)


def _facts(view: FeedView) -> dict[str, object]:
    row = view.row
    return {
        "feed": view.name,
        "url": view.url,
        "labels": dict(view.subscription.labels),
        "interval": view.interval,
        "state": view.state,
        "last_polled_at": row.state.last_polled_at if row else None,
        "last_ok_at": row.state.last_ok_at if row else None,
        "last_new_at": row.state.last_new_at if row else None,
        "next_poll_at": row.next_poll_at if row else None,
        "failures": row.state.failures if row else 0,
        "error": view.error,
        "note": row.note if row else "",
        "entries": row.entries if row else 0,
        "entries_7d": view.recent,
        "push": _push_facts(view),
    }


def _push_facts(view: FeedView) -> dict[str, object] | None:
    """What its hub is, and how we stand with it; None for a feed that names no hub."""
    pact = view.pact
    if not view.hub:
        return None
    return {
        "hub": view.hub,
        "state": view.standing or "not asked",
        "since": pact.since if pact else None,
        "lease_until": pact.until if pact else None,
        "last_push_at": pact.pushed_at if pact else None,
        "pushes": pact.pushes if pact else 0,
        "ignored": pact.ignored if pact else 0,
        "reason": view.mask(pact.reason) if pact else "",
    }
