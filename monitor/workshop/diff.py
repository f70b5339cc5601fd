"""Two sets of topics against each other: what would the stored entries gain and lose them?

    topics before, topics after → pairs       changed, new, removed, renamed, broken     pure
    pairs → diffs                             one pass over what any of them may catch

Judged hits are watched: an edit that loses relevant ones is no improvement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from monitor.errors import QueryError
from monitor.store.judgements import Judgement, Verdict
from monitor.store.store import Store
from monitor.topics.match import Match
from monitor.topics.percolator import Percolator, version_of
from monitor.topics.topic import Topic
from monitor.workshop.backtest import Catch, Looked, candidates, percolated

Kind = Literal["changed", "new", "removed", "renamed", "broken"]
SHOWN = 10
"""Catches that are kept of each side to be shown, the newest; all are counted."""

_BEFORE, _AFTER = "-", "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A topic before and after; one of them is None where it is new, removed or broken."""

    kind: Kind
    before: Topic | None = None
    after: Topic | None = None

    @property
    def name(self) -> str:
        """How the topic is called now, or was last."""
        topic = self.after or self.before
        return topic.name if topic else ""


@dataclass(slots=True, kw_only=True)
class Side:
    """What one side catches and the other does not; `judged` counts those that were judged before."""

    count: int = 0
    newest: list[Catch] = field(default_factory=list)
    judged: dict[Verdict, list[Catch]] = field(default_factory=dict)

    def add(self, catch: Catch, verdict: Verdict | None) -> None:
        """Count an entry."""
        self.count += 1
        if len(self.newest) < SHOWN:
            self.newest.append(catch)
        if verdict is not None:
            self.judged.setdefault(verdict, []).append(catch)

    def how_many(self, verdict: Verdict) -> int:
        """How many were judged so."""
        return len(self.judged.get(verdict, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDiff:
    """What a topic gains and loses, and how many it catches on both sides."""

    pair: Pair
    gained: Side = field(default_factory=Side)
    lost: Side = field(default_factory=Side)

    @property
    def loses_relevant(self) -> bool:
        """Whether it loses what somebody wanted."""
        return self.lost.how_many("relevant") > 0


def paired(before: Iterable[Topic], after: Iterable[Topic], *, broken: Iterable[str] = ()) -> list[Pair]:
    """What became of each topic, without those that are as they were; `broken` have a name but do not run."""
    old = {topic.name: topic for topic in before}
    new = {topic.name: topic for topic in after}
    gone = {name: topic for name, topic in old.items() if name not in new}
    left_out = set(broken) & gone.keys()
    by_version = {version_of(topic): name for name, topic in gone.items() if name not in left_out}
    pairs = []
    for name, topic in new.items():
        if name in old:
            if version_of(old[name]) != version_of(topic):
                pairs.append(Pair(kind="changed", before=old[name], after=topic))
        elif (was := by_version.pop(version_of(topic), None)) is not None:
            pairs.append(Pair(kind="renamed", before=gone.pop(was), after=topic))
        else:
            pairs.append(Pair(kind="new", after=topic))
    return pairs + [
        Pair(kind="broken" if name in left_out else "removed", before=topic) for name, topic in gone.items()
    ]


def possible(store: Store, pairs: Sequence[Pair], *, since: datetime | None) -> list[int]:
    """Ids of the entries that could make a difference, the newest first."""
    ids: set[int] = set()
    for pair in pairs:
        for _, topic in _sides(pair):
            ids.update(candidates(store, topic, since=since))
    return sorted(ids, reverse=True)


def diffs(
    store: Store,
    pairs: Sequence[Pair],
    entry_ids: Iterable[int],
    *,
    judgements: Iterable[Judgement],
    looked: Looked,
) -> list[TopicDiff]:
    """What each of the pairs gains and loses among these entries."""
    found = [TopicDiff(pair=pair) for pair in pairs]
    sides = {topic.name: (diff, sign) for diff in found for sign, topic in _sides(diff.pair)}
    verdicts = _verdicts(judgements)
    percolator = Percolator(topic for pair in pairs for _, topic in _sides(pair))
    for stored, document, matches in percolated(store, percolator, entry_ids, looked=looked):
        on_one_side: dict[int, Match | None] = {}
        for match in matches:
            key = id(sides[match.topic][0])
            on_one_side[key] = None if key in on_one_side else match
        for match in filter(None, on_one_side.values()):
            diff, sign = sides[match.topic]
            catch = Catch(stored=stored, document=document, spans=match.spans)
            side = diff.gained if sign == _AFTER else diff.lost
            side.add(catch, _verdict(verdicts, diff.pair, stored.entry_id))
    if broken := dict(percolator.broken):
        raise QueryError(
            "\n".join(f"the topic {name[1:]} would be left out: {broken[name]}" for name in broken)
        )
    return found


def _sides(pair: Pair) -> list[tuple[str, Topic]]:
    """What must be matched, each under a name that tells its side; a renamed topic catches what it did."""
    both = ((_BEFORE, pair.before), (_AFTER, pair.after)) if pair.kind != "renamed" else ()
    return [(sign, replace(topic, name=f"{sign}{topic.name}")) for sign, topic in both if topic is not None]


def _verdicts(judgements: Iterable[Judgement]) -> dict[tuple[str, int], Verdict]:
    return {(one.topic, one.entry_id): one.verdict for one in judgements if one.entry_id is not None}


def _verdict(verdicts: Mapping[tuple[str, int], Verdict], pair: Pair, entry_id: int) -> Verdict | None:
    return verdicts.get((pair.before.name if pair.before else pair.name, entry_id))
