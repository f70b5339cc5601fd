"""Slots: so many tasks at a time, each failing alone."""

import asyncio

from monitor.slots import Slots


async def test_no_more_tasks_run_than_there_are_slots() -> None:
    slots, gate = Slots(2, on_error=raised), asyncio.Event()
    for _ in range(2):
        slots.start(passing(gate))
    assert slots.free == 0
    gate.set()
    await slots.wait_for_free()
    assert slots.free > 0


async def test_what_a_task_dies_of_is_heard_of_and_harms_no_other() -> None:
    heard: list[Exception] = []
    slots, gate = Slots(3, on_error=heard.append), asyncio.Event()
    slots.start(failing())
    slots.start(passing(gate))
    gate.set()
    await slots.drain()
    assert [str(error) for error in heard] == ["no"]


async def test_cancelling_ends_everything_at_once() -> None:
    slots = Slots(1, on_error=raised)
    slots.start(passing(asyncio.Event()))
    await asyncio.sleep(0)
    await slots.cancel()
    assert slots.free == 1


async def passing(gate: asyncio.Event) -> None:
    await gate.wait()


async def failing() -> None:
    raise ValueError("no")


def raised(error: Exception) -> None:
    raise AssertionError(error)
