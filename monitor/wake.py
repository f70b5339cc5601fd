"""Wakes the loops: bells, a scheduler that rings them, a watchdog that re-arms it. Does not know what is due.

The only file that knows APScheduler. Due times live in the database: a clock that jumps, a missed run or a
busy loop cost at most a late ring.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.clock import clock

WATCH_SECONDS = 1.0
"""How often the watchdog looks."""
REARM_AFTER = 5.0
"""Seconds of the monotonic clock without a ring after which the scheduler is re-armed."""


class Doorbell:
    """A hint that there may be work; rung twice it is heard once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake who waits."""
        self._rung.set()

    async def heard(self) -> None:
        """Return when somebody has rung."""
        await self._rung.wait()
        self._rung.clear()


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires once every `interval`, also after the clock jumped: it never makes up for what it missed."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next time after `now`, whatever `previous` was."""
        return now if previous is None else now + self._interval


class Waker:
    """Rings each bell once in its interval, whatever the wall clock does."""

    def __init__(self, bells: Mapping[Doorbell, timedelta]) -> None:
        self._bells = bells
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._rung_at = time.monotonic()

    def start(self) -> None:
        """Begin to ring: each bell at once, then in its interval."""
        for bell, interval in self._bells.items():
            self._scheduler.add_job(
                self._ring,
                Every(interval),
                args=[bell],
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        self._scheduler.shutdown(wait=False)

    async def watch(self) -> None:
        """Re-arm the scheduler when the wall clock jumped back: it would sleep until the old time returns."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if time.monotonic() - self._rung_at > REARM_AFTER:
                self._rearm()

    async def _ring(self, bell: Doorbell) -> None:
        self._rung_at = time.monotonic()
        bell.ring()

    def _rearm(self) -> None:
        self._rung_at = time.monotonic()
        for bell in self._bells:
            bell.ring()
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=clock())
