"""What the daemon and `monitor poll` are built of: configuration, store, egress, children."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.config import Config, load
from monitor.egress import Egress
from monitor.sandbox import Sandbox
from monitor.sending import senders
from monitor.store import open_store
from monitor.store.thread import StoreThread


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The store in its thread, the egress, and the children that parse and that send."""

    store: StoreThread
    egress: Egress
    parsers: Sandbox
    senders: Sandbox


def load_config(directory: Path, *, tolerant: bool = False) -> Config:
    """Read the configuration with this process's environment; raises ConfigError."""
    return load(directory, environ=os.environ, tolerant=tolerant)


def database_path(config: Config, override: Path | None) -> Path:
    """Where the database is: where the command line says, else where the settings say."""
    return override or config.settings.database


@asynccontextmanager
async def open_parts(config: Config, database: Path) -> AsyncIterator[Parts]:
    """Open the parts that a configuration asks for; closed in the end, whatever happens."""
    settings = config.settings
    database.parent.mkdir(parents=True, exist_ok=True)
    store = StoreThread(lambda: open_store(database))
    await store.open()
    parsers = Sandbox(settings.parse.workers, preload=("monitor.feeds.parse",))
    sending = senders(settings.delivery.workers)
    egress = Egress(
        timeout=settings.poll.timeout.total_seconds(),
        max_bytes=settings.poll.max_bytes,
        user_agent=settings.poll.user_agent,
    )
    try:
        async with egress:
            yield Parts(store=store, egress=egress, parsers=parsers, senders=sending)
    finally:
        parsers.close()
        sending.close()
        await store.close()
