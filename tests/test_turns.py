"""Turns: few at once for each key, the others wait in their order."""

from monitor.turns import Turns


def test_only_so_many_have_a_turn_at_once() -> None:
    turns: Turns[int] = Turns(2)
    assert [turns.take("a", number) for number in range(4)] == [True, True, False, False]
    assert turns.take("b", 9)
    assert turns.full == ["a"]


def test_who_waited_longest_is_next() -> None:
    turns: Turns[int] = Turns(1)
    for number in range(3):
        turns.take("a", number)
    assert [turns.hand_on("a") for _ in range(3)] == [1, 2, None]
    assert turns.full == []


def test_a_turn_that_nobody_takes_over_is_free() -> None:
    turns: Turns[int] = Turns(1)
    turns.take("a", 1)
    turns.hand_on("a")
    assert turns.take("a", 2)
