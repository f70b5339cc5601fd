"""`monitor feed poll`: one feed, now, with what came."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, iso, out, print_json, say, words
from monitor.cli.facts import entry_facts
from monitor.cli.feed_group import feeds
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples, load_intake
from monitor.cli.polling import chosen_urls
from monitor.config.secrets import mask_feed_url
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from monitor.poller import PollReport
    from monitor.reports import Report

FAILED = 1
SHOWN = 20
"""So many of the entries that came are listed."""


@feeds.command(
    epilog=examples("monitor feed poll 'BBC World'", "monitor feed poll https://a.example/rss --json")
)
def poll(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Its URL or its name.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Poll one feed now, due or not, and show what came: new entries, edits, hits.

    What is found is kept as by any poll. Exit code 1: the poll failed, and why.
    """
    import asyncio

    from monitor.once import poll_once
    from monitor.parts import database_path
    from monitor.poller import PollReport

    loaded = load_intake(config)
    urls = chosen_urls(loaded, [feed])
    reports: list[PollReport] = []

    def saw(report: "Report") -> None:
        if isinstance(report, PollReport):
            reports.append(report)

    asyncio.run(poll_once(loaded, database_path(loaded, database), urls=urls, on_report=saw))
    if not reports:
        raise WrongUseError("the running monitor polls this feed at this moment; try again")
    (_print_json if as_json else _print)(reports[0])
    raise typer.Exit(FAILED if reports[0].error else 0)


def _print(report: "PollReport") -> None:
    name = report.subscription.name or mask_feed_url(report.subscription.url)
    console, ingested = out(), report.ingested
    if report.error:
        say(err(), words(f"{name}: ", "bold") + words(report.error, "red"))
        return
    say(console, words(f"{name}: ", "bold") + words(_sum(report)))
    for one in ingested.entries[:SHOWN]:
        sign = words("edited  " if one.revised else "new     ", "yellow" if one.revised else "green")
        title = one.entry.title or one.entry.link or "(no title)"
        console.print(sign + words(title), no_wrap=console.is_terminal, overflow="ellipsis", soft_wrap=False)
    if (more := len(ingested.entries) - SHOWN) > 0:
        console.print(words(f"and {more:,} more", "dim"))
    for warning in ingested.arrival.parsed.warnings if ingested.arrival.parsed else ():
        say(err(), words(f"note: {warning}", "yellow"))
    if note := ingested.arrival.note:
        say(console, words(f"next poll: {note}", "dim"))


def _sum(report: "PollReport") -> str:
    ingested = report.ingested
    if report.unchanged:
        return "nothing changed since the last poll"
    new = sum(not one.revised for one in ingested.entries)
    parts = [count(new, "new entry", "new entries"), f"{len(ingested.entries) - new:,} edited"]
    parts.append(count(len(ingested.hits), "hit"))
    return ", ".join(parts) + (" (its first document: nobody is told)" if ingested.baseline else "")


def _print_json(report: "PollReport") -> None:
    ingested = report.ingested
    print_json(
        {
            "feed": report.subscription.name or mask_feed_url(report.subscription.url),
            "at": iso(report.at),
            "error": report.error,
            "unchanged": report.unchanged,
            "baseline": ingested.baseline,
            "entries": [entry_facts(one.entry) | {"revised": one.revised} for one in ingested.entries],
            "hits": [found.hit_id for found in ingested.hits],
            "note": ingested.arrival.note,
        }
    )
