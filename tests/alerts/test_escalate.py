"""Who hears next of what nobody acknowledges."""

from dataclasses import replace
from datetime import time, timedelta

from monitor.alerts.escalate import Escalations, NewStep, Step, escalate, steps_of
from monitor.alerts.pending import Rules
from monitor.alerts.route import Escalation, Quiet, Receiver
from monitor.alerts.silence import Silence
from monitor.alerts.times import Interval, Stretch
from tests.alerts.examples import NOON, alert, hit, is_, later, route

TEN = timedelta(minutes=10)
CHAIN = Receiver(
    name="desk",
    escalate=(
        Escalation(after=TEN, receiver="chief", matchers=(is_("severity", "high"),)),
        Escalation(after=2 * TEN, receiver="boss"),
    ),
)


def step(number: int = 1, receiver: str = "chief", at: float = 600, severity: str = "") -> Step:
    told = replace(alert(hit(number, severity=severity)), id=f"A-{number}")
    return Step(number=number, alert=told, receiver=receiver, due_at=later(at))


def asked(
    *steps: Step, at: float, chief: Receiver | None = None, silence: Silence | None = None
) -> Escalations:
    rules = Rules(root=route(), receivers={"chief": chief or Receiver(name="chief")})
    return escalate(steps, rules=rules, silences=[silence] if silence else [], now=later(at))


def test_an_alert_has_a_step_for_each_receiver_whose_matchers_one_of_its_hits_satisfies() -> None:
    low, high = {"severity": "low"}, {"severity": "high"}
    boss = NewStep(receiver="boss", due_at=later(1200))
    assert steps_of(CHAIN, [low], now=NOON) == (boss,)
    assert steps_of(CHAIN, [low, high], now=NOON) == (NewStep(receiver="chief", due_at=later(600)), boss)
    assert steps_of(Receiver(name="desk"), [high], now=NOON) == ()


def test_the_next_hears_when_the_patience_is_over() -> None:
    assert asked(step(), at=599) == Escalations(due={}, next_at=later(600))
    assert asked(step(), at=600) == Escalations(due={"chief": (step(),)})


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    assert asked(step(), at=-86_400).due


def test_what_a_receiver_hears_at_once_is_one_message() -> None:
    made = asked(step(2, at=700), step(1), step(3, "boss"), step(4, at=9000), at=800)
    assert {name: [one.number for one in steps] for name, steps in made.due.items()} == {
        "chief": [1, 2],
        "boss": [3],
    }
    assert made.next_at == later(9000)


def test_a_silence_ends_the_chain() -> None:
    silence = Silence(number=2, matchers=(is_("topic", "Cuba"),), starts_at=later(10), ends_at=later(20))
    assert asked(step(), at=600, silence=silence) == Escalations(due={}, settled=((1, "silenced by S-2"),))


def test_the_next_receivers_quiet_holds_it_up_unless_what_it_tells_may_break_it() -> None:
    evening = Interval(stretches=(Stretch(start=time(12), end=time(18)),))
    chief = Receiver(name="chief", quiet=Quiet(interval=evening, but=(is_("severity", "high"),)))
    assert asked(step(), at=600, chief=chief) == Escalations(due={}, next_at=later(6 * 3600))
    assert asked(step(severity="high"), at=600, chief=chief).due
    assert asked(step(), at=6 * 3600, chief=chief).due
