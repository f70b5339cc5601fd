"""Where each character of a YAML scalar's value stands in the file: plain, quoted, literal and folded.

A YAML parser says where a scalar begins and ends; an error at character 17 of a query needs the place of
that character, which lies behind escapes, folded lines and indentation. The scalar's raw text is read
again here, by the rules of YAML 1.2; no YAML library is used. If this reading and the parser's differ,
every character is placed at the scalar's beginning: a wrong caret is worse than a coarse one.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from monitor.records import dataclass

Placed = tuple[str, int]
"""A character of the value and the position in the file of the character or escape that makes it."""

# \x85, \u2028 and \u2029 end a line in scalars here because they do for ruamel.yaml.
_BREAK = r"(?:\r\n|[\r\n\x85\u2028\u2029])"
_FOLD = rf"[ \t]*(?P<break>{_BREAK})(?P<more>(?:[ \t]*{_BREAK})*)[ \t]*"
_PLAIN = re.compile(rf"{_FOLD}|(?P<text>.)", re.DOTALL)
_SINGLE = re.compile(rf"{_FOLD}|(?P<text>''|.)", re.DOTALL)
_DOUBLE = re.compile(
    rf"{_FOLD}|\\(?P<joined>{_BREAK})(?P<blank>(?:[ \t]*{_BREAK})*)[ \t]*"
    r"|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.))|(?P<text>.)",
    re.DOTALL,
)
_FLOW = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE}
_ANY_BREAK = re.compile(_BREAK)
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+(?:#[^\r\n]*\s+)*)*")
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?{_BREAK}")
_SHORT = dict(zip('0abtnvfre "/\\N_LP\t', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029\t', strict=True))


def places(source: str, start: int, end: int, *, style: str, value: str) -> tuple[int, ...]:
    """The position in `source` of each character of the value, and last the position after it.

    [start, end) is the scalar with its quotes or block header; `style` is one of "", "'", '"', "|", ">".
    """
    found = _PROPERTIES.match(source, start, end)
    start = found.end() if found else start
    placed = list(
        _block(source, start, end, style, value) if style in ("|", ">") else _flow(source, start, end, style)
    )
    placed = placed[: len(value)]
    if "".join(character for character, _ in placed) != value:
        return (start,) * (len(value) + 1)
    return (*(position for _, position in placed), _after(source, placed, start, style))


def _after(source: str, placed: list[Placed], start: int, style: str) -> int:
    """The position behind the last character of the value."""
    if not placed:
        return start + (1 if style in ("'", '"') else 0)
    last = placed[-1][1]
    if style in ("'", '"'):
        found = _FLOW[style].match(source, last)
        return found.end() if found and found.lastgroup in ("text", "escape") else last + 1
    return last + 1


# --- plain and quoted: line breaks fold into blanks ---


def _flow(source: str, start: int, end: int, style: str) -> Iterator[Placed]:
    inside = (start + 1, end - 1) if style else (start, end)
    for found in _FLOW[style].finditer(source, *inside):
        kind = found.lastgroup
        if kind == "text":
            yield found["text"][0], found.start()
        elif kind == "escape":
            yield _unescape(found["escape"]), found.start()
        elif kind == "blank":  # a backslash at the line's end joins it to the next without a blank
            yield from _breaks(source, *found.span("blank"))
        else:
            yield from _folded(source, found)


def _folded(source: str, found: re.Match[str]) -> Iterator[Placed]:
    first = _as_break(found["break"])
    if first != "\n":
        yield first, found.start("break")
    elif not found["more"]:
        yield " ", found.start("break")
    yield from _breaks(source, *found.span("more"))


def _breaks(source: str, start: int, end: int) -> Iterator[Placed]:
    for found in _ANY_BREAK.finditer(source, start, end):
        yield _as_break(found[0]), found.start()


def _as_break(text: str) -> str:
    return text if text in ("\u2028", "\u2029") else "\n"


def _unescape(escape: str) -> str:
    if len(escape) > 2:
        return chr(int(escape[2:], 16))
    return _SHORT.get(escape[1], escape[1])


# --- literal and folded blocks: lines behind an indentation ---


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block with text in it: its text without the indentation, and its break."""

    text: str
    begin: int
    ending: tuple[Placed, ...]

    @property
    def folds(self) -> bool:
        """Whether a break next to it may become a blank: not beside lines that are indented further."""
        return self.text[0] not in " \t"


def _block(source: str, start: int, end: int, style: str, value: str) -> Iterator[Placed]:
    header = _HEADER.match(source, start, end)
    if header is None:
        return
    previous: _Line | None = None
    empty: list[Placed] = []
    for line in _block_lines(source, header.end(), end, value):
        if not line.text:
            empty += line.ending
            continue
        if previous is not None:
            yield from _between(previous, line, folded=style == ">", empty=bool(empty))
        yield from empty
        yield from zip(line.text, range(line.begin, line.begin + len(line.text)), strict=True)
        previous, empty = line, []
    yield from previous.ending if previous else ()
    yield from empty


def _between(above: _Line, below: _Line, *, folded: bool, empty: bool) -> Iterator[Placed]:
    """What the break between two lines becomes: a blank, nothing (empty lines follow), or itself."""
    if not (folded and above.folds and below.folds and above.ending[0][0] == "\n"):
        yield from above.ending
    elif not empty:
        yield " ", above.ending[0][1]


def _block_lines(source: str, start: int, end: int, value: str) -> Iterator[_Line]:
    lines = list(_lines(source, start, end))
    indent = _indent(source, lines, value)
    for first, last, after in lines:
        begin = min(first + indent, last)
        yield _Line(source[begin:last], begin, tuple(_breaks(source, last, after)))


def _lines(source: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(first, last, after) of each line: its text is [first, last), its break [last, after)."""
    while start < end:
        found = _ANY_BREAK.search(source, start)
        last, after = found.span() if found else (len(source), len(source))
        yield start, last, after
        start = max(after, start + 1)


def _indent(source: str, lines: list[tuple[int, int, int]], value: str) -> int:
    """How far the block is indented: what its first line of text has more than the value's."""
    for first, last, _ in lines:
        if source[first:last].strip(" "):
            shown = next((line for line in value.splitlines() if line.strip(" ")), "")
            return _leading(source[first:last]) - _leading(shown)
    return 0


def _leading(line: str) -> int:
    return sum(1 for _ in takewhile(lambda character: character == " ", line))
