"""Alerts: what was sent to whom, what was given up and is sent again, receivers to try, routes to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.alerts.outcome import Outcome
from monitor.alerts.route import Receiver, Step, walk
from monitor.alerts.trial import trial_alert
from monitor.errors import WrongUseError
from monitor.senders import senders
from monitor.sending import Send, send
from monitor.store.records import DeliveryState
from monitor.web.desk import Desk, desk_of, form_of
from monitor.web.render import page
from monitor.web.rules import where_to
from monitor.web.topic_form import labels_of

A_PAGE = 100
WORDS = {"due": "waiting", "delivered": "delivered", "dead": "given up", "dropped": "dropped"}
OUTCOMES = {
    "delivered": "delivered",
    "retry": "failed for now",
    "refused": "message refused",
    "permanent": "refused",
    "uncertain": "perhaps arrived",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A test message to one target, and what became of it."""

    target: str
    words: str
    detail: str
    is_good: bool


async def show_alerts(request: Request) -> Response:
    """Deliveries, the newest first, of all states or of one."""
    desk, asked = desk_of(request), request.query_params.get("state", "")
    if asked and asked not in get_args(DeliveryState):
        raise HTTPException(400, f"there is no state {asked}")
    state = cast(DeliveryState, asked) if asked else None
    deliveries, counts = await desk.store.run(
        lambda store: (store.deliveries(state=state, limit=A_PAGE), store.counts().deliveries)
    )
    return await page(request, "alerts.html", deliveries=deliveries, state=asked, counts=counts, words=WORDS)


async def send_again(request: Request) -> Response:
    """Make a delivery that was given up due again."""
    desk, one = desk_of(request), cast(int, request.path_params["delivery"])
    now = desk.now()
    if not await desk.store.run(lambda store: store.send_again([one], now=now)):
        raise HTTPException(409, "it was delivered, or is being sent at this moment")
    desk.ring("deliver")
    return _back(request)


async def drop(request: Request) -> Response:
    """Give a delivery up by hand."""
    desk, one = desk_of(request), cast(int, request.path_params["delivery"])
    now = desk.now()
    if not await desk.store.run(lambda store: store.drop([one], now=now)):
        raise HTTPException(409, "it was delivered or dropped, or is being sent at this moment")
    return _back(request)


async def show_receivers(request: Request) -> Response:
    """Who can hear, and with labels in the address: who would, and why."""
    return await _receivers(request)


async def try_receiver(request: Request) -> Response:
    """A real message to each target of a receiver, and what became of it."""
    desk, name = desk_of(request), form_of(request).text("receiver")
    receiver = desk.config().receivers.get(name)
    if receiver is None:
        raise HTTPException(404, f"there is no receiver {name!r}")
    return await _receivers(request, tried={name: await _try_all(desk, receiver)})


async def _receivers(request: Request, *, tried: Mapping[str, list[Tried]] | None = None) -> Response:
    config, typed = desk_of(request).config(), request.query_params.get("labels", "")[:5000]
    steps: tuple[Step, ...] = ()
    problem = ""
    try:
        steps = walk(config.route, labels_of(typed)) if typed.strip() else ()
    except WrongUseError as error:
        problem = str(error)
    return await page(
        request,
        "receivers.html",
        receivers=config.receivers.values(),
        typed=typed,
        steps=steps,
        problem=problem,
        tried=tried or {},
    )


async def _try_all(desk: Desk, receiver: Receiver) -> list[Tried]:
    """One after the other: somebody tries a receiver now and then."""
    seconds = desk.config().settings.delivery.timeout.total_seconds()
    tried = []
    with senders(1) as sandbox:
        for target in receiver.targets:
            what = Send(
                alert=trial_alert(receiver.name, now=desk.now()),
                target=target,
                zone=desk.zone,
                seconds=seconds,
                allow_private=receiver.allow_private,
            )
            tried.append(_tried(target.label, await send(sandbox, what)))
    return tried


def _tried(target: str, outcome: Outcome) -> Tried:
    words = OUTCOMES[outcome.kind]
    return Tried(target=target, words=words, detail=outcome.detail, is_good=outcome.kind == "delivered")


def _back(request: Request) -> Response:
    return RedirectResponse(where_to(form_of(request).text("back")), status_code=303)
