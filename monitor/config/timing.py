"""alerts.yaml: when and how often somebody hears: digests, quiet hours, limits, chains, time intervals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from monitor.alerts.limit import Limit
from monitor.alerts.route import LIMIT, Escalation, Quiet
from monitor.alerts.times import Interval, Schedule, Stretch
from monitor.config import tree
from monitor.config.fields import WrongValueError, as_one_or_more, as_words
from monitor.config.matchers import read_matchers
from monitor.config.problem import Problem
from monitor.config.schema import EscalationItem, QuietSection
from monitor.config.section import validate
from monitor.config.suggest import did_you_mean
from monitor.config.timetable import TimesError, parse_limit, parse_schedule, parse_stretch

T = TypeVar("T")


@dataclass(kw_only=True)
class Timing:
    """Reads what says when; what is wrong is reported and left out. `intervals` are those with a name."""

    problems: list[Problem]
    intervals: dict[str, Interval] = field(default_factory=dict)

    def read_intervals(self, pairs: tree.Mapping | None) -> None:
        """`time_intervals:`: a name and its stretches each."""
        for name, (key, node) in pairs.pairs.items() if pairs else ():
            try:
                scalars = [as_words(item) for item in as_one_or_more(node)]
            except WrongValueError as error:
                self.problems.append(node.problem(str(error), hint=error.hint))
                scalars = []
            if not name.strip():
                self.problems.append(key.problem("a time interval needs a name"))
            self.intervals[name] = Interval(name=name, stretches=self._stretches(scalars))

    def named(self, scalars: Iterable[tree.Scalar] | None) -> tuple[Interval, ...]:
        """The time intervals of these names."""
        return tuple(self._named(scalars or ()))

    def schedule(self, scalar: tree.Scalar | None) -> Schedule | None:
        """`digest:`"""
        return self._placed(parse_schedule, scalar) if scalar else None

    def quiet(self, item: QuietSection | None) -> Quiet | None:
        """`quiet:`"""
        if item is None:
            return None
        interval = Interval(stretches=self._stretches(item.times))
        but = tuple(read_matchers(item.but or (), self.problems))
        if interval.never_ends:
            hint = "take its urls away, or `store_only: true` on its routes, if nobody is to hear"
            self.problems.append(
                item.times[0].problem("it is always quiet: nothing would ever be told", hint=hint)
            )
        return Quiet(interval=interval, but=but) if interval.stretches else None

    def limit(self, scalar: tree.Scalar | None) -> Limit | None:
        """`limit:`"""
        try:
            return parse_limit(scalar.text) if scalar else LIMIT
        except ValueError as error:
            if scalar:
                self.problems.append(scalar.problem(str(error)))
            return LIMIT

    def escalate(
        self, nodes: Iterable[tree.Node] | None, own: str, names: Mapping[str, object], used: set[str]
    ) -> tuple[Escalation, ...]:
        """`escalate:` of the receiver `own`; those that hear next are among `names` and become `used`."""
        return tuple(self._escalations(nodes or (), own, names, used))

    def _escalations(
        self, nodes: Iterable[tree.Node], own: str, names: Mapping[str, object], used: set[str]
    ) -> Iterator[Escalation]:
        for node in nodes:
            item = validate(EscalationItem, node, self.problems)
            if item is None:
                continue
            name = item.receiver.text.strip()
            used.add(name)
            if name not in names:
                hint = did_you_mean(name, names) or f"receivers: {', '.join(names)}"
                self.problems.append(item.receiver.problem(f"there is no receiver `{name}`", hint=hint))
            if name == own:
                self.problems.append(item.receiver.problem("it would be the same receiver that hears next"))
            matchers = tuple(read_matchers(item.matchers or (), self.problems))
            yield Escalation(after=item.after, receiver=name, matchers=matchers)

    def _named(self, scalars: Iterable[tree.Scalar]) -> Iterator[Interval]:
        for scalar in scalars:
            name = scalar.text.strip()
            if found := self.intervals.get(name):
                yield found
            else:
                known = ", ".join(self.intervals) or "none: `time_intervals:` names them"
                hint = did_you_mean(name, self.intervals) or f"known here: {known}"
                self.problems.append(scalar.problem(f"there is no time interval `{name}`", hint=hint))

    def _stretches(self, scalars: Iterable[tree.Scalar]) -> tuple[Stretch, ...]:
        read = (self._placed(parse_stretch, scalar) for scalar in scalars)
        return tuple(stretch for stretch in read if stretch)

    def _placed(self, parse: Callable[[str], T], scalar: tree.Scalar) -> T | None:
        try:
            return parse(scalar.text)
        except TimesError as error:
            self.problems.append(scalar.problem(str(error), error.start, error.end, hint=error.hint))
            return None
