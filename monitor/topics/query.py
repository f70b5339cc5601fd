"""The query's tree: what the parser makes, what the percolator compiles, what prints itself back.

Data, printing and walking only. `str(node)` is a query that parses to the same tree.
Every node carries `at`, its place in the query's text, which does not count for equality.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace

from monitor.records import dataclass

FIELDS = ("title", "body", "url", "site", "feed", "author", "tag", "lang")
"""The fields a query can name; `body` is everything that is read as running text besides the title."""


@dataclass(frozen=True, slots=True)
class At:
    """A place in the query's text: character positions, end exclusive."""

    start: int = 0
    end: int = 0


NOWHERE = At()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of a query."""

    at: At = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Node):
    """A word as typed (quotes, brackets and dashes normalised): `balloon`, `drill*`, `wom?n`, `="US"`.

    A trailing `*` in `text` makes it a prefix, a `?` stands for one character; with `exact` case and
    accents count and neither wildcards nor plurals apply.
    """

    text: str
    exact: bool = False

    def __str__(self) -> str:
        return f"={_word(self.text, _EXACT_SPECIAL)}" if self.exact else _bare(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Node):
    """Words in order: `"Taiwan Strait"`; with `slop` n (`"a b"~n`) up to n words between, in any order.

    `text` is what stands between the quotes; a `*` or `?` in it is no wildcard.
    """

    text: str
    exact: bool = False
    slop: int | None = None

    def __str__(self) -> str:
        quoted = _word(self.text, _PHRASE_SPECIAL)
        slop = "" if self.slop is None else f"~{self.slop}"
        return f'{"=" if self.exact else ""}"{quoted}"{slop}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex(Node):
    """A regular expression, RE2 syntax: `/ba(l+)oon/`. Searches one field's text; case is ignored."""

    pattern: str

    def __str__(self) -> str:
        return f"/{_REGEX_SLASH.sub(_escaped_slash, self.pattern)}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(Node):
    """`left NEAR/n right`: at most `distance` words between; with `ordered` (ONEAR) in this order."""

    left: Node
    right: Node
    distance: int = 5
    ordered: bool = False

    def __str__(self) -> str:
        operator = "ONEAR" if self.ordered else "NEAR"
        return f"{_inner(self.left)} {operator}/{self.distance} {_inner(self.right)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Node):
    """Every part must match; at least two parts, none of them an And."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        first, *others = self.parts
        joined = (f" {part}" if isinstance(part, Not) else f" AND {_inner(part)}" for part in others)
        return (str(first) if isinstance(first, Not) else _inner(first)) + "".join(joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Node):
    """One part must match; at least two parts, none of them an Or."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_inner, self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """The part must not match. Stands only inside an And with a positive part."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {_inner(self.part)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Node):
    """`field:part`: the part is looked for in this field only (title body url site feed author tag lang).

    A field named further inside counts there: in `title:(a body:b)` the b is looked for in the body.
    """

    field: str
    part: Node

    def __str__(self) -> str:
        return f"{self.field}:{_inner(self.part)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Node):
    """`@name`: `part` is what the alias stands for, already parsed; prints as `@name`."""

    name: str
    part: Node = field(compare=False)

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWarning:
    """What looks unintended in a query that parses; `start` and `end` are positions in its text."""

    message: str
    start: int
    end: int
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed query: its tree and what looks unintended in it, in the order of the text."""

    node: Node
    warnings: tuple[QueryWarning, ...] = ()

    def __str__(self) -> str:
        return str(self.node)


def children(node: Node) -> tuple[Node, ...]:
    """The parts a node is made of; an alias's is what it stands for."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Not(part=part) | In(part=part) | Alias(part=part):
            return (part,)
        case Near(left=left, right=right):
            return (left, right)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, a parent before its parts, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def leaves(node: Node) -> Iterator[Term | Phrase | Regex]:
    """The words, phrases and regular expressions of a query, in the order of the text."""
    return (part for part in walk(node) if isinstance(part, Term | Phrase | Regex))


def expanded(node: Node) -> Node:
    """The same query without aliases, to be printed: what each stands for is put in, with its own places."""
    if isinstance(node, Alias):
        return expanded(node.part)
    node = rebuilt(node, expanded)
    return node.part if isinstance(node, In) and isinstance(node.part, In) else node


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node over changed parts."""
    match node:
        case And(parts=parts):
            return joined(And, [change(part) for part in parts], at=node.at)
        case Or(parts=parts):
            return joined(Or, [change(part) for part in parts], at=node.at)
        case Not(part=part) | In(part=part) | Alias(part=part):
            return replace(node, part=change(part))
        case Near(left=left, right=right):
            return replace(node, left=change(left), right=change(right))
    return node


def joined(kind: type[And] | type[Or], parts: Sequence[Node], *, at: At = NOWHERE) -> Node:
    """The parts under one And or Or: parts of the same kind are taken in, a single part stays itself."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(children(part))
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else kind(parts=tuple(flat), at=at)


# --- printing -------------------------------------------------------------------------------------------

_WORD_SPECIAL = re.compile(r'[\\"()|^~\s]|&(?=&)')
_EXACT_SPECIAL = re.compile(r'\A=|[\\"()|^~\s*?]|&(?=&)')
_PHRASE_SPECIAL = re.compile(r'[\\"*]|(?<=\w)\?(?=\w)')
_REGEX_SLASH = re.compile(r"\\.|/", re.DOTALL)
_LOOKS_LIKE_SYNTAX = re.compile(
    r"[-+!=@/\[{]"  # an operator at a clause's start
    r"|(?:AND|OR|NOT|NEAR|ONEAR|AROUND)\Z"
    r"|(?i:o?near)/"
    r"|[A-Za-z]\w*:"  # a field
)


def _inner(node: Node) -> str:
    """The node as a part of another: whatever has parts of its own is put into parentheses."""
    return f"({node})" if isinstance(node, And | Or | Near | Not) else str(node)


def _bare(text: str) -> str:
    """A word that the parser reads as a word."""
    word = _word(text, _WORD_SPECIAL)
    return f"\\{word}" if _LOOKS_LIKE_SYNTAX.match(text) else word


def _word(text: str, special: re.Pattern[str]) -> str:
    return special.sub(r"\\\g<0>", text) if special.search(text) else text


def _escaped_slash(found: re.Match[str]) -> str:
    return r"\/" if found[0] == "/" else found[0]
