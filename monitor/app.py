"""The monitor at work: its loops, what wakes them, what a reload does.

    scheduler ─ rings ─┬─ poll ───── Poller ── hits? ── rings ─┐
    watchdog  ─ re-arms├─ push ───── PushReader ─ hits? ─ rings ┤
                       ├─ hubs ───── Hubs                      │
                       ├─ read ───── PageReader ─ hits? ─ rings ┤
                       ├─ dispatch ─ dispatch ◄────────────────┘── alerts? ── rings ─┐
                       └─ deliver ── Courier ◄────────────────────────────────────────┘

The scheduler and the bells only wake: what is due stands in the store.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor import __version__, systemd
from monitor.arrival import Ingested
from monitor.clock import clock
from monitor.config.config import Config
from monitor.config.watch import changes
from monitor.courier import DeliveryReport
from monitor.dispatcher import Dispatched, dispatch
from monitor.errors import ConfigError, DiskFullError, MonitorError
from monitor.following import follows_of
from monitor.hubs import HubReport
from monitor.keeper import record_versions
from monitor.pages import PageReport
from monitor.parts import Parts, load_config
from monitor.placer import Placer
from monitor.poller import PollReport, spread_out
from monitor.pushes import PushReport
from monitor.reports import OnReport, Refused, Reloaded, Report, Trouble
from monitor.rounds import Rounds
from monitor.setup import Setup
from monitor.store.ballast import Ballast
from monitor.store.records import DaemonRow
from monitor.wake import Doorbell, Waker
from monitor.workers import hire

BEAT = timedelta(seconds=5)
"""How often the daemon says that it lives."""
TICK = timedelta(seconds=1)
"""How often each loop is woken when nobody rings."""
REMEMBER = timedelta(days=90)
"""How long an entry is remembered, at the least, after it left its feed's document."""
FORGET = timedelta(hours=1)
"""How often what is older than the settings want to keep is forgotten."""
CARE = timedelta(minutes=1)
"""How often somebody looks whether a feed's health is news."""
WORKING = ("poll", "push", "hubs", "read", "dispatch", "deliver")
"""The loops that are woken every tick, whoever rings."""


