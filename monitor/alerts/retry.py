"""When a delivery that failed is tried again, and when it is given up. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often and how long to try: waits double from `first` to `longest`, until `give_up` has passed."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)
    give_up: timedelta = timedelta(hours=72)
    jitter: float = 0.2
    """Each wait is longer or shorter by up to this part of it, so that receivers are not hit in step."""
    longest_asked: timedelta = timedelta(hours=6)
    """A receiver that asks for more patience than this is asked again all the same."""


POLICY = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again at this moment; `plain`: in a short plain text, as the message was refused as it was."""

    at: datetime
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Do not try again, and why."""

    reason: str


def next_attempt(
    delivery_id: int,
    *,
    attempts: int,
    first_at: datetime,
    now: datetime,
    outcome: Outcome,
    plain: bool = False,
    policy: Policy = POLICY,
) -> Retry | DeadLetter:
    """What follows the `attempts`-th failed attempt of a delivery that was first tried at `first_at`.

    `plain`: what failed was said short and plain already.
    """
    if outcome.kind == "delivered":
        raise ValueError("a delivered message is not tried again")
    if outcome.kind == "refused" and not plain:
        return Retry(at=now, plain=True)
    if outcome.kind in ("refused", "permanent"):
        return DeadLetter(reason="refused for good")
    at = now + _wait(delivery_id, attempts, outcome.retry_after, policy)
    if at - first_at > policy.give_up:
        hours = policy.give_up / timedelta(hours=1)
        return DeadLetter(reason=f"given up after {hours:g} hours and {attempts} attempts")
    return Retry(at=at)


def _wait(delivery_id: int, attempts: int, asked: float | None, policy: Policy) -> timedelta:
    # Beyond 2^30 the wait is at its longest anyway, and a float of any size must not overflow.
    doubled = policy.first * 2.0 ** min(max(attempts, 1) - 1, 30)
    wait = min(doubled, policy.longest) * (1 + policy.jitter * _sway(delivery_id, attempts))
    if asked is None or not asked > 0:
        return wait
    return max(wait, min(timedelta(seconds=min(asked, 1e9)), policy.longest_asked))


def _sway(delivery_id: int, attempts: int) -> float:
    """A number between -1 and 1 that is the same for the same attempt of the same delivery."""
    digest = hashlib.sha256(f"{delivery_id}/{attempts}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**63 - 1
