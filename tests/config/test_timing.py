"""alerts.yaml: digests, quiet hours, limits, chains and time intervals, and what is wrong with them."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from monitor.alerts.limit import Limit
from monitor.alerts.route import LIMIT, Escalation, Matcher, Quiet
from monitor.alerts.times import Interval, Schedule, Stretch
from monitor.config.config import Config
from tests.configs import page

Loaded = Callable[..., Config]
Says = Callable[..., str]

EIGHT = Schedule(times=(time(8),))
HIGH = Matcher(label="severity", op="=", value="high")
NIGHT = Stretch(start=time(22), end=time(7))


def test_a_receiver_says_when_and_how_often_it_hears(loaded: Loaded) -> None:
    receivers = loaded(
        alerts="""
        route: {receiver: desk}
        receivers:
          - name: desk
            urls: stdout://
            digest: "08:00"
            quiet: {times: [22:00-07:00, Sat-Sun], except: severity = high}
            limit: 5/10m
            escalate:
              - {after: 10m, receiver: chief, matchers: [severity = high]}
              - {after: 1h, receiver: chief}
          - {name: chief, urls: 'stdout://', quiet: 22:00-07:00, limit: none}
        """
    ).receivers
    desk, chief = receivers["desk"], receivers["chief"]
    assert desk.digest == EIGHT
    weekend = Stretch(days=frozenset({5, 6}))
    assert desk.quiet == Quiet(interval=Interval(stretches=(NIGHT, weekend)), but=(HIGH,))
    assert desk.limit == Limit(messages=5, period=timedelta(minutes=10))
    assert desk.escalate == (
        Escalation(after=timedelta(minutes=10), receiver="chief", matchers=(HIGH,)),
        Escalation(after=timedelta(hours=1), receiver="chief"),
    )
    assert chief.quiet == Quiet(interval=Interval(stretches=(NIGHT,)))
    assert chief.limit is None


def test_a_receiver_that_says_nothing_hears_at_once_within_the_usual_limit(loaded: Loaded) -> None:
    desk = loaded(alerts="receivers: [{name: desk, urls: 'stdout://'}]\n").receivers["desk"]
    assert (desk.digest, desk.quiet, desk.escalate) == (None, None, ())
    assert desk.limit == LIMIT == Limit(messages=20, period=timedelta(hours=1))


def test_digest_and_cooldown_are_inherited_and_may_be_undone(loaded: Loaded) -> None:
    root = loaded(
        alerts="""
        route:
          receiver: desk
          digest: "08:00"
          cooldown: 1h
          routes:
            - matchers: a=1
              routes: [{matchers: b=1, immediate: true, cooldown: 0s, routes: [{matchers: c=1}]}]
            - matchers: a=2
              digest: "09:00"
        receivers: [{name: desk, urls: 'stdout://'}]
        """
    ).route
    inherits, other = root.routes
    (at_once,) = inherits.routes
    (below,) = at_once.routes
    assert [one.digest for one in (root, inherits, at_once, below)] == [EIGHT, EIGHT, None, None]
    assert [one.immediate for one in (root, inherits, at_once, below)] == [False, False, True, True]
    assert [one.cooldown for one in (inherits, at_once)] == [timedelta(hours=1), timedelta()]
    assert other.digest == Schedule(times=(time(9),))


def test_time_intervals_have_names_that_routes_use_and_do_not_inherit(loaded: Loaded) -> None:
    root = loaded(
        alerts="""
        time_intervals:
          nights: 22:00-07:00
          off: [Sat-Sun, Mon-Fri 17:00-09:00]
        route:
          receiver: desk
          mute_time_intervals: off
          routes: [{matchers: a=1, active_time_intervals: [nights, off]}]
        receivers: [{name: desk, urls: 'stdout://'}]
        """
    ).route
    assert [one.name for one in root.mute] == ["off"]
    assert len(root.mute[0].stretches) == 2
    (child,) = root.routes
    assert (child.mute, child.active) == ((), (Interval(name="nights", stretches=(NIGHT,)), root.mute[0]))


DESK = "name: desk, urls: 'stdout://'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"receivers: [{{{DESK}, digest: Mon-Fry 08:00}}]\n",
            """
            alerts.yaml:1:57: `Fry` is no day of the week
                receivers: [{name: desk, urls: 'stdout://', digest: Mon-Fry 08:00}]
                                                                        ^^^
                hint: did you mean `Fri`?
            """,
        ),
        (
            f"receivers: [{{{DESK}, limit: lots}}]\n",
            """
            alerts.yaml:1:52: a limit is expected here (20/h, 5/10m, none), this is `lots`
                receivers: [{name: desk, urls: 'stdout://', limit: lots}]
                                                                   ^^^^
            """,
        ),
        (
            f"receivers: [{{{DESK}, quiet: {{except: a=1}}}}]\n",
            """
            alerts.yaml:1:52: `times` is missing here
                receivers: [{name: desk, urls: 'stdout://', quiet: {except: a=1}}]
                                                                   ^^^^^^^^^^^^^
            """,
        ),
        (
            f"receivers: [{{{DESK}, quiet: [Mon-Fri, Sat-Sun]}}]\n",
            """
            alerts.yaml:1:53: it is always quiet: nothing would ever be told
                receivers: [{name: desk, urls: 'stdout://', quiet: [Mon-Fri, Sat-Sun]}]
                                                                    ^^^^^^^
                hint: take its urls away, or `store_only: true` on its routes, if nobody is to hear
            """,
        ),
        (
            f"receivers: [{{{DESK}, escalate: [{{after: 10m, receiver: dask}}]}}]\n",
            """
            alerts.yaml:1:79: there is no receiver `dask`
                receivers: [{name: desk, urls: 'stdout://', escalate: [{after: 10m, receiver: dask}]}]
                                                                                              ^^^^
                hint: did you mean `desk`?
            """,
        ),
        (
            f"receivers: [{{{DESK}, escalate: [{{after: 10m, receiver: desk}}]}}]\n",
            """
            alerts.yaml:1:79: it would be the same receiver that hears next
                receivers: [{name: desk, urls: 'stdout://', escalate: [{after: 10m, receiver: desk}]}]
                                                                                              ^^^^
            """,
        ),
        (
            f"receivers: [{{{DESK}}}]\nroute: {{receiver: desk, mute_time_intervals: night}}\n"
            "time_intervals: {nights: 22:00-07:00}\n",
            """
            alerts.yaml:2:46: there is no time interval `night`
                route: {receiver: desk, mute_time_intervals: night}
                                                             ^^^^^
                hint: did you mean `nights`?
            """,
        ),
        (
            f"receivers: [{{{DESK}}}]\ntime_intervals: {{nights: {{from: 22:00}}}}\n",
            """
            alerts.yaml:2:26: a list is expected here, this is a mapping
                time_intervals: {nights: {from: 22:00}}
                                         ^^^^^^^^^^^^^
                hint: a list's items begin with `- `
            """,
        ),
        (
            f"receivers: [{{{DESK}}}]\nroute: {{receiver: desk, digest: '08:00', immediate: true}}\n",
            """
            alerts.yaml:2:33: `digest` and `immediate: true` exclude each other
                route: {receiver: desk, digest: '08:00', immediate: true}
                                                ^^^^^^^
            """,
        ),
    ],
)
def test_what_is_wrong_with_times_is_said_with_its_place(says: Says, text: str, message: str) -> None:
    assert says(alerts=text) == page(message)


def test_a_receiver_that_only_escalations_reach_is_used(says: Says, loaded: Loaded) -> None:
    config = loaded(
        alerts="""
        route: {receiver: desk}
        receivers:
          - {name: desk, urls: 'stdout://', escalate: [{after: 1m, receiver: chief}]}
          - {name: chief, urls: 'stdout://'}
        """
    )
    assert config.warnings == ()
