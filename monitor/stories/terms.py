"""Text of any script → words: cut to a stem's length, or pairs of letters where no blanks part words. Pure.

A word goes on as a number (a CRC of its letters): the memory of half a million entries holds no strings.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

STEM = 6
"""Letters of a word that count: a stemmer for every language that puts its endings last."""
_STRETCH = 420
"""Letters that are looked at together, at the least."""
_WORDS_KEPT = 2**15
"""Words whose numbers are remembered: nearly all that a stream uses again and again."""

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3031-\u3035\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7af"  # Hangul has blanks, but particles grow on its words
    "\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[^\W\d_{_SPACELESS}]+|\d+(?:[.,:]\d+)*|[{_SPACELESS}]+")
_ASCII_WORD = re.compile(r"[a-z]+|\d+(?:[.,:]\d+)*")
_APOSTROPHES = frozenset("'’ʼ＇`´")
_POSSESSIVE = re.compile(rf"[{''.join(_APOSTROPHES)}]s?\b")
_FIRST = re.compile(f"[{_SPACELESS}]")


def words_of(text: str, *, most: int | None = None) -> list[str]:
    """The text's words as they count for a story: folded, without possessives, cut; in order.

    Of a long text hardly more is looked at than is asked for.
    """
    words: list[str] = []
    for start, end in _stretches(text):
        words += _words(text[start:end])
        if most is not None and len(words) >= most:
            break
    return words[:most]


@lru_cache(_WORDS_KEPT)
def number_of(word: str) -> int:
    """The word as a number of 32 bits, the same in every process."""
    return crc32(word.encode("utf-8", "replace"))


def is_rare_by_nature(word: str) -> bool:
    """Whether its shortness says nothing: a pair of letters of a spaceless script, or a number."""
    return word[0].isdigit() or (not word.isascii() and _FIRST.match(word) is not None)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where to cut a long text: at blanks, which nothing that is looked for goes across."""
    start = 0
    while len(text) - start > _STRETCH and (blank := text.find(" ", start + _STRETCH)) >= 0:
        yield start, blank
        start = blank
    yield start, len(text)


def _words(text: str) -> list[str]:
    if not _APOSTROPHES.isdisjoint(text):
        text = _POSSESSIVE.sub("", text)
    if text.isascii():
        runs = _ASCII_WORD.findall(text.lower())
        return [run[:STEM] if run[0] > "9" else run.replace(",", "") for run in runs]
    folded = unicodedata.normalize("NFKC", text).casefold()
    runs = _WORD.findall(folded)
    if not _FIRST.search(folded):
        return [run.replace(",", "") if run[0].isdigit() else run[:STEM] for run in runs]
    return [word for run in runs for word in _cut(run)]


def _cut(run: str) -> Sequence[str]:
    if run[0].isdigit():
        return (run.replace(",", ""),)
    if not _FIRST.match(run):
        return (run[:STEM],)
    return [run[start : start + 2] for start in range(max(1, len(run) - 1))]
