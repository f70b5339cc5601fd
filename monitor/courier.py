"""Due deliveries → receiver → outcome: each send in a child that can be killed, one target a call.

At least once: a crash between a send and the commit of its outcome sends again, with the same alert id.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from monitor.alerts.deliver import Outcome, deliver
from monitor.alerts.render import render
from monitor.alerts.retry import DeadLetter, Policy, Retry, next_attempt
from monitor.alerts.route import Receiver, Target
from monitor.alerts.services import service_of
from monitor.errors import SandboxCrashError, SandboxTimeoutError
from monitor.sandbox import Sandbox
from monitor.slots import Slots
from monitor.store.records import Delivery, DeliveryState
from monitor.store.thread import StoreThread

LEASE = timedelta(minutes=2)


class Hears(Protocol):
    """What the courier must know of the configuration; asked anew for each send."""

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Receivers by name."""

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone."""

    @property
    def policy(self) -> Policy:
        """How often and how long to try."""

    @property
    def send_seconds(self) -> float:
        """How long one attempt may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How an attempt ended: `state` after it, what happened in words, and when it is tried again."""

    delivery: Delivery
    at: datetime
    state: DeliveryState
    detail: str
    next_at: datetime | None = None


class Courier:
    """Delivers. `tick` claims and starts what is due and returns at once; reports come as attempts end."""

    def __init__(
        self,
        *,
        store: StoreThread,
        sandbox: Sandbox,
        hears: Hears,
        clock: Callable[[], datetime],
        on_report: Callable[[DeliveryReport], None],
        on_trouble: Callable[[Exception], None],
        concurrency: int = 4,
    ) -> None:
        self._store = store
        self._sandbox = sandbox
        self._hears = hears
        self._clock = clock
        self._on_report = on_report
        self._slots = Slots(concurrency, on_error=on_trouble)

    async def tick(self) -> int:
        """Start delivering what is due, as far as there are free slots; returns how many were started."""
        if not self._slots.free:
            return 0
        now = self._clock()
        free = self._slots.free
        claimed = await self._store.run(
            lambda store: store.claim_deliveries(now=now, limit=free, lease=LEASE)
        )
        for delivery in claimed:
            self._slots.start(self._attempt(delivery))
        return len(claimed)

    async def drain(self) -> None:
        """Return when every attempt that has started is committed."""
        await self._slots.drain()

    async def close(self, *, grace: float) -> None:
        """Let running attempts end for `grace` seconds, then give them up: they are told again later."""
        try:
            await asyncio.wait_for(asyncio.shield(self._slots.drain()), grace)
        except TimeoutError:
            await self._slots.cancel()

    async def _attempt(self, delivery: Delivery) -> None:
        outcome = await self._send(delivery)
        now = self._clock()
        state, next_at, detail = _settle(delivery, outcome, policy=self._hears.policy, now=now)
        key, uncertain = delivery.delivery_id, outcome.kind == "uncertain"
        await self._store.run(
            lambda store: store.save_attempt(
                key, state=state, now=now, next_at=next_at, error=detail, uncertain=uncertain
            )
        )
        self._on_report(
            DeliveryReport(delivery=delivery, at=now, state=state, detail=detail, next_at=next_at)
        )

    async def _send(self, delivery: Delivery) -> Outcome:
        receiver = self._hears.receivers.get(delivery.receiver)
        target = _target(receiver, delivery.target)
        if receiver is None or target is None:
            return Outcome(kind="permanent", detail="the receiver or its target is no longer configured")
        message = render(
            delivery.alert,
            zone=self._hears.zone,
            service=service_of(target.url),
            may_repeat=delivery.may_repeat,
        )
        seconds = self._hears.send_seconds
        try:
            return await self._sandbox.run(
                deliver,
                target.url,
                message,
                allow_private=receiver.allow_private,
                timeout=seconds,
            )
        except SandboxTimeoutError:
            return Outcome(kind="uncertain", detail=f"no end within {seconds:.0f} s, given up")
        except SandboxCrashError as error:
            return Outcome(kind="uncertain", detail=f"the sending process died: {error}")
        except Exception as error:  # noqa: BLE001 - a bug must not lose the alert, nor hold up others
            return Outcome(kind="uncertain", detail=f"the monitor failed: {type(error).__name__}: {error}")


def _target(receiver: Receiver | None, key: str) -> Target | None:
    targets = receiver.targets if receiver else ()
    return next((target for target in targets if target.key == key), None)


def _settle(
    delivery: Delivery, outcome: Outcome, *, policy: Policy, now: datetime
) -> tuple[DeliveryState, datetime | None, str]:
    """What becomes of the delivery: its state, when it is tried again, and why in words."""
    if outcome.kind == "delivered":
        return "delivered", None, ""
    verdict = next_attempt(
        delivery.delivery_id,
        attempts=delivery.attempts + 1,
        first_at=delivery.first_at or now,
        now=now,
        outcome=outcome,
        policy=policy,
    )
    match verdict:
        case Retry(at=at):
            return "due", at, outcome.detail
        case DeadLetter(reason=reason):
            return "dead", None, f"{reason}: {outcome.detail}"
