"""When a failing target is told to somebody: a dead letter at once, a failure after a while. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.notice import Notice

FAILING_AFTER = timedelta(minutes=30)
"""How long a target may fail before somebody hears of it: most come back by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An attempt that failed: which alert went where, why, and whether it is given up."""

    receiver: str
    target: str
    label: str
    alert_id: str
    is_dead: bool
    detail: str
    first_at: datetime


def may_be_pushed(failure: Failure, *, now: datetime) -> bool:
    """Whether it is bad enough to look closer."""
    return failure.is_dead or now - failure.first_at >= FAILING_AFTER


def notice_of(failure: Failure, *, arrived_at: datetime | None, now: datetime) -> Notice | None:
    """What is to be told of a failure; `arrived_at` is when something last arrived at its target.

    One notice a target until something arrives there again, and of dead letters one a day.
    """
    where = f"{failure.receiver} ({failure.label})"
    labels = {"receiver": failure.receiver}
    if failure.is_dead:
        return Notice(
            key=f"dead-letter:{failure.target}:{now:%Y-%m-%d}",
            kind="dead-letter",
            title=f"Not delivered: alert {failure.alert_id} to {where}",
            text=f"{failure.detail}. `monitor alert list --state dead` names all that was not delivered, "
            f"`monitor alert retry --dead` sends it again.",
            severity="critical",
            labels=labels,
        )
    if now - max(failure.first_at, arrived_at or failure.first_at) < FAILING_AFTER:
        return None
    since = f"{arrived_at:%Y-%m-%dT%H:%M:%S}" if arrived_at else "ever"
    return Notice(
        key=f"failing:{failure.target}:{since}",
        kind="failing-receiver",
        title=f"The receiver {where} does not take alerts",
        text=f"Alert {failure.alert_id} was tried for {_minutes(now - failure.first_at)}: {failure.detail}. "
        "It is tried again, ever more rarely.",
        labels=labels,
    )


def _minutes(duration: timedelta) -> str:
    return f"{duration // timedelta(minutes=1)} minutes"
