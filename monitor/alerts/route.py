"""Routes, label matchers and receivers: who hears of which hits, and why. Data and pure functions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from monitor.alerts.limit import Limit
from monitor.alerts.times import Interval, Schedule

GROUP_WAIT = timedelta(seconds=30)
GROUP_INTERVAL = timedelta(minutes=5)
GROUP_BY = ("topic", "story")
LIMIT = Limit()

Operator = Literal["=", "!=", "=~", "!~"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """A label matcher: `topic="Cuba"`, `severity!="low"`, `lang=~"en|fr"`; a regex matches the whole value.

    A label that is not there has the value "".
    """

    label: str
    op: Operator
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether these labels satisfy the matcher."""
        actual = labels.get(self.label, "")
        if self.op in ("=", "!="):
            return (actual == self.value) == (self.op == "=")
        found = _compiled(self.value).fullmatch(actual) is not None
        return found == (self.op == "=~")

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.label}{self.op}"{quoted}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One Apprise URL of a receiver. `key` names it without its secrets: it is what the store keeps."""

    key: str
    url: str = field(repr=False)
    label: str = ""
    """The URL as it may be shown: secrets masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """When a receiver wants its peace, and what may break it: hits that all of `but` match."""

    interval: Interval
    but: tuple[Matcher, ...] = ()

    def lets(self, labels: Mapping[str, str]) -> bool:
        """Whether a hit with these labels may break it."""
        return bool(self.but) and all(matcher.matches(labels) for matcher in self.but)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who hears next, if an alert with hits that all of `matchers` match is not acknowledged `after` that."""

    after: timedelta
    receiver: str
    matchers: tuple[Matcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who hears: a name and its targets, and when and how often it wants to.

    With `digest` its hits come in one message at these times, unless a route says otherwise.
    """

    name: str
    targets: tuple[Target, ...] = ()
    allow_private: bool = False
    canary: bool = False
    """It gets an alert of each canary (see monitor/canary.py)."""
    acts: bool = True
    """Its messages carry links to act, where they can: whoever reads them may."""
    digest: Schedule | None = None
    quiet: Quiet | None = None
    limit: Limit | None = LIMIT
    escalate: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A node of the route tree: hits that satisfy its matchers go to its receiver.

    Values that the configuration left out are already inherited from the parent. `path` is its place in
    the tree ("0", "0.2", "0.2.1"), part of every group's key. `store_only` keeps hits without telling, and so
    do the times `mute`, or those that are not `active`, for hits that are found then.

    `digest` gathers hits for these times; `immediate` tells at once what the receiver would have gathered.
    After an alert about a topic the receiver hears no other about it until `cooldown` has passed.
    """

    receiver: str
    path: str = "0"
    matchers: tuple[Matcher, ...] = ()
    continues: bool = False
    group_by: tuple[str, ...] = GROUP_BY
    group_wait: timedelta = GROUP_WAIT
    group_interval: timedelta = GROUP_INTERVAL
    store_only: bool = False
    digest: Schedule | None = None
    immediate: bool = False
    cooldown: timedelta = timedelta()
    mute: tuple[Interval, ...] = ()
    active: tuple[Interval, ...] = ()
    routes: tuple["Route", ...] = ()

    def schedule(self, receiver: Receiver) -> Schedule | None:
        """When its hits are told in a digest; None: at once."""
        return None if self.immediate else self.digest or receiver.digest

    def silent(self, found_at: datetime, zone: tzinfo) -> str:
        """Why it tells nobody of what is found at this moment, "" if it does."""
        if self.store_only:
            return f"store_only: route {self.path}"
        if not self.receiver:
            return f"no receiver: route {self.path}"
        if muting := next((one for one in self.mute if one.covers(found_at, zone)), None):
            return f"muted by {muting.name}: route {self.path}"
        if self.active and not any(one.covers(found_at, zone) for one in self.active):
            names = ", ".join(one.name for one in self.active)
            return f"not active but in {names}: route {self.path}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A node that was looked at on the way down the tree: whether it hears, and why or why not."""

    route: Route
    depth: int
    hears: bool
    reason: str

    def __str__(self) -> str:
        told = " → hears" if self.hears else ""
        return f"{'  ' * self.depth}{self.route.path} {self.route.receiver}: {self.reason}{told}"


def receivers_of(root: Route, labels: Mapping[str, str]) -> tuple[Route, ...]:
    """The routes that hear of a hit with these labels, in the tree's order.

    As in Alertmanager: depth first, the deepest that match; a child that matches keeps the hit from its
    later siblings unless it `continues`; where no child matches, the node itself hears. The root takes all.
    """
    reached: list[Route] = []
    for child in root.routes:
        if _takes(child, labels):
            reached.extend(receivers_of(child, labels))
            if not child.continues:
                break
    return tuple(reached) or (root,)


def walk(root: Route, labels: Mapping[str, str]) -> tuple[Step, ...]:
    """The way of a hit with these labels down the tree: every node in order, with the reason at each.

    The steps that hear are the routes of `receivers_of`. One step a line, it prints as a tree.
    """
    return tuple(_walk(root, labels, depth=0, reason="the root takes every hit"))


def _takes(route: Route, labels: Mapping[str, str]) -> bool:
    for matcher in route.matchers:  # noqa: SIM110  (asked for every hit at every node; a generator doubles it)
        if not matcher.matches(labels):
            return False
    return True


def _walk(route: Route, labels: Mapping[str, str], *, depth: int, reason: str) -> Iterator[Step]:
    below: list[Step] = []
    taken_by = ""
    taken = False
    for child in route.routes:
        if taken_by:
            skipped = f"not asked: {taken_by} took the hit and does not continue"
            below.append(Step(route=child, depth=depth + 1, hears=False, reason=skipped))
        elif failed := _first_failed(child, labels):
            below.append(Step(route=child, depth=depth + 1, hears=False, reason=_why_not(failed, labels)))
        else:
            below.extend(_walk(child, labels, depth=depth + 1, reason=_why(child)))
            taken = True
            taken_by = "" if child.continues else child.path
    yield Step(route=route, depth=depth, hears=not taken, reason=reason)
    yield from below


def _first_failed(route: Route, labels: Mapping[str, str]) -> Matcher | None:
    return next((matcher for matcher in route.matchers if not matcher.matches(labels)), None)


def _why(route: Route) -> str:
    return " and ".join(map(str, route.matchers)) + " holds" if route.matchers else "no matchers: takes all"


def _why_not(matcher: Matcher, labels: Mapping[str, str]) -> str:
    return f'{matcher} does not hold: {matcher.label} is "{labels.get(matcher.label, "")}"'


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
