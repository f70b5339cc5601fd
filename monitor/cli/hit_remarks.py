"""`monitor hits star|note`: what is put on hits to find them again."""

import os
from typing import Annotated

import typer

from monitor.cli.console import count, out, print_json, words
from monitor.cli.finding import IdsArgument, hits
from monitor.cli.options import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    examples,
    find_settings,
    number,
    reading,
)
from monitor.clock import clock
from monitor.errors import WrongUseError


@hits.command(
    epilog=examples(
        "monitor hits star 17 18",
        "monitor hits star 17 --off",
        "monitor hits --starred # those that have one",
    )
)
def star(
    ids: IdsArgument,
    off: Annotated[bool, typer.Option("--off", help="Take it off.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Put a star on hits, to find them again. What has one is not forgotten."""
    with reading(find_settings(config, database).database) as store:
        if missing := store.star(ids, on=not off, who=os.environ.get("USER", ""), now=clock()):
            raise WrongUseError(f"there is no hit {', '.join(map(str, missing))}; nothing was changed")
    if as_json:
        print_json({"hits": list(dict.fromkeys(ids)), "starred": not off})
        return
    out().print(words(f"{count(len(set(ids)), 'hit')} with{'out' if off else ''} a star"))


@hits.command(
    epilog=examples(
        "monitor hits note 17 'the embassy denies it'",
        "monitor hits note 17 '' # none any more",
        "monitor explain --hit 17 # shows it",
    )
)
def note(
    hit: Annotated[int, typer.Argument(metavar="ID", parser=number, help="A hit.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note, in place of the one it has.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Put a note on a hit, for later readers. What has one is not forgotten."""
    from monitor.store.remarks import note_of

    kept = note_of(text)
    with reading(find_settings(config, database).database) as store:
        if not store.note(hit, kept, who=os.environ.get("USER", ""), now=clock()):
            raise WrongUseError(f"there is no hit {hit}")
    if as_json:
        print_json({"hit": hit, "note": kept})
        return
    out().print(words(f"hit {hit} has a note" if kept else f"hit {hit} has no note"))
