"""The pieces of a query's text, as the lexer cuts them and the grammar puts them together. Data only."""

from typing import NamedTuple

from monitor.topics.query import Node, QueryWarning

DEFAULT_DISTANCE = 5
"""Words that may stand between the two sides of a NEAR without a number."""


class Token(NamedTuple):
    """A piece of a query: leaf, field, alias or end, or as its own kind AND, OR, NOT, NEAR, `-`, `(`, `)`."""

    kind: str
    start: int
    end: int
    leaf: Node | None = None
    name: str = ""
    distance: int = DEFAULT_DISTANCE
    ordered: bool = False


class Scanned(NamedTuple):
    """A query's tokens, the last of kind "end"; `required` are the indices of those after a `+`."""

    text: str
    tokens: list[Token]
    required: set[int]
    warnings: list[QueryWarning]
