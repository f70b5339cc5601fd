"""Whether a clause matches wherever another does: `"Taiwan Strait"` is never found where `Taiwan` is not.

Careful rather than complete: it says yes only where it is sure. It compares words and structure, no meanings.
"""

from typing import NamedTuple

from monitor.topics.query import Alias, And, In, Near, Node, Not, Or, Phrase, Term
from monitor.topics.text import tokens

MAX_COMPARISONS = 20_000
"""After so many comparisons of two clauses the answer is no: a lint must not cost more than it is worth."""

MAX_LEVEL = 40
"""Likewise below so many levels of both trees."""

_OTHER_PLURALS = ("s", "x", "z", "h", "o", "y")
"""Words that end so may have another plural than with an s, which a pattern does not find."""

_RUNNING_TEXT = frozenset(("", "title", "body"))


class _Words(NamedTuple):
    """A word or phrase as its tokens; with `prefix` the last of them is how a word begins."""

    tokens: tuple[str, ...]
    prefix: bool


class Implication:
    """Compares the clauses of one query and keeps what it has worked out, by the nodes' identity."""

    def __init__(self) -> None:
        self._words: dict[int, _Words] = {}
        self._known: dict[tuple[int, int, str, str], bool] = {}
        self._left = MAX_COMPARISONS
        self._level = 0

    def holds(self, one: Node, other: Node, field: str = "") -> bool:
        """Whether `other` matches wherever `one` does, both looked for in `field` ("": the topic's own)."""
        return self._holds(one, other, field, field)

    @property
    def is_exhausted(self) -> bool:
        """Whether it compares no more."""
        return self._left <= 0

    def words(self, node: Node) -> list[str]:
        """The words of a plain word or phrase, and what they are plurals of; [] for anything else."""
        if not isinstance(node, Term | Phrase) or _is_pattern(node):
            return []
        words = self._words_of(node).tokens
        return [*words, *(word[:-1] for word in words if word.endswith("s"))]

    def first_word(self, node: Node) -> str:
        """A word without which nothing can imply this node, or "" where it is not that simple."""
        if not isinstance(node, Term | Phrase) or _is_pattern(node):
            return ""
        words, prefix = self._words_of(node)
        return words[0] if len(words) > prefix else ""

    def _holds(self, one: Node, other: Node, in_one: str, in_other: str) -> bool:
        key = (id(one), id(other), in_one, in_other)
        if (known := self._known.get(key)) is not None:
            return known
        if self.is_exhausted or self._level >= MAX_LEVEL:
            return False
        self._left -= 1
        self._level += 1
        holds = self._known[key] = self._compare(one, other, in_one, in_other)
        self._level -= 1
        return holds

    def _compare(self, one: Node, other: Node, in_one: str, in_other: str) -> bool:  # noqa: PLR0911 # one return a case
        """Takes the outermost node apart that needs all of its parts, or is only a wrapping."""
        match one, other:  # in this order: what is wrapped is looked at first
            case _, Alias(part=part):
                return self._holds(one, part, in_one, in_other)
            case _, In(field=field, part=part):
                return self._holds(one, part, in_one, field)
            case Alias(part=part), _:
                return self._holds(part, other, in_one, in_other)
            case In(field=field, part=part), _:
                return self._holds(part, other, field, in_other)
            case _, And(parts=parts):
                return all(self._holds(one, part, in_one, in_other) for part in parts)
            case Or(parts=parts), _:
                return all(self._holds(part, other, in_one, in_other) for part in parts)
            case Not(part=excluded), Not(part=part):
                return self._holds(part, excluded, in_other, in_one)
        return self._compare_parts(one, other, in_one, in_other)

    def _compare_parts(self, one: Node, other: Node, in_one: str, in_other: str) -> bool:
        """Where one part is enough: any of an Or is implied, any of an And or a Near implies."""
        if isinstance(other, Or):
            return any(self._holds(one, part, in_one, in_other) for part in other.parts)
        if isinstance(one, And):
            return any(self._holds(part, other, in_one, in_other) for part in one.parts)
        if isinstance(one, Near):
            sides = (self._holds(side, other, in_one, in_other) for side in (one.left, one.right))
            return (_is_nearer(one, other) and _covers_field(in_one, in_other)) or any(sides)
        return _covers_field(in_one, in_other) and self._compare_leaves(one, other)

    def _compare_leaves(self, one: Node, other: Node) -> bool:
        if one == other:
            return True
        if not isinstance(one, Term | Phrase) or not isinstance(other, Term | Phrase):
            return False
        if other.exact:
            return one.exact and _slop(other) is None and _contains(one.text.split(), other.text.split())
        if "&" in one.text or "&" in other.text:  # it holds AT&T together, whose tokens are two
            return not one.exact and one.text.casefold() == other.text.casefold()
        if _is_pattern(one) or _is_pattern(other):
            return _fits(one, other)
        return _implies(self._words_of(one), _slop(one), self._words_of(other), _slop(other))

    def _words_of(self, node: Term | Phrase) -> _Words:
        if (known := self._words.get(id(node))) is None:
            prefix = isinstance(node, Term) and not node.exact and node.text.endswith("*")
            known = self._words[id(node)] = _Words(
                tokens(node.text.rstrip("*") if prefix else node.text), prefix
            )
        return known


