"""Who would hear of a hit with these labels, and when: for those who ask before there is one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.group import group_labels
from monitor.alerts.pending import Rules
from monitor.alerts.route import Receiver, Route, receivers_of
from monitor.alerts.silence import Silence, silenced_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """A route that a hit reaches: its receiver would hear at `at`, or never; `reason` says why then."""

    route: Route
    receiver: Receiver
    group: Mapping[str, str]
    at: datetime | None
    reason: str
    gathered: bool = False
    """Whether it comes in a digest with others, whatever their group."""


def hearings(
    labels: Mapping[str, str], *, rules: Rules, silences: Sequence[Silence] = (), now: datetime
) -> tuple[Hearing, ...]:
    """The routes that a hit with these labels would reach, if it were found now and nothing waited."""
    muted = silenced_by(silences, labels, since=now, now=now)
    return tuple(_hearing(route, labels, muted, rules, now) for route in receivers_of(rules.root, labels))


def _hearing(route: Route, labels: Mapping[str, str], muted: str, rules: Rules, now: datetime) -> Hearing:
    receiver = rules.receiver(route.receiver)
    untold = muted or route.silent(now, rules.zone)
    hearing = Hearing(
        route=route, receiver=receiver, group=group_labels(route, labels), at=None, reason=untold
    )
    return hearing if untold else _timed(hearing, labels, rules, now)


def _timed(hearing: Hearing, labels: Mapping[str, str], rules: Rules, now: datetime) -> Hearing:
    """With the moment when its receiver would hear."""
    wait, quiet = hearing.route.group_wait, hearing.receiver.quiet
    if schedule := hearing.route.schedule(hearing.receiver):
        at = schedule.next_after(now, rules.zone)
        hearing = replace(hearing, at=at, reason=f"in the digest of {schedule}", gathered=True)
    else:
        at = now + wait
        hearing = replace(hearing, at=at, reason="after its group_wait" if wait else "at once")
    until = quiet.interval.until(at, rules.zone) if quiet and not quiet.lets(labels) else None
    if until is None:
        return hearing
    return replace(hearing, at=until, reason="in one digest, when its quiet is over", gathered=True)
