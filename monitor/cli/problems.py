"""The configuration's problems on the terminal: their place, the line with its caret, the hint; as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.cli.console import clean, say, words

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.config.problem import Problem

STYLES = {"error": "bold red", "warning": "bold yellow"}


def show_problems(problems: "Sequence[Problem]", console: "Console") -> None:
    """All of them; carets stand below their words only in lines that are not wrapped."""
    for problem in problems:
        first, *rest = problem.format().splitlines()
        message = first.removeprefix(f"{problem.where}: ")
        say(console, words(f"{problem.where}: ", "bold") + words(message, STYLES[problem.severity]))
        hint = [rest.pop()] if problem.hint else []
        for line in rest:
            console.print(words(line), soft_wrap=True)
        for line in hint:
            say(console, words(line))


def problem_facts(problem: "Problem") -> dict[str, object]:
    """A problem as JSON shows it."""
    return {
        "severity": problem.severity,
        "file": str(problem.file),
        "line": problem.line or None,
        "column": problem.column or None,
        "message": clean(problem.message),
        "hint": problem.hint,
    }
