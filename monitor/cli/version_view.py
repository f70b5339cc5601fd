"""A watchlist's versions on the terminal: the log, the text, what changed."""

import difflib
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from monitor.cli.console import out, table, when, words

if TYPE_CHECKING:
    from monitor.store.versions import Version

MOST_COMPARED = 1_000_000
"""Longer texts are not compared for the log: that would take seconds."""

STYLES = {"+": "green", "-": "red", "@": "cyan"}

Change = tuple["Version", "Version | None"]
"""A version and the one before."""


def show_log(found: Sequence[Change], *, zone: tzinfo, now: datetime) -> None:
    """The versions as a table."""
    shown = table()
    shown.add_column("watchlist", overflow="fold")
    shown.add_column("version", justify="right", no_wrap=True)
    shown.add_column("when", no_wrap=True)
    shown.add_column("who", no_wrap=True)
    shown.add_column("lines", justify="right", no_wrap=True)
    shown.add_column("what", overflow="fold")
    for version, before in found:
        moment = when(version.at, zone=zone, now=now)
        shown.add_row(
            words(version.watchlist, "bold"),
            str(version.number),
            moment,
            version.who,
            _counted(version, before),
            words(version.note or ("removed" if version.text is None else "")),
        )
    out().print(shown)


def show_text(version: "Version") -> None:
    """What the watchlist said: to the byte where it goes to a file."""
    if not sys.stdout.isatty():
        sys.stdout.write(version.text or "")
        return
    for line in (version.text or "").splitlines():
        out().print(words(line), soft_wrap=True)


def show_diff(version: "Version", before: "Version | None") -> None:
    """What a version changed, as a unified diff."""
    console = out()
    names = (
        f"{version.watchlist} version {version.number - 1}",
        f"{version.watchlist} version {version.number}",
    )
    lines = difflib.unified_diff(_lines(before), _lines(version), *names, lineterm="")
    for number, line in enumerate(lines):
        style = "bold" if number < 2 else STYLES.get(line[:1], "")
        console.print(words(line, style), soft_wrap=True)


def version_facts(version: "Version", before: "Version | None") -> dict[str, object]:
    """A version as JSON shows it; `added` and `removed` count lines."""
    added, removed = changed_lines(version, before) or (None, None)
    return {
        "watchlist": version.watchlist,
        "version": version.number,
        "at": version.at,
        "who": version.who,
        "note": version.note,
        "gone": version.text is None,
        "added": added,
        "removed": removed,
    }


def changed_lines(version: "Version", before: "Version | None") -> tuple[int, int] | None:
    """How many lines a version added and removed; None where they are too many to count."""
    if len(version.text or "") + len((before.text if before else "") or "") > MOST_COMPARED:
        return None
    signs = [line[0] for line in _diff(version, before)]
    return signs.count("+"), signs.count("-")


def _diff(version: "Version", before: "Version | None") -> Iterator[str]:
    lines = difflib.unified_diff(_lines(before), _lines(version), n=0, lineterm="")
    return (line for number, line in enumerate(lines) if number > 1)


def _lines(version: "Version | None") -> list[str]:
    return ((version.text if version else "") or "").splitlines()


def _counted(version: "Version", before: "Version | None") -> str:
    changed = changed_lines(version, before)
    return "+{} −{}".format(*changed) if changed else ""
