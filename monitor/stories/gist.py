"""What a text says, as numbers: its words with what is known of each beforehand, its wording. Pure.

Depends on the text alone and not on the stream: may be made anywhere, once, and kept.
"""

from array import array
from collections import Counter
from functools import lru_cache
from math import log
from typing import NamedTuple

from monitor.stories.terms import is_rare_by_nature, number_of, words_of
from monitor.stories.wording import Wording, fingerprint_of, sketch_of

TITLE = 2.0
"""A word of the title counts as two of the lead: titles say what is new."""
LEAD = 60
"""Words of the lead that count: news says first what happened; what follows is background."""

PRIOR = 1000
_SHARES = (0.3, 0.3, 0.3, 0.1, 0.03, 0.02, 0.0125)
"""In what share of the pieces a word of so many letters is believed to stand before the stream has told,
which counts like `PRIOR` pieces seen. Measured in English news; everywhere the short words are the common."""

_WORDS_KEPT = 2**15
"""Words that are remembered with their numbers: nearly all that a stream uses again and again."""


_NONE = array("I")
"""Most texts have no figures: one for all of these."""


class Word(NamedTuple):
    """A word of a text: its number, what it weighs there, in how many pieces it is believed to stand."""

    number: int
    weight: float
    believed: float


class Gist(NamedTuple):
    """A text's words, each once; its wording (see there); its fingerprint, None of a short one."""

    words: tuple[Word, ...]
    title: "array[int]"
    figures: "array[int]"
    sketch: "array[int]"
    fingerprint: int | None

    def wording(self, piece: int, publisher: str) -> Wording:
        """How the piece of this text is worded."""
        return Wording(piece, publisher, self.title, self.figures, self.sketch)


def gist_of(title: str, lead: str) -> Gist:
    """The gist of a title and of the first part of a lead."""
    headline, opening = words_of(title), words_of(lead, most=LEAD)
    every = headline + opening
    numbers = list(map(number_of, every))
    counts: dict[str, float] = dict(Counter(opening))
    for word in headline:
        counts[word] = counts.get(word, 0.0) + TITLE
    words = tuple([_once(word) if count == 1 else _often(word, count) for word, count in counts.items()])
    figures = {number_of(word) for word in counts if word[0].isdigit()}
    return Gist(
        words=words,
        title=array("I", numbers[: len(headline)]),
        figures=array("I", sorted(figures)) if figures else _NONE,
        sketch=sketch_of(numbers),
        fingerprint=fingerprint_of(every),
    )


@lru_cache(_WORDS_KEPT)
def _once(word: str) -> Word:
    rare = is_rare_by_nature(word)
    share = _SHARES[-1] if rare else _SHARES[min(len(word), len(_SHARES) - 1)]
    return Word(number_of(word), 1.0, PRIOR * share)


@lru_cache(_WORDS_KEPT)
def _often(word: str, count: float) -> Word:
    number, _, believed = _once(word)
    return Word(number, 1 + log(count), believed)
