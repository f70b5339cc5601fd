"""What is wrong in a configuration file, and where: one problem, printed with its line and a caret.

Does not find problems; the loader's parts do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from monitor.errors import ConfigError
from monitor.records import dataclass
from monitor.topics.caret import caret

Severity = Literal["error", "warning"]

INDENT = "    "
# Not line ends in YAML files as we count them, but for whoever splits the line again.
_LINE_ENDS = re.compile(r"[\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong at a place in a file. Lines and columns count from 1, `end_column` is exclusive.

    `source` is the line as it may be shown (secrets starred out, character by character, so that columns
    stay). Line 0 means the file as a whole.
    """

    file: Path
    message: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    source: str = ""
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return self.format()

    def format(self) -> str:
        """`file:line:column: message`, then the line, a caret below it, and the hint."""
        parts = [f"{self.where}: {'warning: ' if self.severity == 'warning' else ''}{self.message}"]
        if self.line and self.source.strip():
            parts += _pointed(self.source, self.column - 1, self.end_column - 1)
        if self.hint:
            parts.append(f"{INDENT}hint: {self.hint}")
        return "\n".join(parts)

    @property
    def where(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else f"{self.file}"


def in_order(problems: Iterable[Problem], files: Sequence[Path] = ()) -> tuple[Problem, ...]:
    """The problems file by file in this order (others first) and top down, each once."""
    rank = {file: index for index, file in enumerate(files)}
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda each: (rank.get(each.file, -1), each.line, each.column)))


def refusal(problems: Sequence[Problem]) -> ConfigError:
    """The error that carries all these problems, warnings too; its message is the errors, printed."""
    errors = [problem.format() for problem in problems if problem.severity == "error"]
    return ConfigError("\n".join(errors), problems=tuple(problems))


def as_warning(problem: Problem) -> Problem:
    """The same problem as a warning."""
    return replace(problem, severity="warning")


def _pointed(line: str, start: int, end: int) -> list[str]:
    """The line (or the stretch of it around the caret) and the carets under [start, end)."""
    shown = caret(_LINE_ENDS.sub("·", line.rstrip()), start, end)
    return [INDENT + part for part in shown.split("\n")]