def _implies(one: _Words, one_slop: int | None, other: _Words, other_slop: int | None) -> bool:
    """Whether the words of `other` stand wherever those of `one` do."""
    if other_slop is not None:
        close = one_slop is None or one_slop <= other_slop
        return close and not one.prefix and sorted(one.tokens) == sorted(other.tokens)
    if one_slop is not None:
        return len(other.tokens) == 1 and any(
            _implies(_Words((word,), False), None, other, None) for word in one.tokens
        )
    starts = range(len(one.tokens) - len(other.tokens) + 1)
    return bool(other.tokens) and any(_stands_at(one, other, start) for start in starts)


def _stands_at(one: _Words, other: _Words, start: int) -> bool:
    words = one.tokens[start : start + len(other.tokens)]
    if not all(map(_is_form_of, words[:-1], other.tokens[:-1])):
        return False
    if other.prefix:
        changes = words[-1].endswith("y") and not one.prefix  # city finds cities, city* does not
        return (words[-1][:-1] if changes else words[-1]).startswith(other.tokens[-1])
    is_open = one.prefix and start + len(words) == len(one.tokens)
    return not is_open and _is_form_of(words[-1], other.tokens[-1])


def _is_form_of(word: str, other: str) -> bool:
    """Whether looking for `other` finds `word` too: itself or its plural."""
    has_plural = len(other) > 1 and other[-1].isascii() and other[-1] != "s"
    return word == other or (has_plural and word == f"{other}s")


def _contains(words: list[str], others: list[str]) -> bool:
    return any(words[start : start + len(others)] == others for start in range(len(words) - len(others) + 1))


def _is_nearer(one: Near, other: Node) -> bool:
    """Whether both are NEAR of the same, and `one` asks for more."""
    if not isinstance(other, Near) or one.distance > other.distance:
        return False
    if other.ordered:
        return one.ordered and (one.left, one.right) == (other.left, other.right)
    return (one.left, one.right) in ((other.left, other.right), (other.right, other.left))


def _covers_field(in_one: str, in_other: str) -> bool:
    return in_one == in_other or (not in_other and in_one in _RUNNING_TEXT)


def _slop(node: Term | Phrase) -> int | None:
    return node.slop if isinstance(node, Phrase) else None


def _is_pattern(node: Term | Phrase) -> bool:
    return isinstance(node, Term) and not node.exact and "?" in node.text


def _fits(one: Term | Phrase, other: Term | Phrase) -> bool:
    """Whether a plain word fits one with a `?`: woman wom?n."""
    if not isinstance(one, Term) or not _is_pattern(other) or _is_pattern(one) or one.text.endswith("*"):
        return False
    word, pattern = one.text.casefold(), other.text.casefold()
    return (
        not word.endswith(_OTHER_PLURALS)
        and len(word) == len(pattern)
        and word.isalnum()
        and all(wanted in ("?", char) for char, wanted in zip(word, pattern, strict=True))
    )
