"""`monitor topic add|edit|disable|enable|remove|list`: the topics in the watchlists' files."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import err, out, print_json, table, words
from monitor.cli.kept import desk, tell
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, LabelsOption, examples, labels_of
from monitor.cli.problems import show_problems
from monitor.cli.topic_group import topics
from monitor.clock import clock
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

    from monitor.config.editing import ListedTopic
    from monitor.keeper import Keeping

HITS_SINCE = timedelta(days=7)
FIRST_WATCHLIST = "topics"
"""What the first watchlist is called, where there is none."""

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The topic's name.", show_default=False)]
WatchlistOption = Annotated[
    str, typer.Option("--watchlist", "-w", metavar="LIST", help="The watchlist: its file without .yaml.")
]


@topics.command(
    epilog=examples(
        'monitor topic add "Taiwan Strait" # the phrase itself',
        "monitor topic add Cuba 'Cuba NOT libre' --label desk=americas -w geopolitics",
        'monitor topic add Cuba "Cuba OR Havana" --must-match "Havana goes dark"',
    )
)
def add(  # noqa: PLR0913, PLR0917 - the options of the command line
    name: NameArgument,
    query: Annotated[str, typer.Argument(metavar="[QUERY]", help="Without it the name is the phrase.")] = "",
    watchlist: WatchlistOption = "",
    labels: LabelsOption = None,
    must_match: Annotated[
        list[str] | None,
        typer.Option("--must-match", metavar="TEXT", help="It has to catch this; repeatable."),
    ] = None,
    must_not_match: Annotated[
        list[str] | None, typer.Option("--must-not-match", metavar="TEXT", help="It must not catch this.")
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a topic at the end of a watchlist.

    Nothing is written if the query is wrong or fails its tests: then the exit
    code is 1.
    """
    from monitor.config.editing_values import NewTopic
    from monitor.keeper import add_topics

    name = " ".join(name.split())
    new = NewTopic(
        name=name,
        query=query.strip(),
        labels=labels_of(labels),
        must_match=must_match or (),
        must_not_match=must_not_match or (),
    )
    with desk(config, database, as_json=as_json) as at:
        chosen = _watchlist_to_write(watchlist, at.keeping)
        _refuse_second(name, at.keeping)
        kept = add_topics(chosen, [new], keeping=at.keeping, note=f"topic {name} added")
        tell(kept, f"topic {name} added", at, as_json=as_json, topic=name)


