"""What the commands that edit the configuration share: where an edit goes, how it and its effect are told."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from monitor.cli.console import err, out, print_json, say, words
from monitor.cli.options import find_config, find_settings
from monitor.cli.problems import problem_facts, show_problems
from monitor.clock import clock
from monitor.errors import ConfigError, EditRefusedError, StoreError

if TYPE_CHECKING:
    from monitor.config.problem import Problem
    from monitor.keeper import Keeping, Kept
    from monitor.store.records import DaemonRow
    from monitor.store.store import Store

REFUSED = 1
PATIENCE_SECONDS = 3.0
"""How long a command waits for the running daemon to take an edit up."""
LOOK_SECONDS = 0.1

State = Literal["running", "refused", "waiting", "not_running"]
NOT_RUNNING = "no monitor is running; it takes effect with the next start"
WAITING = "the running monitor has not taken it up yet; `monitor status` says when it has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where an edit is made: how it is kept, and what the daemon said of itself before."""

    keeping: "Keeping"
    before: "DaemonRow | None"


@contextmanager
def desk(config: Path | None, database: Path | None, *, as_json: bool = False) -> Iterator[Desk]:
    """The configuration and, if there is one, the database that these options mean; raises ConfigError.

    A refused edit is told, and ends the command with exit code 1.
    """
    from monitor.keeper import Keeping

    directory = find_config(config)
    with _store(config, database) as store:
        keeping = Keeping(directory=directory, environ=os.environ, store=store, who="cli", now=clock())
        try:
            yield Desk(keeping=keeping, before=store.daemon() if store else None)
        except EditRefusedError as error:
            _tell_refusal(error, as_json=as_json)
            raise typer.Exit(REFUSED) from error


@contextmanager
def _store(config: Path | None, database: Path | None) -> "Iterator[Store | None]":
    """The database, None if there is none: then nothing has run, and nothing is to be kept beside it."""
    from monitor.store import open_store

    try:
        path = find_settings(config, database).database
        store = open_store(path) if path.exists() else None
    except (ConfigError, StoreError) as error:
        say(err(), words(f"no version is kept: {error}", "yellow"))
        store = None
    try:
        yield store
    finally:
        if store is not None:
            store.close()


def tell(kept: "Kept", what: str, desk: Desk, *, as_json: bool, **facts: object) -> None:
    """Say what was done, where, and what the running monitor made of it."""
    state, detail = uptake(desk) if kept.changed else ("running", "nothing had to be changed")
    if as_json:
        print_json(facts | _facts(kept, state if kept.changed else None, detail))
        return
    version = f", version {kept.version}" if kept.version else ""
    say(out(), words(what, "bold") + words(f"  {kept.path}{version}", "dim"))
    show_problems(kept.review.warnings, err())
    style = {"running": "green", "refused": "bold red"}.get(state, "yellow") if kept.changed else ""
    for line in detail.splitlines():
        out().print(words(line, style), soft_wrap=True)
    if kept.unkept:
        say(err(), words(kept.unkept, "yellow"))
    if kept.review.standing and state != "refused":
        err().print(words("the configuration has other errors, and none of it runs until they are gone:"))
        show_problems(kept.review.standing, err())


def _tell_refusal(error: EditRefusedError, *, as_json: bool) -> None:
    """The errors with their carets, and that nothing was written."""
    problems = problems_of(error)
    last = "nothing was written" if problems else str(error)
    if as_json:
        facts = [problem_facts(problem) for problem in problems]
        print_json({"changed": False, "detail": last, "problems": facts})
        return
    show_problems(problems, err())
    say(err(), words("error: ", "bold red") + words(last))


def problems_of(error: ConfigError) -> "list[Problem]":
    """The problems that an error carries."""
    from monitor.config.problem import Problem

    return [problem for problem in error.problems if isinstance(problem, Problem)]


def uptake(desk: Desk, *, patience: float = PATIENCE_SECONDS) -> tuple[State, str]:
    """What the running daemon makes of an edit: waits a little for it to say so."""
    from monitor.cli.status import daemon_state

    store, before = desk.keeping.store, desk.before
    if store is None or before is None or daemon_state(before, clock())[0] != "running":
        return "not_running", NOT_RUNNING
    until = time.monotonic() + patience
    while True:
        row = store.daemon() or before
        if row.config_loaded_at > before.config_loaded_at and not row.config_error:
            return "running", "running now"
        late = time.monotonic() > until
        if row.config_error and (late or _refusal(row) != _refusal(before)):
            return "refused", f"refused by the running monitor:\n{row.config_error}"
        if late:
            return "waiting", WAITING
        time.sleep(LOOK_SECONDS)


def _refusal(row: "DaemonRow") -> tuple[str, object]:
    return row.config_error, row.config_error_since


def _facts(kept: "Kept", state: State | None, detail: str) -> dict[str, Any]:
    return ({"watchlist": kept.watchlist} if kept.watchlist else {}) | {
        "file": str(kept.path),
        "changed": kept.changed,
        "version": kept.version,
        "monitor": state,
        "detail": detail,
        "warnings": [problem_facts(problem) for problem in kept.review.warnings],
        "standing_errors": [problem_facts(problem) for problem in kept.review.standing],
    }
