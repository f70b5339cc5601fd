"""Several works in step: what they come to is what they come to one after the other."""

import asyncio

import pytest

from monitor.steps import Company, Measured, Steps, in_step


def _work(name: str, steps: int, seen: list[str]) -> Steps[str]:
    for step in range(steps):
        seen.append(f"{name}{step}")
        yield
    return name * steps


def test_each_step_is_taken_by_all_before_the_next_by_any() -> None:
    seen: list[str] = []
    assert in_step([_work("a", 2, seen), _work("b", 0, seen), _work("c", 3, seen)]) == ["aa", "", "ccc"]
    assert seen == ["a0", "c0", "a1", "c1", "c2"]


def test_of_no_work_nothing_comes() -> None:
    assert in_step([]) == []


def test_what_fails_ends_all_and_the_others_are_closed() -> None:
    closed: list[str] = []

    def careful() -> Steps[None]:
        try:
            yield
            yield
        finally:
            closed.append("careful")

    def failing() -> Steps[None]:
        yield
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_step([careful(), failing()])
    assert closed == ["careful"]


def _holding(name: str, holds: list[int], seen: list[str]) -> Measured[str]:
    """A work whose later steps have so much to go through."""
    for step, held in enumerate(holds):
        seen.append(f"{name}{step}")
        yield held
    seen.append(f"{name}{len(holds)}")
    return name


async def test_works_that_come_in_one_turn_of_the_loop_go_in_step() -> None:
    seen: list[str] = []
    company = Company(10)
    works = [company.join(_holding(name, [1], seen), holds=1) for name in "ab"]
    assert await asyncio.gather(*works) == ["a", "b"]
    assert seen == ["a0", "b0", "a1", "b1"]
    assert await company.join(_holding("c", [], seen), holds=1) == "c"


async def _seen_with_turns(room: int, works: dict[str, list[int]]) -> str:
    """What steps are taken, with a bar for each turn of the loop; the first number is the first step's."""
    seen: list[str] = []
    company, loop = Company(room), asyncio.get_running_loop()
    joining = [
        asyncio.create_task(company.join(_holding(name, rest, seen), holds=first))
        for name, (first, *rest) in works.items()
    ]
    await asyncio.sleep(0)  # they have joined

    def turn() -> None:
        if not all(one.done() for one in joining):
            seen.append("|")
            loop.call_soon(turn)

    loop.call_soon(turn)
    assert await asyncio.gather(*joining) == list(works)
    return " ".join(seen).rstrip("| ")


async def test_the_loop_looks_around_when_there_is_no_more_room() -> None:
    assert await _seen_with_turns(10, {"a": [5], "b": [5], "c": [5]}) == "a0 b0 | c0"


async def test_what_has_too_much_for_the_room_goes_alone() -> None:
    assert await _seen_with_turns(10, {"a": [99], "b": [5], "c": [99], "d": [5]}) == "a0 | b0 | c0 | d0"


async def test_later_steps_need_room_too_and_who_is_ahead_goes_first() -> None:
    assert await _seen_with_turns(10, {"a": [1, 9], "b": [1, 5], "c": [9]}) == "a0 b0 | a1 | b1 | c0"
    assert await _seen_with_turns(10, {"a": [1, 4], "b": [1, 4], "c": [0, 0]}) == "a0 b0 c0 a1 b1 c1"


class _PanicError(BaseException):
    """As what is written in Rust raises it: no Exception."""


@pytest.mark.parametrize("error", [ValueError, _PanicError])
async def test_a_work_that_fails_in_company_fails_alone(error: type[BaseException]) -> None:
    company = Company(10)

    def failing() -> Measured[str]:
        yield 1
        raise error

    works = [company.join(work, holds=1) for work in (failing(), _holding("a", [1, 1], []))]
    async with asyncio.timeout(5):
        failed, done = await asyncio.gather(*works, return_exceptions=True)
    assert isinstance(failed, error)
    assert done == "a"


async def test_a_work_that_nobody_waits_for_any_more_is_left_and_the_others_go_on() -> None:
    seen: list[str] = []
    company = Company(10)
    given_up = asyncio.create_task(company.join(_holding("a", [1], seen), holds=1))
    kept = asyncio.create_task(company.join(_holding("b", [1], seen), holds=1))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await kept == "b"
    assert seen == ["b0", "b1"]
