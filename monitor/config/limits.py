"""How often feeds are polled: the interval and its limits, wherever they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Protocol

from monitor.config import tree
from monitor.config.labels import read_labels
from monitor.config.problem import Problem
from monitor.config.schema import LabelItem
from monitor.config.section import validate
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass

_IN_ORDER = ("min_interval", "interval", "max_interval")


class Limited(Protocol):
    """What says how often feeds are polled."""

    @property
    def interval(self) -> timedelta | None:
        """The time between polls."""

    @property
    def min_interval(self) -> timedelta | None:
        """As short as it may get."""

    @property
    def max_interval(self) -> timedelta | None:
        """As long as it may get."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often feeds with these labels are polled."""

    labels: Mapping[str, str]
    limits: Mapping[str, timedelta]


def read_paces(nodes: list[tree.Node], problems: list[Problem]) -> Iterator[Pace]:
    """What `by_label:` says, item by item."""
    for node in nodes:
        item = validate(LabelItem, node, problems)
        if item is not None and not crossed(node, item, problems):
            yield Pace(labels=read_labels(item.labels, problems), limits=limits_of(item))


def paced(subscription: Subscription, own: Limited, paces: tuple[Pace, ...]) -> Subscription:
    """How often it is polled by its labels, the last that fits; its own words win."""
    labels = subscription.labels.items()
    fitting = [pace.limits for pace in paces if pace.labels.items() <= labels]
    limits: dict[str, Any] = {
        name: value for one in (*fitting, limits_of(own)) for name, value in one.items()
    }
    return replace(subscription, **limits) if limits else subscription


def limits_of(own: Limited) -> dict[str, timedelta]:
    """What is said, by name."""
    return {name: value for name in _IN_ORDER if (value := getattr(own, name)) is not None}


def crossed(node: tree.Node, own: Limited, problems: list[Problem]) -> bool:
    """Whether limits contradict each other; the problem stands at one of them that is written here."""
    wrong = next(((a, b) for a, b in pairwise(limits_of(own).items()) if a[1] > b[1]), None)
    if wrong is None:
        return False
    written = node.pairs if isinstance(node, tree.Mapping) else {}
    at = next((written[name][1] for name, _ in wrong if name in written), node)
    problems.append(at.problem(f"`{wrong[0][0]}` is longer than `{wrong[1][0]}`"))
    return True
