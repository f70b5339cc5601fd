"""A configuration that was read and found good. Plain data only."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.config.problem import Problem
from monitor.config.secrets import Secrets
from monitor.config.settings import Settings
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass
from monitor.topics.topic import Topic

if TYPE_CHECKING:  # who only polls can do without all that alerts are
    from monitor.alerts.route import Receiver, Route
    from monitor.alerts.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is polled and what is looked for in it, with all defaults filled in: all but alerts.yaml.

    `topics` are those of all watchlists. `warnings` did not keep it from being read. `problems` and
    `broken_topics` (their names) are empty unless it was read tolerantly: then broken topics were left
    out, and topics that fail their own tests were kept. `digest` changes when anything that was read
    does, secrets included; `files` are the files that were read, `watchlists` the very
    texts of the watchlists that were read, by name.
    """

    settings: Settings
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
    broken_topics: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()
    watchlists: Mapping[str, str] = field(default_factory=dict, repr=False)
    digest: str = ""
    secrets: Secrets = field(default_factory=Secrets, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Intake):
    """Everything that the configuration's files say: the intake, and who hears of it."""

    route: "Route"
    receivers: "Mapping[str, Receiver]"
    templates: "Mapping[str, Template]" = field(default_factory=dict)
