"""The configuration's problems on the terminal: their place, the line with its caret, the hint."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.cli.console import words

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.config import Problem

STYLES = {"error": "bold red", "warning": "bold yellow"}


def show_problems(problems: "Sequence[Problem]", console: "Console") -> None:
    """All of them; carets stand below their words only in lines that are not wrapped."""
    for problem in problems:
        first, *rest = problem.format().splitlines()
        message = first.removeprefix(f"{problem.where}: ")
        place = words(f"{problem.where}: ", "bold")
        console.print(place + words(message, STYLES[problem.severity]), soft_wrap=True)
        for line in rest:
            console.print(words(line), soft_wrap=True)
