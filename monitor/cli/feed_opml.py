"""`monitor feed import|export`: feeds from and for other feed readers, as OPML."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, err, out, print_json, words
from monitor.cli.feed_group import feeds
from monitor.cli.kept import desk, tell
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    LabelsOption,
    examples,
    labels_of,
    load,
)
from monitor.config.secrets import mask_feed_url
from monitor.errors import ConfigError, ParseError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.kept import Desk
    from monitor.config import Config
    from monitor.config.importing_feeds import ImportedFeeds, LeftOut
    from monitor.feeds.opml import Outlines
    from monitor.feeds.subscription import Subscription

LEFT_OUT = 1
FOLDER = "folder"
"""The label that folders become, where nothing else is said."""

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
    from monitor.config.editing_feeds import feeds_draft, listed_feeds
    from monitor.config.importing_feeds import feeds_to_write
    from monitor.config.subscriptions import url_key

    outlines = _read(file)
    with desk(config, database, as_json=as_json) as at:
        draft = feeds_draft(at.keeping.directory, environ=at.keeping.environ)
        imported = feeds_to_write(
            outlines,
            taken={url_key(feed.url): feed.place for feed in listed_feeds(draft)},
            labels=labels_of(labels),
            folder_label=_label_name(folder_label),
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
    labels: LabelsOption = None, folder_label: FolderOption = FOLDER, config: ConfigOption = None
) -> None:
    """Print the feeds as OPML for other feed readers, in folders by a label.

    With --label only those that have all these labels. Logins and other secrets
    are not exported: a feed whose address holds one is left out and named, and
    so are files and commands of this machine.
    """
    from monitor.feeds.opml import OpmlFeed, write_opml

    loaded, wanted = load(config, tolerant=True), labels_of(labels)
    chosen = [one for one in loaded.subscriptions if wanted.items() <= one.labels.items()]
    kept = {one.url: _why_kept(loaded, one) for one in chosen}
    exported = [
        OpmlFeed(url=one.url, title=one.name, folders=_folders(one.labels.get(folder_label, "")))
        for one in chosen
        if not kept[one.url]
    ]
    sys.stdout.write(write_opml(exported, title="feed-monitor"))
    for one in chosen:
        if why := kept[one.url]:
            shown = one.name or loaded.secrets.mask(mask_feed_url(one.url))
            err().print(words(f"left out: {shown}: {why}", "yellow"), soft_wrap=True)


def _read(file: Path) -> "Outlines":
    from monitor.feeds.opml import read_opml, why_not_opml

    try:
        document = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise WrongUseError(f"{file} can not be read: {(error.strerror or str(error)).lower()}") from error
    try:
        return read_opml(document)
    except ParseError as error:
        raise WrongUseError(f"{file}: {why_not_opml(document, error)}") from error


def _label_name(name: str) -> str:
    from monitor.config.labels import LABEL_NAME, OWN_LABELS

    if not LABEL_NAME.fullmatch(name) or name in OWN_LABELS:
        raise ConfigError(f"{name!r} can not be a label's name: letters, digits and `_` are expected")
    return name


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
        out().print(shown + words(f"  {labels}" if labels else "", "dim"), soft_wrap=True)
    out().print(words(f"{count(len(imported.feeds), 'feed')} would be written, nothing was", "bold"))


def _tell_left_out(left_out: "Sequence[LeftOut]") -> None:
    for one in left_out:
        style = "red" if one.why == "broken" else "yellow"
        named = f"{one.name}: " if one.name else ""
        err().print(words(f"left out, line {one.line}: {named}{one.reason}", style), soft_wrap=True)


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


def _why_kept(config: "Config", feed: "Subscription") -> str:
    """Why a feed is not for others, "" if it is."""
    if feed.local:
        return "it is a file or a command of this machine"
    secret = config.secrets.mask(mask_feed_url(feed.url)) != feed.url
    return "its address holds a secret" if secret else ""


def _folders(label: str) -> tuple[str, ...]:
    return tuple(part for part in label.split("/") if part)
