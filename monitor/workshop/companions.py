"""Words and two-word phrases that stand with a topic's hits far more than elsewhere, each tried as an OR."""

from collections.abc import Iterable, Sequence
from itertools import islice

from monitor.store.store import Store
from monitor.topics.fold import fold
from monitor.topics.query import Node, leaves
from monitor.topics.sheet import TEXT
from monitor.topics.text import tokens
from monitor.topics.topic import Topic
from monitor.workshop.association import Association, associations, counted, node_of
from monitor.workshop.backtest import Catch
from monitor.workshop.edits import Edit, with_alternative
from monitor.workshop.variants import known_words

MOST = 40
"""Words and phrases that are tried, the most surprising."""

PHRASES = 200
"""Phrases whose frequency elsewhere is asked for, the most frequent with the hits."""

TOO_BROAD = 10
"""What stands in so many times more entries than the topic hits is no suggestion; nor is less than ENOUGH."""

ENOUGH = 50

RARE = 40
"""A word must stand with one of so many hits, and with two at least."""


def companions(
    store: Store, topic: Topic, hits: Sequence[Catch], *, share: float
) -> list[tuple[Edit, float]]:
    """The query OR such a word, and how surprising it is that it stands with the hits (G²).

    `share` is the part that these hits probably are of all that the stored entries hold.
    """
    if not hits:
        return []
    new = (one for one in _associated(store, hits, share) if not _is_said(one.text, topic.query))
    return [(with_alternative(topic.query, node_of(one.text)), one.score) for one in islice(new, MOST)]


def _is_said(text: str, query: Node) -> bool:
    """Whether a word or phrase only says what the query does, perhaps with a word more."""
    own = {" ".join(fold(str(leaf)).text.split()) for leaf in leaves(query)}
    return known_words(query).issuperset(text.split()) or any(f" {leaf} " in f" {text} " for leaf in own)


def _associated(store: Store, hits: Sequence[Catch], share: float) -> list[Association]:
    """Compared is as if every text stood in the store once, copies being as frequent elsewhere as here."""
    originals = _originals(hits)
    insiders, copies, all_hits = len(originals), len(hits) / len(originals), len(hits) / share
    counts = counted(catch.document for catch in originals)
    inside = {text: count for text, count in counts.most_common() if count >= max(2, insiders // RARE)}
    outside = {
        text: round(max(0.0, count / copies - inside[text] / share))
        for text, count in _counts_everywhere(store, inside).items()
        if count <= max(ENOUGH, TOO_BROAD * all_hits)
    }
    outsiders = round(max(0.0, store.count_entries() - all_hits) / copies)
    return associations({text: inside[text] for text in outside}, insiders, outside, outsiders)


def _originals(hits: Iterable[Catch]) -> list[Catch]:
    """One of the hits for each text that was hit: a wire story in ten feeds must not pass for ten voices."""
    found: dict[tuple[str, ...], Catch] = {}
    for catch in hits:
        document, fields = catch.document, sorted({span.field for span in catch.spans} & TEXT)
        texts = tuple(getattr(document, field) for field in fields)
        found.setdefault(texts or (str(catch.stored.entry_id),), catch)
    return list(found.values())


def _counts_everywhere(store: Store, features: Iterable[str]) -> dict[str, int]:
    """In how many entries each of these stands; of phrases, only of the first."""
    by_tokens = {feature: tokens(feature) for feature in features}
    words = {feature: parts[0] for feature, parts in by_tokens.items() if len(parts) == 1}
    phrases = [feature for feature, parts in by_tokens.items() if len(parts) > 1][:PHRASES]
    found = store.word_counts(set(words.values()))
    counts = {feature: found[word] for feature, word in words.items() if word in found}
    expressions = {feature: f'"{" ".join(by_tokens[feature])}"' for feature in phrases}
    return counts | {feature: store.count_entries(asked) for feature, asked in expressions.items()}
