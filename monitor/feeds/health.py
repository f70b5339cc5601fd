"""How feeds are, and what deserves a notice: dead, silent, recovered; each told once. Pure.

    dead        its polls have failed for longer than the rules allow, or it is gone for good
    silent      its polls succeed, but it shows nothing new, for longer than ever before
    recovered   what was told is over
    overrun     its window ran over between two polls, for the first time in a while

What was told is part of the feed's `Health`, which the store keeps. Time in which nobody was watching proves
nothing: a feed is neither dead nor silent for what the monitor slept through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from monitor.feeds.state import FeedState
from monitor.notice import Notice, Severity

Told = Literal["", "dead", "silent"]

SILENCES_KNOWN = 10
"""So many silences must have been measured before one can be longer than ever."""
SILENCE_MARGIN = 2
"""How many times as long as the longest one a silence must be."""
OVERRUN_REST = timedelta(days=7)
"""Overruns that follow each other sooner than this are one."""
TOLD_APART = 10
"""More notices of one kind than this at once are one notice."""
_NAMED = 8

_SEVERITY: Mapping[str, Severity] = {"recovered": "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is remembered of a feed's health; see the table in the store's schema."""

    feed_id: int
    failing_since: datetime | None = None
    told: Told = ""
    new_at: datetime | None = None
    longest: timedelta = timedelta()
    silences: int = 0
    gap_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A feed to examine. `gone`: it will not be polled again. `labels` are its subscription's.

    `gap` is the last time in which it may have shown entries that no poll saw.
    """

    state: FeedState
    health: Health
    name: str
    gone: bool = False
    gap: tuple[datetime, datetime] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When feeds are dead or silent. `watching_since`: from then on somebody has looked, without a break."""

    dead_after: timedelta
    silent_at_least: timedelta
    watching_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What came of it: the healths that changed, and the notices."""

    healths: tuple[Health, ...]
    notices: tuple[Notice, ...]


def examine(patients: Sequence[Patient], *, rules: Rules, now: datetime) -> Examined:
    """Look at these feeds, and say what is news."""
    healths: list[Health] = []
    notices: list[Notice] = []
    for patient in patients:
        health, kind, why = _examine_one(patient, rules, now)
        health, lost = _overrun(patient, health)
        if health != patient.health:
            healths.append(health)
        if kind:
            notices.append(_notice(patient, kind, why, now))
        if lost:
            notices.append(_notice(patient, "overrun", lost, now))
    return Examined(healths=tuple(healths), notices=tuple(_together(notices, now)))


def silence_limit(health: Health, rules: Rules) -> timedelta | None:
    """How long a feed may be silent; None as long as too little is known of it."""
    if health.silences < SILENCES_KNOWN:
        return None
    return max(health.longest * SILENCE_MARGIN, rules.silent_at_least)


def _examine_one(patient: Patient, rules: Rules, now: datetime) -> tuple[Health, str, str]:
    """The feed's health now, the kind of the notice ("" for none), and why."""
    state, before = patient.state, patient.health
    health = _measured(patient, rules, now)
    if patient.gone or _failed_long(health, rules, now):
        return _told(health, "dead", _why_dead(patient, health))
    if before.told == "dead" and state.failures == 0:
        return _recovered(health, "It answers again.")
    if before.told == "silent" and health.new_at != before.new_at:
        return _recovered(health, "It shows something new again.")
    if not before.told and _is_silent(state, health, rules):
        return _told(health, "silent", _why_silent(state, health))
    return health, "", ""


def _told(health: Health, what: Told, why: str) -> tuple[Health, str, str]:
    """Tell it, unless it was told."""
    return (health, "", "") if health.told == what else (replace(health, told=what), what, why)


def _recovered(health: Health, why: str) -> tuple[Health, str, str]:
    return replace(health, told=""), "recovered", why


