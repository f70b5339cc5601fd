"""What looks unintended in a query that parses: a list of warnings. Never an error, never a change."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from monitor.topics.implication import Implication
from monitor.topics.limits import MAX_WARNINGS
from monitor.topics.query import (
    Alias,
    And,
    In,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    QueryWarning,
    Regex,
    Term,
    children,
)
from monitor.topics.token import Token

MAX_SHOWN = 160
"""Characters of a query that a warning prints."""

MAX_FIELDS = 20
"""Fields of one AND that are compared with each other."""

_LOWER_CASE = {"and": "AND", "or": "OR", "not": "NOT", "near": "NEAR", "onear": "ONEAR"}
_OTHER_NEAR = re.compile(r"(?:(w|n|near|within|adj)|pre|p)/(\d+)", re.IGNORECASE)
_RUNNING_TEXT = frozenset(("title", "body"))
_SINGLE_VALUED = ("lang", "site")
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_]\w+)*", re.IGNORECASE)
_LEAVES = (Term, Phrase, Regex, Alias)
_BEFORE_OPERATOR = frozenset(("leaf", "alias", ")"))
_AFTER_OPERATOR = frozenset(("leaf", "alias", "field", "("))


def lint(node: Node, tokens: Sequence[Token], text: str) -> list[QueryWarning]:
    """All that looks unintended in a query's words and in its tree."""
    return [*_odd_words(tokens, text), *_TreeLint().run(node)]


def mixed(node: Node) -> QueryWarning:
    """AND and OR stand side by side without parentheses."""
    message = f"AND binds tighter than OR: read as {shown(node)}"
    return _warning(message, node, "put parentheses where they are meant; Google would read the OR first")


def tight_near(node: Node) -> QueryWarning:
    """NEAR stands beside a blank or a NOT without parentheses."""
    message = f"NEAR takes only what stands directly beside it: read as {shown(node)}"
    return _warning(message, node, "put a phrase in quotes, or parentheses where they are meant")


def shown(node: Node) -> str:
    """The node as it prints itself, cut to what a message can hold."""
    printed = str(node)
    return printed if len(printed) <= MAX_SHOWN else f"{printed[:MAX_SHOWN]}…"


def superfluous(
    parts: Sequence[Node], implication: Implication | None = None, *, field: str = "", wider: bool = False
) -> list[tuple[int, int]]:
    """The parts that add nothing, each with the part that makes it so: indices, in order.

    In an OR the narrower of two adds nothing, in an AND (`wider`) the wider; of two alike it is the later.
    """
    if _are_plain_and_different(parts):
        return []
    beside = defaultdict(list)
    for narrow, wide in _implied(parts, implication or Implication(), field):
        loser, winner = (wide, narrow) if wider else (narrow, wide)
        beside[loser].append(winner)
    found: dict[int, int] = {}
    for loser in sorted(beside, reverse=True):
        if winners := [winner for winner in beside[loser] if winner not in found]:
            found[loser] = winners[0]
    return sorted(found.items())


def _are_plain_and_different(parts: Sequence[Node]) -> bool:
    """The quick way out for most queries: plain words, no two of which are alike."""
    texts = [part.text for part in parts if type(part) is Term and not part.exact]
    if len(texts) < len(parts) or not all(map(str.isalnum, texts)):
        return False
    if all(map(str.isascii, texts)):
        return len({text.lower().removesuffix("s") for text in texts}) == len(texts)
    return len(texts) < 8 and not any(one in other for one, other in permutations(map(_key, texts), 2))


