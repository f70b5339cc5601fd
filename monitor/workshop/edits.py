"""Queries that are one step away from a query: a clause less, a spelling more, a wider NEAR. Pure.

What is inside an alias stays as it is; a spelling of one of its values is put beside the alias.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from monitor.topics.limits import MAX_DISTANCE
from monitor.topics.query import (
    Alias,
    And,
    In,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    children,
    joined,
    rebuilt,
)

Kind = Literal["clause", "distance", "spelling", "form", "word", "exclusion"]

LOOSE = 3
"""Words that may stand between those of a loosened phrase."""

MIN_LETTERS = 5
"""Letters of a word whose spellings are looked for: shorter words are too near to too many others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a query: what it does, the query it makes, and one that all it adds satisfies (`needs`)."""

    kind: Kind
    what: str
    query: Node
    needs: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A word of a query that entries must have: its leaf, and what of the query a variant is put beside."""

    word: str
    leaf: Term | Phrase
    beside: Node


def loosened(query: Node) -> Iterator[Edit]:
    """The query with a part of an AND left out, and with words further apart."""
    for part, within_near in _positive(query):
        if isinstance(part, And):
            yield from _without_a_part(query, part)
        elif isinstance(part, Near):
            yield from _wider(query, part, within_near=within_near)
        elif isinstance(part, Phrase) and part.slop is None and not part.exact and " " in part.text:
            loose = replace(part, slop=LOOSE)
            yield _edit("distance", f"{loose} for {part}", query, part, loose)


def places(query: Node) -> Iterator[Place]:
    """The words that a spelling can be put beside."""
    for part, _ in _positive(query):
        alternatives = (part.part, *children(part.part)) if isinstance(part, Alias) else (part,)
        for leaf in alternatives:
            if isinstance(leaf, Term | Phrase) and not leaf.exact:
                yield from (Place(word=word, leaf=leaf, beside=part) for word in _words(leaf))


def with_variant(query: Node, place: Place, variant: str, *, kind: Kind) -> Edit:
    """The query with another spelling or form of a word as an alternative."""
    text = " ".join(variant if word == place.word else word for word in place.leaf.text.split())
    other = replace(place.leaf, text=text)
    both = joined(Or, [place.beside, other])
    return Edit(
        kind=kind,
        what=f"{other} beside {place.beside}",
        query=replaced(query, place.beside, both),
        needs=replaced(query, place.beside, other),
    )


def with_alternative(query: Node, other: Node) -> Edit:
    """The query OR something else."""
    return Edit(kind="word", what=str(other), query=joined(Or, [query, other]), needs=other)


def with_exclusion(query: Node, unwanted: Node) -> Edit:
    """The query NOT something."""
    narrowed = joined(And, [query, Not(part=unwanted)])
    return Edit(kind="exclusion", what=str(unwanted), query=narrowed, needs=narrowed)


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The query with one node, this very one, in place of another.

    Of a field that is left with nothing but a field inside, the inner one counts; no other can be written.
    """
    if node is old:
        return new
    edited = rebuilt(node, lambda part: replaced(part, old, new))
    return edited.part if isinstance(edited, In) and isinstance(edited.part, In) else edited


def _positive(query: Node) -> Iterator[tuple[Node, bool]]:
    """The parts that are wanted, and whether each is part of a NEAR; not what is in an alias."""
    waiting = [(query, False)]
    while waiting:
        part, within_near = waiting.pop()
        yield part, within_near
        if not isinstance(part, Not | Alias):
            inner = within_near or isinstance(part, Near)
            waiting.extend((child, inner) for child in reversed(children(part)) if not isinstance(child, Not))


def _without_a_part(query: Node, whole: And) -> Iterator[Edit]:
    for part in whole.parts:
        rest = [other for other in whole.parts if other is not part]
        if any(not isinstance(other, Not) for other in rest):
            what = f"without {part}"
            yield _edit("clause", what, query, whole, joined(And, rest, at=whole.at))


def _wider(query: Node, near: Near, *, within_near: bool) -> Iterator[Edit]:
    operator = "ONEAR" if near.ordered else "NEAR"
    for distance in (2 * near.distance or 2, 4 * near.distance or 5):
        if distance > MAX_DISTANCE:
            break
        wider = replace(near, distance=distance)
        yield _edit("distance", f"{operator}/{distance} for {operator}/{near.distance}", query, near, wider)
    if not within_near:
        anywhere = joined(And, [near.left, near.right], at=near.at)
        yield _edit("distance", f"AND for {operator}/{near.distance}", query, near, anywhere)


def _edit(kind: Kind, what: str, query: Node, old: Node, new: Node) -> Edit:
    edited = replaced(query, old, new)
    return Edit(kind=kind, what=what, query=edited, needs=edited)


def _words(leaf: Term | Phrase) -> list[str]:
    """The words of a leaf that are long enough, and nothing but letters."""
    return [word for word in dict.fromkeys(leaf.text.split()) if len(word) >= MIN_LETTERS and word.isalpha()]


def near_spellings(word: str, letters: str) -> set[str]:
    """All that is one slip away: a letter too many, too few, another one, or two of them swapped.

    That is a Damerau–Levenshtein distance of 1.
    """
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    other = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    added = {head + letter + tail for head, tail in cuts for letter in letters}
    return (missing | swapped | other | added) - {word}
