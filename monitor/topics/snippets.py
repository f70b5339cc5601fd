"""Cuts short stretches out of a field's text around what matched in it. Knows no colours and no mark-up."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from monitor.records import dataclass
from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.match import Span

ELLIPSIS = "…"
_BLANKS = re.compile(r"\s+")
_LONGEST_WORD = 24
"""Characters that a cut moves at most to fall between two words."""

Mark = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of text on one line; `marks` are (start, end, clause), in order, none overlapping another."""

    text: str
    marks: tuple[Mark, ...] = ()


def snippets(text: str, spans: Sequence[Span], *, width: int = 160, most: int = 3) -> tuple[Snippet, ...]:
    """At most so many stretches of about so many characters around the spans, in the order of the text.

    Where there are more, those go first that show clauses not shown yet. The spans are all in this text.
    """
    clusters = _clusters(_marks(spans), width)
    stretches = [_stretch(text, cluster, width) for cluster in _telling(clusters, most)]
    return tuple(_cut(text, start, end, marks) for start, end, marks in _merged(stretches))


def fitting(document: Document, spans: Iterable[Span]) -> list[Span]:
    """The spans that still stand where they stood: an entry may have been edited since it was matched."""
    return [
        span
        for span in spans
        if span.field not in TEXT_FIELDS or getattr(document, span.field)[span.start : span.end] == span.text
    ]


def whole(text: str, spans: Sequence[Span]) -> Snippet:
    """All of a text, such as a title, on one line."""
    return _cut(text, 0, len(text), _marks(spans))


def _marks(spans: Iterable[Span]) -> list[Mark]:
    """The spans in order; of those that overlap one is made."""
    marks: list[Mark] = []
    for start, end, clause in sorted((span.start, span.end, span.clause) for span in spans):
        if marks and start < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]), marks[-1][2])
        elif start < end:
            marks.append((start, end, clause))
    return marks


def _clusters(marks: Iterable[Mark], width: int) -> list[list[Mark]]:
    """The marks that fit into one stretch together, with some text on either side."""
    clusters: list[list[Mark]] = []
    for mark in marks:
        if clusters and mark[1] - clusters[-1][0][0] <= width * 2 // 3:
            clusters[-1].append(mark)
        else:
            clusters.append([mark])
    return clusters


def _telling(clusters: list[list[Mark]], most: int) -> list[list[Mark]]:
    """The clusters that show the most clauses, in the order of the text."""
    chosen: set[int] = set()
    shown: set[str] = set()
    while len(chosen) < min(most, len(clusters)):
        left = (number for number in range(len(clusters)) if number not in chosen)
        best = max(left, key=lambda number: (len({mark[2] for mark in clusters[number]} - shown), -number))
        chosen.add(best)
        shown.update(mark[2] for mark in clusters[best])
    return [clusters[number] for number in sorted(chosen)]


def _stretch(text: str, marks: list[Mark], width: int) -> tuple[int, int, list[Mark]]:
    """Where the snippet with these marks starts and ends."""
    first, last = marks[0][0], min(marks[-1][1], marks[0][0] + width)
    spare = max(width - (last - first), 0)
    before = min(spare // 2, first)
    behind = min(spare - before, len(text) - last)
    before = min(spare - behind, first)
    return _border_behind(text, first - before, first), _border_before(text, last + behind, last), marks


def _border_behind(text: str, place: int, limit: int) -> int:
    """The first place from here on where a word starts, or this one where words are not apart."""
    if place <= 0:
        return 0
    if text[place - 1].isspace():
        return place
    found = _BLANKS.search(text, place, min(limit, place + _LONGEST_WORD))
    return found.end() if found else _between_letters(text, place, limit)


def _border_before(text: str, place: int, limit: int) -> int:
    """The last place up to here where a word ends, or this one where words are not apart."""
    if place >= len(text):
        return len(text)
    if text[place].isspace():
        return place
    for border in range(place, max(limit, place - _LONGEST_WORD), -1):
        if text[border - 1].isspace():
            return border - 1
    return _between_letters(text, place, len(text))


def _between_letters(text: str, place: int, limit: int) -> int:
    """This place, or behind the marks and joiners that belong to the letter before it."""
    while place < limit and unicodedata.category(text[place]) in ("Mn", "Mc", "Me", "Cf", "Sk"):
        place += 1
    return place


def _merged(stretches: Iterable[tuple[int, int, list[Mark]]]) -> list[tuple[int, int, list[Mark]]]:
    """The stretches in order; of those that overlap or touch one is made."""
    merged: list[tuple[int, int, list[Mark]]] = []
    for start, end, marks in stretches:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2] + marks)
        else:
            merged.append((start, end, marks))
    return merged


def _cut(text: str, start: int, end: int, marks: Sequence[Mark]) -> Snippet:
    """The stretch on one line, with ellipses where it was cut, and the marks where they are in it."""
    line = ELLIPSIS if text[:start].strip() else ""
    places: dict[int, int] = {}
    done = start
    for place in sorted({place for mark in marks for place in mark[:2] if start <= place <= end} | {end}):
        piece = _BLANKS.sub(" ", text[done:place])
        line += piece.lstrip() if line in ("", ELLIPSIS) or line.endswith(" ") else piece
        places[place], done = len(line), place
    line = line.rstrip()
    ending = ELLIPSIS if text[end:].strip() else ""
    kept = (
        (places[first], min(places[min(last, end)], len(line)), why)
        for first, last, why in marks
        if first < end
    )
    return Snippet(text=line + ending, marks=tuple(mark for mark in kept if mark[0] < mark[1]))
