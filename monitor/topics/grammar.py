"""From a query's text to its tree: a recursive-descent parser, one method a line of the grammar.

    query    := or
    or       := and ( OR and )*
    and      := near ( [AND] near | (NOT | AND NOT) near )*      a blank means AND
    near     := unary ( (NEAR | ONEAR) unary )*
    unary    := (- | NOT)* primary
    primary  := leaf | [field:] ( leaf | "(" or ")" | @name )

It knows what may follow what; words are the lexer's business, what looks unintended is the lint's.
"""

from collections.abc import Callable

from monitor.errors import QueryError
from monitor.topics import lint
from monitor.topics.aliases import Aliases
from monitor.topics.lexer import scan
from monitor.topics.limits import (
    MAX_CHAIN,
    MAX_DEPTH,
    MAX_NESTING,
    MAX_WARNINGS,
    check_length,
    check_size,
    measure,
)
from monitor.topics.operands import is_negative, is_positional, not_positional
from monitor.topics.query import (
    And,
    At,
    In,
    Near,
    Node,
    Not,
    Or,
    Query,
    QueryWarning,
    joined,
)
from monitor.topics.token import Token

_OPERANDS = frozenset(("leaf", "field", "alias", "(", "-", "NOT"))
_NEGATIONS = frozenset(("-", "NOT"))


def parsed(text: str, aliases: Aliases, *, advise: bool = True) -> Query:
    """The query's tree, and warnings if it is to `advise`; raises QueryError with the place in `text`."""
    check_length(text)
    parser = _Parser(text, aliases)
    node = parser.query()
    if len(parser.tokens) > MAX_DEPTH or parser.uses_aliases:
        check_size(measure(node, aliases.sizes), end=len(text))
    if not advise:
        return Query(node=node)
    warnings = parser.warnings + parser.notes()
    if len(parser.tokens) > 2:  # a single word and the end: there is nothing to say
        warnings += lint.lint(node, parser.tokens, parser.text)
    if not warnings:
        return Query(node=node)
    warnings.sort(key=lambda warning: (warning.start, warning.end))
    return Query(node=node, warnings=tuple(warnings[:MAX_WARNINGS]))


