"""The program as a whole: every command is documented, errors are words, nothing heavy is imported."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from monitor import __version__
from monitor.cli import program as program_file
from monitor.cli.console import flush_quietly
from monitor.cli.program import GROUPS, needed, program
from monitor.topics import compiled
from tests.command_line import Call

TREE = Path(__file__).parent.parent.parent

HEAVY = {
    "pycurl",
    "apprise",
    "apscheduler",
    "asyncio",
    "feedparser",
    "rich.console",
    "ruamel",
    "sqlite3",
    "re2",
}


def commands(command: Any, path: str = "monitor") -> Iterator[tuple[str, Any]]:
    """All commands with their full names; groups themselves not."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
    for name, one in (inner or {}).items():
        yield from commands(one, f"{path} {name}")


IN_A_LINE = 78
"""Signs that a terminal of 80 columns shows in a line of help, which begins with a blank."""
EVERY = dict(commands(typer.main.get_command(program())))


@pytest.mark.parametrize("path", EVERY)
def test_every_command_says_what_it_does_and_gives_an_example(path: str) -> None:
    command = EVERY[path]
    assert command.help, path
    assert f"[cyan]{path}" in (command.epilog or ""), f"{path}: no example of it in its help"


@pytest.mark.parametrize("path", EVERY)
def test_the_lines_of_a_help_are_as_long_as_a_terminal_shows_them(path: str) -> None:
    """A longer one would be broken in two, and its end would stand alone in a line."""
    assert [line for line in EVERY[path].help.splitlines()[1:] if len(line) > IN_A_LINE] == []


def shown_examples(path: str) -> list[str]:
    """The examples in a command's help, as a terminal shows them."""
    plain = re.sub(r"(?<!\\)\[/?[a-z]+\]", "", EVERY[path].epilog).replace("\\[", "[")
    return [line.strip() for line in plain.splitlines()[1:]]


@pytest.mark.parametrize("path", EVERY)
def test_an_example_fits_in_a_line_and_can_be_typed(path: str) -> None:
    for line in shown_examples(path):
        assert len(line) <= IN_A_LINE, line
        words = shlex.split(line.partition(" # ")[0])
        call = words[words.index("monitor") :]
        typed(list(takewhile(lambda word: word not in {"|", "<", ">"}, call)))


def typed(words: list[str]) -> None:
    """Take a call apart as the program would; raises BadParameter, or the like, where it would be refused."""
    command: Any = typer.main.get_command(program())
    while len(words) > 1 and words[1] in getattr(command, "commands", {}):
        command, words = command.commands[words[1]], words[1:]
    command.make_context("monitor", words[1:])


def test_a_call_that_would_be_refused_is_none_to_show() -> None:
    with pytest.raises(typer.BadParameter):
        typed(["monitor", "hits", "--limit", "many"])


@pytest.mark.parametrize("path", EVERY)
def test_every_option_and_argument_says_what_it_does(path: str) -> None:
    for parameter in EVERY[path].params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name}"


@pytest.mark.parametrize("path", EVERY)
def test_the_help_fits_80_columns(path: str, monitor: Call) -> None:
    done = monitor(*path.split()[1:], "--help")
    assert done.code == 0
    assert "Usage: monitor" in done.out
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80


@pytest.mark.parametrize("names", GROUPS, ids=" ".join)
def test_a_group_holds_the_commands_it_is_imported_for(names: tuple[str, ...]) -> None:
    assert set(typer.main.get_command(program([GROUPS[names]])).commands) == set(names)  # type: ignore[attr-defined]


def test_only_what_is_asked_for_is_imported() -> None:
    assert list(needed(["match", "-q", "x"])) == [GROUPS[("match",)]]
    assert list(needed(["--version"])) == []
    assert list(needed([])) == list(needed(["--help"])) == list(needed(["mach"])) == list(GROUPS.values())


@pytest.mark.parametrize("arguments", [["--version"], ["match", "--json", "-q", "Cuba"]], ids=" ".join)
def test_a_quick_command_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from monitor.cli.program import run; code = run(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input='{"title": "Cuba"}\n',
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(program_file.__file__).parent.parent.parent,
    )
    assert done.stdout
    assert not HEAVY & set(done.stderr.split())


@pytest.mark.parametrize(("there", "how"), [(True, "compiled"), (False, "in plain Python")])
def test_the_version_is_printed_and_how_matching_runs(
    monitor: Call, there: bool, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in compiled.PARTS:
        monkeypatch.setitem(sys.modules, part, ModuleType(part) if there else None)
    assert monitor("--version").out == f"monitor {__version__} (matching {how})\n"


def test_a_mistyped_command_is_answered_with_the_nearest(monitor: Call) -> None:
    done = monitor("mach")
    assert done.code == 2
    assert "Did you mean 'match'?" in done.err


def test_a_missing_configuration_says_where_it_was_looked_for(monitor: Call, tmp_path: Path) -> None:
    done = monitor("poll")
    assert done.code == 2
    assert "error: no configuration found" in done.err
    for place in (tmp_path / "config", tmp_path, tmp_path / "home" / "feed-monitor"):
        assert str(place) in done.err
    assert "monitor init" in done.err


def test_a_configuration_folder_that_is_not_there_is_named(monitor: Call) -> None:
    done = monitor("check", "--config", "/nowhere/at/all")
    assert done.code == 2
    assert "/nowhere/at/all" in done.err


def test_the_environment_names_the_configuration(
    monitor: Call, directory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moved = directory.rename(tmp_path / "elsewhere")
    assert monitor("check").code == 2
    monkeypatch.setenv("MONITOR_CONFIG", str(moved))
    assert monitor("check").code == 0


def test_the_current_folder_may_be_the_configuration(
    monitor: Call, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(directory)
    assert monitor("check").code == 0


def test_python_dash_m_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"monitor {__version__} (")


NEEDS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is full")


@NEEDS_FULL
@pytest.mark.parametrize("arguments", [["--version"], ["topic", "--help"], ["check", "--config", "config"]])
def test_an_output_without_room_is_an_error_in_a_line(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "monitor", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, cwd=TREE
        )
    said = "error: nothing more can be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, said)


@NEEDS_FULL
def test_the_exit_code_tells_of_an_error_that_can_not_be_written_either() -> None:
    command = [sys.executable, "-m", "monitor", "check", "--config", "nowhere"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=full, check=False, timeout=60)
    assert done.returncode == 2


@NEEDS_FULL
def test_what_is_left_to_write_is_told_of_where_there_is_no_room_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        print("Cuba")
        assert flush_quietly() == "No space left on device"
        assert flush_quietly() == ""