def _overrun(patient: Patient, health: Health) -> tuple[Health, str]:
    """The health with the last overrun, and what is to be told of it; of overruns in a row only the first."""
    if patient.gap is None or patient.gap[1] == health.gap_at:
        return health, ""
    start, end = patient.gap
    rested = health.gap_at is None or end - health.gap_at >= OVERRUN_REST
    why = (
        f"Its poll at {_moment(end)} shared nothing with the one at {_moment(start)}: entries in between may "
        "be lost. It is polled sooner for a while; a shorter `interval` helps for good."
    )
    return replace(health, gap_at=end), why if rested else ""


def _is_silent(state: FeedState, health: Health, rules: Rules) -> bool:
    """Whether good polls have shown nothing new for too long: what no poll has seen is no silence."""
    limit = silence_limit(health, rules)
    if limit is None or state.last_ok_at is None or state.last_new_at is None:
        return False
    return state.last_ok_at - state.last_new_at > limit


def _measured(patient: Patient, rules: Rules, now: datetime) -> Health:
    """The health with what the last poll says of failures and silences."""
    state, health = patient.state, patient.health
    failing_since = (health.failing_since or now) if state.failures else None
    health = replace(health, failing_since=failing_since)
    if state.last_new_at is None or state.last_new_at == health.new_at:
        return health
    if health.new_at is None or health.new_at < rules.watching_since or health.told == "dead":
        return replace(health, new_at=state.last_new_at)
    return replace(
        health,
        new_at=state.last_new_at,
        longest=max(health.longest, state.last_new_at - health.new_at),
        silences=health.silences + 1,
    )


def _failed_long(health: Health, rules: Rules, now: datetime) -> bool:
    if health.failing_since is None:
        return False
    return now - max(health.failing_since, rules.watching_since) >= rules.dead_after


def _why_dead(patient: Patient, health: Health) -> str:
    state = patient.state
    good = f"It last answered at {_moment(state.last_ok_at)}" if state.last_ok_at else "It never answered"
    if patient.gone:
        return f"{state.error}. {good}; it is polled no more."
    since = _moment(health.failing_since) if health.failing_since else ""
    return f"{state.error}. {good}; since {since} every poll has failed, {state.failures:,} in a row."


def _why_silent(state: FeedState, health: Health) -> str:
    return (
        f"It answers, but shows nothing new since {_moment(state.last_new_at)}; "
        f"until now it was never silent for longer than {_span(health.longest)}."
    )


def _notice(patient: Patient, kind: str, why: str, now: datetime) -> Notice:
    return Notice(
        key=f"{kind}:{patient.health.feed_id}:{now.isoformat()}",
        kind=kind,
        title=f"Feed {kind}: {patient.name}",
        text=why,
        severity=_SEVERITY.get(kind, "warning"),
        labels={**patient.labels, "feed": patient.name},
    )


def _together(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """The notices, those of a kind of which there are very many as one: it is our network, or a server's."""
    found: list[Notice] = []
    for kind, some in groupby(sorted(notices, key=lambda one: one.kind), key=lambda one: one.kind):
        of_kind = list(some)
        found += of_kind if len(of_kind) <= TOLD_APART else [_summary(kind, of_kind, now)]
    return found


def _summary(kind: str, notices: Sequence[Notice], now: datetime) -> Notice:
    named = ", ".join(one.labels["feed"] for one in notices[:_NAMED])
    return Notice(
        key=f"{kind}:{len(notices)}:{now.isoformat()}",
        kind=kind,
        title=f"{len(notices):,} feeds {kind} at once",
        text=f"{named} and {len(notices) - _NAMED:,} more; `monitor feed health` lists them.",
        severity=_SEVERITY.get(kind, "critical"),
        labels={"feed": "many"},
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def _span(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    for size, unit in ((24 * 60, "days"), (60, "h")):
        if minutes >= 2 * size:
            return f"{minutes / size:.0f} {unit}"
    return f"{minutes:.0f} min"
