"""Waking: every bell rings in its interval, whatever the wall clock does."""

import asyncio
from datetime import UTC, datetime, timedelta

from monitor.wake import Doorbell, Every, Waker

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_first_ring_is_at_once_and_the_next_an_interval_later() -> None:
    trigger = Every(SECOND)
    assert trigger.get_next_fire_time(None, NOW) == NOW
    assert trigger.get_next_fire_time(NOW, NOW) == NOW + SECOND


def test_after_a_jump_of_years_nothing_that_was_missed_is_made_up_for() -> None:
    """APScheduler asks again until the next time lies in the future: once must be enough."""
    long_ago = NOW - timedelta(days=3650)
    assert Every(SECOND).get_next_fire_time(long_ago, NOW) > NOW


async def test_a_bell_rung_twice_is_heard_once() -> None:
    bell = Doorbell()
    bell.ring()
    bell.ring()
    await bell.heard()
    again = asyncio.create_task(bell.heard())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_a_scheduler_that_sleeps_until_an_old_time_is_re_armed() -> None:
    """After the clock was set back by a day, the jobs' times lie a day ahead."""
    bell = Doorbell()
    waker = Waker({bell: SECOND})
    waker.start()
    await asyncio.wait_for(bell.heard(), 5)
    for job in waker._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
    waker._rearm()
    await asyncio.wait_for(bell.heard(), 5)
    await asyncio.wait_for(bell.heard(), 5)
    waker.stop()
