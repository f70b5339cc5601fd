"""`monitor poll`: every feed once, now, with what matched."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import err, say, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    duration,
    examples,
    load,
    load_intake,
)
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from monitor.cli.poll_view import PollView
    from monitor.config.config import Config, Intake

ALL_FAILED = 1

commands = typer.Typer()


@commands.command(
    epilog=examples(
        "monitor poll # every feed once, with what matched",
        "monitor poll --backfill 2d --send # tell what is younger than two days",
        "monitor poll https://example.org/feed.xml --json",
    )
)
def poll(
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="FEED...", help="URLs or names of feeds; without one, all."),
    ] = None,
    backfill: Annotated[
        str, typer.Option(metavar="AGE", help="Of a feed's first document, tell what is younger (2d, 12h).")
    ] = "",
    send: Annotated[
        bool, typer.Option("--send", help="Send the alerts of what waits to be told, now.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Poll every feed once, now, and print what matched.

    A feed's first document is its baseline: what matches in it is kept and not
    told, unless --backfill says how far back is news. Without --send nobody is
    told, and alerts.yaml is not read. With --json each line is one event, and
    `stdout://` prints to standard error. Exit code 1: every feed failed.
    """
    tell = load(config, tolerant=True, tested=False) if send else None
    intake = tell or load_intake(config)
    for problem in intake.problems:
        say(err(), words(f"left out: {problem.where}: {problem.message}", "yellow"))
    view = _poll(intake, database, feeds or [], backfill=backfill, tell=tell, as_json=as_json)
    view.end(sent=send)
    raise typer.Exit(ALL_FAILED if view.totals.all_failed else 0)


def _poll(
    intake: "Intake",
    database: Path | None,
    feeds: Sequence[str],
    *,
    backfill: str,
    tell: "Config | None",
    as_json: bool,
) -> "PollView":
    """Poll these feeds, or all; what happens goes to the view that is returned."""
    import asyncio

    from monitor.cli.poll_view import JsonView, TerminalView
    from monitor.once import poll_once
    from monitor.parts import database_path

    urls = chosen_urls(intake, feeds)
    view: PollView = (
        JsonView(clock()) if as_json else TerminalView(clock(), len(urls or intake.subscriptions))
    )
    age = duration(backfill) if backfill else None
    with view:
        asyncio.run(
            poll_once(
                intake,
                database_path(intake, database),
                urls=urls,
                backfill=age,
                tell=tell,
                on_report=view.saw,
                terminal=sys.stderr if as_json else None,
            )
        )
        view.totals.ended = clock()
    return view


def chosen_urls(intake: "Intake", feeds: Sequence[str]) -> list[str]:
    """The URLs of these feeds, given by URL or by name; raises WrongUseError for one that is not followed."""
    by_name = {one.name.casefold(): one.url for one in intake.subscriptions if one.name}
    known = {one.url for one in intake.subscriptions}
    urls = [feed if feed in known else by_name.get(feed.casefold(), "") for feed in feeds]
    unknown = next((feed for feed, url in zip(feeds, urls, strict=True) if not url), None)
    if unknown is not None:
        raise WrongUseError(f"{unknown!r} is no feed of this configuration (feeds.yaml)")
    return urls
