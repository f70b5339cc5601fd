"""The settings of monitor.yaml, each with its default: the one place where defaults stand. Data only."""

from dataclasses import field
from datetime import time, timedelta
from pathlib import Path
from typing import Literal

from monitor import __version__
from monitor.records import dataclass

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "human", "json"]

DATABASE = "monitor.db"
"""Beside the configuration files, where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How feeds are retrieved. `interval` holds for subscriptions that say nothing of their own.

    Once a feed's rhythm is known, it moves the interval between `min_interval` and `max_interval`.
    """

    interval: timedelta = timedelta(minutes=15)
    min_interval: timedelta = timedelta(minutes=5)
    max_interval: timedelta = timedelta(hours=1)
    concurrency: int = 100
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 10 * 1024 * 1024
    user_agent: str = f"feed-monitor/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseSettings:
    """How documents are parsed: in so many child processes at once."""

    workers: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """How pages are read for their full text: so many at once, each for so long.

    `pause` is left between two pages of one host, more where its robots.txt asks for more.
    """

    concurrency: int = 8
    timeout: timedelta = timedelta(seconds=30)
    pause: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How alerts are sent: so many at once, each for so long, again after so long, and for how long.

    A worker is a child process of about 11 MB of its own, there only while it is needed: enough of them,
    and receivers that hang hold up nobody.
    """

    workers: int = 32
    timeout: timedelta = timedelta(seconds=30)
    first_retry: timedelta = timedelta(seconds=5)
    longest_retry: timedelta = timedelta(hours=1)
    give_up_after: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings:
    """When feeds are told to be dead (failing for so long), and the shortest silence that is told."""

    dead_after: timedelta = timedelta(hours=12)
    silent_at_least: timedelta = timedelta(days=1)
    daily_coverage: time | None = None
    """When, each day, it is told what was looked at; None: never."""
    canary: timedelta | None = None
    """How often a made-up entry tries the chain from feed to receiver; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSettings:
    """Whether hubs are asked to tell us of feeds that have one, and what signatures are believed.

    They are asked only where `web.public_url` says how they reach us.
    """

    ask_hubs: bool = True
    allow_sha1: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """Whether feeds.yaml may name files (`file:///…`) and commands (`exec:…`) of this machine."""

    files: bool = False
    commands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What is logged; `auto` is human on a terminal and JSON otherwise."""

    level: LogLevel = "info"
    format: LogFormat = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the desk is served (`host:port`), and how it is reached from elsewhere ("" if it is not).

    Links in messages lead to `public_url`, where there is one.
    """

    listen: str = "127.0.0.1:8600"
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in monitor.yaml.

    `database` is resolved against the configuration's directory. `time_zone` is an IANA name for showing
    times, "local" for the machine's own. `retention` is how long entries and hits are kept.
    `allow_private` lets feeds and receivers that say nothing of their own lead into private networks.
    """

    database: Path = Path(DATABASE)
    time_zone: str = "local"
    retention: timedelta = timedelta(days=365)
    allow_private: bool = False
    poll: PollSettings = field(default_factory=PollSettings)
    parse: ParseSettings = field(default_factory=ParseSettings)
    pages: PageSettings = field(default_factory=PageSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    push: PushSettings = field(default_factory=PushSettings)
    local: LocalSettings = field(default_factory=LocalSettings)
    log: LogSettings = field(default_factory=LogSettings)
    web: WebSettings = field(default_factory=WebSettings)
