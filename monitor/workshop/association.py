"""Which words and two-word phrases stand in some texts far more than in others. Pure.

By the log-likelihood ratio: T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence",
Computational Linguistics 19 (1993). Unlike a ratio of shares it is not fooled by words seen once or twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log

from monitor.topics.document import Document
from monitor.topics.fold import is_spaceless
from monitor.topics.query import Node, Phrase, Term
from monitor.topics.text import index_text
from monitor.workshop.function_words import FUNCTION_WORDS

SIGNIFICANT = 10.83
"""G² above this happens by chance once in a thousand (χ², one degree of freedom)."""

MOST_LETTERS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A word or phrase: in how many texts inside and outside it stands, and how surprising that is."""

    text: str
    inside: int
    outside: int
    score: float


def log_likelihood(inside: int, insiders: int, outside: int, outsiders: int) -> float:
    """Dunning's G² of standing in `inside` of the texts of a kind and in `outside` of the others.

    Negative where it stands in fewer of the kind than in the others.
    """
    everything = insiders + outsiders
    standing = inside + outside
    if not insiders or not outsiders or not 0 < standing < everything:
        return 0.0
    cells = (
        (inside, insiders * standing),
        (insiders - inside, insiders * (everything - standing)),
        (outside, outsiders * standing),
        (outsiders - outside, outsiders * (everything - standing)),
    )
    score = 2 * sum(count * log(count * everything / product) for count, product in cells if count)
    return score if inside * outsiders > outside * insiders else -score


def associations(
    inside: Mapping[str, int],
    insiders: int,
    outside: Mapping[str, int],
    outsiders: int,
    *,
    least: float = SIGNIFICANT,
) -> list[Association]:
    """The words and phrases that are surprisingly frequent inside, the most surprising first."""
    found = [
        Association(
            text=text,
            inside=count,
            outside=outside.get(text, 0),
            score=log_likelihood(count, insiders, outside.get(text, 0), outsiders),
        )
        for text, count in inside.items()
    ]
    return sorted((one for one in found if one.score > least), key=lambda one: (-one.score, one.text))


def counted(documents: Iterable[Document]) -> Counter[str]:
    """In how many of the documents each word and phrase stands."""
    return Counter(feature for document in documents for feature in features(document))


def features(document: Document) -> frozenset[str]:
    """The telling words of a document and its pairs of words; in scripts without spaces, of letters."""
    found: set[str] = set()
    for text in index_text(document):
        tokens = text.split()
        found.update(filter(_tells, tokens))
        found.update(_pairs(tokens))
    return frozenset(found)


def node_of(feature: str) -> Node:
    """The word or phrase as a query looks for it."""
    return Phrase(text=feature) if " " in feature else Term(text=feature)


def _pairs(tokens: list[str]) -> Iterator[str]:
    for one, other in pairwise(tokens):
        spaceless = is_spaceless(one), is_spaceless(other)
        if all(spaceless):
            yield one + other
        elif (_tells(one) or _tells(other)) and _joins(one) and _joins(other):
            yield f"{one} {other}"


def _joins(word: str) -> bool:
    """Whether a phrase may have it: `10` of 10 Downing Street, but no `the` and no `of`."""
    return len(word) > 1 and word not in FUNCTION_WORDS and not is_spaceless(word)


def _tells(word: str) -> bool:
    """Whether the word says something alone: no number, no letter, nothing that only builds sentences."""
    return 2 < len(word) <= MOST_LETTERS and not word.isdigit() and _joins(word)
