"""alerts.yaml: the receivers and the route tree, with what routes inherit filled in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from monitor.alerts.route import Receiver, Route, Target
from monitor.alerts.times import Schedule
from monitor.config import tree
from monitor.config.labels import check_label_name
from monitor.config.matchers import read_matchers
from monitor.config.problem import Problem, as_warning
from monitor.config.schema import AlertsFile, ReceiverItem, RouteItem, TargetItem
from monitor.config.secrets import mask_url, target_key
from monitor.config.section import validate
from monitor.config.suggest import did_you_mean
from monitor.config.timing import Timing

CheckTarget = Callable[[str], str]
"""Asks the sending library about a URL: what is wrong with it, "" if nothing."""

TERMINAL = "terminal"
TERMINAL_URL = "stdout://"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, kw_only=True)
class Routing:
    """What alerts.yaml says: the root of the route tree and the receivers by name."""

    route: Route
    receivers: Mapping[str, Receiver]


def terminal() -> Receiver:
    """The receiver that stands where none is configured: it prints."""
    target = Target(key=target_key(TERMINAL, TERMINAL_URL), url=TERMINAL_URL, label=TERMINAL_URL)
    return Receiver(name=TERMINAL, targets=(target,))


def read_routing(
    root: tree.Node | None,
    *,
    allow_private: bool,
    problems: list[Problem],
    check_target: CheckTarget | None = None,
) -> Routing:
    """Routes and receivers of alerts.yaml; where it says nothing, everything goes to the terminal."""
    before = len(problems)
    section = (validate(AlertsFile, root, problems) if root else None) or AlertsFile()
    timing = Timing(problems=problems)
    timing.read_intervals(section.time_intervals)
    reader = _Receivers(
        allow_private=allow_private, problems=problems, check_target=check_target, timing=timing
    )
    reader.read(section.receivers or [])
    receivers = reader.found if section.receivers else {TERMINAL: terminal()}
    routes = _Routes(
        names=reader.names or {TERMINAL: None}, problems=problems, timing=timing, used=reader.next_to_hear
    )
    route = routes.root(section.route) if section.route else routes.default(root)
    if section.route and len(problems) == before:  # a route that is wrong may have meant it
        problems += [as_warning(problem) for problem in reader.unused(routes.used)]
    return Routing(route=route, receivers=receivers)


@dataclass(kw_only=True)
class _Receivers:
    """Reads receivers; bad ones are reported and left out, their names are remembered all the same."""

    allow_private: bool
    problems: list[Problem]
    check_target: CheckTarget | None
    timing: Timing
    next_to_hear: set[str] = field(default_factory=set)
    """Those to whom somebody's alerts escalate."""
    names: dict[str, tree.Scalar | None] = field(default_factory=dict)
    found: dict[str, Receiver] = field(default_factory=dict)

    def read(self, nodes: list[tree.Node]) -> None:
        items: dict[str, ReceiverItem] = {}
        for node in nodes:
            item = validate(ReceiverItem, node, self.problems)
            if item is None:
                self._remember(node)
                continue
            name = item.name.text.strip()
            first = self.names.setdefault(name, item.name)
            if first is not None and first is not item.name:
                where = first.seen_from(item.name)
                self.problems.append(
                    item.name.problem(f"the receiver `{name}` stands twice; the first is {where}")
                )
                continue
            items[name] = item
        # A chain may lead to a receiver that stands below.
        self.found = {name: self._receiver(name, item) for name, item in items.items()}

    def unused(self, used: set[str]) -> Iterator[Problem]:
        """Receivers that no route names."""
        for name, scalar in self.names.items():
            if scalar is not None and name not in used:
                yield scalar.problem(f"no route leads to the receiver `{name}`")

    def _receiver(self, name: str, item: ReceiverItem) -> Receiver:
        targets: dict[str, Target] = {}
        for target in item.urls:
            made = self._target(name, target)
            if made and made.key in targets:
                self.problems.append(target.url.problem("this URL stands twice in the receiver"))
            elif made:
                targets[made.key] = made
        allow_private = self.allow_private if item.allow_private is None else item.allow_private
        return Receiver(
            name=name,
            targets=tuple(targets.values()),
            allow_private=allow_private,
            canary=bool(item.canary),
            acts=item.acts is not False,
            digest=self.timing.schedule(item.digest),
            quiet=self.timing.quiet(item.quiet),
            limit=self.timing.limit(item.limit),
            escalate=self.timing.escalate(item.escalate, name, self.names, self.next_to_hear),
        )

    def _target(self, receiver: str, item: TargetItem) -> Target | None:
        url = item.url.text.strip()
        reason = self._reason(url)
        if reason:
            hint = "an Apprise URL like mailtos://, slack://, ntfy:// or stdout://"
            self.problems.append(item.url.problem(reason, hint=hint))
            return None
        return Target(key=target_key(receiver, url), url=url, label=item.label or mask_url(url))

    def _reason(self, url: str) -> str:
        """What is wrong with a receiver's URL, "" if nothing."""
        if not _SCHEME.match(url):
            return "a receiver's URL is expected here"
        return self.check_target(url) if self.check_target else ""

    def _remember(self, node: tree.Node) -> None:
        """The name of a broken receiver: routes that lead to it are not wrong as well."""
        name = node.pairs.get("name") if isinstance(node, tree.Mapping) else None
        if name and isinstance(name[1], tree.Scalar):
            self.names.setdefault(name[1].text.strip(), None)


