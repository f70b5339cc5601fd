"""What a silence mutes."""

from monitor.alerts.silence import Silence, silenced_by
from tests.alerts.examples import is_, later

CUBA = Silence(number=3, matchers=(is_("topic", "Cuba"),), starts_at=later(100), ends_at=later(200))


def mutes(since: float, now: float, **labels: str) -> bool:
    return CUBA.mutes(labels or {"topic": "Cuba"}, since=later(since), now=later(now))


def test_it_mutes_what_all_its_matchers_match() -> None:
    assert mutes(150, 150)
    assert not mutes(150, 150, topic="Taiwan")


def test_it_mutes_what_was_waiting_when_it_began() -> None:
    assert mutes(50, 100)
    assert not mutes(50, 99)


def test_what_was_found_while_it_held_stays_muted_when_it_has_ended() -> None:
    assert mutes(199, 5000)
    assert not mutes(200, 5000)


def test_a_clock_that_was_set_back_lets_nothing_through() -> None:
    assert mutes(5000, 150)


def test_the_first_silence_that_mutes_is_the_reason() -> None:
    later_one = Silence(number=4, matchers=(), starts_at=later(0), ends_at=later(999))
    muted = silenced_by([CUBA, later_one], {"topic": "Cuba"}, since=later(150), now=later(150))
    assert muted == "silenced by S-3"
    assert silenced_by([CUBA], {"topic": "Peru"}, since=later(150), now=later(150)) == ""
