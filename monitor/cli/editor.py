"""A topic's lines in the user's editor, until they are right or the user gives up."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import typer

from monitor.cli.console import err, say, words
from monitor.config.editing_lines import split
from monitor.errors import ConfigError, EditRefusedError, MonitorError
from monitor.topics.caret import caret

if TYPE_CHECKING:
    from monitor.config.editing_draft import Draft, ItemPlace
    from monitor.config.problem import Problem
    from monitor.keeper import Keeping, Kept

SIGN = "#!"
"""Lines that begin so are ours: they are taken out of what comes back."""
HEAD = (
    f"{SIGN} Lines that begin with {SIGN} are left out. Save and close to put the topic back;",
    f"{SIGN} leave it unchanged or empty to give up.",
)
GIVEN_UP = 1
_EDITORS = ("sensible-editor", "nano", "vi")


def edit_topic(draft: "Draft", topic: "ItemPlace", *, keeping: "Keeping") -> "Kept | None":
    """What became of an edit in $VISUAL or $EDITOR, None if it was given up without a change.

    Ends the command with code 1 if it was given up with errors; what was typed stays in its file.
    """
    from monitor.cli.kept import problems_of
    from monitor.config.editing_splice import item_text, lines_of
    from monitor.keeper import replace_topic

    was = item_text(draft, topic)
    in_brackets = draft.listed is not None and draft.listed.flow  # shown otherwise than it stands
    file, first = Path() if in_brackets else draft.source.path, lines_of(draft, topic).start
    path = _new_file(topic.name)
    tried, comments = was, was
    while True:
        typed = _edited(path, "\n".join([*HEAD, comments]))
        if typed == tried or not typed.strip():
            _give_up(path, typed, clean=tried == was or not typed.strip())
            return None
        try:
            kept = replace_topic(
                topic.name, typed, was=was, keeping=keeping, watchlist=draft.source.path.stem
            )
        except ConfigError as error:
            problems = problems_of(error)
            if isinstance(error, EditRefusedError) and not problems:
                say(err(), words(f"what was typed is kept in {path}"))
                raise
            tried = typed
            comments = commented(typed, problems or [str(error)], file=file, first=first)
        else:
            path.unlink()
            return kept


def commented(text: str, problems: "Iterable[Problem | str]", *, file: Path, first: int) -> str:
    """The text with what is wrong as comments: below its line if it is in the text, else above all.

    The text's first line is line `first` of the file.
    """
    lines = split(text)
    above: list[str] = []
    below: dict[int, list[str]] = {}
    for problem in problems:
        if isinstance(problem, str):
            above.append(f"{SIGN} {problem}")
        elif problem.file == file and 0 <= problem.line - first < len(lines):
            index = problem.line - first
            below.setdefault(index, []).extend(_pointing(problem, lines[index]))
        else:
            above += [f"{SIGN} {line}" for line in problem.format().splitlines()]
    body = [part for index, line in enumerate(lines) for part in (line, *below.get(index, ()))]
    return "\n".join([*above, *body]) + "\n"


def _pointing(problem: "Problem", line: str) -> Iterator[str]:
    """The comment of a problem: carets below its place in the line, and the message."""
    moved = len(problem.source) - len(line)  # the topic stands at the margin here, not in the file
    start, end = problem.column - 1 - moved, problem.end_column - 1 - moved
    shown, _, marks = caret(line, start, end).partition("\n")
    if shown == line and marks.startswith("  "):
        yield f"{SIGN}{marks[2:]} {problem.message}"
    else:
        yield f"{SIGN} column {max(start, 0) + 1}: {problem.message}"
    if problem.hint:
        yield f"{SIGN} hint: {problem.hint}"


def _edited(path: Path, text: str) -> str:
    """What the editor makes of the text, without our comments."""
    path.write_text(text, encoding="utf-8")
    _run_editor(path)
    try:
        lines = split(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise MonitorError(f"what the editor left can not be read: {error}") from error
    return "".join(f"{line}\n" for line in lines if not line.startswith(SIGN))


def _run_editor(path: Path) -> None:
    """Wait for the user; raises MonitorError if that can not be, and leaves no file that nobody touched."""
    before, command = path.read_bytes(), [*_editor(), str(path)]
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the editor that the user asks for
    except OSError as error:
        path.unlink()
        raise MonitorError(f"the editor can not be started: {' '.join(command)}: {error.strerror}") from error
    if done.returncode != 0:
        if path.exists() and path.read_bytes() == before:
            path.unlink()
        raise MonitorError(f"the editor ended with code {done.returncode}; the topic stays as it is")


def _editor() -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        if chosen := os.environ.get(name, "").strip():
            return shlex.split(chosen)
    for name in _EDITORS:
        if found := shutil.which(name):
            return [found]
    raise MonitorError("there is no editor: set $EDITOR to the one to use")


def _new_file(name: str) -> Path:
    stem = "".join(letter if letter.isalnum() else "-" for letter in name)[:40]
    with NamedTemporaryFile(prefix=f"topic-{stem}-", suffix=".yaml", delete=False) as file:
        return Path(file.name)


def _give_up(path: Path, typed: str, *, clean: bool) -> None:
    if clean:
        path.unlink()
        what = "unchanged" if typed.strip() else "left empty (`monitor topic remove` takes a topic out)"
        say(err(), words(f"{what}: the topic stays as it is"))
        return
    say(err(), words(f"given up: the topic stays as it is; what was typed is kept in {path}"))
    raise typer.Exit(GIVEN_UP)
