"""Text of any script → words: cut to a stem's length, or pairs of letters where no blanks part words. Pure.

A word goes on as a number (a CRC of its letters): the memory of half a million entries holds no strings.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zlib import crc32

STEM = 6
"""Letters of a word that count: a stemmer for every language that puts its endings last."""

TITLE = 2.0
"""A word of the title counts as two of the lead: titles say what is new."""
LEAD = 60
"""Words of the lead that count: news says first what happened; what follows is background."""

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3031-\u3035\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7af"  # Hangul has blanks, but particles grow on its words
    "\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"\d+(?:[.,:]\d+)*|[{_SPACELESS}]+|(?:(?![{_SPACELESS}\d])[^\W_])+")
_POSSESSIVE = re.compile(r"['’ʼ＇`´]s?\b")
_FIRST = re.compile(f"[{_SPACELESS}]")


class Words(NamedTuple):
    """A piece's words: how often each stands in it, one of the title counting as `TITLE`."""

    title: tuple[str, ...]
    lead: tuple[str, ...]

    @classmethod
    def of(cls, title: str, lead: str) -> "Words":
        """The words of a title and of the first part of a lead."""
        return cls(tuple(words_of(title)), tuple(words_of(lead)[:LEAD]))

    def counts(self) -> Mapping[str, float]:
        """How often each word stands in it, by weight."""
        counts: Counter[str] = Counter(self.lead)
        weighed: dict[str, float] = dict(counts)
        for word in self.title:
            weighed[word] = weighed.get(word, 0) + TITLE
        return weighed


def words_of(text: str) -> list[str]:
    """The text's words as they count for a story: folded, without possessives, cut; in order."""
    return list(_words(_POSSESSIVE.sub("", text)))


def number_of(word: str) -> int:
    """The word as a number of 32 bits, the same in every process."""
    return crc32(word.encode("utf-8", "replace"))


def is_rare_by_nature(word: str) -> bool:
    """Whether its shortness says nothing: a pair of letters of a spaceless script, or a number."""
    return word[0].isdigit() or (not word.isascii() and _FIRST.match(word) is not None)


def _words(text: str) -> Iterator[str]:
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    for run in _WORD.findall(folded):
        if run[0].isdigit():
            yield run.replace(",", "")
        elif run.isascii() or not _FIRST.match(run):
            yield run[:STEM]
        else:
            yield from (run[start : start + 2] for start in range(max(1, len(run) - 1)))