def _key(text: str) -> str:
    """The word without case and accents, near enough to tell words apart."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold())))


def _implied(parts: Sequence[Node], implication: Implication, field: str) -> Iterator[tuple[int, int]]:
    """Pairs of different parts of which the first is found only where the second is."""
    by_word = defaultdict(list)
    for index, part in enumerate(parts):
        by_word[implication.first_word(part)].append(index)
    for narrow, part in enumerate(parts):
        if implication.is_exhausted:
            return
        words = implication.words(part)
        near_by = [index for word in ("", *words) for index in by_word[word]] if words else range(len(parts))
        for wide in dict.fromkeys(near_by):
            if wide != narrow and implication.holds(part, parts[wide], field):
                yield narrow, wide


class _TreeLint:
    """One walk over one query's tree."""

    def __init__(self) -> None:
        self.implication = Implication()
        self.found: list[QueryWarning] = []

    def run(self, node: Node) -> list[QueryWarning]:
        """Aliases are not entered: they are looked at where they are defined."""
        waiting = [(node, "")]
        while waiting:
            node, field = waiting.pop()
            if isinstance(node, _LEAVES):
                continue
            if isinstance(node, And):
                self._conjunction(node, field)
            elif isinstance(node, Or):
                self._superfluous(node.parts, field, wider=False)
            elif isinstance(node, Near):
                self._near(node, field)
                continue
            elif isinstance(node, In):
                field = node.field
                self._value(node)
            waiting += [(part, field) for part in children(node)]
        return self.found

    def _superfluous(self, parts: Sequence[Node], field: str, *, wider: bool) -> None:
        pairs = superfluous(parts, self.implication, field=field, wider=wider)
        for loser, winner in pairs[:MAX_WARNINGS]:
            lost, kept = shown(parts[loser]), shown(parts[winner])
            why = f"{kept} asks for it already" if wider else f"{kept} finds all that it finds"
            self._warn(
                f"{lost} adds nothing: {why if lost != kept else 'it stands here twice'}", parts[loser]
            )

    def _conjunction(self, node: And, field: str) -> None:
        wanted = [part for part in node.parts if not isinstance(part, Not)]
        self._superfluous(wanted, field, wider=True)
        self._single_valued([part for part in wanted if isinstance(part, In)])
        if len(wanted) < len(node.parts):
            self._exclusions(wanted, [part for part in node.parts if isinstance(part, Not)], field)

    def _exclusions(self, wanted: Sequence[Node], excluded: Sequence[Not], field: str) -> None:
        """`a NOT a` can never match; `NOT a NOT "a b"` says more than it has to."""
        self._superfluous([part.part for part in excluded], field, wider=False)
        for exclusion in excluded:
            for part in wanted if not self.implication.is_exhausted else ():
                if self.implication.holds(part, exclusion.part, field):
                    self._warn(
                        f"this can never match: {shown(exclusion)} excludes all that {shown(part)} finds",
                        exclusion,
                    )
                    break
                self._dead_branches(part, exclusion, field)

    def _dead_branches(self, part: Node, exclusion: Not, field: str) -> None:
        """`(a OR b) NOT a`: the a is there for nothing."""
        for branch in part.parts if isinstance(part, Or) else ():
            if self.implication.holds(branch, exclusion.part, field):
                self._warn(f"{shown(branch)} can never match here: {shown(exclusion)} excludes it", branch)

    def _single_valued(self, parts: Sequence[In]) -> None:
        """`lang:en lang:de`: an entry has one language."""
        for one, other in combinations(parts[:MAX_FIELDS], 2):
            values = [part.part.text.lower() for part in (one, other) if isinstance(part.part, Term | Phrase)]
            if one.field != other.field or one.field not in _SINGLE_VALUED or len(values) < 2:
                continue
            if values[0] not in values[1] and values[1] not in values[0]:
                hint = f"write {one.field}:({values[0]} OR {values[1]})"
                self._warn(f"this can never match: an entry has one {one.field}", other, hint)
                return

    def _near(self, node: Near, field: str) -> None:
        """NEAR over two fields; an OR below it is left alone, where its parts stand makes a difference."""
        for side in (node.left, node.right):
            if isinstance(side, Near):
                self._near(side, field)
        left, right = _fields(node.left, field), _fields(node.right, field)
        if left and right and not left & right:
            names = f"{'/'.join(sorted(left))}, {'/'.join(sorted(right))}"
            self._warn(f"this can never match: NEAR stays inside one field ({names})", node)

    def _value(self, node: In) -> None:
        """A language that is no tag, a site that is an address: neither is ever found."""
        value = node.part
        if not isinstance(value, Term | Phrase):
            return
        if node.field == "lang" and not _LANGUAGE.fullmatch(value.text):
            self._warn(f"{value} is no language's tag", value, "write lang:en, lang:zh, lang:pt-BR")
        if node.field == "site" and "/" in value.text:
            self._warn(
                f"{value} is no site", value, "write the host alone, or url: for a part of the address"
            )

    def _warn(self, message: str, node: Node, hint: str = "") -> None:
        self.found.append(_warning(message, node, hint))


def _fields(node: Node, field: str) -> frozenset[str]:
    """The fields in which a clause beside NEAR can stand."""
    match node:
        case In(field=inner, part=part):
            return _fields(part, inner)
        case Alias(part=part):
            return _fields(part, field)
        case Or(parts=parts):
            return frozenset().union(*(_fields(part, field) for part in parts))
        case Near(left=left, right=right):
            return _fields(left, field) & _fields(right, field)
    return frozenset((field,)) if field else _RUNNING_TEXT


def _odd_words(tokens: Sequence[Token], text: str) -> Iterator[QueryWarning]:
    """Words that were meant as something else: `or`, `w/5`, a comma, single quotes."""
    for index, token in enumerate(tokens):
        if token.kind != "leaf":
            continue
        typed = text[token.start : token.end]
        follows = tokens[index + 1].kind in _AFTER_OPERATOR
        before = index > 0 and tokens[index - 1].kind in _BEFORE_OPERATOR
        if meant := _meant(typed) if follows and (before or typed.lower() == "not") else "":
            message = f'"{typed}" is read as a word: did you mean {meant}?'
            hint = f'operators are upper-case; to look for the word, put it in quotes: "{typed}"'
        elif typed.endswith(",") and follows:
            message, hint = "a comma means nothing here: did you mean OR?", "a blank means AND"
        elif typed[0] == "'" and typed[-1] != "'" and _closes_later(tokens, index, text):
            message, hint = "single quotes do not make a phrase", 'write "…"'
        else:
            continue
        yield QueryWarning(message=message, start=token.start, end=token.end, hint=hint)


def _meant(typed: str) -> str:
    """The operator that a word looks like, or ""."""
    if operator := _LOWER_CASE.get(typed.lower()):
        return operator
    found = _OTHER_NEAR.fullmatch(typed) if typed[-1].isdecimal() else None
    return "" if found is None else f"{'NEAR' if found[1] else 'ONEAR'}/{found[2]}"


def _closes_later(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether one of the next words ends in the single quote that this one begins with."""
    following = (token for token in tokens[index + 1 : index + 8] if token.kind == "leaf")
    return any(text[token.end - 1] == "'" for token in following)


def _warning(message: str, node: Node, hint: str = "") -> QueryWarning:
    return QueryWarning(message=message, start=node.at.start, end=node.at.end, hint=hint)
