"""The round that the daemon makes once a minute: feeds' health, the daily coverage, the canary."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.canary import Song, listen, sing
from monitor.caretaker import look_after, tell_coverage
from monitor.config.settings import HealthSettings
from monitor.coverage import day_told
from monitor.setup import Setup
from monitor.store.store import Store
from monitor.store.thread import StoreThread


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round: whether there is something to dispatch, and to deliver."""

    noticed: bool
    sung: bool


class Rounds:
    """Makes them; after a restart the store knows what was told."""

    def __init__(self, store: StoreThread, setup: Setup) -> None:
        self._store = store
        self._setup = setup
        self._covered: date | None = None
        self._sung_at: datetime | None = None

    async def make(self, health: HealthSettings, *, now: datetime) -> Round:
        """Look after everything that the settings ask for."""
        noticed = await self._look_after(health, now)
        noticed += await self._tell_coverage(health, now)
        if health.canary is None:
            return Round(noticed=bool(noticed), sung=False)
        noticed += await self._store.run(lambda store: listen(store, now=now))
        song = await self._sing(health.canary, now)
        return Round(noticed=bool(noticed or song.noticed), sung=bool(song.receivers))

    async def _look_after(self, health: HealthSettings, now: datetime) -> tuple[int, ...]:
        subscriptions = self._setup.subscriptions

        def care(store: Store) -> tuple[int, ...]:
            return look_after(
                store,
                subscriptions=subscriptions,
                dead_after=health.dead_after,
                silent_at_least=health.silent_at_least,
                now=now,
            )

        return await self._store.run(care)

    async def _tell_coverage(self, health: HealthSettings, now: datetime) -> tuple[int, ...]:
        at, receivers = health.daily_coverage, self._setup.receivers
        if at is None:
            return ()
        day = day_told(at, zone=self._setup.zone, now=now)
        if day == self._covered:
            return ()
        self._covered = day
        return await self._store.run(lambda store: tell_coverage(store, receivers, day=day, now=now))

    async def _sing(self, every: timedelta, now: datetime) -> Song:
        """Try the chain, if it is time."""
        setup, last = self._setup, self._sung_at
        if last is not None and last <= now < last + every:
            return Song()
        self._sung_at = now
        return await self._store.run(
            lambda store: sing(store, root=setup.route, receivers=setup.receivers, now=now)
        )
