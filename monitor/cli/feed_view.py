"""Feeds on the terminal: a list, those that need care, one in full, what was found on a page."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from rich.table import Table
from rich.text import Text

from monitor.cli.console import ago, clean, count, err, out, span_of, table, when, words
from monitor.cli.feed import FeedView
from monitor.feeds.websub import STANDINGS
from monitor.finder import Find, Found

COLOURS = {
    "new": "dim",
    "well": "green",
    "failing": "yellow",
    "silent": "yellow",
    "dead": "bold red",
    "gone": "red",
}


def show_list(views: Sequence[FeedView]) -> None:
    """A line or two for each feed."""
    if not views:
        err().print(words("no feeds; `monitor feed add URL` finds and adds one"))
        return
    shown = table(expand=True)
    shown.add_column("feed", ratio=3, overflow="fold")
    shown.add_column("labels", ratio=2, overflow="fold")
    shown.add_column("every", justify="right", no_wrap=True)
    shown.add_column("is", no_wrap=True)
    for view in views:
        labels = ", ".join(f"{name}={value}" for name, value in view.subscription.labels.items())
        state = Text(view.state, COLOURS[view.state])
        if view.standing == "pushed":
            state += Text("\npushed", "cyan")
        shown.add_row(_feed_cell(view), words(labels, "dim"), span_of(view.interval), state)
    out().print(shown)


def show_health(views: Sequence[FeedView], *, now: datetime) -> None:
    """What is wrong, and when the monitor looks again."""
    shown = table(expand=True)
    shown.add_column("feed", ratio=2, overflow="fold")
    shown.add_column("is", no_wrap=True)
    shown.add_column("last good", no_wrap=True)
    shown.add_column("next poll", no_wrap=True)
    shown.add_column("why", ratio=3, overflow="fold")
    for view in views:
        good = view.row.state.last_ok_at if view.row else None
        then = view.row.next_poll_at if view.row else None
        shown.add_row(
            words(view.name, "bold"),
            Text(view.state, COLOURS[view.state]),
            ago(good, now) if good else "never",
            _next(then, now),
            words(_why(view)),
        )
    out().print(shown)


def show_one(view: FeedView, *, zone: tzinfo, now: datetime) -> None:
    """All that is known of a feed."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _lines(view, zone, now):
        grid.add_row(Text(name, "dim"), value)
    out().print(grid)


def show_found(found: Found, *, now: datetime) -> None:
    """The feeds that a page has, numbered as --pick counts them."""
    shown = table(expand=True)
    shown.add_column("", justify="right", no_wrap=True)
    shown.add_column("feed", ratio=1, overflow="fold")
    shown.add_column("entries", justify="right", no_wrap=True)
    shown.add_column("newest", no_wrap=True)
    shown.add_column("found", no_wrap=True)
    for number, find in enumerate(found.finds, start=1):
        newest = ago(find.newest, now) if find.newest else "no date"
        shown.add_row(str(number), _find_cell(find), f"{find.entries:,}", newest, find.how)
    out().print(shown)


def _find_cell(find: Find) -> Text:
    return words(find.title or "(no title)", "bold") + Text("\n") + words(clean(find.url), "dim")


def _feed_cell(view: FeedView) -> Text:
    name = words(view.name, "bold")
    return name if view.name == view.url else name + Text("\n") + words(view.url, "dim")


def _why(view: FeedView) -> str:
    if view.error:
        failures = view.row.state.failures if view.row else 0
        return f"{view.error} ({count(failures, 'failure')})"
    return "nothing new for longer than ever before" if view.state == "silent" else ""


def _next(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return "now" if moment <= now else ago(moment, now)


def _lines(view: FeedView, zone: tzinfo, now: datetime) -> Iterator[tuple[str, Text]]:
    def moment(at: datetime | None) -> Text:
        return Text(f"{when(at, zone=zone, now=now)} ({ago(at, now)})") if at else Text("never")

    yield "feed", words(view.name, "bold")
    yield "address", words(view.url)
    yield "is", Text(view.state, COLOURS[view.state])
    yield "asked for every", Text(span_of(view.interval))
    if view.row is None:
        return
    state = view.row.state
    yield "last poll", moment(state.last_polled_at)
    yield "last good", moment(state.last_ok_at)
    yield "last new", moment(state.last_new_at)
    yield "next poll", moment(view.row.next_poll_at)
    yield "because", words(view.row.note)
    yield "entries", Text(f"{view.row.entries:,} kept, {view.recent:,} in the last 7 days")
    if view.health and view.health.longest > timedelta():
        yield "longest silence", Text(f"{span_of(view.health.longest)}, of {view.health.silences:,} measured")
    yield from _hub_lines(view, moment)
    if state.failures:
        yield "failures", Text(f"{state.failures:,} in a row", "red")
        yield "error", words(state.error, "red")


def _hub_lines(view: FeedView, moment: Callable[[datetime | None], Text]) -> Iterator[tuple[str, Text]]:
    """What its hub is, and whether and until when it tells us."""
    if not view.hub:
        return
    yield "hub", words(view.hub)
    pact = view.pact
    if pact is None:
        yield "told", Text("no: it was not asked (web: public_url: must say how hubs reach us)")
        return
    reason = f": {view.mask(pact.reason)}" if pact.reason else ""
    yield (
        "told",
        words(f"{STANDINGS[view.standing]}{reason}", "cyan" if view.standing == "pushed" else "yellow"),
    )
    if pact.since:
        yield "told since", moment(pact.since)
        yield "lease until", moment(pact.until)
    yield "asked next", moment(pact.next_at)
    ignored = f", {pact.ignored:,} ignored: not signed as they should be" if pact.ignored else ""
    yield "last push", moment(pact.pushed_at) + Text(f", {pact.pushes:,} read{ignored}")
