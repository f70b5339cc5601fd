"""Words that tell a topic's wrong hits from its relevant ones: what a NOT of each would remove and cost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.documents import document_of
from monitor.store.judgements import Judgement, Verdict
from monitor.store.store import Store
from monitor.topics.document import Document
from monitor.topics.percolator import Percolator
from monitor.topics.topic import Topic
from monitor.workshop.association import Association, associations, counted, node_of
from monitor.workshop.backtest import Catch
from monitor.workshop.edits import Edit, with_exclusion
from monitor.workshop.variants import known_words

LIKELY = 3.84
"""G² above this happens by chance once in twenty: judgements are few."""

TRIED = 40
"""Words and phrases that are tried, the most surprising."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What a NOT would remove: of the hits marked wrong, of those marked relevant, of all looked at."""

    edit: Edit
    wrong: int
    relevant: int
    hits: int


def exclusions(
    store: Store, topic: Topic, judgements: Sequence[Judgement], hits: Sequence[Catch]
) -> list[Exclusion]:
    """What NOT to look for, the best first; of several that do the same only the first."""
    wrong = _documents(store, judgements, "wrong")
    relevant = _documents(store, judgements, "relevant")
    # Before anything was marked relevant, a hit that nobody marked wrong passes for it.
    judged = {one.entry_id for one in judgements}
    others = relevant or [catch.document for catch in hits if catch.stored.entry_id not in judged]
    found = _removals(_candidates(topic, wrong, others), wrong, relevant, [catch.document for catch in hits])
    useful: dict[tuple[frozenset[int], frozenset[int]], Exclusion] = {}
    for text, (in_wrong, in_relevant, in_hits) in found.items():
        edit = with_exclusion(topic.query, node_of(text))
        one = Exclusion(edit=edit, wrong=len(in_wrong), relevant=len(in_relevant), hits=len(in_hits))
        if one.wrong > one.relevant:
            useful.setdefault((in_wrong, in_relevant), one)
    return sorted(useful.values(), key=lambda one: (one.relevant - one.wrong, one.hits))


def _documents(store: Store, judgements: Iterable[Judgement], verdict: Verdict) -> list[Document]:
    """The documents of the hits that were judged so and are not forgotten."""
    wanted = [one.entry_id for one in judgements if one.verdict == verdict and one.entry_id is not None]
    return [document_of(stored.entry, feed=stored.feed) for stored in store.entries_of(wanted)]


def _candidates(topic: Topic, wrong: Sequence[Document], others: Sequence[Document]) -> list[str]:
    """Words and phrases, single words first among those that are as good."""
    known = known_words(topic.query)
    inside = {text: count for text, count in counted(wrong).items() if count > 1}
    found = associations(inside, len(wrong), counted(others), len(others), least=LIKELY)
    new = [one for one in found if not known.intersection(one.text.split())]
    return [one.text for one in sorted(new, key=_by_score_and_length)[:TRIED]]


def _by_score_and_length(one: Association) -> tuple[float, int, str]:
    return (-round(one.score, 3), one.text.count(" "), one.text)


def _removals(candidates: Sequence[str], *heaps: Sequence[Document]) -> dict[str, list[frozenset[int]]]:
    """Which documents of each heap each of the words would remove, by the matcher."""
    percolator = Percolator(Topic(name=text, query=node_of(text)) for text in candidates)
    found = [list(_matched(percolator, heap)) for heap in heaps]
    return {
        text: [frozenset(number for number, names in enumerate(heap) if text in names) for heap in found]
        for text in candidates
    }


def _matched(percolator: Percolator, documents: Iterable[Document]) -> Iterator[set[str]]:
    return ({match.topic for match in percolator.match(document)} for document in documents)
