"""`monitor feed import|export`: feeds from and for other feed readers, as OPML."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, out, print_json, say, words
from monitor.cli.feed_group import feeds
from monitor.cli.kept import desk, tell
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    LabelsOption,
    WithLabelsOption,
    examples,
    labels_of,
    load,
)
from monitor.config.secrets import mask_feed_url
from monitor.errors import WrongUseError
from monitor.feeds.opml import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.kept import Desk
    from monitor.config.importing_feeds import ImportedFeeds, LeftOut

LEFT_OUT = 1

FolderOption = Annotated[
    str, typer.Option("--folder-label", metavar="NAME", help="The label that stands for the folders.")
]


@feeds.command(
    "import",
    epilog=examples(
        "monitor feed import subscriptions.opml --dry-run # what would be written",
        "monitor feed import subscriptions.opml --folder-label region --label desk=asia",
        "monitor feed import - < subscriptions.opml",
    ),
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - is standard input.")],
    labels: LabelsOption = None,
    folder_label: FolderOption = FOLDER,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the feeds of an OPML list at the end of feeds.yaml, their folders as a label.

    Feeds that are followed already and outlines that are broken are left out and
    named. Exit code: 0 done, 1 something was broken, 2 the file is no OPML.
    """
    from monitor.feedlists import new_feeds, read_list

    outlines = read_list(_bytes_of(file), name=str(file))
    with desk(config, database, as_json=as_json) as at:
        imported = new_feeds(
            outlines, keeping=at.keeping, labels=labels_of(labels), folder_label=folder_label
        )
        if dry_run or not imported.feeds:
            _tell_plan(imported, as_json=as_json)
        else:
            _write(imported, file.name, at, as_json=as_json)
    _tell_left_out(imported.left_out)
    raise typer.Exit(LEFT_OUT if any(one.why == "broken" for one in imported.left_out) else 0)


@feeds.command(
    epilog=examples(
        "monitor feed export > subscriptions.opml",
        "monitor feed export --folder-label region --label kind=wire",
    )
)
def export(
    labels: WithLabelsOption = None, folder_label: FolderOption = FOLDER, config: ConfigOption = None
) -> None:
    """Print the feeds as OPML for other feed readers, in folders by a label.

    With --label only those that have all these labels. Logins and other secrets
    are not exported: a feed whose address holds one is left out and named, and
    so are files and commands of this machine.
    """
    from monitor.feedlists import export_list

    loaded, wanted = load(config, tolerant=True), labels_of(labels)
    chosen = [one for one in loaded.subscriptions if wanted.items() <= one.labels.items()]
    exported = export_list(loaded, chosen, folder_label=folder_label)
    sys.stdout.write(exported.text)
    for shown, why in exported.left_out:
        say(err(), words(f"left out: {shown}: {why}", "yellow"))


def _bytes_of(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise WrongUseError(f"{file} can not be read: {(error.strerror or str(error)).lower()}") from error


def _write(imported: "ImportedFeeds", source: str, at: "Desk", *, as_json: bool) -> None:
    from monitor.feedkeeper import add_feeds

    kept = add_feeds(imported.feeds, keeping=at.keeping)
    what = f"{count(len(imported.feeds), 'feed')} imported from {source}"
    tell(kept, what, at, as_json=as_json, **_facts(imported))


def _tell_plan(imported: "ImportedFeeds", *, as_json: bool) -> None:
    if as_json:
        print_json(_facts(imported) | {"changed": False})
        return
    for feed in imported.feeds:
        labels = ", ".join(f"{name}={value}" for name, value in feed.labels.items())
        shown = words(feed.name or mask_feed_url(feed.url), "bold") + words(f"  {mask_feed_url(feed.url)}")
        say(out(), shown + words(f"  {labels}" if labels else "", "dim"))
    known = sum(one.why == "duplicate" for one in imported.left_out)
    if imported.feeds or not known:
        what = f"{count(len(imported.feeds), 'feed')} would be written, nothing was"
    else:
        what = f"nothing is new: {'it is' if known == 1 else f'all {known:,} are'} followed already"
    out().print(words(what, "bold"))


def _tell_left_out(left_out: "Sequence[LeftOut]") -> None:
    for one in left_out:
        style = "red" if one.why == "broken" else "yellow"
        named = f"{one.name}: " if one.name else ""
        say(err(), words(f"left out, line {one.line}: {named}{one.reason}", style))


def _facts(imported: "ImportedFeeds") -> dict[str, object]:
    return {
        "feeds": [
            {"feed": one.name, "url": mask_feed_url(one.url), "labels": dict(one.labels)}
            for one in imported.feeds
        ],
        "left_out": [
            {"line": one.line, "name": one.name, "why": one.why, "reason": one.reason}
            for one in imported.left_out
        ],
    }