@dataclass(kw_only=True)
class _Routes:
    """Reads the route tree from its root down; each node starts from what its parent says."""

    names: Mapping[str, tree.Scalar | None]
    problems: list[Problem]
    timing: Timing
    used: set[str] = field(default_factory=set)

    def root(self, node: tree.Node) -> Route:
        """The root, which takes everything and says what the others inherit."""
        item = validate(RouteItem, node, self.problems)
        base = Route(receiver=next(iter(self.names)))
        if item is None:
            return base
        if item.matchers:
            problem = item.matchers[0].problem(
                "the root of the route tree takes everything", hint="put matchers under its `routes:`"
            )
            self.problems.append(problem)
        if item.receiver is None and not item.store_only:
            names = ", ".join(self.names)
            self.problems.append(
                node.problem("the root of the route tree needs a `receiver`", hint=f"one of: {names}")
            )
        return self._route(item, base, "0", root=True)

    def default(self, root: tree.Node | None) -> Route:
        """The root where none is written: everything to the one receiver that there is."""
        if len(self.names) > 1 and root is not None:
            hint = f"route: {{receiver: {next(iter(self.names))}}}"
            self.problems.append(root.problem("`route` is missing here: which receiver hears?", hint=hint))
        return Route(receiver=next(iter(self.names), TERMINAL))

    def _route(self, item: RouteItem, parent: Route, path: str, *, root: bool = False) -> Route:
        own = Route(
            receiver=self._receiver(item, parent),
            path=path,
            matchers=() if root else tuple(read_matchers(item.matchers or (), self.problems)),
            continues=bool(item.continues),
            group_by=self._group_by(item, parent),
            group_wait=parent.group_wait if item.group_wait is None else item.group_wait,
            group_interval=parent.group_interval if item.group_interval is None else item.group_interval,
            store_only=bool(item.store_only),
            digest=self._digest(item, parent),
            immediate=self._immediate(item, parent),
            cooldown=parent.cooldown if item.cooldown is None else item.cooldown,
            mute=self.timing.named(item.mute_time_intervals),
            active=self.timing.named(item.active_time_intervals),
        )
        children = tuple(self._children(item, own))
        return replace(own, routes=children)

    def _children(self, item: RouteItem, parent: Route) -> Iterator[Route]:
        for index, node in enumerate(item.routes or []):
            child = validate(RouteItem, node, self.problems)
            if child is not None:
                yield self._route(child, parent, f"{parent.path}.{index}")

    def _receiver(self, item: RouteItem, parent: Route) -> str:
        if item.receiver is None:
            return parent.receiver
        name = item.receiver.text.strip()
        self.used.add(name)
        if name not in self.names:
            hint = did_you_mean(name, self.names) or f"receivers: {', '.join(self.names)}"
            self.problems.append(item.receiver.problem(f"there is no receiver `{name}`", hint=hint))
        return name

    def _digest(self, item: RouteItem, parent: Route) -> Schedule | None:
        """Its own times, else its parent's, unless it says that it tells at once."""
        if item.digest and item.immediate:
            self.problems.append(item.digest.problem("`digest` and `immediate: true` exclude each other"))
        return self.timing.schedule(item.digest) or (None if item.immediate else parent.digest)

    def _immediate(self, item: RouteItem, parent: Route) -> bool:
        inherited = parent.immediate and item.digest is None
        return inherited if item.immediate is None else item.immediate

    def _group_by(self, item: RouteItem, parent: Route) -> tuple[str, ...]:
        if item.group_by is None:
            return parent.group_by
        found = (check_label_name(scalar) for scalar in item.group_by)
        self.problems += [problem for problem in found if problem]
        return tuple(dict.fromkeys(scalar.text.strip() for scalar in item.group_by))
