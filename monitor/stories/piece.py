"""An entry as this room sees it, and what became of it. Data only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tie = Literal["copy", "happening", "first"]
"""Why a piece is in its story: it copies another, tells the same happening, or is the story's first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text that may belong to a story: plain, the `lead` being what follows the title.

    Of one `publisher` that words alike what is not the same, likeness says nothing; "" is nobody's like.
    """

    id: int
    title: str
    lead: str
    at: datetime
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a piece belongs. A story is called by the id of its first piece.

    `likeness` is what the tie rests on: the share of the wording that is the same, or how alike the terms
    are, of which `needed` were asked. `absorbed` are stories that turned out to be this one. `fingerprint` is
    that of the piece's wording, None where it is too short to have one.
    """

    story: int
    tie: Tie
    copy_of: int | None = None
    likeness: float = 0.0
    needed: float = 0.0
    absorbed: tuple[int, ...] = ()
    fingerprint: int | None = None

    @property
    def reason(self) -> str:
        """The decision in words."""
        match self.tie:
            case "copy":
                return f"copy: {self.likeness:.0%} of its wording"
            case "happening":
                return f"same happening: {self.likeness:.2f} alike, {self.needed:.2f} needed"
            case "first":
                return f"first of its story: {self.likeness:.2f} alike at most, {self.needed:.2f} needed"
