"""What a match is: a topic, a document, and the spans where its clauses stood. Data only.

Tuples and no dataclasses: a document may have thousands, and a frozen dataclass takes three times as long.
"""

from typing import NamedTuple


class Span(NamedTuple):
    """Where a clause matched: `start` and `end` are character positions in the document's `field`.

    `text` is what stands there; `clause` is the clause of the query that matched, as it prints itself.
    The field `tags` is read as its tags joined by one newline each.
    """

    field: str
    start: int
    end: int
    text: str
    clause: str


class Match(NamedTuple):
    """One topic matched one document; the spans are in reading order (field, start), without repeats."""

    topic: str
    spans: tuple[Span, ...]
