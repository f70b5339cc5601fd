"""`monitor watchlist log|show|restore`: what the watchlists said, and back to it."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import err, print_json, words
from monitor.cli.kept import desk, tell
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples, find_settings, reading
from monitor.cli.watchlist import NameArgument, watchlists
from monitor.clock import clock

if TYPE_CHECKING:
    from monitor.store.store import Store
    from monitor.store.versions import Version


@watchlists.command(epilog=examples("monitor watchlist log", "monitor watchlist log geopolitics --json"))
def log(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Only this watchlist.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")] = 20,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each.")] = False,
) -> None:
    """List the watchlists' versions: when each was changed, by whom and how much.

    By whom: a command (cli), an edit of the file, or a page.
    """
    from monitor.cli.version_view import show_log, version_facts
    from monitor.clock import zone_of

    settings = find_settings(config, database)
    with reading(settings.database) as store:
        found = [(one, _before(store, one)) for one in store.versions(watchlist=name, limit=limit)]
    if as_json:
        for version, before in found:
            print_json(version_facts(version, before))
    elif found:
        show_log(found, zone=zone_of(settings.time_zone), now=clock())
    else:
        err().print(words("no versions were kept yet"))


@watchlists.command(
    epilog=examples(
        "monitor watchlist show geopolitics --version 3 > old.yaml",
        "monitor watchlist show geopolitics --diff # what the newest change did",
    )
)
def show(
    name: NameArgument,
    number: Annotated[
        int | None, typer.Option("--version", "-v", metavar="N", help="Without it the newest.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="What it changed in the version before.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what a watchlist said in a version, or what that version changed."""
    from monitor.cli.version_view import show_diff, show_text, version_facts
    from monitor.keeper import find_version

    with reading(find_settings(config, database).database) as store:
        version = find_version(store, name, number)
        before = _before(store, version)
    if as_json:
        print_json(version_facts(version, before) | {"text": version.text})
    elif diff:
        show_diff(version, before)
    else:
        show_text(version)


@watchlists.command(epilog=examples("monitor watchlist restore geopolitics --version 3"))
def restore(
    name: NameArgument,
    number: Annotated[int, typer.Option("--version", "-v", metavar="N", help="The version to go back to.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write back what a watchlist said in a version; that makes a new version.

    Exit code 1: it would not be right today, and nothing was written.
    """
    from monitor.keeper import restore as restore_version

    with desk(config, database, as_json=as_json) as at:
        kept = restore_version(name, number, keeping=at.keeping)
        tell(kept, f"watchlist {name}: version {number} restored", at, as_json=as_json)


def _before(store: "Store", version: "Version") -> "Version | None":
    return store.version(version.watchlist, version.number - 1)
