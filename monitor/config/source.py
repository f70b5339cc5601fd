"""The text of one configuration file: reading it, and turning positions in it into problems.

Knows lines and columns, not YAML.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from monitor.config.problem import Problem, Severity
from monitor.config.secrets import loose_spans

MAX_BYTES = 64 * 1024 * 1024
_BREAK = re.compile(r"\r\n|\r|\n")
_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file's text. Positions are indexes into `text`, which has no byte order mark.

    `secret` lists the stretches that are never quoted: they show as stars.
    """

    path: Path
    text: str
    secret: list[tuple[int, int]] = field(default_factory=list, repr=False, compare=False)

    def problem(
        self,
        message: str,
        start: int,
        end: int | None = None,
        *,
        hint: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """A problem at [start, end) of the text; carets begin at text and stay on one line."""
        while end is not None and start + 1 < end and self.text[start : start + 1] == " ":
            start += 1
        row = self.line_of(start)
        first, last = self._line(row)
        stop = min(max(end if end is not None else start + 1, start + 1), max(last, start + 1))
        return Problem(
            file=self.path,
            message=message,
            line=row + 1,
            column=start - first + 1,
            end_column=stop - first + 1,
            source=self._quotable(first, last),
            hint=hint,
            severity=severity,
        )

    def line_of(self, position: int) -> int:
        """The line, counted from 0, in which a position lies."""
        return bisect_right(self._starts, position) - 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    def _line(self, row: int) -> tuple[int, int]:
        first = self._starts[row]
        found = _BREAK.search(self.text, first)
        return first, found.start() if found else len(self.text)

    def _quotable(self, first: int, last: int) -> str:
        line = list(self.text[first:last])
        for start, end in self.secret:
            for position in range(max(start, first), min(end, last)):
                line[position - first] = "*"
        return "".join(line)


def read_source(path: Path) -> Source | Problem:
    """The file's text, or what is wrong with it as a whole."""
    try:
        return decode_source(path, path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Problem(file=path, message=f"this file can not be read: {reason}")


def decode_source(path: Path, data: bytes) -> Source | Problem:
    """The text of a file's bytes: UTF-8, with or without a byte order mark."""
    if len(data) > MAX_BYTES:
        return Problem(file=path, message=f"this file is too large: {len(data)} bytes, {MAX_BYTES} at most")
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            return Problem(file=path, message=f"this file is {name}; save it as UTF-8")
    if b"\x00" in data:
        return Problem(file=path, message="this is a binary file, not YAML")
    try:
        return Source(path=path, text=data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _not_utf8(path, data, error)


def _not_utf8(path: Path, data: bytes, error: UnicodeDecodeError) -> Problem:
    byte = error.object[error.start]
    # The decoder that drops the byte order mark counts from behind it.
    good = len(data) - len(error.object) + error.start
    shown = Source(path=path, text=data.decode("utf-8", errors="replace").removeprefix("\ufeff"))
    shown.secret.extend(loose_spans(shown.text))
    position = len(data[:good].decode("utf-8").removeprefix("\ufeff"))
    return shown.problem(
        f"the byte 0x{byte:02x} here is not UTF-8", position, hint="save the file as UTF-8, then try again"
    )
