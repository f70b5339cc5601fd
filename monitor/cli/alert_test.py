"""`monitor alert test`: a real message to each target of a receiver, and what happened to it."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from monitor.cli.alert import alerts
from monitor.cli.console import counting, out, print_json, table, words
from monitor.cli.options import ConfigOption, examples, load
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from monitor.alerts.outcome import Outcome
    from monitor.alerts.route import Receiver
    from monitor.config.config import Config
    from monitor.sandbox import Sandbox
    from monitor.sending import Send

NOT_DELIVERED = 1
AT_ONCE = 16

WORDS = {
    "delivered": ("delivered", "green"),
    "retry": ("failed for now", "yellow"),
    "refused": ("message refused", "bold red"),
    "permanent": ("refused", "bold red"),
    "uncertain": ("perhaps arrived", "yellow"),
}
"""What is said of each kind of outcome, and in which colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A message to a target, and what became of it."""

    what: "Send"
    outcome: "Outcome"
    seconds: float


@alerts.command(
    "test",
    epilog=examples(
        "monitor alert test # every receiver",
        "monitor alert test desk on-call",
        "monitor alert test desk --json | jq .detail",
    ),
)
def try_(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="RECEIVER...", help="Receivers of alerts.yaml; without it all."),
    ] = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each target.")] = False,
) -> None:
    """Send a test message to every target of a receiver and say what happened.

    It goes the way of every alert: written for the service, sent by a child
    process with the same limits, the answer understood in the same way. Nothing
    is stored and nothing tried again. Exit code 1: a target did not take it.
    """
    import asyncio

    from monitor.clock import zone_of

    loaded = load(config, tolerant=True)
    receivers = _chosen(loaded.receivers, names or [])
    total = sum(len(receiver.targets) for receiver in receivers)
    with counting("sent", out(), total=total) as done:
        zone = zone_of(loaded.settings.time_zone)
        terminal = sys.stderr if as_json else None
        tried = asyncio.run(_try_all(receivers, loaded, zone=zone, done=done, terminal=terminal))
    if as_json:
        for one in tried:
            print_json(_facts(one))
    else:
        _show(tried)
    raise typer.Exit(0 if all(one.outcome.kind == "delivered" for one in tried) else NOT_DELIVERED)


def _chosen(receivers: "Mapping[str, Receiver]", names: Sequence[str]) -> "list[Receiver]":
    for name in names:
        if name not in receivers:
            raise WrongUseError(f"there is no receiver {name!r}; there are: {', '.join(receivers)}")
    return [receiver for name, receiver in receivers.items() if not names or name in names]


async def _try_all(
    receivers: "Sequence[Receiver]",
    config: "Config",
    *,
    zone: tzinfo,
    done: Callable[[], None],
    terminal: TextIO | None,
) -> list[Tried]:
    """All targets at once, each like every other alert."""
    import asyncio

    from monitor.alerts.deliver import warm_up
    from monitor.alerts.trial import trial_alert
    from monitor.sandbox.pool import START_SECONDS
    from monitor.senders import senders
    from monitor.sending import Send, template_for

    seconds = config.settings.delivery.timeout.total_seconds()
    with senders(AT_ONCE) as sandbox:
        await sandbox.run(warm_up, timeout=START_SECONDS)  # what follows is timed
        sends = [
            Send(
                alert=trial_alert(receiver.name, now=clock()),
                target=target,
                zone=zone,
                seconds=seconds,
                allow_private=receiver.allow_private,
                template=template_for(config.templates, receiver.name, target),
                terminal=terminal,
            )
            for receiver in receivers
            for target in receiver.targets
        ]
        return await asyncio.gather(*(_try(sandbox, what, done) for what in sends))


async def _try(sandbox: "Sandbox", what: "Send", done: Callable[[], None]) -> Tried:
    from monitor.sending import send

    began = time.monotonic()
    outcome = await send(sandbox, what)
    done()
    return Tried(what=what, outcome=outcome, seconds=time.monotonic() - began)


def _facts(tried: Tried) -> dict[str, object]:
    return {
        "receiver": tried.what.alert.receiver,
        "target": tried.what.target.label,
        "alert": tried.what.alert.id,
        "outcome": tried.outcome.kind,
        "detail": tried.outcome.detail or tried.outcome.remark,
        "retry_after": tried.outcome.retry_after,
        "seconds": round(tried.seconds, 3),
    }


def _show(tried: Sequence[Tried]) -> None:
    details = [one.outcome.detail or one.outcome.remark for one in tried]
    shown = table(expand=True)
    shown.add_column("receiver", overflow="fold")
    shown.add_column("target", ratio=3, overflow="fold")
    shown.add_column("outcome", no_wrap=True)
    shown.add_column("s", justify="right", no_wrap=True)
    if any(details):  # else the targets have all the room
        shown.add_column("detail", ratio=3, overflow="fold")
    for one, detail in zip(tried, details, strict=True):
        said, colour = WORDS[one.outcome.kind]
        cells = (words(one.what.alert.receiver), words(one.what.target.label), words(said, colour))
        shown.add_row(*cells, words(f"{one.seconds:.2f}"), *([words(detail)] if any(details) else []))
    out().print(shown)
