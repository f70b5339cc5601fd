"""`monitor stories`: what was told of each happening, by whom, how often, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.chart import signs
from monitor.cli.console import count, err, iso, out, print_json, table, when, words
from monitor.cli.facts import entry_facts
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    moment_before,
    number,
    reading_stories,
)
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.text import Text

    from monitor.store.stories import Member, StoryRow

commands = typer.Typer()

TIMELINE = 24
"""Signs of a timeline, at most."""
ORIGINS = 4
"""Origins that are named; the rest are counted."""


@commands.command(
    epilog=examples(
        "monitor stories --since 1d",
        "monitor stories --topic 'Taiwan Strait' --limit 5",
        "monitor stories 4711 # all its entries, and why they are in it",
        "monitor stories --json | jq -r '.title'",
    )
)
def stories(
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="ID...", parser=number, help="Show these with all their entries."),
    ] = None,
    topic: Annotated[
        str, typer.Option("--topic", "-t", metavar="NAME", help="Only stories with a hit of this topic.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", "-s", metavar="WHEN", help="Only those told since: 2d, 12h, 2024-05-01.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the last told.")] = 20,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List stories, the last told first: entries on one happening, and who told it.

    An origin is the agency or outlet that a text credits, else who publishes it;
    the timeline runs from the first entry to the last.
    """
    from monitor.clock import zone_of

    settings = find_settings(config, database)
    moment = moment_before(since, clock()) if since else None
    with reading_stories(settings.database) as store:
        found = store.stories(topic=topic, since=moment, ids=ids or (), limit=limit)
    if missing := set(ids or ()) - {story.story_id for story in found}:
        raise WrongUseError(f"there is no story {min(missing)}; `monitor stories` lists them")
    zone = zone_of(settings.time_zone)
    if as_json:
        for story in found:
            print_json(story_facts(story))
    elif not found:
        err().print(words("no stories"))
    elif ids:
        for story in found:
            _print_story(story, zone)
    else:
        _print_table(found, zone)


def story_facts(story: "StoryRow") -> dict[str, Any]:
    """A story, whole, for programs."""
    return {
        "id": story.story_id,
        "title": _title(story),
        "first_at": iso(story.first_at),
        "last_at": iso(story.last_at),
        "topics": list(story.topics),
        "copies": story.copies,
        "origins": dict(story.origins),
        "entries": [_member_facts(member) for member in story.members],
    }


def timeline(moments: Sequence[datetime], *, width: int = TIMELINE) -> str:
    """How many came in each equal part of the time from the first to the last."""
    first, last = min(moments), max(moments)
    each = max((last - first) / width, timedelta(microseconds=1))
    counts = [0] * max(1, min(width, (last - first) // each))
    for moment in moments:
        counts[min((moment - first) // each, len(counts) - 1)] += 1
    return signs(counts)


def _member_facts(member: "Member") -> dict[str, Any]:
    stored = member.stored
    return {
        "id": stored.entry_id,
        "seen_at": iso(stored.seen_at),
        "feed": stored.feed,
        "origin": member.origin,
        "tie": member.tie,
        "copy_of": member.copy_of,
        "reason": member.reason,
        **entry_facts(stored.entry),
    }


def _print_table(found: "Sequence[StoryRow]", zone: "tzinfo") -> None:
    shown = table(expand=True)
    shown.add_column("story", justify="right", no_wrap=True)
    shown.add_column("last told", no_wrap=True)
    shown.add_column("entries", justify="right", no_wrap=True)
    shown.add_column("what, by whom", ratio=1, overflow="fold")
    for story in found:
        moment = when(story.last_at, zone=zone, now=clock())
        shown.add_row(str(story.story_id), moment, str(len(story.members)), _story_cell(story, zone))
    out().print(shown)


def _story_cell(story: "StoryRow", zone: "tzinfo") -> "Text":
    from rich.text import Text

    lines = [words(_title(story), "bold" if story.topics else ""), words(_who(story), "dim")]
    if len(story.members) > 1:
        since = when(story.first_at, zone=zone, now=clock())
        moments = [member.stored.seen_at for member in story.members]
        lines.append(words(f"since {since} ", "dim") + words(timeline(moments), "cyan"))
    if story.topics:
        lines.append(words(", ".join(story.topics), "yellow"))
    return Text("\n").join(lines)


def _print_story(story: "StoryRow", zone: "tzinfo") -> None:
    console = out()
    console.print(words(f"story {story.story_id}: ", "dim") + words(_title(story), "bold"))
    console.print(words(f"{count(len(story.members), 'entry', 'entries')}, {_who(story)}"))
    shown = table(expand=True)
    shown.add_column("seen", no_wrap=True)
    shown.add_column("origin", max_width=20, overflow="fold")
    shown.add_column("entry", ratio=1, overflow="fold")
    for member in story.members:
        seen = when(member.stored.seen_at, zone=zone, now=clock())
        why = words(f"{member.stored.entry_id} · {member.stored.feed} · {member.reason}", "dim")
        shown.add_row(seen, words(member.origin), words(member.stored.entry.title).append("\n") + why)
    console.print(shown)


def _title(story: "StoryRow") -> str:
    return next((title for member in story.members if (title := member.stored.entry.title)), "(no title)")


def _who(story: "StoryRow") -> str:
    """`2 origins: Reuters, CNA · 9 copies`."""
    origins = list(story.origins)
    named = ", ".join(origins[:ORIGINS])
    more = f" and {len(origins) - ORIGINS} more" if len(origins) > ORIGINS else ""
    who = f"{count(len(origins), 'origin')}: {named}{more}"
    return f"{who} · {count(story.copies, 'copy', 'copies')}" if story.copies else who
