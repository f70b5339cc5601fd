"""Other spellings and inflected forms of a topic's words, of those that stand in the stored entries."""

from collections.abc import Iterator

from monitor.store.store import Store
from monitor.topics.fold import fold
from monitor.topics.query import Node, leaves
from monitor.topics.stems import stem_of
from monitor.topics.topic import Topic
from monitor.topics.words import plurals
from monitor.workshop.edits import Edit, Kind, near_spellings, places, with_variant

VARIANTS = 12
"""Spellings and as many forms of one word that are tried, the most frequent."""

RARER, COMMONER = 10, 20
"""A slip stands in so many times fewer entries than the word; or the word is the slip."""

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_STEMMER = "english"


def variants(store: Store, topic: Topic) -> Iterator[Edit]:
    """The query with a spelling or a form of one of its words beside it."""
    known = known_words(topic.query)
    seen: set[tuple[str, str]] = set()
    for place in places(topic.query):
        word = fold(place.word).text.strip()
        forms = {} if topic.stem else _forms(store, word)
        slips = {slip: count for slip, count in _slips(store, word).items() if slip not in forms}
        both: tuple[tuple[dict[str, int], Kind], ...] = ((slips, "spelling"), (forms, "form"))
        for found, kind in both:
            for variant in sorted(found.keys() - known, key=lambda one: (-found[one], one))[:VARIANTS]:
                if (str(place.leaf), variant) not in seen:
                    seen.add((str(place.leaf), variant))
                    yield with_variant(topic.query, place, variant, kind=kind)


def known_words(query: Node) -> set[str]:
    """All words that the query looks for already, folded, with their plurals."""
    known: set[str] = set()
    for leaf in leaves(query):
        for word in fold(str(leaf)).text.split():
            known |= {word, *plurals(word)}
    return known


def _slips(store: Store, word: str) -> dict[str, int]:
    """Words one slip of the pen away, and in how many entries each stands."""
    letters = "".join(dict.fromkeys(_LATIN + word if word.isascii() else word))
    counts = store.word_counts(near_spellings(word, letters) | {word})
    own = counts.pop(word, 0)
    fewest, most = COMMONER * max(1, own), max(2, own // RARER)
    return {other: count for other, count in counts.items() if count <= most or count >= fewest}


def _forms(store: Store, word: str) -> dict[str, int]:
    """Words with the same English stem, and in how many entries each stands."""
    if not word.isascii():
        return {}
    stem = stem_of(_STEMMER, word)
    beginning = word[: max(4, min(len(stem), len(word) - 2))]
    found = store.words_beginning(beginning)
    return {other: count for other, count in found.items() if stem_of(_STEMMER, other) == stem}
