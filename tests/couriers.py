"""A courier with real children, a store in memory, receivers of one target each, and a clock to move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

from monitor.alerts.alert import Alert
from monitor.alerts.retry import Policy
from monitor.alerts.route import Receiver, Route, Target
from monitor.alerts.template import Template
from monitor.courier import Courier, DeliveryReport
from monitor.sandbox import Sandbox
from monitor.senders import senders
from monitor.store import open_store
from monitor.store.records import Delivery, NewDelivery
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from tests.alerts.examples import alert, hit, marked

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HIT = hit(snippets=(marked("… soldiers at the base near Havana … " * 9, "Havana"),))


@dataclass
class Round:
    """A courier with a clock that the test moves, and its receivers: one target each, named by its key."""

    store: StoreThread
    courier: Courier = field(init=False)
    now: datetime = NOON
    receivers: dict[str, Receiver] = field(default_factory=dict)
    reports: list[DeliveryReport] = field(default_factory=list)
    templates: dict[str, Template] = field(default_factory=dict)
    route: Route = field(default_factory=lambda: Route(receiver="desk"))
    zone: tzinfo = UTC
    policy: Policy = field(default_factory=Policy)
    send_seconds: float = 20.0
    site: str = ""

    def receiver(self, name: str, url: str) -> None:
        target = Target(key=name, url=url, label=f"{name}'s")
        self.receivers[name] = Receiver(name=name, targets=(target,), allow_private=True)

    async def tell(self, *names: str, key: str = "A-11111-11111") -> None:
        """Make an alert with a delivery to each of these receivers; it is due at once."""
        for name in names:
            made = replace(alert(HIT), id=f"{key}-{name}", receiver=name)
            new = [NewDelivery(target=name, label=f"{name}'s")]
            await self.store.run(partial(_add, made, new, self.now))

    async def go(self) -> int:
        """Deliver what is due; returns how much it was."""
        started = await self.courier.tick()
        await self.courier.drain()
        return started

    async def deliveries(self) -> list[Delivery]:
        return await self.store.run(lambda store: store.deliveries()[::-1])

    async def states(self) -> list[tuple[str, str]]:
        return [(one.receiver, one.state) for one in await self.deliveries()]


@asynccontextmanager
async def courier_round(*, concurrency: int, children: Sandbox | None = None) -> AsyncIterator[Round]:
    """Until the block ends; with children of its own where none are given."""
    store = StoreThread(lambda: open_store(":memory:"))
    await store.open()
    made = Round(store=store)
    with nullcontext(children) if children else senders(concurrency) as sandbox:
        made.courier = Courier(
            store=store,
            sandbox=sandbox,
            hears=made,
            clock=lambda: made.now,
            on_report=made.reports.append,
            on_trouble=_raise,
            concurrency=concurrency,
        )
        yield made
        await made.courier.close(grace=0)
    await store.close()


def _add(made: Alert, new: list[NewDelivery], now: datetime, store: Store) -> None:
    store.add_alert(made, new, hit_ids=[], now=now)


def _raise(error: Exception) -> None:
    raise error