@topics.command(epilog=examples("monitor topic edit Cuba", "EDITOR=nano monitor topic edit 'spy balloon'"))
def edit(
    name: NameArgument,
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a topic's own lines in $VISUAL or $EDITOR, and put them back if they are right.

    What is wrong comes back as comments at its lines. Leave it unchanged or empty
    to give up.
    """
    import os

    from monitor.cli.editor import edit_topic
    from monitor.config.editing import find_topic

    with desk(config, database, as_json=as_json) as at:
        found = find_topic(at.keeping.directory, name, environ=os.environ, watchlist=watchlist)
        kept = edit_topic(*found, keeping=at.keeping)
        if kept is not None:
            tell(kept, f"topic {kept.topic} edited", at, as_json=as_json, topic=kept.topic)


@topics.command(epilog=examples("monitor topic disable Cuba # it stays in its file and looks for nothing"))
def disable(
    name: NameArgument,
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a topic rest: it stays in its file with `disabled: true`."""
    _switch(name, watchlist, config, database, on=False, as_json=as_json)


@topics.command(epilog=examples("monitor topic enable Cuba"))
def enable(
    name: NameArgument,
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a disabled topic look again. Exit code 1: it has errors, and stays as it is."""
    _switch(name, watchlist, config, database, on=True, as_json=as_json)


@topics.command(epilog=examples("monitor topic remove Cuba", "monitor topic remove Cuba -w geopolitics"))
def remove(
    name: NameArgument,
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a topic out of its watchlist, with the comments right above it.

    Its hits stay; `monitor watchlist restore` brings back what the list said.
    """
    from monitor.keeper import remove_topic

    with desk(config, database, as_json=as_json) as at:
        kept = remove_topic(name, keeping=at.keeping, watchlist=watchlist)
        tell(kept, f"topic {kept.topic} removed", at, as_json=as_json, topic=kept.topic)


@topics.command("list", epilog=examples("monitor topic list", "monitor topic list --json | jq -r .topic"))
def list_(
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each topic.")] = False,
) -> None:
    """List the topics: where they stand, what they look for, their hits in the last 7 days."""
    from monitor.config.editing import drafts, list_topics

    with desk(config, database) as at:
        read, broken = drafts(at.keeping.directory, environ=at.keeping.environ)
        store = at.keeping.store
        hits = store.hit_counts(since=clock() - HITS_SINCE) if store else None
    found = [topic for draft in read for topic in list_topics(draft)]
    shown = [topic for topic in found if watchlist in ("", topic.watchlist)]
    if as_json:
        for topic in shown:
            print_json(_facts(topic, hits))
    else:
        _print_table(shown, hits)
    show_problems(broken, err())


def _switch(
    name: str, watchlist: str, config: "Path | None", database: "Path | None", *, on: bool, as_json: bool
) -> None:
    from monitor.keeper import switch_topic

    with desk(config, database, as_json=as_json) as at:
        kept = switch_topic(name, on=on, keeping=at.keeping, watchlist=watchlist)
        state = ("" if kept.changed else "is ") + ("enabled" if on else "disabled")
        tell(kept, f"topic {kept.topic} {state}", at, as_json=as_json, topic=kept.topic)


def _watchlist_to_write(chosen: str, keeping: "Keeping") -> str:
    """The watchlist that was named, or the only one; raises ConfigError where that can not be said."""
    from monitor.config.editing import watchlist_names
    from monitor.config.suggest import did_you_mean

    names = watchlist_names(keeping.directory)
    if not chosen and len(names) <= 1:
        return names[0] if names else FIRST_WATCHLIST
    if not chosen:
        raise ConfigError(f"which watchlist? --watchlist {' | '.join(names)}")
    if chosen not in names:
        hint = did_you_mean(chosen, names) or f"`monitor watchlist new {chosen}` makes it"
        raise ConfigError(f"there is no watchlist {chosen!r}; {hint}")
    return chosen


def _refuse_second(name: str, keeping: "Keeping") -> None:
    from monitor.config.editing import taken
    from monitor.config.editing_draft import topic_key

    if place := taken(keeping.directory, environ=keeping.environ).get(topic_key(name)):
        raise ConfigError(f"there is a topic {name!r} already: {place}; `monitor topic edit` changes it")


def _facts(topic: "ListedTopic", hits: dict[str, int] | None) -> dict[str, object]:
    return {
        "topic": topic.name,
        "watchlist": topic.watchlist,
        "file": str(topic.path),
        "line": topic.line,
        "query": topic.query or None,
        "labels": dict(topic.labels),
        "enabled": not topic.disabled,
        "hits_7d": None if hits is None else hits.get(topic.name, 0),
    }


def _print_table(found: "Sequence[ListedTopic]", hits: dict[str, int] | None) -> None:
    if not found:
        err().print(words("no topics; `monitor topic add` writes one"))
        return
    shown = table(expand=True)
    shown.add_column("topic", max_width=28, overflow="fold")
    shown.add_column("looks for", ratio=1, no_wrap=True, overflow="ellipsis")
    shown.add_column("7 days", justify="right", no_wrap=True)
    for topic in found:
        count = "–" if hits is None else f"{hits.get(topic.name, 0):,}"
        shown.add_row(_name_cell(topic), _query_cell(topic), words("off" if topic.disabled else count))
    out().print(shown)


def _name_cell(topic: "ListedTopic") -> "Text":
    place = words(f"\n{topic.path.name}:{topic.line}", "dim")
    return words(topic.name, "dim" if topic.disabled else "bold") + _with_break(place)


def _query_cell(topic: "ListedTopic") -> "Text":
    labels = ", ".join(f"{name}={value}" for name, value in topic.labels.items())
    query = words(topic.query or f'"{topic.name}"', "dim" if topic.disabled else "")
    return query + _with_break(words(f"\n{labels}", "dim")) if labels else query


def _with_break(text: "Text") -> "Text":
    """`words` makes blanks of line breaks: this one is ours."""
    from rich.text import Text

    return Text("\n") + text[1:]
