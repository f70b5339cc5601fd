"""`monitor watchlist new|list|import|export`: the watchlists' files; the rest: watchlist_versions.py."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monitor.cli.console import count, err, out, print_json, table, words
from monitor.cli.kept import Desk, desk, tell
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    LabelsOption,
    examples,
    labels_of,
)
from monitor.cli.problems import problem_facts, show_problems
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.importing import Imported
    from monitor.config.source import Source

LEFT_OUT = 1

Format = Literal["auto", "lines", "phrases", "yaml"]
ExportFormat = Literal["lines", "yaml", "json"]

watchlists = typer.Typer(
    name="watchlist",
    help="Make, import, export watchlists, and go back to what they said.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The watchlist: its file without .yaml.", show_default=False)
]


@watchlists.command(epilog=examples("monitor watchlist new americas # writes watchlists/americas.yaml"))
def new(
    name: NameArgument,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a watchlist to start from, with comments that say how topics are written."""
    from monitor.config.starter import watchlist_starter
    from monitor.keeper import edit_watchlist

    with desk(config, database, as_json=as_json) as at:
        text = watchlist_starter(name)
        kept = edit_watchlist(name, lambda _: (text, range(0)), keeping=at.keeping, note="new", new=True)
        tell(kept, f"watchlist {name} made", at, as_json=as_json)


@watchlists.command("list", epilog=examples("monitor watchlist list"))
def list_(
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each.")] = False,
) -> None:
    """List the watchlists: how many topics each has, and its newest version."""
    from monitor.config.editing import drafts, list_topics

    with desk(config, database) as at:
        read, broken = drafts(at.keeping.directory, environ=at.keeping.environ)
        store = at.keeping.store
        rows: list[dict[str, object]] = []
        for draft in read:
            topics = list_topics(draft)
            latest = store.latest_version(draft.source.path.stem) if store else None
            rows.append(
                {
                    "watchlist": draft.source.path.stem,
                    "file": str(draft.source.path),
                    "topics": len(topics),
                    "disabled": sum(topic.disabled for topic in topics),
                    "version": latest.number if latest else None,
                }
            )
    for row in rows if as_json else ():
        print_json(row)
    if not as_json:
        _print_watchlists(rows)
    show_problems(broken, err())


@watchlists.command(
    "import",
    epilog=examples(
        "monitor watchlist import alerts.txt # writes watchlists/alerts.yaml",
        "monitor watchlist import alerts.txt --name americas --label desk=americas",
        "monitor watchlist import - --name desk < queries.txt",
    ),
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list; - is standard input.")],
    name: Annotated[
        str, typer.Option("--name", "-n", help="The watchlist; without it the file's name.")
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="How FILE is written.")] = "auto",
    labels: LabelsOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a list of queries, one a line, as alert services know them; or a YAML watchlist.

    Blank lines and comments (`# `) are skipped. A line that is wrong, stands
    twice or is a topic already is left out and named; the others are imported,
    and the exit code is 1. With `--format phrases` each line is one phrase. Lines
    join a watchlist that is there; a YAML file makes a new one.
    """
    from monitor.config.editing import taken
    from monitor.config.importing import read_lines

    source, name = _read(file), name or _name_of(file)
    with desk(config, database, as_json=as_json) as at:
        if form == "yaml" or (form == "auto" and file.suffix in (".yaml", ".yml")):
            _import_yaml(source, name, at, as_json=as_json)
            return
        there = taken(at.keeping.directory, environ=at.keeping.environ)
        imported = read_lines(source, taken=there, labels=labels_of(labels), phrases=form == "phrases")
        _import_topics(imported, name, file.name, at, as_json=as_json)
    _end_import(imported)


@watchlists.command(
    epilog=examples(
        "monitor watchlist export geopolitics > geopolitics.yaml",
        "monitor watchlist export geopolitics --format lines # one query a line",
    )
)
def export(
    name: NameArgument,
    form: Annotated[ExportFormat, typer.Option("--format", help="How it is written.")] = "yaml",
    config: ConfigOption = None,
) -> None:
    """Print a watchlist: as it stands, or its queries for other programs, with all aliases put in.

    Disabled topics are only in the YAML.
    """
    from monitor.cli.options import find_config, load
    from monitor.config.editing_files import read_standing, watchlist_path
    from monitor.topics.query import expanded

    standing = read_standing(watchlist_path(find_config(config), name))
    if standing.data is None:
        raise ConfigError(f"there is no watchlist {name!r}: {standing.path}")
    if form == "yaml":
        sys.stdout.write(standing.text)
        return
    topics = [topic for topic in load(config, tolerant=True).topics if topic.watchlist == name]
    queries = [str(expanded(topic.query)) for topic in topics]
    if form == "lines":
        for query in queries:
            out().print(words(query), soft_wrap=True)
        return
    facts = [
        {"topic": topic.name, "query": query, "labels": dict(topic.labels)}
        for topic, query in zip(topics, queries, strict=True)
    ]
    print_json({"watchlist": name, "topics": facts})


def _read(file: Path) -> "Source":
    """The list's text; raises ConfigError."""
    from monitor.config.problem import Problem, refusal
    from monitor.config.source import decode_source, read_source

    source = decode_source(file, sys.stdin.buffer.read()) if str(file) == "-" else read_source(file)
    if isinstance(source, Problem):
        raise refusal([source])
    return source


def _name_of(file: Path) -> str:
    if str(file) == "-":
        raise typer.BadParameter("what comes from standard input needs a name", param_hint="--name")
    return file.stem


def _import_yaml(source: "Source", name: str, at: Desk, *, as_json: bool) -> None:
    from monitor.keeper import edit_watchlist

    note = f"imported {source.path.name}"
    kept = edit_watchlist(name, lambda _: (source.text, range(0)), keeping=at.keeping, note=note, new=True)
    tell(kept, f"watchlist {name} imported", at, as_json=as_json)


def _import_topics(imported: "Imported", name: str, file: str, at: Desk, *, as_json: bool) -> None:
    from monitor.keeper import add_topics

    show_problems(() if as_json else imported.left_out, err())
    if not imported.topics:
        return
    note = f"{count(len(imported.topics), 'topic')} imported from {file}"
    kept = add_topics(name, imported.topics, keeping=at.keeping, note=note)
    left_out = [problem_facts(problem) for problem in imported.left_out]
    names = [topic.name for topic in imported.topics]
    tell(kept, note, at, as_json=as_json, topics=names, left_out=left_out)


def _end_import(imported: "Imported") -> None:
    if not imported.topics and not imported.left_out:
        raise ConfigError("there is no query in this file")
    if imported.left_out:
        lines = count(len(imported.left_out), "line was", "lines were")
        err().print(words(f"{lines} left out", "yellow"))
        raise typer.Exit(LEFT_OUT)


def _print_watchlists(rows: list[dict[str, object]]) -> None:
    if not rows:
        err().print(words("no watchlists; `monitor watchlist new` makes one"))
        return
    shown = table()
    for column in ("watchlist", "topics", "disabled", "version"):
        shown.add_column(column, justify="left" if column == "watchlist" else "right", overflow="fold")
    for row in rows:
        version = row["version"] if row["version"] is not None else "–"
        cells = (row["topics"], row["disabled"] or "", version)
        shown.add_row(words(str(row["watchlist"]), "bold"), *map(str, cells))
    out().print(shown)
