"""Who would hear, and when: the same as the plan does."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.hear import hearings
from monitor.alerts.pending import Memory, PendingHit, Rules
from monitor.alerts.plan import plan
from monitor.alerts.route import Quiet, Receiver, Route
from monitor.alerts.silence import Silence
from monitor.alerts.times import Interval, Schedule, Stretch
from tests.alerts.examples import is_, later, route

NIGHT = Interval(name="nights", stretches=(Stretch(start=time(22), end=time(7)),))
RECEIVERS = st.builds(
    Receiver,
    name=st.just("desk"),
    digest=st.none() | st.just(Schedule(times=(time(8), time(23)))),
    quiet=st.none() | st.just(Quiet(interval=NIGHT, but=(is_("severity", "high"),))),
)
ROUTES = st.builds(
    route,
    group_wait=st.sampled_from([timedelta(), timedelta(minutes=5)]),
    immediate=st.booleans(),
    mute=st.sampled_from([(), (NIGHT,)]),
    store_only=st.booleans(),
)
LABELS = st.fixed_dictionaries({"topic": st.just("Cuba"), "severity": st.sampled_from(["high", "low"])})
MOMENTS = st.integers(0, 7 * 86_400).map(later)


def told_at(labels: dict[str, str], rules: Rules, memory: Memory, now: datetime) -> datetime | str:
    """When the plan tells a hit that is found now, or why it does not."""
    hit, found_at = PendingHit(hit_id=1, labels=labels, found_at=now), now
    for _ in range(10):
        made = plan([hit], rules=rules, memory=memory, now=now)
        if made.alerts:
            return now
        if made.settled:
            return made.settled[0][1]
        assert made.next_at is not None
        now = made.next_at
    pytest.fail(f"still waiting at {now}, found at {found_at}")


@given(RECEIVERS, ROUTES, LABELS, MOMENTS)
def test_a_receiver_hears_when_it_was_said(
    receiver: Receiver, root: Route, labels: dict[str, str], now: datetime
) -> None:
    rules = Rules(root=root, receivers={"desk": receiver})
    (said,) = hearings(labels, rules=rules, now=now)
    assert told_at(labels, rules, Memory(), now) == (said.at or said.reason)


def test_a_silence_is_said() -> None:
    silence = Silence(number=4, matchers=(is_("topic", "Cuba"),), starts_at=later(0), ends_at=later(60))
    rules = Rules(root=route())
    (said,) = hearings({"topic": "Cuba"}, rules=rules, silences=[silence], now=later(30))
    assert (said.at, said.reason) == (None, "silenced by S-4")
    assert told_at({"topic": "Cuba"}, rules, Memory(silences=[silence]), later(30)) == "silenced by S-4"


def test_every_route_that_is_reached_says_its_own() -> None:
    root = route(routes=(route("desk", "0.0", continues=True), route("phone", "0.1", group_wait=timedelta())))
    said = hearings({"topic": "Cuba"}, rules=Rules(root=root), now=later(0))
    assert [(one.receiver.name, one.at, one.reason) for one in said] == [
        ("desk", later(30), "after its group_wait"),
        ("phone", later(0), "at once"),
    ]
