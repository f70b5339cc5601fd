"""Runs the monitor until it is told to stop: one of them on a database, with the desk beside it."""

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

from monitor.app import Monitor
from monitor.arrival import Ingested
from monitor.dispatcher import Dispatched
from monitor.parts import database_path, load_config, open_parts
from monitor.poller import PollReport
from monitor.pushes import PushReport
from monitor.reports import OnReport, Report, Started
from monitor.store.lock import DaemonLock
from monitor.web.live import News

GARBAGE_AFTER = 50_000
"""As in `__main__`, but of a process that stays: it is to hold less."""


async def run_monitor(
    directory: Path,
    database: Path | None,
    *,
    on_report: OnReport,
    stop: asyncio.Event,
    started: Callable[[Monitor], None] = lambda _: None,
    web: bool = False,
) -> None:
    """Run the daemon until `stop` is set, with the desk if `web` is wanted.

    Raises ConfigError, StoreError, and DatabaseInUseError when another daemon runs on this database.
    """
    config = load_config(directory, tolerant=True)
    path = database_path(config, database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = DaemonLock(path)
    lock.acquire()
    news = News()

    def told(report: Report) -> None:
        on_report(report)
        if _is_news(report):
            news.tell()

    try:
        async with open_parts(config, path) as parts, AsyncExitStack() as beside:
            monitor = Monitor(config, directory, path, parts, told, web=web)
            if web:
                await beside.enter_async_context(_desk(monitor, directory, path, news, on_report))
            await monitor.start()
            started(monitor)
            on_report(Started(config=config, database=path))
            try:
                await stop.wait()
            finally:
                await monitor.stop()
    finally:
        lock.release()


def _is_news(report: Report) -> bool:
    """Whether pages that show hits have something to show."""
    match report:
        case PollReport(ingested=Ingested(hits=hits)) | PushReport(ingested=Ingested(hits=hits)):
            return bool(hits)
        case Dispatched():
            return True
        case _:
            return False


def _desk(
    monitor: Monitor, directory: Path, database: Path, news: News, on_report: OnReport
) -> AbstractAsyncContextManager[None]:
    from monitor.web.opening import open_desk  # with its libraries, only where it is wanted

    return open_desk(
        database, directory, lambda: monitor.config, ring=monitor.ring, news=news, on_report=on_report
    )


async def run_daemon(
    directory: Path, database: Path | None, *, on_report: OnReport, web: bool = True
) -> None:
    """Run the daemon until SIGTERM or SIGINT; SIGHUP reloads the configuration. Raises as `run_monitor`."""
    gc.set_threshold(GARBAGE_AFTER)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    running: list[Monitor] = []

    def reload() -> None:
        for monitor in running:
            monitor.reload()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # From the first moment: without a handler SIGHUP would end the process.
    loop.add_signal_handler(signal.SIGHUP, reload)
    await run_monitor(directory, database, on_report=on_report, stop=stop, started=running.append, web=web)
