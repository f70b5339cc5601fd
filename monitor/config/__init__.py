"""Reads the configuration directory: YAML in, settings, subscriptions, topics, routes and receivers out.

    config = load(Path("config"), environ=os.environ)

Importing this room costs nothing: what reads files, and what they become, is imported by the first `load`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.config.config import Config, Intake
    from monitor.config.settings import Settings

__all__ = ["load", "load_intake", "load_settings"]


def load(
    directory: Path,
    *,
    environ: Mapping[str, str],
    tolerant: bool = False,
    tested: bool = True,
    check_target: Callable[[str], str] | None = None,
    instead: Mapping[Path, str] = MappingProxyType({}),
) -> "Config":
    """The configuration in `directory`; ConfigError has every problem of every file.

    An empty directory is a valid configuration: no feeds, no topics, alerts to the terminal. With
    `tolerant` (for starting: nothing runs yet) broken topics are left out and told in `Config.problems`,
    and nobody looks for what is only unintended; without it (for reloading and checking: something runs
    already) they are errors like all others. Topics' own tests are run where it is to be `tested`: who polls
    once and leaves can do without.
    `check_target` asks the sending library what is wrong with a receiver's URL ("" if nothing).
    `instead` has texts to read in place of files, there or not: what would be, if they were written.
    """
    from monitor.config.loader import load_directory

    return load_directory(
        directory,
        environ=environ,
        tolerant=tolerant,
        tested=tested,
        check_target=check_target,
        instead=instead,
    )


def load_intake(
    directory: Path, *, environ: Mapping[str, str], tolerant: bool = False, tested: bool = True
) -> "Intake":
    """What is polled and what is looked for in it, for those who tell nobody; ConfigError as from `load`.

    What is wrong in alerts.yaml does not matter here.
    """
    from monitor.config import intake

    return intake.load_intake(directory, environ=environ, tolerant=tolerant, tested=tested)


def load_settings(directory: Path, *, environ: Mapping[str, str]) -> "Settings":
    """The settings alone, for those who only look into the database; ConfigError if monitor.yaml is wrong.

    What is wrong in the other files does not matter here.
    """
    from monitor.config.settings_file import load_settings_file

    return load_settings_file(directory, environ=environ)
