"""How large a query may be, so that a hostile one is an error and no crash. Measures; changes nothing."""

from collections.abc import Mapping

from monitor.errors import QueryError
from monitor.records import dataclass
from monitor.topics.query import Alias, Node, Phrase, Regex, Term, children

MAX_LENGTH = 65_536
"""Characters in a query's text."""

MAX_NESTING = 32
"""Parentheses within parentheses. Each takes six calls of the parser."""

MAX_CHAIN = 20
"""NEARs in a row without parentheses: each is a level of the tree."""

MAX_DEPTH = 80
"""Levels of a tree with its aliases put in. Whoever walks a tree by recursion is safe below it."""

MAX_CLAUSES = 10_000
"""Words, phrases and regular expressions in a tree with its aliases put in."""

MAX_WARNINGS = 50
"""Warnings of a query; nobody reads more."""

MAX_DISTANCE = 999
"""Words between, in NEAR/n and "…"~n."""


@dataclass(frozen=True, slots=True)
class Size:
    """How deep a tree is and how many clauses it has, with its aliases put in."""

    depth: int
    clauses: int


def measure(node: Node, aliases: Mapping[str, Size]) -> Size:
    """The size of a tree, without recursion; an alias's size is known already."""
    depth = clauses = 0
    waiting = [(node, 1)]
    while waiting:
        node, level = waiting.pop()
        if isinstance(node, Alias):
            known = aliases[node.name]
            level += known.depth
            clauses += known.clauses
        elif isinstance(node, Term | Phrase | Regex):
            clauses += 1
        else:
            waiting.extend((part, level + 1) for part in children(node))
        depth = max(depth, level)
    return Size(depth, clauses)


def check_length(text: str) -> None:
    """Raise QueryError where the text is too long to be a query."""
    if len(text) > MAX_LENGTH:
        message = f"the query is too long: {len(text):,} characters, at most {MAX_LENGTH:,}"
        raise QueryError(message, start=MAX_LENGTH, end=len(text))


def check_size(size: Size, *, end: int) -> None:
    """Raise QueryError where the tree is too large; `end` is the length of its text."""
    if size.depth > MAX_DEPTH:
        raise QueryError(f"the query is nested too deep: at most {MAX_DEPTH} levels", end=end)
    if size.clauses > MAX_CLAUSES:
        message = (
            f"the query has too many clauses: {size.clauses:,} with its aliases, at most {MAX_CLAUSES:,}"
        )
        raise QueryError(message, end=end)


def check_distance(digits: str, *, start: int, end: int) -> int:
    """The number of words between, or QueryError where it is out of range."""
    if len(digits) > 4 or int(digits) > MAX_DISTANCE:
        message = f"the distance {digits[:12]} is out of range: 0 to {MAX_DISTANCE}"
        raise QueryError(
            message, start=start, end=end, hint="words that far apart have little to do with each other"
        )
    return int(digits)
