"""Several works in step: what they come to is what they come to one after the other."""

import pytest

from monitor.steps import Steps, in_step


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
