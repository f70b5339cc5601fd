"""`monitor status` on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from rich.table import Table
from rich.text import Text

from monitor.cli.console import ago, out, table, when, words
from monitor.cli.status import Status, daemon_state
from monitor.config.secrets import mask_feed_url
from monitor.store.feeds import FeedRow
from monitor.store.gaps import Gap
from monitor.store.records import Delivery

COLOURS = {"running": "green", "silent": "bold red", "stopped": "yellow", "never": "yellow"}


def show_status(status: Status, *, zone: tzinfo) -> None:
    """The daemon, the sums, then what fails."""
    console = out()
    grid = Table.grid(padding=(0, 2))
    for name, value in _lines(status):
        grid.add_row(Text(name, "dim"), value)
    console.print(grid)
    if status.daemon and status.daemon.config_error:
        _show_config_error(status, zone)
    if status.failing:
        console.print(_failing(status.failing, status.at))
    if status.moved:
        console.print(_moved(status.moved))
    if status.gaps:
        console.print(_gaps(status.gaps, zone, status.at))
    if status.retrying:
        console.print(_deliveries("Deliveries tried again", status.retrying, zone, status.at))
    if status.dead:
        console.print(_deliveries("Dead letters", status.dead, zone, status.at))


def _lines(status: Status) -> Iterator[tuple[str, Text]]:
    state, said = daemon_state(status.daemon, status.at)
    yield "daemon", words(said, COLOURS[state])
    if status.daemon and status.daemon.offline_since and state == "running":
        since = ago(status.daemon.offline_since, status.at)
        yield "network", words(f"down ({since}): no server can be reached, and no feed is blamed", "bold red")
    yield "database", words(str(status.database))
    yield "feeds", _feeds_line(status)
    yield "entries", Text(f"{status.counts.entries:,}")
    if status.pages:
        yield "pages", _counted(status.pages, ("due", "read", "unreadable"))
    yield "hits", _counted(status.counts.hits, ("pending", "told", "kept"))
    yield "alerts", Text(f"{status.counts.alerts:,}")
    if status.silences:
        names = ", ".join(silence.name for silence in status.silences)
        yield "silences", words(f"{len(status.silences):,} hold: {names}", "yellow")
    yield "deliveries", _counted(status.counts.deliveries, ("due", "delivered", "dead"), alarming="dead")


def _feeds_line(status: Status) -> Text:
    line = Text(f"{len(status.feeds):,} followed")
    if status.failing:
        line += Text(", ") + Text(f"{len(status.failing):,} failing", "bold red")
    if status.pushed:
        line += Text(f", hubs tell of {status.pushed:,}")
    if status.unpolled:
        line += Text(f", {status.unpolled:,} not polled yet")
    if status.next_poll_at:
        due = status.next_poll_at <= status.at
        line += Text(", one is due now" if due else f", next poll {ago(status.next_poll_at, status.at)}")
    return line


def _counted(counts: Mapping[str, int], states: Sequence[str], alarming: str = "") -> Text:
    parts = [
        Text(
            f"{counts.get(state, 0):,} {state}", "bold red" if state == alarming and counts.get(state) else ""
        )
        for state in states
    ]
    return Text(", ").join(parts)


def _show_config_error(status: Status, zone: tzinfo) -> None:
    assert status.daemon is not None  # noqa: S101 - the caller has looked
    console, since = out(), status.daemon.config_error_since
    moment = f" since {when(since, zone=zone, now=status.at)} ({ago(since, status.at)})" if since else ""
    console.print()
    console.print(words(f"The configuration is wrong{moment}; what was right before goes on:", "bold red"))
    for line in status.daemon.config_error.splitlines():
        console.print(words(line), soft_wrap=True)


def _failing(feeds: Sequence[FeedRow], now: datetime) -> Table:
    shown = table(title="\nFailing feeds", expand=True)
    shown.add_column("feed", ratio=2, overflow="fold")
    shown.add_column("tries", justify="right")
    shown.add_column("last good", no_wrap=True)
    shown.add_column("error", ratio=3, overflow="fold")
    for feed in feeds:
        good = ago(feed.state.last_ok_at, now) if feed.state.last_ok_at else "never"
        name = words(feed.name or mask_feed_url(feed.state.url))
        shown.add_row(name, f"{feed.state.failures:,}", good, words(feed.state.error))
    return shown


def _moved(feeds: Sequence[FeedRow]) -> Table:
    shown = table(title="\nFeeds that have moved for good: feeds.yaml has their old addresses", expand=True)
    shown.add_column("feed", ratio=1, overflow="fold")
    shown.add_column("asked at", ratio=1, overflow="fold")
    for feed in feeds:
        name = words(feed.name or mask_feed_url(feed.state.url))
        shown.add_row(name, words(mask_feed_url(feed.state.moved_to)))
    return shown


def _gaps(gaps: Sequence[Gap], zone: tzinfo, now: datetime) -> Table:
    """A line a feed, the one with the newest gap first."""
    shown = table(title="\nEntries may be lost (7 days): polls that shared nothing", expand=True)
    shown.add_column("feed", ratio=2, overflow="fold")
    shown.add_column("times", justify="right")
    shown.add_column("last, from", no_wrap=True)
    shown.add_column("to", no_wrap=True)
    by_feed: dict[int, list[Gap]] = {}
    for gap in gaps:
        by_feed.setdefault(gap.feed_id, []).append(gap)
    for found in by_feed.values():
        last = found[0]
        name = mask_feed_url(last.url) if last.feed == last.url else last.feed
        moments = (when(at, zone=zone, now=now) for at in (last.from_at, last.to_at))
        shown.add_row(words(name), f"{len(found):,}", *moments)
    return shown


def _deliveries(title: str, deliveries: Sequence[Delivery], zone: tzinfo, now: datetime) -> Table:
    shown = table(title=f"\n{title}", expand=True)
    shown.add_column("to", ratio=4, overflow="fold")
    shown.add_column("tries", justify="right")
    shown.add_column("next" if deliveries[0].state == "due" else "given up", no_wrap=True)
    shown.add_column("error", ratio=3, overflow="fold")
    for one in deliveries:
        moment = one.next_at if one.state == "due" else one.ended_at
        then = when(moment, zone=zone, now=now) if moment else ""
        to = words(f"{one.receiver}: {one.label}") + Text("\n") + words(f"alert {one.alert.id}", "dim")
        shown.add_row(to, f"{one.attempts}", then, words(one.error))
    return shown
