"""The daemon's workers: who polls, reads what hubs tell, asks hubs, reads pages, delivers.

Each is woken by a bell of its name and says what it did as a report.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from monitor.clock import clock
from monitor.config.config import Config
from monitor.courier import Courier
from monitor.hubs import Hubs
from monitor.pages import PageReader
from monitor.parts import Parts, page_reader
from monitor.placer import Placer
from monitor.poller import Poller
from monitor.pushes import PushReader
from monitor.reports import OnReport
from monitor.setup import Setup

STOP_GRACE = 3.0
"""Seconds that running sends have to end when the daemon stops."""

OnTrouble = Callable[[str, Exception], None]
"""What is told where a worker, called by the name of its bell, fails in a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """All of them."""

    poller: Poller
    pushes: PushReader
    hubs: Hubs
    reader: PageReader
    courier: Courier

    @property
    def ticks(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """What each does when its bell rings."""
        return {
            "poll": self.poller.tick,
            "push": self.pushes.tick,
            "hubs": self.hubs.tick,
            "read": self.reader.tick,
            "deliver": self.courier.tick,
        }

    async def close(self) -> None:
        """Give up what runs; it is done after the next start."""
        for worker in (self.pushes, self.hubs, self.poller, self.reader):
            await worker.close()
        await self.courier.close(grace=STOP_GRACE)


def hire(
    config: Config,
    parts: Parts,
    setup: Setup,
    *,
    placer: Placer,
    on_report: OnReport,
    on_trouble: OnTrouble,
) -> Workers:
    """The workers that a configuration asks for."""

    def trouble(name: str) -> Callable[[Exception], None]:
        return lambda error: on_trouble(name, error)

    poller = Poller(
        store=parts.store,
        egress=parts.egress,
        sandbox=parts.parsers,
        follows=setup,
        clock=clock,
        on_report=on_report,
        on_trouble=trouble("poll"),
        concurrency=config.settings.poll.concurrency,
        placer=placer,
    )
    return Workers(
        poller=poller,
        pushes=_push_reader(parts, setup, poller, on_report, trouble("push")),
        hubs=_hubs(parts, setup, on_report, trouble("hubs")),
        reader=page_reader(config, parts, setup, on_report=on_report, on_trouble=trouble("read")),
        courier=_courier(config, parts, setup, on_report, trouble("deliver")),
    )


def _push_reader(
    parts: Parts, setup: Setup, poller: Poller, on_report: OnReport, on_trouble: Callable[[Exception], None]
) -> PushReader:
    return PushReader(
        store=parts.store,
        sandbox=parts.parsers,
        commits=poller.commits,
        follows=setup,
        clock=clock,
        on_report=on_report,
        on_trouble=on_trouble,
    )


def _hubs(parts: Parts, setup: Setup, on_report: OnReport, on_trouble: Callable[[Exception], None]) -> Hubs:
    return Hubs(
        store=parts.store,
        egress=parts.egress,
        asks=setup,
        clock=clock,
        on_report=on_report,
        on_trouble=on_trouble,
    )


def _courier(
    config: Config, parts: Parts, setup: Setup, on_report: OnReport, on_trouble: Callable[[Exception], None]
) -> Courier:
    return Courier(
        store=parts.store,
        sandbox=parts.senders,
        hears=setup,
        clock=clock,
        on_report=on_report,
        on_trouble=on_trouble,
        concurrency=config.settings.delivery.workers,
    )
