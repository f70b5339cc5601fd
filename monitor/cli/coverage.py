"""`monitor coverage`: what was looked at since when, and so how far silence can be trusted."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.console import ago, count, counting, err, out, print_json, table, when, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    load,
    moment_before,
    reading,
)
from monitor.clock import clock
from monitor.config.secrets import mask_feed_url

if TYPE_CHECKING:
    from rich.text import Text

    from monitor.coverage import Coverage
    from monitor.store.feeds import FeedRow
    from monitor.store.store import Store
    from monitor.workshop.suggest import Gain

commands = typer.Typer()

NOT_WHOLE = 1
_NEAR = 8


@commands.command(
    epilog=examples(
        "monitor coverage",
        "monitor coverage Cuba --since 7d # and what it nearly caught",
        "monitor coverage --json | jq .blind",
    )
)
def coverage(
    topic: Annotated[
        str, typer.Argument(metavar="[TOPIC]", help="Its hits alone, and its near misses.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", "-s", metavar="WHEN", help="Since when: 24h, 7d, 2024-05-01.")
    ] = "24h",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say what was looked at, and what was not: how far silence can be trusted.

    How many feeds were polled and entries read; which feeds are blind now, and
    where a feed ran over between two polls; how long the monitor has watched
    without a break; what was found; and when an alert last arrived at each
    receiver. Exit code 1: something may have been missed.
    """
    from monitor.clock import zone_of
    from monitor.coverage import coverage_of
    from monitor.parts import database_path

    now = clock()
    loaded = load(config, tolerant=True)
    with reading(database_path(loaded, database)) as store:
        seen = coverage_of(store, loaded.receivers, since=moment_before(since, now), now=now, topic=topic)
        near = _near(store, topic, config, seen.since) if topic else ()
    if as_json:
        print_json(_facts(seen, topic, near))
    else:
        _show(seen, topic, near, zone=zone_of(loaded.settings.time_zone))
    raise typer.Exit(0 if seen.is_whole else NOT_WHOLE)


def _near(store: "Store", topic: str, config: Path | None, since: datetime) -> "Sequence[Gain]":
    from monitor.cli.topic import topic_named
    from monitor.workshop.suggest import suggestions

    with counting("entries", err()) as looked:
        return suggestions(store, topic_named(topic, config), since=since, looked=looked).near


def _show(seen: "Coverage", topic: str, near: "Sequence[Gain]", *, zone: tzinfo) -> None:
    from rich.table import Table
    from rich.text import Text

    console = out()
    console.print(
        words(f"since {when(seen.since, zone=zone, now=seen.at)} ({ago(seen.since, seen.at)})", "bold")
    )
    grid = Table.grid(padding=(0, 2))
    for name, said in _lines(seen, topic, zone):
        grid.add_row(Text(name, "dim"), said)
    console.print(grid)
    if topic:
        _show_near(near)
    if seen.blind:
        _show_blind(seen.blind, seen.at)
    for gap in seen.gaps:
        times = f"{when(gap.from_at, zone=zone, now=seen.at)} and {when(gap.to_at, zone=zone, now=seen.at)}"
        console.print(words(f"gap: {gap.feed} may have shown entries between {times} that nobody saw"))


def _lines(seen: "Coverage", topic: str, zone: tzinfo) -> "list[tuple[str, Text]]":
    return [
        ("watched", _watched(seen, zone)),
        ("feeds", words(_polled(seen)) + _blind_count(seen)),
        ("entries", words(f"{seen.entries:,} read")),
        ("gaps", words(f"{len(seen.gaps):,}", "bold red" if seen.gaps else "")),
        ("hits", words(_hits(seen, topic))),
        *(("receiver", _proven(proof.receiver, proof.arrived_at, seen)) for proof in seen.proofs),
    ]


def _watched(seen: "Coverage", zone: tzinfo) -> "Text":
    if seen.watched_since is None or seen.watched_until is None:
        return words("no: the monitor does not run", "bold red")
    if seen.watched_since <= seen.since:
        return words("all the time")
    began, last = (when(at, zone=zone, now=seen.at) for at in (seen.watched_since, seen.watched_until))
    return words(f"only from {began} to {last}", "bold red")


def _polled(seen: "Coverage") -> str:
    told = f", hubs tell of {seen.pushed:,}" if seen.pushed else ""
    return f"{seen.feeds - len(seen.blind):,} of {seen.feeds:,} polled{told}"


def _blind_count(seen: "Coverage") -> "Text":
    return words(f", {len(seen.blind):,} blind", "bold red") if seen.blind else words("")


def _hits(seen: "Coverage", topic: str) -> str:
    total = sum(seen.hits.values())
    if topic:
        return f"{total:,} of {topic}"
    return f"{total:,} of {count(len(seen.hits), 'topic')}" if total else "none"


def _proven(receiver: str, arrived_at: datetime | None, seen: "Coverage") -> "Text":
    if arrived_at is None:
        return words(f"{receiver}: not proven, nothing has arrived there yet", "yellow")
    style = "" if arrived_at >= seen.since else "yellow"
    return words(f"{receiver}: proven {ago(arrived_at, seen.at)}", style)


def _show_near(near: "Sequence[Gain]") -> None:
    console = out()
    console.print()
    console.print(
        words("near misses: entries one edit away", "bold") + words("" if near else ": none", "dim")
    )
    for gain in near[:_NEAR]:
        console.print(words(f"  {gain.added:,}  ", "green") + words(gain.edit.what))


def _show_blind(feeds: "Sequence[FeedRow]", now: datetime) -> None:
    from monitor.coverage import feed_name

    shown = table(title="\nBlind feeds", expand=True)
    shown.add_column("feed", ratio=2, overflow="fold")
    shown.add_column("last good", no_wrap=True)
    shown.add_column("error", ratio=3, overflow="fold")
    for feed in feeds:
        good = ago(feed.state.last_ok_at, now) if feed.state.last_ok_at else "never"
        shown.add_row(words(mask_feed_url(feed_name(feed))), good, words(feed.state.error or feed.note))
    out().print(shown)


def _facts(seen: "Coverage", topic: str, near: "Sequence[Gain]") -> dict[str, Any]:
    from monitor.coverage import feed_name

    facts: dict[str, Any] = {
        "since": seen.since,
        "at": seen.at,
        "whole": seen.is_whole,
        "line": seen.line,
        "watched_since": seen.watched_since,
        "watched_until": seen.watched_until,
        "feeds": seen.feeds,
        "pushed": seen.pushed,
        "blind": [
            {
                "name": mask_feed_url(feed_name(feed)),
                "last_ok_at": feed.state.last_ok_at,
                "error": feed.state.error,
            }
            for feed in seen.blind
        ],
        "entries": seen.entries,
        "gaps": [{"feed": gap.feed, "from_at": gap.from_at, "to_at": gap.to_at} for gap in seen.gaps],
        "hits": dict(seen.hits),
        "receivers": [{"name": proof.receiver, "arrived_at": proof.arrived_at} for proof in seen.proofs],
    }
    if topic:
        facts["near"] = [{"what": gain.edit.what, "entries": gain.added} for gain in near]
    return facts
