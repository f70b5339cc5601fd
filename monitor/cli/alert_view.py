"""Alerts on the terminal: a table of many, or one with its text and its deliveries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from monitor.alerts.alert import Alert
from monitor.alerts.render import render
from monitor.cli.console import count, marked, out, table, when, words
from monitor.clock import zone_of
from monitor.store.records import Delivery, DeliveryState

if TYPE_CHECKING:
    from monitor.config.settings import Settings

COLOURS: dict[DeliveryState, str] = {
    "due": "yellow",
    "delivered": "green",
    "dead": "bold red",
    "dropped": "dim",
}


def show_alerts(
    made: Sequence[Alert],
    deliveries: Mapping[str, Sequence[Delivery]],
    settings: "Settings",
    *,
    now: datetime,
) -> None:
    """One row an alert."""
    if not made:
        out().print(words("no alerts"))
        return
    zone = zone_of(settings.time_zone)
    shown = table(expand=True)
    shown.add_column("made", no_wrap=True)
    shown.add_column("alert", no_wrap=True)
    shown.add_column("to", overflow="fold")
    shown.add_column("says", ratio=1, overflow="fold")
    shown.add_column("deliveries", overflow="fold")
    for alert in made:
        said = words(_says(alert))
        moment = when(alert.created_at, zone=zone, now=now)
        shown.add_row(moment, alert.id, words(alert.receiver), said, _summed(deliveries[alert.id]))
    out().print(shown)


def show_alert(alert: Alert, deliveries: Sequence[Delivery], settings: "Settings", *, now: datetime) -> None:
    """Its text with the matched words marked, then a row a delivery."""
    zone, console = zone_of(settings.time_zone), out()
    message = render(alert, zone=zone, service="stdout")
    console.print(words(message.title, "bold"), soft_wrap=True)
    lines, at = message.text.split("\n"), 0
    for line in lines:
        marks = [
            (start - at, end - at) for start, end in message.marks if at <= start and end <= at + len(line)
        ]
        console.print(marked(line, marks, console), soft_wrap=True)
        at += len(line) + 1
    console.print()
    console.print(_deliveries(deliveries, zone, now) if deliveries else words("no target: nobody was told"))


def _says(alert: Alert) -> str:
    total = len(alert.hits) + alert.more
    kind = "" if alert.kind == "alert" else f"{alert.kind}: "
    topics = ", ".join(dict.fromkeys(hit.topic for hit in alert.hits))
    if total == 1:
        return f"{kind}{topics}: {alert.hits[0].headline.text}"
    return f"{kind}{topics}: {count(total, 'entry', 'entries')}"


def _summed(deliveries: Sequence[Delivery]) -> Text:
    states = Counter(one.state for one in deliveries)
    parts = [Text(f"{states[state]} {state}", colour) for state, colour in COLOURS.items() if states[state]]
    return Text(", ").join(parts) if parts else Text("no target", "dim")


def _deliveries(deliveries: Sequence[Delivery], zone: tzinfo, now: datetime) -> Table:
    shown = table(expand=True)
    shown.add_column("target", ratio=3, overflow="fold")
    shown.add_column("state", no_wrap=True)
    shown.add_column("tries", justify="right")
    shown.add_column("when", no_wrap=True)
    shown.add_column("error", ratio=3, overflow="fold")
    for one in reversed(deliveries):
        moment = one.ended_at or one.next_at
        shown.add_row(
            words(one.label),
            words(one.state, COLOURS[one.state]),
            str(one.attempts),
            when(moment, zone=zone, now=now),
            words(one.error),
        )
    return shown
