"""What a topic would have caught lately, and what it gains and loses against the one that is saved.

Looks at the newest entries first, for as long as somebody likes to wait.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from monitor.errors import QueryError
from monitor.store.judgements import Verdict
from monitor.store.store import Store
from monitor.topics.match import Match
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic
from monitor.web.chart import Chart, chart
from monitor.web.show import ShownEntry, shown_entry
from monitor.workshop.backtest import Catch, by_day, candidates, percolated
from monitor.workshop.diff import Side

DAYS = (7, 30, 90)
PATIENCE_SECONDS = 2.5
SHOWN = 8

_NEW, _SAVED = "+", "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a topic would have caught. `reached` is how far back was looked, None where that is all."""

    counts: tuple[tuple[int, int], ...]
    chart: Chart
    newest: tuple[ShownEntry, ...]
    gained: tuple[ShownEntry, ...]
    lost: tuple[ShownEntry, ...]
    gains: int
    losses: int
    loses_relevant: int
    drops_wrong: int
    is_compared: bool
    reached: datetime | None


@dataclass(slots=True, kw_only=True)
class _Look:
    """What was found so far."""

    moments: list[datetime] = field(default_factory=list)
    newest: list[Catch] = field(default_factory=list)
    gained: Side = field(default_factory=Side)
    lost: Side = field(default_factory=Side)
    reached: datetime | None = None


def preview(store: Store, topic: Topic, saved: Topic | None, *, now: datetime, zone: tzinfo) -> Preview:
    """Look back; raises QueryError where the topic breaks on an entry."""
    since = now - timedelta(days=DAYS[-1])
    look = _looked(store, topic, saved, since=since)
    days = by_day(look.moments, since=since, now=now, zone=zone)
    return Preview(
        counts=tuple((some, _since(look, now - timedelta(days=some))) for some in DAYS),
        chart=chart((f"{one.day:%b} {one.day.day}", one.count) for one in days),
        newest=_shown(look.newest),
        gained=_shown(look.gained.newest[:SHOWN]),
        lost=_shown(look.lost.newest[:SHOWN]),
        gains=look.gained.count,
        losses=look.lost.count,
        loses_relevant=look.lost.how_many("relevant"),
        drops_wrong=look.lost.how_many("wrong"),
        is_compared=saved is not None,
        reached=look.reached,
    )


def _looked(store: Store, topic: Topic, saved: Topic | None, *, since: datetime) -> _Look:
    sides = {_NEW: topic} | ({_SAVED: saved} if saved is not None else {})
    ids = {one for side in sides.values() for one in candidates(store, side, since=since)}
    verdicts: Mapping[int | None, Verdict] = {
        one.entry_id: one.verdict for one in (store.judgements(topic=saved.name) if saved else ())
    }
    percolator = Percolator(replace(side, name=name) for name, side in sides.items())
    look, until = _Look(), time.monotonic() + PATIENCE_SECONDS
    for stored, document, matches in percolated(
        store, percolator, sorted(ids, reverse=True), looked=_no_report
    ):
        by_side: dict[str, Match] = {match.topic: match for match in matches}
        for name, match in by_side.items():
            catch = Catch(stored=stored, document=document, spans=match.spans)
            _count(look, name, catch, alone=saved is not None and len(by_side) == 1, verdicts=verdicts)
        if time.monotonic() > until:
            look.reached = stored.seen_at
            break
    if why := percolator.broken.get(_NEW):
        raise QueryError(f"the monitor would leave this topic out: {why}")
    return look


def _count(
    look: _Look, name: str, catch: Catch, *, alone: bool, verdicts: Mapping[int | None, Verdict]
) -> None:
    if name == _NEW:
        look.moments.append(catch.stored.seen_at)
        if len(look.newest) < SHOWN:
            look.newest.append(catch)
    if alone:
        side = look.gained if name == _NEW else look.lost
        side.add(catch, verdicts.get(catch.stored.entry_id))


def _since(look: _Look, moment: datetime) -> int:
    return sum(one >= moment for one in look.moments)


def _shown(catches: list[Catch]) -> tuple[ShownEntry, ...]:
    return tuple(shown_entry(catch.stored, catch.spans, catch.document) for catch in catches)


def _no_report() -> None:
    """Nobody watches how far it is: it takes no longer than somebody likes to wait."""
