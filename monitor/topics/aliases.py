"""The aliases a query may use: their parsed trees, and what is wrong with which of their values."""

from collections.abc import Mapping, Set
from dataclasses import field

from monitor.errors import QueryError
from monitor.records import dataclass
from monitor.topics.dialects import closest
from monitor.topics.limits import Size
from monitor.topics.query import Alias, At, Node, QueryWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasProblem:
    """An error or a warning in one value of an alias; the problem's positions are in that value's text.

    `index` counts the alias's values from 0; -1 is the alias as a whole.
    """

    name: str
    index: int
    problem: QueryError | QueryWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliases:
    """What each alias stands for, with its size; `broken` are those that can not be used.

    `problems` are in the order in which the aliases were given.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    broken: Set[str] = frozenset()
    problems: tuple[AliasProblem, ...] = ()

    @property
    def errors(self) -> tuple[AliasProblem, ...]:
        """The problems that keep an alias from being used."""
        return tuple(problem for problem in self.problems if isinstance(problem.problem, QueryError))

    def resolved(self, name: str, at: At) -> Alias:
        """The alias, used at this place of a query; QueryError where there is none or it is broken."""
        if node := self.nodes.get(name):
            return Alias(name=name, part=node, at=at)
        if name in self.broken:
            raise QueryError(self._why_broken(name), start=at.start, end=at.end)
        meant = closest(name, self.nodes)
        hint = f'to look for the mention itself, put it in quotes: "@{name}"'
        if meant:
            hint = f"did you mean @{meant}? If not, {hint}"
        raise QueryError(f"there is no alias @{name}", start=at.start, end=at.end, hint=hint)

    def _why_broken(self, name: str) -> str:
        own = next((problem.problem for problem in self.errors if problem.name == name), None)
        return f"the alias @{name} is wrong" + (f": {own}" if own else "")


NO_ALIASES = Aliases()