class _Parser:
    """One run over one query's tokens."""

    def __init__(self, text: str, aliases: Aliases) -> None:
        self.text, self.tokens, self.required, self.warnings = scan(text)
        self.aliases = aliases
        self.index = 0
        self.token = self.tokens[0]
        self.nesting = 0
        self.fields = 0
        self.uses_aliases = False
        self.bare_and = False  # whether the clauses read last were several, without parentheses
        self.bare_near = False  # likewise for NEAR
        self.mixed: list[Node] = []
        self.tight: list[Node] = []

    def query(self) -> Node:
        if self.token.kind == "end":
            message = "there is no word in the query" if self.warnings else "the query is empty"
            raise QueryError(message, end=len(self.text))
        node = self.either()
        if self.token.kind != "end":
            raise _error("this parenthesis closes nothing", self.token)
        if is_negative(node):
            hint = "say first what to look for: Cuba NOT baseball"
            raise _error("a query of negatives only would match nearly everything", node.at, hint)
        return node

    def notes(self) -> list[QueryWarning]:
        """Where the way the clauses hang together may surprise. Prints trees: their depth must be known."""
        return [*map(lint.mixed, self.mixed), *map(lint.tight_near, self.tight)]

    def either(self) -> Node:
        """Clauses with OR between them."""
        first, parts, bare = self.token, [self.every()], self.bare_and
        while self.token.kind == "OR":
            self._advance()
            parts.append(self.every())
            bare = bare or self.bare_and
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if is_negative(part):
                hint = "put it beside something to look for: a OR (b NOT c)"
                raise _error("a negative alone in an OR would match nearly everything", part.at, hint)
        node = joined(Or, parts, at=self._since(first))
        if bare:
            self.mixed.append(node)
        return node

    def every(self) -> Node:
        """Clauses with AND, NOT or a blank between them."""
        first, begin, parts = self.token, self.index, [self.near()]
        starts, tight = [begin], False
        while (kind := self.token.kind) == "AND" or kind in _OPERANDS:
            was_near = self.bare_near
            if kind == "AND":
                self._advance()
            starts.append(self.index)
            excluded = self.token.kind == "NOT"
            parts.append(self.negated(self.near) if excluded else self.near())
            blank = kind not in ("AND", "NOT", "-")
            tight = tight or (self.bare_near and (excluded or blank)) or (was_near and blank)
        self.bare_and = len(parts) > 1
        if not self.bare_and:
            return parts[0]
        node = joined(And, parts, at=self._since(first))
        if tight:
            self.tight.append(node)
        if not self.required.isdisjoint(starts):
            self._warn_of_optional(starts, parts)
        return node

    def near(self) -> Node:
        """Clauses with NEAR between them; each stands beside what came before."""
        first, node, count = self.token, self.unary(), 0
        while self.token.kind == "NEAR":
            operator = self.token
            self._advance()
            right = self.unary()
            for side in (node, right):
                if not is_positional(side):
                    raise not_positional(side, side.at)
            count += 1
            if count > MAX_CHAIN:
                raise _error(f"there are more than {MAX_CHAIN} NEARs in a row", operator)
            node = Near(
                left=node,
                right=right,
                distance=operator.distance,
                ordered=operator.ordered,
                at=self._since(first),
            )
        self.bare_near = count > 0
        return node

    def unary(self) -> Node:
        return self.negated(self.primary) if self.token.kind in _NEGATIONS else self.primary()

    def negated(self, operand: Callable[[], Node]) -> Node:
        """One or more NOTs or dashes, and what they exclude."""
        first, count = self.token, 0
        while self.token.kind in _NEGATIONS:
            count += 1
            self._advance()
        part = operand()
        if isinstance(part, Not):
            part, count = part.part, count + 1
        if count > 1:
            at = self._since(first)
            self._warn("this is excluded twice" if count == 2 else "this is excluded again and again", at)
        if count % 2 == 0:
            return part
        if is_negative(part):
            hint = "a NOT (NOT b NOT c) is a AND (b OR c)"
            raise _error("a group of negatives only can not be excluded", self._since(first), hint)
        return Not(part=part, at=self._since(first))

    def primary(self) -> Node:
        token = self.token
        if token.leaf is not None:
            self._advance()
            return token.leaf
        if token.kind == "(":
            return self.group()
        if token.kind == "field":
            return self.in_field()
        if token.kind == "alias":
            self._advance()
            self.uses_aliases = True
            return self.aliases.resolved(token.name, At(token.start, token.end))
        raise self._missing_operand()

    def group(self) -> Node:
        opened = self.token
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise _error(f"parentheses are nested too deep: at most {MAX_NESTING}", opened)
        self._advance()
        node = self.either()
        if self.token.kind != ")":
            raise _error("this parenthesis is not closed", opened)
        self._advance()
        self.nesting -= 1
        return node

    def in_field(self) -> Node:
        """`title:` and what it is about."""
        token = self.token
        self._advance()
        if self.token.kind in _NEGATIONS:
            shown = self._shown(token)
            raise _error(f"{shown} takes a word, a phrase or a group", token, f"write -{shown}…")
        if self.fields:
            message = f"{self._shown(token)} stands inside another field: the inner one counts"
            self._warn(message, At(token.start, token.end))
        self.fields += 1
        part = self.primary()
        self.fields -= 1
        if is_negative(part):
            raise _error(
                "a group of negatives only can not be looked for", part.at, "exclude it: -title:(a OR b)"
            )
        return part if isinstance(part, In) else In(field=token.name, part=part, at=self._since(token))

    def _advance(self) -> None:
        self.index += 1
        self.token = self.tokens[self.index]

    def _since(self, first: Token) -> At:
        """The place from this token to the one read last."""
        return At(first.start, self.tokens[self.index - 1].end)

    def _shown(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def _warn(self, message: str, at: At) -> None:
        self.warnings.append(QueryWarning(message=message, start=at.start, end=at.end))

    def _warn_of_optional(self, starts: list[int], parts: list[Node]) -> None:
        """In Lucene `+a b` asks for a and would like b; here a blank means AND."""
        after_and = {start for start in starts if start and self.tokens[start - 1].kind == "AND"}
        for start, following, part in zip(starts, [*starts[1:], 0], parts, strict=True):
            if isinstance(part, Not) or start in self.required or {start, following} & after_and:
                continue
            message = "this is required like the words with a +: a blank means AND"
            self._warn(message, At(self.tokens[start].start, self.tokens[start].end))
            return

    def _missing_operand(self) -> QueryError:
        token = self.token
        before = self.tokens[self.index - 1] if self.index else None
        if before is None or (before.kind == "(" and token.kind not in (")", "end")):
            closes = "this parenthesis closes nothing"
            return _error(
                closes if token.kind == ")" else f"{self._shown(token)} has nothing before it", token
            )
        if before.kind != "(":
            return _error(f"{self._shown(before)} has nothing after it", before)
        if token.kind == "end":
            return _error("this parenthesis is not closed", before)
        return _error("the group is empty", At(before.start, token.end))


def _error(message: str, at: Token | At, hint: str = "") -> QueryError:
    return QueryError(message, start=at.start, end=at.end, hint=hint)
