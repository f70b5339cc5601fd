"""What the daemon and `monitor poll` are built of: configuration, store, egress, children."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.clock import clock
from monitor.config import load
from monitor.config.config import Config, Intake
from monitor.egress import Egress
from monitor.records import dataclass
from monitor.sandbox import Sandbox
from monitor.senders import senders
from monitor.store.polls import open_polls
from monitor.store.thread import StoreThread

if TYPE_CHECKING:
    from monitor.pages import PageReader, PageReport, Reads


STANDS_BACK = 5
"""How nice children are that read: what they have read is stored first, whoever waits for a core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The store in its thread, the egress, and the children that parse, that read pages and that send."""

    store: StoreThread
    egress: Egress
    parsers: Sandbox
    readers: Sandbox
    senders: Sandbox


def load_config(directory: Path, *, tolerant: bool = False) -> Config:
    """Read the configuration with this process's environment; raises ConfigError."""
    return load(directory, environ=os.environ, tolerant=tolerant)


def database_path(config: Intake, override: Path | None) -> Path:
    """Where the database is: where the command line says, else where the settings say."""
    return override or config.settings.database


def page_reader(
    config: Intake,
    parts: Parts,
    reads: "Reads",
    *,
    on_report: "Callable[[PageReport], None]",
    on_trouble: Callable[[Exception], None],
) -> "PageReader":
    """The reader of pages that a configuration asks for."""
    from monitor.pages import PageReader  # hardly any poll by hand has one to read

    pages = config.settings.pages
    return PageReader(
        store=parts.store,
        egress=parts.egress,
        sandbox=parts.readers,
        reads=reads,
        agent=config.settings.poll.user_agent,
        seconds=pages.timeout.total_seconds(),
        pause=pages.pause,
        clock=clock,
        on_report=on_report,
        on_trouble=on_trouble,
        concurrency=pages.concurrency,
    )


@asynccontextmanager
async def open_parts(config: Intake, database: Path) -> AsyncIterator[Parts]:
    """Open the parts that a configuration asks for; closed in the end, whatever happens."""
    settings = config.settings
    database.parent.mkdir(parents=True, exist_ok=True)
    parsers = Sandbox(settings.parse.workers, preload=("monitor.prepared",), niceness=STANDS_BACK)
    if not database.exists():  # all documents will be first ones
        parsers.prepare()
    store = StoreThread(lambda: open_polls(database))
    readers = Sandbox(settings.parse.workers, preload=("monitor.articles.extract",), niceness=STANDS_BACK)
    sending = senders(settings.delivery.workers)
    egress = Egress(
        timeout=settings.poll.timeout.total_seconds(),
        max_bytes=settings.poll.max_bytes,
        user_agent=settings.poll.user_agent,
    )
    try:
        await store.open()
        async with egress:
            yield Parts(store=store, egress=egress, parsers=parsers, readers=readers, senders=sending)
    finally:
        parsers.close()
        readers.close()
        sending.close()
        await store.close()
