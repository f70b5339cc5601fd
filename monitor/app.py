"""Builds the parts, joins, starts and stops them: the only file that knows everyone.

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
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from monitor import __version__, systemd
from monitor.arrival import Ingested
from monitor.canary import listen, sing
from monitor.caretaker import look_after, tell_coverage
from monitor.clock import clock
from monitor.config import Config
from monitor.config.watch import changes
from monitor.courier import Courier, DeliveryReport
from monitor.coverage import day_told
from monitor.dispatcher import Dispatched, dispatch
from monitor.errors import ConfigError, DiskFullError, MonitorError
from monitor.hubs import HubReport, Hubs
from monitor.keeper import record_versions
from monitor.pages import PageReport
from monitor.parts import Parts, database_path, load_config, open_parts, page_reader
from monitor.poller import Poller, PollReport, spread_out
from monitor.pushes import PushReader, PushReport
from monitor.reports import OnReport, Refused, Reloaded, Report, Started, Trouble
from monitor.setup import Setup, follows_of
from monitor.store.ballast import Ballast
from monitor.store.records import DaemonRow
from monitor.store.sqlite import DaemonLock
from monitor.wake import Doorbell, Waker
from monitor.web.live import News

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
STOP_GRACE = 3.0
"""Seconds that running sends have to end when the daemon stops."""


class Monitor:
    """The running daemon: three loops that bells wake, a beat, and a watch on the configuration."""

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
        working = ("poll", "push", "hubs", "read", "dispatch", "deliver")
        self._bells = {name: Doorbell() for name in (*working, "reload", "forget", "care")}
        woken = {self._bells[name]: TICK for name in working}
        self._waker = Waker({**woken, self._bells["forget"]: FORGET, self._bells["care"]: CARE})
        self._poller = Poller(
            store=parts.store,
            egress=parts.egress,
            sandbox=parts.parsers,
            follows=self._setup,
            clock=clock,
            on_report=self._polled,
            on_trouble=lambda error: self._trouble("poll", error),
            concurrency=config.settings.poll.concurrency,
        )
        self._pushes = PushReader(
            store=parts.store,
            sandbox=parts.parsers,
            commits=self._poller.commits,
            follows=self._setup,
            clock=clock,
            on_report=self._pushed,
            on_trouble=lambda error: self._trouble("push", error),
        )
        self._hubs = Hubs(
            store=parts.store,
            egress=parts.egress,
            asks=self._setup,
            clock=clock,
            on_report=self._asked,
            on_trouble=lambda error: self._trouble("hubs", error),
        )
        self._reader = page_reader(
            config,
            parts,
            self._setup,
            on_report=self._has_read,
            on_trouble=lambda error: self._trouble("read", error),
        )
        self._courier = Courier(
            store=parts.store,
            sandbox=parts.senders,
            hears=self._setup,
            clock=clock,
            on_report=self._delivered,
            on_trouble=lambda error: self._trouble("deliver", error),
            concurrency=config.settings.delivery.workers,
        )
        self._covered: date | None = None
        self._sung_at: datetime | None = None
        self._dispatched: Dispatched | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take over the store, start the loops, and say that the daemon is ready."""
        await self._store.run(lambda store: store.release_leases())
        await self._follow()
        await self._store.run(lambda store: spread_out(store, now=clock()))
        await self._beat()
        loops: dict[str, Callable[[], Awaitable[object]]] = {
            "poll": self._poller.tick,
            "push": self._pushes.tick,
            "hubs": self._hubs.tick,
            "read": self._reader.tick,
            "dispatch": self._dispatch,
            "deliver": self._courier.tick,
            "reload": self._reload,
            "forget": self._forget,
            "care": self._look_after,
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
        await self._pushes.close()
        await self._hubs.close()
        await self._poller.close()
        await self._reader.close()
        await self._courier.close(grace=STOP_GRACE)
        self._row = replace(self._row, stopped_at=clock())
        await self._beat()

    def reload(self) -> None:
        """Read the configuration again, soon."""
        self._bells["reload"].ring()

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
            await self._poller.prepare()
        except MonitorError as error:  # who needs it tries again
            self._trouble("poll", error)

    async def _watch_files(self) -> None:
        # Nobody tells of an edit made before the watch had begun; reading once more costs little.
        asyncio.get_running_loop().call_later(TICK.total_seconds(), self.reload)
        async for _ in changes(self._directory):
            self.reload()

    # the work

    async def _dispatch(self) -> None:
        rules, last, now = self._setup.rules, self._dispatched, clock()
        dispatched = await self._store.run(lambda store: dispatch(store, rules=rules, last=last, now=now))
        self._dispatched = dispatched
        if dispatched.alerts:
            self._report(dispatched)
            self._bells["deliver"].ring()
        if dispatched.next_at is not None:
            wait = max(0.0, (dispatched.next_at - clock()).total_seconds())
            asyncio.get_running_loop().call_later(min(wait, 60), self._bells["dispatch"].ring)

    def _polled(self, report: PollReport) -> None:
        self._report(report)
        self._ingested(report.ingested)
        if report.ingested.baseline:
            self._look_at_hubs()
        if report.ingested.state.hub:
            self._bells["push"].ring()  # what its hub told meanwhile has waited

    def _ingested(self, ingested: Ingested) -> None:
        if ingested.hits:
            self._bells["dispatch"].ring()
        if ingested.wished:
            self._bells["read"].ring()

    def _pushed(self, report: PushReport) -> None:
        self._report(report)
        self._bells["push"].ring()
        if report.ingested:
            self._ingested(report.ingested)

    def _asked(self, report: HubReport) -> None:
        self._report(report)
        self._bells["hubs"].ring()

    def _look_at_hubs(self) -> None:
        self._hubs.look_again()
        self._bells["hubs"].ring()

    def _has_read(self, report: PageReport) -> None:
        self._report(report)
        self._bells["read"].ring()
        if report.hits:
            self._bells["dispatch"].ring()

    def _delivered(self, report: DeliveryReport) -> None:
        self._report(report)
        self._bells["deliver"].ring()
        if report.noticed:
            self._bells["dispatch"].ring()

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
            self._bells["poll"].ring()
            self._look_at_hubs()
        finally:
            systemd.notify("READY=1")
        await self._beat()

    async def _forget(self) -> None:
        self._ballast.hold()
        before, left_before = horizons(self._config.settings.retention, now=clock())
        while await self._store.run(lambda store: store.forget(before=before, left_before=left_before)):
            await asyncio.sleep(0.1)  # others may write in between
        await self._poller.keep()

    async def _look_after(self) -> None:
        health, subscriptions, now = self._config.settings.health, self._setup.subscriptions, clock()
        told = await self._store.run(
            lambda store: look_after(
                store,
                subscriptions=subscriptions,
                dead_after=health.dead_after,
                silent_at_least=health.silent_at_least,
                now=now,
            )
        )
        told += await self._tell_coverage(now) + await self._try_chain(now)
        if told:
            self._bells["dispatch"].ring()

    async def _tell_coverage(self, now: datetime) -> tuple[int, ...]:
        at, receivers = self._config.settings.health.daily_coverage, self._setup.receivers
        if at is None:
            return ()
        day = day_told(at, zone=self._setup.zone, now=now)
        if day == self._covered:
            return ()
        self._covered = day  # after a restart the store knows that it was told
        return await self._store.run(lambda store: tell_coverage(store, receivers, day=day, now=now))

    async def _try_chain(self, now: datetime) -> tuple[int, ...]:
        every, setup = self._config.settings.health.canary, self._setup
        if every is None:
            return ()
        noticed = await self._store.run(lambda store: listen(store, now=now))
        if self._sung_at is None or not self._sung_at <= now < self._sung_at + every:
            self._sung_at = now
            song = await self._store.run(
                lambda store: sing(store, root=setup.route, receivers=setup.receivers, now=now)
            )
            noticed += song.noticed
            if song.receivers:
                self._bells["deliver"].ring()
        return noticed

    async def _follow(self) -> None:
        follows = follows_of(self._config)
        watchlists = self._config.watchlists
        await self._store.run(lambda store: store.follow(follows, now=clock()))
        await self._store.run(lambda store: record_versions(store, watchlists, now=clock()))

    async def _beat(self) -> None:
        self._row = replace(self._row, beat_at=clock(), offline_since=self._poller.offline_since)
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
        ingested = report.ingested if isinstance(report, PollReport | PushReport) else None
        if ingested and ingested.hits:
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
