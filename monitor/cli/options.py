"""Options that several commands share: which configuration, which database, since when.

Finds the configuration's folder; does not read it.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, counting, err, out, say, words
from monitor.errors import ConfigError, NoDatabaseError, PlacingError, StoreError, WrongUseError

if TYPE_CHECKING:
    from monitor.config.config import Config, Intake
    from monitor.config.settings import Settings
    from monitor.placer import Placer
    from monitor.store.store import Store

MARKERS = ("monitor.yaml", "feeds.yaml", "watchlists")
"""Any of these makes a folder a configuration."""

PATIENCE_SECONDS = 5
"""How long who only looks waits for a writer before it shows what there is."""
WRITERS_PATIENCE_SECONDS = 30
"""The same of who has something to write."""

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="DIR",
        envvar="MONITOR_CONFIG",
        help="The configuration's folder; without it ./config, the current folder, ~/.config/feed-monitor.",
    ),
]
DatabaseOption = Annotated[
    Path | None,
    typer.Option("--db", metavar="FILE", help="The database, in place of the one that the settings name."),
]
LabelsOption = Annotated[
    list[str] | None, typer.Option("--label", "-l", metavar="K=V", help="A label for every hit; repeatable.")
]
WithLabelsOption = Annotated[
    list[str] | None,
    typer.Option("--label", "-l", metavar="K=V", help="Only feeds with this label; repeatable."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def examples(*lines: str) -> str:
    """The end of a command's help: each line is a command and, behind ` # `, what it is for."""
    return "\n".join(["[bold]Examples[/bold]", *(f"  {_example(line)}" for line in lines)])


def _example(line: str) -> str:
    # By hand: rich.markup would make the start of every command slower.
    command, comment, why = line.replace("[", r"\[").partition(" # ")
    return f"[cyan]{command}[/cyan]" + (f"[dim]{comment}{why}[/dim]" if comment else "")


def find_config(chosen: Path | None) -> Path:
    """The configuration's folder; raises ConfigError that says where one was looked for."""
    if chosen is not None:
        if not chosen.is_dir():
            raise ConfigError(f"there is no configuration folder at {chosen}")
        return chosen
    looked = list(_places())
    for place in looked:
        if any((place / marker).exists() for marker in MARKERS):
            return place
    places = "\n".join(f"  {place}" for place in looked)
    raise ConfigError(
        f"no configuration found ({', '.join(MARKERS[:-1])} or {MARKERS[-1]}/); looked in:\n{places}\n"
        "`monitor init` writes one to start from, --config DIR names another place"
    )


def _places() -> Iterator[Path]:
    yield Path.cwd() / "config"
    yield Path.cwd()
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    yield Path(home) / "feed-monitor"


def find_settings(config: Path | None, database: Path | None) -> "Settings":
    """The settings with the database to use: --db, else where monitor.yaml says.

    Reads monitor.yaml alone: who only looks into the database does not mind what is wrong in other files,
    and with --db needs no configuration at all. Raises ConfigError.
    """
    from monitor.config import load_settings
    from monitor.config.settings import Settings

    try:
        directory = find_config(config)
    except ConfigError:
        if database is None:
            raise
        return Settings(database=database)
    settings = load_settings(directory, environ=os.environ)
    return replace(settings, database=database or settings.database)


@contextmanager
def reading(database: Path) -> "Iterator[Store]":
    """The store of an existing database, closed in the end; raises StoreError."""
    with _opened(database, patience=WRITERS_PATIENCE_SECONDS) as (store, _):
        yield store


@contextmanager
def looking(database: Path) -> "Iterator[Store]":
    """The same, for who only looks and does not wait long for a writer."""
    with _opened(database, patience=PATIENCE_SECONDS) as (store, _):
        yield store


@contextmanager
def reading_stories(database: Path) -> "Iterator[Store]":
    """The same, for who looks at stories or at what became of hits: what `poll` has left is placed first.

    Where it can not be placed, that is said, and there is to see what there is.
    """
    with _opened(database, patience=PATIENCE_SECONDS) as (store, unwritable):
        try:
            _place_all(store, unwritable)
        except StoreError as error:
            _say_unplaced(store.count_unplaced(), error)
        yield store


@contextmanager
def _opened(database: Path, *, patience: float) -> "Iterator[tuple[Store, StoreError | None]]":
    from monitor.store import open_to_look
    from monitor.store.failure import plain_errors

    with plain_errors():
        try:
            store, unwritable = open_to_look(database, patience=patience)
        except NoDatabaseError as error:
            hint = "`monitor poll` and `monitor run` make one, --db FILE names another"
            raise StoreError(f"{error}\n{hint}") from error
        try:
            yield store, unwritable
        finally:
            store.close()


def _place_all(store: "Store", unwritable: StoreError | None) -> None:
    """Place what waits; raises StoreError where nothing can be written."""
    left = store.count_unplaced()
    if not left:
        return
    if unwritable:
        raise unwritable
    from monitor.placer import Placer
    from monitor.store.failure import plain_errors
    from monitor.unplaced import PLACED_AT_ONCE

    placer = Placer()
    with (
        plain_errors(),
        counting("hundreds of entries placed in stories", out(), left // PLACED_AT_ONCE) as another,
    ):
        while not _placed_some(store, placer):
            another()
        placer.keep(store)


def _placed_some(store: "Store", placer: "Placer") -> bool:
    """Place some of what waits, say which can not be; whether that were all."""
    from monitor.unplaced import place_some

    try:
        return place_some(store, placer)
    except PlacingError as error:
        say(err(), words(str(error), "yellow"))
        return False


def _say_unplaced(left: int, error: StoreError) -> None:
    # None is left where only the memory could not be kept: whoever needs it recalls it.
    if left:
        waiting = f"stories of {count(left, 'entry', 'entries')} could not be placed: {error}"
        say(err(), words(waiting, "yellow"))


def load(chosen: Path | None, *, tolerant: bool = False, tested: bool = True) -> "Config":
    """The configuration that these options mean; raises ConfigError."""
    from monitor.config import load as load_directory

    return load_directory(find_config(chosen), environ=os.environ, tolerant=tolerant, tested=tested)


def load_intake(chosen: Path | None) -> "Intake":
    """What they mean for who polls and tells nobody, broken topics left out; raises ConfigError."""
    from monitor.config import load_intake as load_from_directory

    return load_from_directory(find_config(chosen), environ=os.environ, tolerant=True, tested=False)


def moment_before(text: str, now: datetime) -> datetime:
    """What --since means: a duration back from now (`2d`, `90m`), or a date with or without a time."""
    try:
        return now - duration(text)
    except WrongUseError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUseError(f"{text!r}: a duration (2d, 12h) or a date (2024-05-01) is expected") from None
    return moment.astimezone(UTC)  # without a zone it is the machine's own


def duration(text: str) -> timedelta:
    """A duration as the configuration writes it; raises WrongUseError."""
    from monitor.config.units import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise WrongUseError(str(error)) from None


def number(text: str) -> int:
    """The number of a hit or a story, as lists show it; raises BadParameter."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise typer.BadParameter(f"{text!r}: a number is expected, as the list shows it")
    return int(text)


def labels_of(given: Sequence[str] | None) -> dict[str, str]:
    """The labels of `--label K=V`; raises BadParameter."""
    labels: dict[str, str] = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{pair!r}: a label is written name=value", param_hint="--label")
        labels[name.strip()] = value.strip()
    return labels
