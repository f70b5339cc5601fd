"""`monitor topic diff`: what the edited watchlists would catch and lose against those that run."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, counting, err, out, print_json, words
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_config,
    load,
    moment_before,
)
from monitor.cli.queries import chosen_topics
from monitor.cli.topic import Look, SinceOption, looking_back
from monitor.cli.topic_group import topics

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.workshop.diff import Side, TopicDiff

DONE, LOSES_RELEVANT = 0, 1
_SIGNS = {"gained": ("+ ", "bold green"), "lost": ("− ", "bold red")}


@topics.command(
    "diff",
    epilog=examples(
        "monitor topic diff # the files as they are now against what runs",
        "monitor topic diff --since 90d --limit 10",
        "monitor topic diff --config candidate/ --db monitor.db # another folder's",
        "monitor topic diff --against 2024-05-01 # against what ran at that moment",
    ),
)
def diff_topics(
    since: SinceOption = "30d",
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="WHEN", help="What ran at this moment (2d, 2024-05-01), not what runs now."
        ),
    ] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, max=10, help="Lines of each side.")] = 3,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show what an edit of the watchlists gains and loses before it runs.

    For each topic that was changed, added, removed or renamed: how many of the
    stored entries it would catch now and did not before (+), and the other way
    round (−), with the newest of them.
    Exit code: 0 done, 1 hits that were marked relevant would be lost, 2 an error.
    """
    with looking_back(since, config, database) as look:
        found, unchanged = _diffs(look, against, config)
    if as_json:
        from monitor.cli.topic_facts import diff_facts

        print_json(
            {"since": look.since, "unchanged": unchanged, "topics": [diff_facts(one) for one in found]}
        )
    else:
        _show(found, unchanged, look, limit)
    raise typer.Exit(LOSES_RELEVANT if any(diff.loses_relevant for diff in found) else DONE)


def _diffs(look: Look, against: str, config: Path | None) -> "tuple[list[TopicDiff], int]":
    """What differs, and how many topics are as they were."""
    from monitor.workshop.diff import diffs, paired, possible
    from monitor.workshop.running import running_config

    at = moment_before(against, look.now) if against else None
    before = running_config(look.store, find_config(config), environ=os.environ, at=at)
    after = load(config, tolerant=True)
    pairs = paired(before.topics, chosen_topics(after, []), broken=after.broken_topics)
    entry_ids = possible(look.store, pairs, since=look.since)
    with counting("entries", err(), len(entry_ids)) as looked:
        found = diffs(look.store, pairs, entry_ids, judgements=look.store.judgements(), looked=looked)
    touched = sum(pair.before is not None for pair in pairs)
    return found, len(before.topics) - touched


def _show(found: "list[TopicDiff]", unchanged: int, look: Look, limit: int) -> None:
    console = out()
    for diff in found:
        _show_head(diff, console)
        _show_judged(diff, look, console)
        for name, side in (("gained", diff.gained), ("lost", diff.lost)):
            _show_side(side, *_SIGNS[name], look=look, limit=limit, console=console)
    if not found:
        console.print(words("no topic has changed", "dim"))
    elif unchanged:
        console.print(words(f"{count(unchanged, 'topic')} as before", "dim"))


def _show_head(diff: "TopicDiff", console: "Console") -> None:
    pair = diff.pair
    name = words(pair.name, "bold")
    if pair.kind == "renamed" and pair.before is not None:
        console.print(name + words(f"  renamed, was {pair.before.name}; the query is the same", "dim"))
        return
    what = {"new": "  new", "removed": "  removed", "broken": "  broken: it would be left out"}.get(
        pair.kind, ""
    )
    sums = (
        words(f"  +{diff.gained.count:,}", "green")
        + words(" / ")
        + words(f"−{diff.lost.count:,} hits", "red")
    )
    console.print(name + words(what, "yellow") + sums)


def _show_judged(diff: "TopicDiff", look: Look, console: "Console") -> None:
    """What is lost and gained of the hits that were judged: each relevant one that is lost by name."""
    from monitor.cli.topic_view import show_catch

    if lost := diff.lost.judged.get("relevant"):
        console.print(words(f"  LOSES {count(len(lost), 'hit')} marked relevant:", "bold red"))
        for catch in lost:
            show_catch(catch, look, console, sign="  ! ", style="bold red")
    if dropped := diff.lost.how_many("wrong"):
        console.print(words(f"  drops {count(dropped, 'hit')} marked wrong", "green"))
    if back := diff.gained.how_many("wrong"):
        console.print(words(f"  brings back {count(back, 'hit')} marked wrong", "yellow"))


def _show_side(side: "Side", sign: str, style: str, *, look: Look, limit: int, console: "Console") -> None:
    from monitor.cli.topic_view import show_catch

    for catch in side.newest[:limit]:
        show_catch(catch, look, console, sign=f"  {sign}", style=style)
    if limit and side.count > limit:
        console.print(words(f"  {sign}… and {side.count - limit:,} more", "dim"))
