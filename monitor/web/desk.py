"""What the pages work with: the store in two threads, the configuration that runs, the bells."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import cast

from starlette.requests import Request

from monitor.clock import clock, zone_of
from monitor.config.config import Config
from monitor.keeper import Keeping
from monitor.reports import OnReport
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from monitor.web.forms import Form
from monitor.web.live import News

LOOKS = 2
"""So many look for feeds at once: each look has children of its own that read what it finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who asks: somebody with a session (`digest` is its key's), or a program with a token."""

    who: str
    csrf: str = ""
    digest: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the pages work with.

    `store` answers pages; `workshop` is for what takes longer, edits and previews, and never holds a page
    up. `ring` wakes a part of the daemon, `on_report` tells its log. `pushing` counts what hubs
    send at this moment, by their tokens; `looks` are the turns at looking for feeds.
    """

    store: StoreThread
    workshop: StoreThread
    directory: Path
    environ: Mapping[str, str]
    config: Callable[[], Config]
    ring: Callable[[str], None]
    on_trouble: Callable[[Exception], None]
    on_report: OnReport
    news: News = field(default_factory=News)
    pushing: Counter[str] = field(default_factory=Counter)
    looks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS))
    now: Callable[[], datetime] = clock

    @property
    def zone(self) -> tzinfo:
        """The time zone in which times are shown."""
        return zone_of(self.config().settings.time_zone)

    def keeping(self, store: Store) -> Keeping:
        """Where edits are kept that are made on a page."""
        return Keeping(
            directory=self.directory, environ=self.environ, store=store, who="page", now=self.now()
        )


def site_of(request: Request) -> str:
    """Where the desk is reached: as the settings say, else as this request did."""
    return desk_of(request).config().settings.web.public_url or f"{request.url.scheme}://{request.url.netloc}"


def desk_of(request: Request) -> Desk:
    """The desk that a request came to."""
    return cast(Desk, request.app.state.desk)


def guest_of(request: Request) -> Guest:
    """Who asks; the gate has let them in."""
    return cast(Guest, request.state.guest)


def form_of(request: Request) -> Form:
    """The form that came with a request; the gate has read it and found it to be ours."""
    return cast(Form, request.state.form)
