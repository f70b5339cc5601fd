"""Which lines of a watchlist belong to a topic: its own, the comments inside it and those right above it.

Positions are indexes into a text; no YAML is read here.
"""

import re
from dataclasses import dataclass

_BREAK = re.compile(r"\r\n|\r|\n")
_DASH = re.compile(r"(?:[&!]\S*\s|\s|#[^\r\n]*)*-")
_COMMENT = re.compile(r"[ \t]*#")
_ITEM_IN_COMMENT = re.compile(r"[ \t]*#+[ \t]?-(?:\s|$)")
"""A topic that was taken out by hand: it belongs to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The lines of a list's item: comments above it from `lead` on, itself from `start` to before `end`.

    `column` is where its dash stands.
    """

    lead: int
    start: int
    end: int
    column: int


def region_of(text: str, *, floor: int, after: int, first: int, last: int) -> Region | None:
    """The lines of an item that stands at [first, last).

    Its dash stands behind `after`, and its comments begin at or behind `floor`.
    """
    found = _DASH.match(text, after, first)
    if found is None:
        return None
    dash = found.end() - 1
    start = line_start(text, dash)
    column = dash - start
    end = _with_comments(text, line_end(text, max(last - 1, dash)), column)
    return Region(lead=_lead(text, start, floor), start=start, end=end, column=column)


def line_start(text: str, at: int) -> int:
    """Where the line begins in which a position lies."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Where the next line begins."""
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def split(text: str) -> list[str]:
    """The lines without their ends."""
    found = _BREAK.split(text)
    return found[:-1] if not found[-1] else found


def newline_of(text: str) -> str:
    """How the file ends its lines."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"


def is_blank(text: str, start: int) -> bool:
    """Whether a line that is there begins here and has nothing in it."""
    return start < len(text) and not text[start : line_end(text, start)].strip()


def blanks_below(text: str, at: int) -> int:
    """The end of the empty lines that begin here."""
    while is_blank(text, at):
        at = line_end(text, at)
    return at


def blanks_above(text: str, at: int) -> int:
    """The beginning of the empty lines that end here."""
    while at > 0 and is_blank(text, above := line_above(text, at)):
        at = above
    return at


def comments_below(text: str, at: int, column: int) -> int:
    """The end of the comments that begin here and stand in this column or further in."""
    while _comment_column(text, at) >= column:
        at = line_end(text, at)
    return at


def line_above(text: str, at: int) -> int:
    """Where the line above begins, of a line that begins here."""
    return line_start(text, at - (2 if text[at - 2 : at] == "\r\n" else 1))


def _lead(text: str, start: int, floor: int) -> int:
    """Where the comments right above begin; those that open the file are the file's, not the topic's."""
    lead = start
    while lead > floor:
        above = line_above(text, lead)
        line = text[above:lead]
        if above < floor or not _COMMENT.match(line) or _ITEM_IN_COMMENT.match(line):
            break
        lead = above
    return start if lead == 0 else lead


def _with_comments(text: str, end: int, column: int) -> int:
    """The end with the comments below that stand further in than the dash."""
    at = end
    while True:
        at = blanks_below(text, at)
        if _comment_column(text, at) <= column:
            return end
        end = at = line_end(text, at)


def _comment_column(text: str, at: int) -> int:
    """Where the comment of this line stands, -1 if the line is no comment."""
    found = _COMMENT.match(text, at)
    return found.end() - 1 - at if found else -1
