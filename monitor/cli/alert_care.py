"""Who takes care of an alert: who acknowledged it, who hears next, and what was told in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.cli.console import iso, out, when, words
from monitor.clock import zone_of

if TYPE_CHECKING:
    from monitor.config.settings import Settings
    from monitor.store.missed import CaughtUp
    from monitor.store.policy import Acknowledgement, Escalated
    from monitor.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What became of an alert after it was made, besides its deliveries."""

    acknowledged: "Acknowledgement | None"
    steps: "Sequence[Escalated]"
    caught_up: "Sequence[CaughtUp]"


def care_of(store: "Store", alert_id: str) -> Care:
    """Who takes care of this alert."""
    return Care(
        acknowledged=next(iter(store.acknowledgements([alert_id])), None),
        steps=store.escalations([alert_id]),
        caught_up=store.caught_up([alert_id]),
    )


def care_facts(care: Care) -> dict[str, Any]:
    """The same as JSON."""
    said = care.acknowledged
    return {
        "acknowledged": {"at": iso(said.at), "who": said.who, "note": said.note} if said else None,
        "escalations": [
            {"receiver": step.receiver, "due_at": iso(step.due_at), "outcome": step.outcome}
            for step in care.steps
        ],
        "told_in_its_place": [
            {"target": one.label, "alert": one.by_alert, "at": iso(one.at)} for one in care.caught_up
        ],
    }


def show_care(care: Care, settings: "Settings", *, now: datetime) -> None:
    """A line each."""
    zone = zone_of(settings.time_zone)
    if said := care.acknowledged:
        by = f" by {said.who}" if said.who else ""
        note = f": {said.note}" if said.note else ""
        out().print(words(f"acknowledged {when(said.at, zone=zone, now=now)}{by}{note}", "green"))
    for step in care.steps:
        moment = when(step.due_at, zone=zone, now=now)
        if step.outcome is None:
            line = f"{step.receiver} hears at {moment}, unless somebody acknowledges it"
        elif step.outcome.startswith("A-"):
            line = f"{step.receiver} heard of it: {step.outcome}"
        else:
            line = f"{step.receiver} did not have to hear: {step.outcome}"
        out().print(words(line))
    for one in care.caught_up:
        moment = when(one.at, zone=zone, now=now)
        out().print(words(f"{one.label} was out of reach: told in {one.by_alert}, {moment}"))
