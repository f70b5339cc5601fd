"""A folded text and where each of its characters stood: what fold.py and glue.py make, and how they do."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

try:
    from monitor.topics import closing as quick
except ImportError:
    quick = None  # type: ignore[assignment]  # not compiled here

_BLANKS = "  "


@dataclass(slots=True)  # not frozen: two are made for each document, and that would take five times as long
class Folded:
    """A folded text, and where its pieces stood: from `starts[i]` on it runs along with `origins[i]`.

    Without `starts` it is as long as the original, position for position. Where that was closed up, `wide` is
    what it was before, cut wherever there are two blanks into `cuts`, in which the `runs` stand: most texts
    are never asked for their pieces. Parts of a text may be read twice: `read_once` is how many pieces come
    before their second reading.
    """

    text: str
    starts: Sequence[int] = ()
    origins: Sequence[int] = ()
    read_once: int | None = None
    wide: str | None = None
    cuts: Sequence[str] = ()
    runs: Sequence[str] = ()

    def pieces(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where each piece starts, here and in the original."""
        if self.wide is not None and not self.starts:
            self.starts, self.origins = _pieces(self.cuts, self.runs)
        return self.starts, self.origins

    def origin(self, position: int) -> int:
        """The place in the original of this place in the folded text."""
        starts, origins = self.pieces()
        if not starts:
            return position
        piece = bisect_right(starts, position) - 1
        return origins[piece] + position - starts[piece]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text starts and ends in the original: both its origins."""
        starts, origins = self.pieces()
        if not starts:
            return start, end
        piece = bisect_right(starts, start)
        shift = origins[piece - 1] - starts[piece - 1]
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
        starts, origins = self.pieces()
        if not starts:
            return origin
        last = len(starts) if self.read_once is None else self.read_once
        piece = bisect_left(origins, origin, 0, last)
        if piece < last and origins[piece] == origin:  # of several letters for one place the first
            return starts[piece]
        place = starts[piece - 1] + origin - origins[piece - 1]
        return min(place, starts[piece] if piece < len(starts) else len(self.text))


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
        starts, origins = self.source.pieces()
        shift = self.length - start
        self._mark(self.length, self.source.origin(start))
        first, last = bisect_right(starts, start), bisect_right(starts, end - 1)
        self.starts += [begin + shift for begin in starts[first:last]]
        self.origins += origins[first:last]
        self._append(self.source.text[start:end])

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

    The text begins and ends with a blank; the source must end with two, or with none. It is used up: what
    comes back may be itself, changed.
    """
    if not source.starts:
        source.wide = source.text
        if quick:
            source.text, source.starts, source.origins = quick.with_single_blanks(source.wide)
            return source
        source.cuts = source.wide.split(_BLANKS)
        source.runs = [*map(str.lstrip, source.cuts)]
        source.text = " ".join(["", *filter(None, source.runs), ""])
        return source
    pieces = Pieces(source)
    pieces.keep(0, 1)
    for start, end in _runs(source.text):
        pieces.keep(start, end + 1)
    return pieces.folded()


def _pieces(cuts: Sequence[str], runs: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where the pieces of a text that is closed up start, and where they did before."""
    starts, origins, place, end = [0], [0], 1, -len(_BLANKS)
    for cut, run in zip(cuts, runs, strict=True):
        end += len(cut) + len(_BLANKS)
        if run:
            starts.append(place)
            origins.append(end - len(run))
            place += len(run) + 1
    return starts, origins


def _runs(wide: str) -> Iterator[tuple[int, int]]:
    """Where words start and end between which there is but one blank."""
    end = -2
    for stretch in wide.split(_BLANKS):
        end += len(stretch) + 2
        if words := stretch.lstrip(" "):
            yield end - len(words), end
