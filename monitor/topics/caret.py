"""Shows a place in a query as plain text: the line and the carets below it. Prints nothing itself."""

import unicodedata

from monitor.errors import QueryError
from monitor.topics.query import QueryWarning

WIDTH = 100
"""Columns a shown line may take; a longer one is cut around the place."""

_LEAD = 30
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_CONTROL = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def caret(text: str, start: int, end: int) -> str:
    """The line of `text` in which the place begins, and carets below the place.

    East Asian characters count two columns and combining marks none; a place that goes on in the next line is
    marked to this line's end; an empty place is one caret.
    """
    line, offset = _line_at(text, start)
    first = min(max(start, 0) - offset, len(line))
    last = max(min(end - offset, len(line)), first)
    shown, first, last = _cut(line, first, last)
    marks = max(_columns(shown[first:last]), 1)
    return f"{_printable(shown)}\n{' ' * _columns(shown[:first])}{'^' * marks}"


def message_of(problem: QueryError | QueryWarning, text: str) -> str:
    """An error or a warning as plain text: line:column and message, the line with its carets, the hint."""
    kind, message = (
        ("error", str(problem)) if isinstance(problem, QueryError) else ("warning", problem.message)
    )
    line, column = position(text, problem.start)
    shown = caret(text, problem.start, problem.end).replace("\n", "\n  ")
    hint = f"\n  hint: {problem.hint}" if problem.hint else ""
    return f"{line}:{column}: {kind}: {message}\n  {shown}{hint}"


def position(text: str, start: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    before = text[: max(start, 0)].splitlines() or [""]
    if text[: max(start, 0)].endswith(tuple(_BREAKS)):
        before.append("")
    return len(before), len(before[-1]) + 1


def _line_at(text: str, start: int) -> tuple[str, int]:
    """The line that holds the position, and the position it begins at."""
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip(_BREAKS)
        if start <= offset + len(bare) or start < offset + len(line):
            return bare, offset
        offset += len(line)
    return "", offset


def _cut(line: str, first: int, last: int) -> tuple[str, int, int]:
    """The line around the place if it is too wide to be shown, with … where something was left out."""
    if _columns(line) <= WIDTH:
        return line, first, last
    begin = max(first - _LEAD, 0)
    stop = begin
    columns = 0
    while stop < len(line) and columns < WIDTH - 2:
        columns += _column(line[stop])
        stop += 1
    left, right = "…" if begin else "", "…" if stop < len(line) else ""
    return f"{left}{line[begin:stop]}{right}", first - begin + len(left), min(last, stop) - begin + len(left)


def _columns(text: str) -> int:
    return len(text) if text.isascii() and text.isprintable() else sum(map(_column, text))


def _column(char: str) -> int:
    """How many columns a terminal gives the character; a control character is shown as one blank."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _printable(line: str) -> str:
    return "".join(" " if unicodedata.category(char) in _CONTROL else char for char in line)
