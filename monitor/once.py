"""One poll of everything, now, by a process that does not stay: `monitor poll`."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from monitor.alerts.route import Route
from monitor.clock import clock
from monitor.config import Config
from monitor.parts import Parts, open_parts, page_reader
from monitor.poller import Poller
from monitor.reports import OnReport, Trouble
from monitor.setup import Setup, follows_of
from monitor.store.lock import DaemonLock


async def poll_once(
    config: Config,
    database: Path,
    *,
    urls: Collection[str] = (),
    backfill: timedelta | None = None,
    send: bool = False,
    on_report: OnReport,
    terminal: TextIO | None = None,
) -> None:
    """Poll every feed (or those of `urls`) once; with `send` also tell what is due to be told.

    `terminal` is where `stdout://` prints, standard output where nothing is said.

    Raises DatabaseInUseError for `send` beside a running daemon, which does that itself.
    """
    setup = Setup.of(config)
    if backfill is not None:
        subscriptions = setup.subscriptions.values()
        setup.subscriptions = {one.url: replace(one, backfill=backfill) for one in subscriptions}
    lock = DaemonLock(database)
    if send:
        lock.acquire()
    try:
        async with open_parts(config, database) as parts:
            await parts.store.run_poll(lambda store: store.follow(follows_of(config), now=clock()))
            poller = Poller(
                store=parts.store,
                egress=parts.egress,
                sandbox=parts.parsers,
                follows=setup,
                clock=clock,
                on_report=on_report,
                on_trouble=lambda error: on_report(Trouble(part="poll", error=error)),
                concurrency=config.settings.poll.concurrency,
            )
            await poller.poll_all(urls)
            await poller.close()
            await _read(config, parts, setup, on_report)
            if send:
                await _tell(parts, setup, on_report, terminal)
    finally:
        lock.release()


async def _read(config: Config, parts: Parts, setup: Setup, on_report: OnReport) -> None:
    """Read the pages that are due for their full text."""
    now = clock()
    if await parts.store.run_poll(lambda store: store.next_page_at(now=now)) is None:
        return
    reader = page_reader(
        config,
        parts,
        setup,
        on_report=on_report,
        on_trouble=lambda error: on_report(Trouble(part="read", error=error)),
    )
    await reader.read_all()


async def _tell(parts: Parts, setup: Setup, on_report: OnReport, terminal: TextIO | None) -> None:
    """Make and send what waits, without waiting for company: this process will not be there later."""
    from monitor.courier import Courier  # with all that alerts are made of, where one is
    from monitor.dispatcher import dispatch

    rules, now = replace(setup.rules, root=_hurried(setup.rules.root)), clock()
    told = await parts.store.run(lambda store: dispatch(store, rules=rules, now=now))
    on_report(told)
    courier = Courier(
        store=parts.store,
        sandbox=parts.senders,
        hears=setup,
        clock=clock,
        on_report=on_report,
        on_trouble=lambda error: on_report(Trouble(part="deliver", error=error)),
        terminal=terminal,
    )
    await courier.deliver_all()


def _hurried(route: Route) -> Route:
    """The route without its waiting times."""
    routes = tuple(_hurried(child) for child in route.routes)
    return replace(route, group_wait=timedelta(), group_interval=timedelta(), routes=routes)
