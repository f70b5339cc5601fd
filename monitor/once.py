"""One poll of everything, now, by a process that does not stay: `monitor poll`."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from monitor.clock import clock
from monitor.config.config import Config, Intake
from monitor.errors import PlacingError, StoreError
from monitor.following import Following, follows_of
from monitor.parts import Parts, open_parts, page_reader
from monitor.poller import Poller
from monitor.reports import OnReport, Trouble
from monitor.store.lock import DaemonLock

if TYPE_CHECKING:
    from monitor.alerts.route import Route


async def poll_once(
    intake: Intake,
    database: Path,
    *,
    urls: Collection[str] = (),
    backfill: timedelta | None = None,
    tell: Config | None = None,
    on_report: OnReport,
    terminal: TextIO | None = None,
) -> None:
    """Poll every feed (or those of `urls`) once; then `tell` what is due to be told, by this configuration.

    `terminal` is where `stdout://` prints, standard output where nothing is said.

    Raises DatabaseInUseError for telling beside a running daemon, which does that itself.
    """
    following = Following.of(intake, backfill=backfill)
    lock = DaemonLock(database)
    if tell is not None:
        lock.acquire()
    try:
        async with open_parts(intake, database) as parts:
            await parts.store.run_poll(lambda store: store.follow(follows_of(intake), now=clock()))
            await _poll(intake, parts, following, urls, on_report)
            await _read(intake, parts, following, on_report)
            if tell is not None:
                await _tell(tell, parts, on_report, terminal)
    finally:
        lock.release()


async def _poll(
    intake: Intake, parts: Parts, following: Following, urls: Collection[str], on_report: OnReport
) -> None:
    poller = Poller(
        store=parts.store,
        egress=parts.egress,
        sandbox=parts.parsers,
        follows=following,
        clock=clock,
        on_report=on_report,
        on_trouble=lambda error: on_report(Trouble(part="poll", error=error)),
        concurrency=intake.settings.poll.concurrency,
    )
    await poller.poll_all(urls)
    await poller.close()


async def _read(intake: Intake, parts: Parts, following: Following, on_report: OnReport) -> None:
    """Read the pages that are due for their full text."""
    now = clock()
    if await parts.store.run_poll(lambda store: store.next_page_at(now=now)) is None:
        return
    reader = page_reader(
        intake,
        parts,
        following,
        on_report=on_report,
        on_trouble=lambda error: on_report(Trouble(part="read", error=error)),
    )
    await reader.read_all()


async def _tell(config: Config, parts: Parts, on_report: OnReport, terminal: TextIO | None) -> None:
    """Make and send what waits, without waiting for company: this process will not be there later."""
    from monitor.courier import Courier  # with all that alerts are made of, where one is
    from monitor.dispatcher import dispatch
    from monitor.placer import Placer
    from monitor.setup import Setup

    setup, placer, now = Setup.of(config), Placer(), clock()
    rules = replace(setup.rules, root=_hurried(setup.rules.root))
    told = None
    while told is None or not told.are_placed:
        try:
            told = await parts.store.run(lambda store: dispatch(store, rules=rules, now=now, placer=placer))
        except PlacingError as error:  # the others are placed, and all are told
            on_report(Trouble(part="dispatch", error=error))
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
    with suppress(StoreError):  # what can not be kept is recalled
        await parts.store.run(placer.keep)


def _hurried(route: "Route") -> "Route":
    """The route without its waiting times."""
    routes = tuple(_hurried(child) for child in route.routes)
    return replace(route, group_wait=timedelta(), group_interval=timedelta(), routes=routes)
