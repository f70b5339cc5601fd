"""What stands at places of a sheet: the base of all clauses. Which there are is told in clauses.py."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING
from unicodedata import category

from monitor.topics.words import Word

if TYPE_CHECKING:
    from monitor.topics.sheet import Occurrence, Sheet
    from monitor.topics.words import Hit


_FREQUENCY = attrgetter("frequency")


class Clause:
    """Something that stands at places of a sheet. `label` is how the query prints it.

    Where it stands, all the `required` words do, of which the first is the rarest; it looks up no others.
    """

    __slots__ = ("__weakref__", "label", "required")

    is_plain = False
    """Whether it is a plain word, as phrases.PlainWord is."""

    typed = ""
    """How a plain phrase nearly always stands in a folded text; nothing of all others."""

    def __init__(self, label: str, required: Sequence[Word] = ()) -> None:
        self.label = label
        self.required = tuple(sorted(dict.fromkeys(required), key=_FREQUENCY))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r})"

    def locate(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":  # noqa: ARG002 # for words
        """All its places, in any field, in order; those of words are around the hits of the rarest."""
        return self.look_through(sheet)

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        """The same, whatever was found."""
        raise NotImplementedError


def without_invisible(text: str, end: int) -> int:
    """The end without the invisible characters that scrapers leave behind words."""
    while not (last := text[end - 1]).isascii() and category(last) == "Cf":
        end -= 1
    return end
