"""`monitor init` and `monitor check`: a configuration to start from, and what is wrong in one."""

import os
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import count, out, print_json, words
from monitor.cli.options import ConfigOption, JsonOption, examples, find_config
from monitor.cli.problems import problem_facts, show_problems
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.config import Config
    from monitor.config.problem import Problem

FOUND_WRONG = 1

commands = typer.Typer()


@commands.command(
    epilog=examples("monitor init # writes config/", "monitor init ~/.config/feed-monitor # for this user"),
)
def init(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder to write to.")] = Path(
        "config"
    ),
) -> None:
    """Write a configuration to start from: settings, feeds, alerts and a watchlist.

    Files that are there already are left as they are.
    """
    from monitor.config.starter import standing_files, write_starter

    standing = standing_files(directory)
    try:
        written = write_starter(directory)
    except OSError as error:
        raise ConfigError(f"{error.filename} can not be written: {error.strerror}") from error
    console = out()
    for path in standing:
        console.print(words(f"kept     {path} (it was there already)", "dim"), soft_wrap=True)
    for path in written:
        console.print(words(f"written  {path}"), soft_wrap=True)
    chosen = "" if directory == Path("config") else f" --config {quote(str(directory))}"
    console.print()
    console.print(words("Next: edit them, then"))
    for command in ("check", "poll", "run"):
        console.print(words(f"  monitor {command}{chosen}"), soft_wrap=True)


@commands.command(epilog=examples("monitor check", "monitor check --config /etc/feed-monitor --json"))
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check the whole configuration: every problem at once, with its file, line and column.

    Also runs the watchlists' own tests and looks at the receivers' URLs. Exit
    code 1 means errors.
    """
    directory = find_config(config)
    read, problems = checked(directory)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        print_json(_facts(read, problems, ok=not errors))
    else:
        show_problems(problems, out())
        out().print(words(_verdict(read, errors, len(problems) - errors)))
    raise typer.Exit(FOUND_WRONG if errors else 0)


def checked(directory: Path) -> "tuple[Config | None, Sequence[Problem]]":
    """The configuration, None if it can not be used, and everything that was found wrong or odd in it."""
    from monitor.alerts.deliver import check_url
    from monitor.config import load
    from monitor.config.problem import Problem

    try:
        config = load(directory, environ=os.environ, check_target=lambda url: check_url(url) or "")
    except ConfigError as error:
        return None, [problem for problem in error.problems if isinstance(problem, Problem)]
    return config, config.warnings


def _verdict(config: "Config | None", errors: int, warnings: int) -> str:
    also = f", {count(warnings, 'warning')}" if warnings else ""
    if config is None:
        return f"{count(errors, 'error')}{also}"
    return f"{summary(config)}: {'good' + also if warnings else 'all good'}"


def summary(config: "Config") -> str:
    """`26 feeds, 3 topics in 1 watchlist, 1 receiver`."""
    feeds = count(len(config.subscriptions), "feed")
    watchlists = count(len({topic.watchlist for topic in config.topics}), "watchlist")
    topics = count(len(config.topics), "topic")
    return f"{feeds}, {topics} in {watchlists}, {count(len(config.receivers), 'receiver')}"


def _facts(config: "Config | None", problems: "Sequence[Problem]", *, ok: bool) -> dict[str, object]:
    counts = {
        "feeds": len(config.subscriptions) if config else None,
        "topics": len(config.topics) if config else None,
        "receivers": len(config.receivers) if config else None,
    }
    return {"ok": ok, **counts, "problems": [problem_facts(problem) for problem in problems]}
