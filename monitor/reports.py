"""What a poll, a push, a page, a dispatch, a delivery or a reload came to: for log, terminal and demo."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from monitor.config.config import Config
from monitor.errors import ConfigError
from monitor.records import dataclass

if TYPE_CHECKING:  # who polls once and sends nothing can do without most of them
    from monitor.courier import DeliveryReport
    from monitor.dispatcher import Dispatched
    from monitor.hubs import HubReport
    from monitor.pages import PageReport
    from monitor.poller import PollReport
    from monitor.pushes import Ignored, PushReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The daemon polls."""

    config: Config
    database: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The desk is served at this address."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """An edit of the configuration runs now."""

    config: Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An edit of the configuration is wrong; what ran before goes on."""

    error: ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A part of the daemon failed in this round; it goes on with the next."""

    part: str
    error: Exception


Report: TypeAlias = (
    "Started | Serving | PollReport | PushReport | HubReport | Ignored | PageReport | Dispatched"
    " | DeliveryReport | Reloaded | Refused | Trouble"
)
OnReport = Callable[[Report], None]
