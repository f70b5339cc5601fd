"""One alert to one target: written for its service, sent in a child that can be killed, its end an outcome.

Does not know the store, nor what follows a failure.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TextIO

from monitor.alerts.act import acts_of
from monitor.alerts.alert import Alert
from monitor.alerts.deliver import deliver
from monitor.alerts.message import Message
from monitor.alerts.outcome import Outcome
from monitor.alerts.render import render
from monitor.alerts.route import Target
from monitor.alerts.services import service_of
from monitor.alerts.signature import Signer
from monitor.alerts.template import Template, fill
from monitor.alerts.terminal import print_message
from monitor.errors import SandboxCrashError, SandboxError, SandboxTimeoutError, TemplateError
from monitor.sandbox import Sandbox

FILL_SECONDS = 2.0
"""How long a template may take."""

TERMINAL = "stdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """What to send, where to, and how it is said: times in `zone`, given up after `seconds`.

    `terminal` is where `stdout://` prints: standard output, unless that is for something else. The `signer`
    makes links to what can be done about the alert.
    """

    alert: Alert
    target: Target
    zone: tzinfo
    seconds: float
    allow_private: bool = False
    may_repeat: bool = False
    plain: bool = False
    template: Template | None = None
    terminal: TextIO | None = None
    signer: Signer | None = None


async def send(sandbox: Sandbox, what: Send) -> Outcome:
    """Send; does not raise. A child that was killed or died may have sent: that is uncertain."""
    try:
        message, remark = await _written(sandbox, what)
        return replace(await _sent(sandbox, what, message), remark=remark)
    except Exception as error:  # noqa: BLE001 - a bug must not lose the alert, nor hold up others
        return Outcome(kind="uncertain", detail=f"the monitor failed: {type(error).__name__}: {error}")


async def _sent(sandbox: Sandbox, what: Send, message: Message) -> Outcome:
    try:
        if service_of(what.target.url) == TERMINAL:
            return await _printed(message, what)
        return await sandbox.run(
            deliver, what.target.url, message, allow_private=what.allow_private, timeout=what.seconds
        )
    except SandboxTimeoutError:
        return Outcome(kind="uncertain", detail=f"no end within {what.seconds:.0f} s, given up")
    except SandboxCrashError as error:
        return Outcome(kind="uncertain", detail=f"the sending process died: {error}")


async def _written(sandbox: Sandbox, what: Send) -> tuple[Message, str]:
    """The alert as its target's service shows it, by the template if there is one and it can be used.

    A template is filled by a child: it may loop for ever. Returns with it why our own was used instead.
    """
    service = service_of(what.target.url)
    own = render(
        what.alert,
        zone=what.zone,
        service=service,
        may_repeat=what.may_repeat,
        plain=what.plain,
        signer=what.signer,
    )
    if what.template is None or what.plain:
        return own, ""
    try:
        filled = await sandbox.run(
            fill,
            what.template,
            own,
            what.alert,
            zone=what.zone,
            service=service,
            may_repeat=what.may_repeat,
            offers=what.signer.offers(acts_of(what.alert)) if what.signer else (),
            timeout=FILL_SECONDS,
        )
        return filled, ""
    except TemplateError as error:
        reason = str(error)
    except SandboxError as error:
        files = ", ".join(sorted(set(what.template.files.values())))
        reason = f"{files}: {error}"
    return own, f"the template can not be used, our own was: {reason}"


async def _printed(message: Message, what: Send) -> Outcome:
    """Print where the monitor runs: a child has no terminal. Whoever reads it may have stopped reading."""
    try:
        async with asyncio.timeout(what.seconds):
            return await asyncio.to_thread(print_message, message, what.terminal)
    except TimeoutError:
        return Outcome(kind="uncertain", detail=f"nobody read the terminal for {what.seconds:.0f} s")


def template_for(templates: Mapping[str, Template], receiver: str, target: Target) -> Template | None:
    """The template of the receiver, or else of the target's service."""
    return templates.get(receiver) or templates.get(service_of(target.url))
