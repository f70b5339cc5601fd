"""Who guesses waits, longer and longer."""

from datetime import UTC, datetime, timedelta

from monitor.web.throttle import FREE, FREE_FOR_ALL, LONGEST_WAIT, Throttle

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NOTHING = timedelta(0)


def failed(throttle: Throttle, times: int, address: str = "a") -> None:
    for _ in range(times):
        throttle.failed(address, now=NOW)


def test_a_few_slips_cost_nothing() -> None:
    throttle = Throttle()
    failed(throttle, FREE - 1)
    assert throttle.wait("a", now=NOW) == NOTHING


def test_each_further_try_waits_twice_as_long_up_to_a_limit() -> None:
    throttle, waits = Throttle(), []
    failed(throttle, FREE)
    for _ in range(12):
        waits.append(throttle.wait("a", now=NOW))
        failed(throttle, 1)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == LONGEST_WAIT


def test_a_wait_ends_by_itself() -> None:
    throttle = Throttle()
    failed(throttle, FREE)
    assert throttle.wait("a", now=NOW + LONGEST_WAIT) == NOTHING


def test_the_right_password_makes_up_for_slips() -> None:
    throttle = Throttle()
    failed(throttle, FREE)
    throttle.succeeded("a")
    assert throttle.wait("a", now=NOW) == NOTHING


def test_others_do_not_wait_until_very_many_guess() -> None:
    throttle = Throttle()
    failed(throttle, FREE + 1)
    assert throttle.wait("b", now=NOW) == NOTHING
    for number in range(FREE_FOR_ALL):
        failed(throttle, 1, f"x{number}")
    assert throttle.wait("b", now=NOW) > NOTHING


def test_a_flood_of_addresses_takes_no_memory() -> None:
    throttle = Throttle()
    for number in range(3000):
        failed(throttle, 1, str(number))
    assert len(throttle._wrong) <= 1002
