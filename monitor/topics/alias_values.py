"""Reads the aliases of a configuration: each value a phrase or a query, all together one OR.

A value that contains anything that means something in a query (quotes, an operator, a wildcard, `=`,
parentheses, a field, `@another`) is read as a query, any other as a phrase. Errors and warnings are reported
by alias and value, so that each can be shown once, where it stands.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from monitor.errors import QueryError
from monitor.topics.aliases import Aliases, AliasProblem
from monitor.topics.grammar import parsed
from monitor.topics.lexer import scan
from monitor.topics.limits import Size, check_length, check_size, measure
from monitor.topics.lint import shown, superfluous
from monitor.topics.plain import is_alias_name, mentions, phrase_of, query_syntax
from monitor.topics.query import And, Node, Not, Or, Query, QueryWarning, joined
from monitor.topics.token import Token

Uses = Mapping[str, Sequence[Sequence[Token]]]
"""For each alias and each of its values, the other aliases it names."""


def parse_aliases(texts: Mapping[str, Sequence[str]], *, advise: bool = True) -> Aliases:
    """The aliases' trees, and all that is wrong with them. Raises nothing: a broken alias is left out."""
    uses = {name: [_uses(value) for value in values] for name, values in texts.items()}
    order, circular = _in_order(uses)
    reader = _Reader(circular, advise=advise)
    for name in circular:
        reader.read_circular(name, texts[name], uses)
    for name in order:
        reader.read(name, texts[name])
    return reader.result(list(texts))


class _Reader:
    """Collects what becomes of the aliases, one after the other."""

    def __init__(self, broken: Sequence[str], *, advise: bool) -> None:
        self.advise = advise
        self.nodes: dict[str, Node] = {}
        self.sizes: dict[str, Size] = {}
        self.broken = set(broken)
        self.problems: list[AliasProblem] = []
        self.known = Aliases(nodes=self.nodes, sizes=self.sizes, broken=self.broken)

    def read(self, name: str, values: Sequence[str]) -> None:
        """An alias whose own aliases have all been read."""
        read = [self._value(name, index, value) for index, value in enumerate(values)]
        nodes = [query.node for query in read if query is not None]
        if not is_alias_name(name):
            self._wrong(name, "an alias's name is made of letters, digits, - and _")
        elif not values:
            self._wrong(name, "the alias is empty")
        elif len(nodes) < len(values):
            self.broken.add(name)
        else:
            self._keep(name, joined(Or, nodes))
            if self.advise:
                self._repetitions(name, values, nodes)

    def read_circular(self, name: str, values: Sequence[str], uses: Uses) -> None:
        """An alias that leads back to itself, or to one that does."""
        for index, value in enumerate(values):
            ways = ((token, _way(token.name, name, uses)) for token in uses[name][index])
            token, way = next(((token, way) for token, way in ways if way), (None, []))
            if token is None:
                self._value(name, index, value)
                continue
            message = f"the alias goes round: {' → '.join(f'@{step}' for step in (name, *way))}"
            self._add(name, index, QueryError(message, start=token.start, end=token.end))

    def result(self, names: Sequence[str]) -> Aliases:
        place = {name: index for index, name in enumerate(names)}
        problems = sorted(self.problems, key=lambda problem: (place[problem.name], problem.index))
        return Aliases(
            nodes=self.nodes, sizes=self.sizes, broken=frozenset(self.broken), problems=tuple(problems)
        )

    def _value(self, name: str, index: int, value: str) -> Query | None:
        try:
            query = _read_value(value, self.known, advise=self.advise)
        except QueryError as error:
            self._add(name, index, error)
            return None
        for warning in query.warnings:
            self._add(name, index, warning)
        return query

    def _keep(self, name: str, node: Node) -> None:
        size = measure(node, self.sizes)
        try:
            check_size(size, end=0)
        except QueryError as error:
            self._wrong(name, str(error))
        else:
            self.nodes[name], self.sizes[name] = node, size

    def _repetitions(self, name: str, values: Sequence[str], nodes: Sequence[Node]) -> None:
        for loser, winner in superfluous(nodes):
            message = f"{shown(nodes[loser])} adds nothing: {shown(nodes[winner])} finds all that it finds"
            self._add(name, loser, QueryWarning(message=message, start=0, end=len(values[loser])))

    def _wrong(self, name: str, message: str) -> None:
        self.broken.add(name)
        self._add(name, -1, QueryError(message))

    def _add(self, name: str, index: int, problem: QueryError | QueryWarning) -> None:
        self.problems.append(AliasProblem(name=name, index=index, problem=problem))


def _read_value(value: str, known: Aliases, *, advise: bool) -> Query:
    if not _is_query(value):
        check_length(value)
        return Query(node=phrase_of(value))
    query = parsed(value, known, advise=advise)
    if isinstance(query.node, And) and not {"AND", "&&"}.intersection(value.split()):
        return Query(node=query.node, warnings=(*_read_as_and(query.node, value), *query.warnings))
    return query


def _read_as_and(node: And, value: str) -> list[QueryWarning]:
    """`Taiwan Strait*` as an alias's value was most likely meant as a phrase."""
    if sum(not isinstance(part, Not) for part in node.parts) < 2:
        return []
    message = f"this value is read as a query: {shown(node)}"
    hint = "for a phrase, put it in quotes: '\"…\"'"
    return [QueryWarning(message=message, start=0, end=len(value), hint=hint)]


def _is_query(value: str) -> bool:
    return query_syntax(value) is not None or bool(mentions(value))


def _uses(value: str) -> list[Token]:
    """The aliases that a value names. What is wrong with the value is said when it is read."""
    try:
        check_length(value)
        tokens = scan(value).tokens if _is_query(value) else []
    except QueryError:
        return []
    return [token for token in tokens if token.kind == "alias"]


def _in_order(uses: Uses) -> tuple[list[str], list[str]]:
    """The aliases, each after those it uses, and apart from them those that lead round."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, values in uses.items():
        sorter.add(name, *(token.name for tokens in values for token in tokens if token.name in uses))
    with suppress(CycleError):  # what is not in a circle can be had from it nevertheless
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    done = set(order)
    return order, [name for name in uses if name not in done]


def _way(start: str, goal: str, uses: Uses) -> list[str]:
    """The shortest way from one alias to another, both ends in it; [] where there is none."""
    came_from = {start: ""}
    waiting = deque([start])
    while waiting and goal not in came_from:
        name = waiting.popleft()
        for token in (token for tokens in uses.get(name, ()) for token in tokens):
            if token.name not in came_from:
                came_from[token.name] = name
                waiting.append(token.name)
    if goal not in came_from:
        return []
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
