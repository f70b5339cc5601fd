"""`monitor route test`: the way of a hit down the tree of routes, and who would hear of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import print_json
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples, load, reading_stories
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.alerts.silence import Silence
    from monitor.config.config import Config
    from monitor.store.store import Store

NOBODY_HEARS = 1

routes = typer.Typer(
    name="route", help="Ask the route tree who hears.", no_args_is_help=True, rich_markup_mode="rich"
)


@routes.callback()
def _group() -> None:
    """Ask the route tree who hears."""


@routes.command(
    "test",
    epilog=examples(
        "monitor route test --labels topic=Cuba,severity=high",
        "monitor route test -l topic=Cuba -l 'feed=BBC World'",
        "monitor route test --hit 17 # as monitor hits lists it",
        "monitor route test -l topic=Cuba --json | jq '.hears[].receiver'",
    ),
)
def ask(
    labels: Annotated[
        list[str] | None,
        typer.Option("--labels", "-l", metavar="NAME=VALUE,...", help="A hit's labels; may be repeated."),
    ] = None,
    hit: Annotated[int | None, typer.Option("--hit", metavar="ID", help="The labels of this hit.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print the way of a hit down the tree of routes, and who would hear of it now.

    At each route: which of its matchers failed, or that it took the hit. Then who
    hears, when, and in whose company; or why nobody does.
    Exit code: 0 somebody hears, 1 nobody does.
    """
    from monitor.alerts.hear import hearings
    from monitor.alerts.route import walk
    from monitor.cli.route_view import route_facts, show_way
    from monitor.setup import rules_of

    if bool(labels) == (hit is not None):
        raise WrongUseError("which hit? Give its --labels, or a stored one by --hit")
    loaded, now = load(config), clock()
    wanted, silences = _asked(loaded, database, labels or [], hit)
    rules = rules_of(loaded)
    steps, heard = walk(rules.root, wanted), hearings(wanted, rules=rules, silences=silences, now=now)
    if as_json:
        print_json(route_facts(wanted, steps, heard))
    else:
        show_way(wanted, steps, heard, zone=rules.zone, now=now)
    raise typer.Exit(0 if any(one.at for one in heard) else NOBODY_HEARS)


def _asked(
    config: "Config", database: "Path | None", written: list[str], hit: int | None
) -> "tuple[dict[str, str], list[Silence]]":
    """The labels that are asked for, and the silences that hold; without a database there are none."""
    path = database or config.settings.database
    if hit is None and not path.exists():
        return labels_of(written), []
    with reading_stories(path) as store:
        labels = labels_of(written) if hit is None else _labels_of_hit(store, hit)
        return labels, store.silences(since=clock())


def _labels_of_hit(store: "Store", hit: int) -> dict[str, str]:
    found = store.hits(ids=[hit])
    if not found:
        raise WrongUseError(f"there is no hit {hit}; `monitor hits` lists them")
    return dict(found[0].labels)


def labels_of(written: list[str]) -> dict[str, str]:
    """`topic=Cuba,severity=high` as labels; raises WrongUseError. A value with a comma stands alone."""
    labels: dict[str, str] = {}
    for text in written:
        pieces = text.split(",")
        # "feed=News, all of it": what follows a comma is a label of its own only where it looks so.
        for piece in pieces if all("=" in piece for piece in pieces) else [text]:
            name, equals, value = piece.partition("=")
            if not equals or not name.strip().isidentifier():
                raise WrongUseError(f"{piece!r}: a label is written name=value")
            labels[name.strip()] = value.strip()
    return labels