class Monitor:
    """The running daemon: loops that bells wake, a beat, and a watch on the configuration."""

    def __init__(
        self,
        config: Config,
        directory: Path,
        database: Path,
        parts: Parts,
        on_report: OnReport,
        *,
        web: bool = False,
    ) -> None:
        self._config = config
        self._web = web
        self._directory = directory
        self._store = parts.store
        self._report = on_report
        self._setup = Setup.of(config, web=web)
        self._ballast = Ballast(database)
        self._row = _first_words(config)
        self._bells = {name: Doorbell() for name in (*WORKING, "reload", "forget", "care")}
        woken = {self._bells[name]: TICK for name in WORKING}
        self._waker = Waker({**woken, self._bells["forget"]: FORGET, self._bells["care"]: CARE})
        self._placer = Placer()
        self._workers = hire(
            config,
            parts,
            self._setup,
            placer=self._placer,
            on_report=self._heard,
            on_trouble=self._trouble,
        )
        self._rounds = Rounds(parts.store, self._setup)
        self._dispatched: Dispatched | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take over the store, start the loops, and say that the daemon is ready."""
        await self._store.run(lambda store: store.release_leases())
        await self._follow()
        await self._store.run(lambda store: spread_out(store, now=clock()))
        await self._beat()
        loops: dict[str, Callable[[], Awaitable[object]]] = {
            **self._workers.ticks,
            "dispatch": self._dispatch,
            "reload": self._reload,
            "forget": self._forget,
            "care": self._make_round,
        }
        work = [self._loop(name, tick) for name, tick in loops.items()]
        work += [self._watch_files(), self._waker.watch(), self._keep_beating(), self._prepare()]
        self._tasks = [asyncio.create_task(one) for one in work]
        self._waker.start()
        systemd.notify("READY=1", f"STATUS=following {len(self._setup.subscriptions)} feeds")

    async def stop(self) -> None:
        """End everything within a few seconds; what was not finished is done after the next start."""
        systemd.notify("STOPPING=1")
        self._waker.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._workers.close()
        self._row = replace(self._row, stopped_at=clock())
        await self._beat()

    def reload(self) -> None:
        """Read the configuration again, soon."""
        self.ring("reload")

    def ring(self, bell: str) -> None:
        """Wake a loop: there may be work for it."""
        self._bells[bell].ring()

    @property
    def config(self) -> Config:
        """The configuration that runs."""
        return self._config

    # the loops

    async def _loop(self, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._bells[name].heard()
            try:
                await tick()
            except Exception as error:  # noqa: BLE001 - a bug in one round must not end the daemon
                self._trouble(name, error)

    def _trouble(self, part: str, error: Exception) -> None:
        if isinstance(error, DiskFullError):
            self._ballast.release()
        self._report(Trouble(part=part, error=error))

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            with suppress(MonitorError):  # the loops report a failing store already
                await self._beat()
                systemd.notify("WATCHDOG=1")

    async def _prepare(self) -> None:
        """Build what the first document would wait for, beside the first polls."""
        try:
            await self._workers.poller.prepare()
        except Exception as error:  # noqa: BLE001 - as in a loop; who needs it tries again
            self._trouble("poll", error)

    async def _watch_files(self) -> None:
        # Nobody tells of an edit made before the watch had begun; reading once more costs little.
        asyncio.get_running_loop().call_later(TICK.total_seconds(), self.reload)
        async for _ in changes(self._directory):
            self.reload()

    # the work

    async def _dispatch(self) -> None:
        rules, last, now = self._setup.rules, self._dispatched, clock()
        dispatched = await self._store.run(
            lambda store: dispatch(store, rules=rules, last=last, placer=self._placer, now=now)
        )
        self._dispatched = dispatched
        if dispatched.alerts or dispatched.settled:  # pages show what has become of hits
            self._report(dispatched)
        if dispatched.alerts:
            self.ring("deliver")
        if dispatched.next_at is not None:
            wait = max(0.0, (dispatched.next_at - clock()).total_seconds())
            asyncio.get_running_loop().call_later(min(wait, 60), self._bells["dispatch"].ring)

    def _heard(self, report: Report) -> None:
        """Tell what a worker did, and wake it again, and whoever has work by it."""
        self._report(report)
        match report:
            case PollReport():
                self._ingested(report.ingested)
                if report.ingested.baseline:
                    self._look_at_hubs()
                if report.ingested.state.hub:
                    self.ring("push")  # what its hub told meanwhile has waited
            case PushReport():
                self.ring("push")
                if report.ingested:
                    self._ingested(report.ingested)
            case HubReport():
                self.ring("hubs")
            case PageReport():
                self._rings("read", "dispatch" if report.hits else "")
            case DeliveryReport():
                self._rings("deliver", "dispatch" if report.noticed else "")

    def _ingested(self, ingested: Ingested) -> None:
        self._rings("dispatch" if ingested.hits else "", "read" if ingested.wished else "")

    def _look_at_hubs(self) -> None:
        self._workers.hubs.look_again()
        self.ring("hubs")

    def _rings(self, *bells: str) -> None:
        for bell in filter(None, bells):
            self.ring(bell)

    async def _reload(self) -> None:
        systemd.notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            config = await asyncio.to_thread(load_config, self._directory)
            if config.digest == self._config.digest and not self._row.config_error:
                return
            setup = await asyncio.to_thread(Setup.of, config, web=self._web)
            await setup.watch.built()
        except ConfigError as error:
            since = self._row.config_error_since or clock()
            self._row = replace(self._row, config_error=str(error), config_error_since=since)
            await self._beat()  # who hears of it can ask for it
            self._report(Refused(error=error))
        else:
            self._config = config
            self._setup.take(setup)
            self._row = replace(self._row, config_loaded_at=clock(), config_error="", config_error_since=None)
            await self._follow()
            self._report(Reloaded(config=config))
            self.ring("poll")
            self._look_at_hubs()
        finally:
            systemd.notify("READY=1")
        await self._beat()

    async def _forget(self) -> None:
        self._ballast.hold()
        before, left_before = horizons(self._config.settings.retention, now=clock())
        while await self._store.run(lambda store: store.forget(before=before, left_before=left_before)):
            await asyncio.sleep(0.1)  # others may write in between
        await self._workers.poller.keep()

    async def _make_round(self) -> None:
        made = await self._rounds.make(self._config.settings.health, now=clock())
        self._rings("dispatch" if made.noticed else "", "deliver" if made.sung else "")

    async def _follow(self) -> None:
        follows = follows_of(self._config)
        watchlists = self._config.watchlists
        await self._store.run(lambda store: store.follow(follows, now=clock()))
        await self._store.run(lambda store: record_versions(store, watchlists, now=clock()))

    async def _beat(self) -> None:
        self._row = replace(self._row, beat_at=clock(), offline_since=self._workers.poller.offline_since)
        row = self._row
        await self._store.run(lambda store: store.say_daemon(row))


def horizons(retention: timedelta, *, now: datetime) -> tuple[datetime, datetime]:
    """What is from before the first moment is forgotten, but entries only that left before the second."""
    before = now - retention
    return before, min(before, now - REMEMBER)


def _first_words(config: Config) -> DaemonRow:
    """What the daemon says of itself at its start."""
    now = clock()
    return DaemonRow(
        pid=os.getpid(),
        version=__version__,
        started_at=now,
        beat_at=now,
        stopped_at=None,
        config_loaded_at=now,
        config_error="\n\n".join(str(problem) for problem in config.problems),
        config_error_since=now if config.problems else None,
    )
