"""Who hears next of an alert that nobody acknowledges, and when. Pure.

    alert ─ its receiver's chain ─→ a step for each receiver that may have to hear, due when its patience ends
    steps that are due and not acknowledged ─┬─ a silence mutes all that it tells ─→ settled "silenced by S-3"
                                             ├─ the next receiver is quiet ────────→ waits
                                             └─ else ──────────────────────────────→ one message a receiver

A step is made with its alert: what changes in the configuration later concerns later alerts. Limits let
escalations pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.alert import Alert
from monitor.alerts.pending import Rules
from monitor.alerts.route import Receiver
from monitor.alerts.silence import Silence, silenced_by


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A receiver that will hear of an alert unless somebody acknowledges it before `due_at`."""

    receiver: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that waits for its moment."""

    number: int
    alert: Alert
    receiver: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalations:
    """Which steps a receiver hears of now, by receiver; which are settled and why; when more are due."""

    due: Mapping[str, tuple[Step, ...]]
    settled: tuple[tuple[int, str], ...] = ()
    next_at: datetime | None = None


def steps_of(
    receiver: Receiver, labels: Iterable[Mapping[str, str]], *, now: datetime
) -> tuple[NewStep, ...]:
    """The steps of an alert to this receiver that tells hits with these labels."""
    told = list(labels)
    return tuple(
        NewStep(receiver=one.receiver, due_at=now + one.after)
        for one in receiver.escalate
        if any(all(matcher.matches(each) for matcher in one.matchers) for each in told)
    )


def escalate(
    steps: Sequence[Step], *, rules: Rules, silences: Sequence[Silence], now: datetime
) -> Escalations:
    """What becomes of the steps that wait, none of them acknowledged."""
    due: dict[str, tuple[Step, ...]] = {}
    settled: list[tuple[int, str]] = []
    later: list[datetime] = []
    for step in sorted(steps, key=lambda step: (step.due_at, step.number)):
        # An alert of the future was made before the clock was set back: that holds nothing up.
        due_at = step.due_at if step.alert.created_at <= now else now
        at = (_quiet_until(step, rules, now) if due_at <= now else None) or due_at
        if reason := _silenced(step.alert, silences, now):
            settled.append((step.number, reason))
        elif at > now:
            later.append(at)
        else:
            due[step.receiver] = (*due.get(step.receiver, ()), step)
    return Escalations(due=due, settled=tuple(settled), next_at=min(later, default=None))


def _quiet_until(step: Step, rules: Rules, now: datetime) -> datetime | None:
    quiet = rules.receiver(step.receiver).quiet
    if quiet is None or any(quiet.lets(hit.labels) for hit in step.alert.hits):
        return None
    return quiet.interval.until(now, rules.zone)


def _silenced(alert: Alert, silences: Sequence[Silence], now: datetime) -> str:
    """Why nobody else is to hear of an alert: a silence mutes each of its hits."""
    reasons = [silenced_by(silences, hit.labels, since=alert.created_at, now=now) for hit in alert.hits]
    return reasons[0] if reasons and all(reasons) else ""
