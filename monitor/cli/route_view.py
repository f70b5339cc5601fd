"""The way of a hit down the route tree, on the terminal and as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from monitor.alerts.hear import Hearing
from monitor.alerts.route import Step
from monitor.cli.console import iso, out, when, words


def show_way(
    labels: Mapping[str, str],
    steps: Sequence[Step],
    heard: Sequence[Hearing],
    *,
    zone: tzinfo,
    now: datetime,
) -> None:
    """The labels, a line a route, then who hears."""
    console = out()
    console.print(words(_braced(labels), "bold"), soft_wrap=True)
    for step in steps:
        mark = words("● ", "green") if step.hears else words("○ ", "dim")
        name = words(f"{step.route.path} {step.route.receiver or '(nobody)'}", "" if step.hears else "dim")
        console.print(words("  " * (step.depth + 1)) + mark + name + words(f"  {step.reason}", "dim"))
    console.print()
    for one in heard:
        console.print(_who(one, zone, now))
        if one.at is not None:
            for target in one.receiver.targets:
                console.print(words(f"    {target.label}", "dim"), soft_wrap=True)


def route_facts(labels: Mapping[str, str], steps: Sequence[Step], heard: Sequence[Hearing]) -> dict[str, Any]:
    """The way as JSON."""
    return {
        "labels": dict(labels),
        "way": [
            {
                "route": step.route.path,
                "depth": step.depth,
                "receiver": step.route.receiver,
                "matchers": [str(matcher) for matcher in step.route.matchers],
                "hears": step.hears,
                "reason": step.reason,
            }
            for step in steps
        ],
        "hears": [
            {
                "route": one.route.path,
                "receiver": one.receiver.name,
                "at": iso(one.at) if one.at else None,
                "reason": one.reason,
                "group": dict(one.group),
                "targets": [target.label for target in one.receiver.targets],
            }
            for one in heard
        ],
    }


def _who(one: Hearing, zone: tzinfo, now: datetime) -> Any:
    if one.at is None:
        return words("nobody hears: ", "yellow") + words(one.reason)
    moment = when(one.at, zone=zone, now=now)
    company = f", with others of {_braced(one.group)}" if one.group and not one.gathered else ""
    return words(one.receiver.name, "bold green") + words(f" hears at {moment}: {one.reason}{company}")


def _braced(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items() if value) + "}"
