"""A folded text and where each of its characters stood: what fold.py and glue.py make, and how they do."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice


@dataclass(slots=True)  # not frozen: two are made for each document, and that would take five times as long
class Folded:
    """A folded text, and where its pieces stood: from `starts[i]` on it runs along with `origins[i]`.

    Without `starts` it is as long as the original, position for position. Parts of a text may be read twice:
    `read_once` is how many pieces come before their second reading. `begins_words` says that each piece does.
    """

    text: str
    starts: Sequence[int] = ()
    origins: Sequence[int] = ()
    read_once: int | None = None
    begins_words: bool = False

    def origin(self, position: int) -> int:
        """The place in the original of this place in the folded text."""
        if not self.starts:
            return position
        piece = bisect_right(self.starts, position) - 1
        return self.origins[piece] + position - self.starts[piece]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text starts and ends in the original: both its origins."""
        starts = self.starts
        if not starts:
            return start, end
        piece = bisect_right(starts, start)
        shift = self.origins[piece - 1] - starts[piece - 1]
        is_one_piece = piece == len(starts) or end < starts[piece]
        return start + shift, end + shift if is_one_piece else self._behind(end - 1)

    def _behind(self, position: int) -> int:
        """Where in the original the letter at this place ends: the whole character that it is of."""
        begin, end = self.origin(position), self.origin(position + 1)
        if end > begin:
            return end
        following = islice(self.origins, bisect_right(self.starts, position + 1), None)
        return next(origin for origin in following if origin > begin)

    def position(self, origin: int) -> int:
        """The place in the folded text of this place in the original, where that was read first."""
        if not self.starts:
            return origin
        last = len(self.starts) if self.read_once is None else self.read_once
        piece = bisect_left(self.origins, origin, 0, last)
        if piece < last and self.origins[piece] == origin:  # of several letters for one place the first
            return self.starts[piece]
        place = self.starts[piece - 1] + origin - self.origins[piece - 1]
        return min(place, self.starts[piece] if piece < len(self.starts) else len(self.text))

    def pieces_between(self, start: int, end: int) -> int:
        """How many pieces begin in this stretch of the original."""
        return bisect_left(self.origins, end) - bisect_left(self.origins, start)


class Pieces:
    """Puts a folded text together from pieces, and keeps where each came from."""

    def __init__(self, source: Folded) -> None:
        self.source = source
        self.parts: list[str] = []
        self.length = 0
        self.starts: list[int] = []
        self.origins: list[int] = []

    def keep(self, start: int, end: int) -> None:
        """This stretch of the source."""
        if start >= end:
            return
        source, shift = self.source, self.length - start
        self._mark(self.length, source.origin(start))
        first, last = bisect_right(source.starts, start), bisect_right(source.starts, end - 1)
        self.starts += [begin + shift for begin in source.starts[first:last]]
        self.origins += source.origins[first:last]
        self._append(source.text[start:end])

    def put(self, text: str, origin: int) -> None:
        """Letters that stand, all of them, for the one place in the original."""
        for offset in range(len(text)):
            self._mark(self.length + offset, origin)
        self._append(text)

    def folded(self, *, read_once: int | None = None) -> Folded:
        """All of it; a second reading begins behind the first so many pieces."""
        return Folded("".join(self.parts), self.starts, self.origins, read_once)

    def _mark(self, start: int, origin: int) -> None:
        self.starts.append(start)
        self.origins.append(origin)

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def closed_up(source: Folded) -> Folded:
    """The same with one blank wherever there are several: words that follow each other become neighbours.

    The text begins and ends with a blank.
    """
    parts, starts, origins, start, end = [""], [0], [0], 1, -2
    for stretch in source.text.split("  "):
        end += len(stretch) + 2
        if words := stretch.lstrip(" "):
            length = len(words)
            parts.append(words)
            starts.append(start)
            origins.append(end - length)
            start += length + 1
    if not source.starts:
        return Folded(" ".join([*parts, ""]), starts, origins, begins_words=True)
    pieces = Pieces(source)
    for part, place in zip(parts, origins, strict=True):
        pieces.keep(place, place + len(part) + 1)
    return pieces.folded()
