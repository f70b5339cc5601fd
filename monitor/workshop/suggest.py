"""How a topic could do better, from the stored entries: what it nearly caught, what to add, what to exclude.

    hits           what the topic catches, the newest HITS of it
    near misses    entries one edit away: a clause less, a wider NEAR, a slip of spelling, an inflected form
    words          that stand with its hits far more than elsewhere, each as an OR
    exclusions     words that tell hits marked wrong from those marked relevant

Every edit is compiled and matched as a topic is: what it would add was counted, not guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from monitor.store.store import Store
from monitor.topics.narrowing import narrowing
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic
from monitor.workshop.backtest import Catch, Looked, candidates, catches, percolated
from monitor.workshop.companions import companions
from monitor.workshop.edits import Edit, loosened
from monitor.workshop.exclusions import Exclusion, exclusions
from monitor.workshop.variants import variants

HITS = 2_000
"""Hits that are looked at, the newest."""

LOOKED = 3_000
"""Entries that are looked at for one edit, the newest of those that it may add."""

_AS_IT_IS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What an edit would add: how many entries, and the newest of them.

    With `is_all` false there were more entries than LOOKED: it would add at least so many. Of a word `score`
    says how surprising it is that it stands with the hits.
    """

    edit: Edit
    added: int
    example: Catch | None
    is_all: bool
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """How a topic could do better; `hits` were looked at."""

    topic: Topic
    hits: int
    near: tuple[Gain, ...]
    words: tuple[Gain, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(slots=True, kw_only=True)
class _Tally:
    """An edit while entries are looked at."""

    edit: Edit
    score: float
    entry_ids: frozenset[int]
    is_all: bool
    added: int = 0
    example: Catch | None = None


def suggestions(store: Store, topic: Topic, *, since: datetime | None, looked: Looked) -> Suggestions:
    """All that the entries seen since a moment suggest for the topic; raises QueryError if it is broken."""
    hits = list(islice(catches(store, topic, candidates(store, topic, since=since), looked=looked), HITS))
    edits = [(edit, 0.0) for edit in (*loosened(topic.query), *variants(store, topic))]
    edits += companions(store, topic, hits, share=_share(store, topic, hits))
    caught = {catch.stored.entry_id for catch in hits}
    tallies = [_tally(store, topic, edit, score, caught=caught, since=since) for edit, score in edits]
    _count(store, topic, tallies, looked)
    gains = [_gain(tally) for tally in tallies if tally.added]
    return Suggestions(
        topic=topic,
        hits=len(hits),
        near=tuple(sorted((gain for gain in gains if gain.edit.kind != "word"), key=_nearest)),
        words=tuple(sorted((gain for gain in gains if gain.edit.kind == "word"), key=_most_surprising)),
        exclusions=tuple(exclusions(store, topic, store.judgements(topic=topic.name), hits)),
    )


def _share(store: Store, topic: Topic, hits: Sequence[Catch]) -> float:
    """The part that these hits probably are of all: that of the candidates which were looked at for them."""
    if not hits:
        return 1.0
    everywhere = candidates(store, topic, since=None)
    oldest = hits[-1].stored.entry_id
    return sum(entry_id >= oldest for entry_id in everywhere) / len(everywhere)


def _tally(
    store: Store, topic: Topic, edit: Edit, score: float, *, caught: set[int], since: datetime | None
) -> _Tally:
    """The edit with the entries that it may add."""
    found = store.candidates(narrowing(replace(topic, query=edit.needs)), since=since)
    new = [entry_id for entry_id in found if entry_id not in caught]
    return _Tally(edit=edit, score=score, entry_ids=frozenset(new[:LOOKED]), is_all=len(new) <= LOOKED)


def _count(store: Store, topic: Topic, tallies: Sequence[_Tally], looked: Looked) -> None:
    """Look at all entries that any edit may add, each once, and count what each does add."""
    by_name = {str(number): tally for number, tally in enumerate(tallies)}
    edited = [replace(topic, name=name, query=tally.edit.query) for name, tally in by_name.items()]
    percolator = Percolator([replace(topic, name=_AS_IT_IS), *edited])
    entry_ids = sorted({entry_id for tally in tallies for entry_id in tally.entry_ids}, reverse=True)
    for stored, document, matches in percolated(store, percolator, entry_ids, looked=looked):
        if any(match.topic == _AS_IT_IS for match in matches):
            continue
        for match in matches:
            tally = by_name[match.topic]
            if stored.entry_id in tally.entry_ids:
                tally.added += 1
                tally.example = tally.example or Catch(stored=stored, document=document, spans=match.spans)


def _gain(tally: _Tally) -> Gain:
    return Gain(
        edit=tally.edit,
        added=tally.added,
        example=tally.example,
        is_all=tally.is_all,
        score=tally.score,
    )


def _nearest(gain: Gain) -> tuple[bool, int, str]:
    """The fewer an edit adds, the nearer they are."""
    return (not gain.is_all, gain.added, gain.edit.what)


def _most_surprising(gain: Gain) -> tuple[float, str]:
    return (-gain.score, gain.edit.what)
