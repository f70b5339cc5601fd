"""The program `monitor`: its commands, joined; how errors are told, and with which exit code.

0  done          1  found wrong (`check`, `health`), nothing matched (`match`)
2  used wrongly: usage, configuration, query, database, a second daemon
"""

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, cast

import typer

from monitor import __version__
from monitor.cli.console import err, flush_quietly, forgiving_output, say, words
from monitor.errors import ConfigError, MonitorError

if TYPE_CHECKING:
    from monitor.config.problem import Problem

WRONG_USE = 2
VERSION = ("--version", "-V")
FULL = (errno.ENOSPC, errno.EDQUOT)
"""There is no room where something was written: most likely where the output goes."""

COMPLETING = "_MONITOR_COMPLETE"
"""The shell sets it when it wants to know what may come next."""

GROUPS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("demo",): ("demo:commands",),
    ("init", "check"): ("configuration:commands",),
    ("poll",): ("polling:commands",),
    ("run", "status", "health"): ("daemon:commands",),
    ("hits",): ("hit_remarks", "finding:commands"),
    ("stories",): ("stories:commands",),
    ("explain",): ("explaining:commands",),
    ("match",): ("matching:commands",),
    ("replay",): ("replaying:commands",),
    ("coverage",): ("coverage:commands",),
    ("route",): ("route:routes",),
    ("silence",): ("silence:silences",),
    ("alert",): ("alert_test", "alert_outbox", "alert_ack", "alert_schema", "alert:alerts"),
    ("topic",): (
        "topic",
        "topic_diff",
        "topic_edit",
        "topic_precision",
        "topic_suggest",
        "topic_group:topics",
    ),
    ("feed",): ("feed", "feed_edit", "feed_opml", "feed_poll", "feed_group:feeds"),
    ("watchlist",): ("watchlist_versions", "watchlist:watchlists"),
    ("token", "web"): ("access:commands",),
}
"""The files of each group of commands, in the order of the help; behind a colon what joins the program.

Only the group that is asked for is imported: the program must start at once, however much it can do.
"""


def _version(asked: bool) -> None:
    if asked:
        from monitor.topics import ARE_PARTS_OLDER
        from monitor.topics.compiled import OLDER, is_compiled

        how = "compiled" if is_compiled() else "in plain Python"
        typer.echo(f"monitor {__version__} (matching {how})")
        if ARE_PARTS_OLDER:
            typer.echo(OLDER, err=True)
        raise typer.Exit


def _monitor(
    version: Annotated[
        bool,
        typer.Option(
            *VERSION, callback=_version, is_eager=True, help="Print the version, and how it matches."
        ),
    ] = False,
) -> None:
    """Watch news feeds for topics and alert, durably."""


def program(groups: Iterable[Sequence[str]] = tuple(GROUPS.values())) -> typer.Typer:
    """The program with these groups of commands, or with all."""
    app = typer.Typer(
        name="monitor",
        callback=_monitor,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="monitor demo shows it all in ten seconds; from there: monitor init, check, poll and run.",
    )
    for file, _, group in (name.partition(":") for names in groups for name in names):
        module = import_module(f"monitor.cli.{file}")
        if group:
            app.add_typer(getattr(module, group))
    return app


def needed(arguments: Sequence[str]) -> Iterable[Sequence[str]]:
    """The groups that these arguments may ask for: one, none for the version, all for help and guesses."""
    first = arguments[0] if arguments else ""
    if first in VERSION and COMPLETING not in os.environ:
        return ()
    asked = [files for commands, files in GROUPS.items() if first in commands]
    return asked or GROUPS.values()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    forgiving_output()
    try:
        program(needed(arguments))(arguments, prog_name="monitor")
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else WRONG_USE
    except MonitorError as error:
        code = _told(error)
    except OSError as error:
        if error.errno not in FULL:
            raise
        code = _told(MonitorError(f"nothing more can be written: {error.strerror}"))
    else:
        code = 0
    if unwritten := flush_quietly():
        code = _told(MonitorError(f"what was said can not be written: {unwritten}"))
    return code


def _told(error: MonitorError) -> int:
    """Say in plain words what was wrong; where even that can not be written, the exit code says it."""
    with suppress(OSError):
        _tell(error)
    return WRONG_USE


def _tell(error: MonitorError) -> None:
    console = err()
    if isinstance(error, ConfigError) and error.problems:
        from monitor.cli.problems import show_problems

        show_problems(cast("Sequence[Problem]", error.problems), console)
        return
    first, *rest = str(error).splitlines()
    say(console, words("error: ", "bold red") + words(first))
    for line in rest:
        console.print(words(line), soft_wrap=True)
