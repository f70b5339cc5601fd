"""Due deliveries → receiver → outcome: each send in a child that can be killed, one target a call.

At least once: a crash between a send and the commit of its outcome sends again, with the same alert id.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol, TextIO

from monitor.acting import signer
from monitor.alerts.failing import Failure
from monitor.alerts.outcome import Outcome
from monitor.alerts.pace import Paces
from monitor.alerts.retry import DeadLetter, Policy, Retry, next_attempt
from monitor.alerts.route import Receiver, Route, Target
from monitor.alerts.signature import Signer
from monitor.alerts.template import Template
from monitor.catching_up import catch_up
from monitor.complaint import complain
from monitor.sandbox import Sandbox
from monitor.sending import Send, send, template_for
from monitor.slots import Slots
from monitor.store.records import Delivery, DeliveryState
from monitor.store.store import Store
from monitor.store.thread import StoreThread

LEASE = timedelta(minutes=2)
"""How much longer than a send may take it is nobody else's."""

KEPT_FREE = 4
"""One slot in so many is only for targets that work: those that hang can not take them all."""


class Hears(Protocol):
    """What the courier must know of the configuration; asked anew for each send."""

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Receivers by name."""

    @property
    def templates(self) -> Mapping[str, Template]:
        """Templates by the receiver or the service that they are for."""

    @property
    def route(self) -> Route:
        """The root of the route tree: who hears of a target that fails."""

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone."""

    @property
    def policy(self) -> Policy:
        """How often and how long to try."""

    @property
    def send_seconds(self) -> float:
        """How long one attempt may take."""

    @property
    def site(self) -> str:
        """Where the desk is reached from elsewhere, "" if it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How an attempt ended: `state` after it, what happened in words, and when it is tried again."""

    delivery: Delivery
    at: datetime
    state: DeliveryState
    detail: str
    next_at: datetime | None = None
    noticed: tuple[int, ...] = ()
    """The hits that somebody is to be told of it by."""


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
        terminal: TextIO | None = None,
    ) -> None:
        self._store = store
        self._sandbox = sandbox
        self._hears = hears
        self._clock = clock
        self._on_report = on_report
        self._terminal = terminal
        self._slots = Slots(concurrency, on_error=on_trouble)
        self._kept_free = concurrency // KEPT_FREE
        self._paces = Paces()

    async def tick(self) -> int:
        """Start delivering what is due, as far as there are free slots; returns how many were started."""
        started = await self._start(self._slots.free - self._kept_free)
        return started + await self._start(self._slots.free, sound_only=True)

    async def deliver_all(self) -> None:
        """Deliver all that is due, also to targets that take one message a while; then return."""
        while await self._is_due():
            started, until = await self.tick(), self._paces.next_end(self._clock())
            if not started and until is None:
                return  # who died sending to a target holds it until the lease ends
            if not started and until is not None:
                await asyncio.sleep(max(0.0, (until - self._clock()).total_seconds()))
            await self.drain()

    async def drain(self) -> None:
        """Return when every attempt that has started is committed."""
        await self._slots.drain()

    async def close(self, *, grace: float) -> None:
        """Let running attempts end for `grace` seconds, then give them up: they are told again later."""
        try:
            await asyncio.wait_for(asyncio.shield(self._slots.drain()), grace)
        except TimeoutError:
            await self._slots.cancel()

    async def _is_due(self) -> bool:
        now = self._clock()
        return await self._store.run(lambda store: store.is_delivery_due(now=now))

    async def _start(self, free: int, *, sound_only: bool = False) -> int:
        if free <= 0:
            return 0
        now = self._clock()
        resting = self._paces.resting(now)
        lease, site = LEASE + timedelta(seconds=self._hears.send_seconds), self._hears.site

        def claim(store: Store) -> tuple[list[Delivery], Signer | None]:
            catch_up(store, now=now)
            claimed = store.claim_deliveries(
                now=now, limit=free, lease=lease, resting=resting, sound_only=sound_only
            )
            return claimed, signer(store, site, now=now) if claimed else None

        claimed, signs = await self._store.run(claim)
        for delivery in claimed:
            self._slots.start(self._attempt(delivery, signs))
        return len(claimed)

    async def _attempt(self, delivery: Delivery, signs: Signer | None) -> None:
        outcome = await self._send(delivery, signs)
        now = self._clock()
        self._rest(delivery, outcome, now)
        settled = _settle(delivery, outcome, policy=self._hears.policy, now=now)
        hears = self._hears
        noticed = await self._store.run(
            lambda store: _save(store, delivery, outcome, settled, hears=hears, now=now)
        )
        self._on_report(
            DeliveryReport(
                delivery=delivery,
                at=now,
                state=settled.state,
                detail=settled.detail,
                next_at=settled.next_at,
                noticed=noticed,
            )
        )

    async def _send(self, delivery: Delivery, signs: Signer | None) -> Outcome:
        receiver = self._hears.receivers.get(delivery.receiver)
        target = _target(receiver, delivery.target)
        if receiver is None or target is None:
            return Outcome(kind="permanent", detail="the receiver or its target is no longer configured")
        what = Send(
            alert=delivery.alert,
            target=target,
            zone=self._hears.zone,
            seconds=self._hears.send_seconds,
            allow_private=receiver.allow_private,
            may_repeat=delivery.may_repeat,
            plain=delivery.plain,
            template=template_for(self._hears.templates, delivery.receiver, target),
            terminal=self._terminal,
            signer=signs if receiver.acts else None,
        )
        return await send(self._sandbox, what)

    def _rest(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """A target that asks for patience, or whose service does, has it from all its deliveries."""
        target = _target(self._hears.receivers.get(delivery.receiver), delivery.target)
        if target is not None:
            self._paces.sent(target, outcome, now, longest=self._hears.policy.longest_asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """What becomes of a delivery: its state, when it is tried again and how, and why in words."""

    state: DeliveryState
    detail: str = ""
    next_at: datetime | None = None
    plain: bool = False


def _save(
    store: Store, delivery: Delivery, outcome: Outcome, settled: _Settled, *, hears: Hears, now: datetime
) -> tuple[int, ...]:
    """Keep the outcome and, in the same commit, have a failure told to somebody; returns the hits of it."""
    with store.transaction():
        store.save_attempt(
            delivery.delivery_id,
            state=settled.state,
            now=now,
            next_at=settled.next_at,
            error=settled.detail,
            uncertain=outcome.kind == "uncertain",
            plain=settled.plain,
        )
        if settled.state == "delivered":
            return ()
        failure = Failure(
            receiver=delivery.receiver,
            target=delivery.target,
            label=delivery.label,
            alert_id=delivery.alert.id,
            is_dead=settled.state == "dead",
            detail=settled.detail,
            first_at=delivery.first_at or now,
        )
        return complain(store, failure, root=hears.route, receivers=hears.receivers, now=now)


def _target(receiver: Receiver | None, key: str) -> Target | None:
    targets = receiver.targets if receiver else ()
    return next((target for target in targets if target.key == key), None)


def _settle(delivery: Delivery, outcome: Outcome, *, policy: Policy, now: datetime) -> _Settled:
    if outcome.kind == "delivered":
        return _Settled(state="delivered", detail=outcome.remark)
    verdict = next_attempt(
        delivery.delivery_id,
        attempts=delivery.attempts + 1,
        first_at=delivery.first_at or now,
        now=now,
        outcome=outcome,
        plain=delivery.plain,
        policy=policy,
    )
    match verdict:
        case Retry(at=at, plain=plain):
            return _Settled(state="due", next_at=at, detail=outcome.detail, plain=plain)
        case DeadLetter(reason=reason):
            return _Settled(state="dead", detail=f"{reason}: {outcome.detail}")
