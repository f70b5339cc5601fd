"""Several works in step: what they come to is what they come to one after the other."""

import asyncio

import pytest

from monitor.steps import Company, Steps, in_step


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


async def test_works_that_come_in_one_turn_of_the_loop_go_in_step() -> None:
    seen: list[str] = []
    company = Company(10)
    came = await asyncio.gather(company.join(_work("a", 2, seen)), company.join(_work("b", 2, seen)))
    assert [*came] == ["aa", "bb"]
    assert seen == ["a0", "b0", "a1", "b1"]
    assert await company.join(_work("c", 1, seen)) == "c"


async def test_with_more_than_go_together_the_loop_looks_around_before_the_others_go() -> None:
    seen: list[str] = []
    company = Company(2)
    joining = [asyncio.create_task(company.join(_work(name, 2, seen))) for name in "abc"]
    await asyncio.sleep(0)  # they have joined
    asyncio.get_running_loop().call_soon(seen.append, "loop")
    assert await asyncio.gather(*joining) == ["aa", "bb", "cc"]
    assert seen == ["a0", "b0", "a1", "b1", "loop", "c0", "c1"]


async def test_a_work_that_fails_in_company_fails_alone() -> None:
    company = Company(10)

    def failing() -> Steps[None]:
        yield
        raise ValueError("no")

    came = await asyncio.gather(
        company.join(failing()), company.join(_work("a", 3, [])), return_exceptions=True
    )
    assert isinstance(came[0], ValueError)
    assert came[1] == "aaa"


async def test_a_work_that_nobody_waits_for_any_more_is_left_and_the_others_go_on() -> None:
    seen: list[str] = []
    company = Company(10)
    given_up = asyncio.create_task(company.join(_work("a", 2, seen)))
    kept = asyncio.create_task(company.join(_work("b", 2, seen)))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await kept == "bb"
    assert seen == ["b0", "b1"]
