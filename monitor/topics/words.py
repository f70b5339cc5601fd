"""The words that queries look for: how each is spelt in a folded text, and how rare it is likely to be.

A word is made once however many topics look for it. Where it stands is found either by the presearch, by its
`patterns`, or one by one, by `find`: both give the same hits, `(pattern, start, end)` in the folded text,
in which one blank stands between words.
"""

import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from monitor.topics.common import COMMON_WORDS
from monitor.topics.stems import stem_of

if TYPE_CHECKING:
    from monitor.topics.sheet import Sheet

Hit = tuple[int, int, int]
"""A pattern's number, and where it stands in the folded text."""

_START = itemgetter(1)

ABSENT = -1
"""What is said of a word that is not at the place looked at."""


class Word:
    """A word as it is spelt in folded texts: as itself, as its plural. Its possessive is elsewhere.

    `frequency` is in how many of a thousand documents it may stand: a guess, for choosing what to look for
    first.
    """

    __slots__ = ("__weakref__", "_spellings", "frequency", "text")

    is_spaceless = False

    def __init__(self, text: str) -> None:
        self.text = text
        self._spellings: tuple[str, ...] | None = None
        self.frequency = self._frequency()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is looked for in a folded text; made when it is first asked for."""
        if self._spellings is None:
            self._spellings = self._patterns()
        return self._spellings

    @property
    def beginning(self) -> str:
        """What all its spellings begin with."""
        return self.patterns[0]

    @property
    def endings(self) -> tuple[str, ...]:
        """What follows that in each of them."""
        seen = len(self.beginning)
        return _the_one(tuple([form[seen:] for form in self.patterns]))

    def between_blanks(self) -> list[tuple[str, int]]:
        """Its spellings from blank to blank, each with the length of its pattern; none if one is open."""
        is_closed = all(pattern[0] == pattern[-1] == " " for pattern in self.patterns)
        return [(pattern, len(pattern)) for pattern in self.patterns] if is_closed else []

    def find(self, sheet: "Sheet") -> list[Hit]:
        """All its places in the sheet, in order."""
        text, found = sheet.folded.text, []
        for number, pattern in enumerate(self.patterns):
            place = text.find(pattern)
            while place >= 0:
                found.append((number, place, place + len(pattern)))
                place = text.find(pattern, place + 1)
        return sorted(found, key=_START) if len(self.patterns) > 1 else found

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:  # noqa: ARG002 - other words look there
        """Where the word of this hit starts and ends, or ABSENT."""
        return hit[1] + 1, hit[2] - 1

    def end_at(self, sheet: "Sheet", start: int) -> int:
        """Where it ends if it starts here, behind a blank, or ABSENT."""
        end = sheet.folded.text.find(" ", start)
        return end if self._stands(sheet, start, end) else ABSENT

    def start_at(self, sheet: "Sheet", end: int) -> int:
        """Where it starts if it ends here, before a blank, or ABSENT."""
        start = sheet.folded.text.rfind(" ", 0, end) + 1
        return start if self._stands(sheet, start, end) else ABSENT

    def _patterns(self) -> tuple[str, ...]:
        return (f" {self.text} ",)

    def _frequency(self) -> float:
        return frequency_of(self.text)

    def _stands(self, sheet: "Sheet", start: int, end: int) -> bool:
        """Whether what stands here between blanks is the word."""
        return sheet.folded.text[start - 1 : end + 1] in self.patterns


class Noun(Word):
    """A word with its plural. Most words are looked for like this; which are nouns nobody asks."""

    __slots__ = ()

    @property
    def beginning(self) -> str:
        """What all its spellings begin with: a y becomes ies, everything else stays."""
        stays = self.patterns[-1].startswith(f" {self.text}")
        return f" {self.text}" if stays else f" {self.text[:-1]}"

    def _patterns(self) -> tuple[str, ...]:
        return tuple(f" {form} " for form in (self.text, *plurals(self.text)))


class Prefix(Word):
    """A word's beginning: `drill*`."""

    __slots__ = ()

    def _frequency(self) -> float:
        return 3 * frequency_of(self.text)

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:
        return hit[1] + 1, sheet.folded.text.find(" ", hit[2])

    def _patterns(self) -> tuple[str, ...]:
        return (f" {self.text}",)

    def _stands(self, sheet: "Sheet", start: int, end: int) -> bool:  # noqa: ARG002 - any end will do
        return sheet.folded.text.startswith(self.text, start)


class Wildcard(Word):
    """A word with a `?` for one character: `wom?n`; perhaps with a `*` behind it."""

    __slots__ = ("_shape",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        letters = (re.escape(part) for part in text.removesuffix("*").split("?"))
        self._shape = re.compile("[^ ]".join(letters) + ("[^ ]*" if text.endswith("*") else "s?"))

    def _frequency(self) -> float:
        return 3 * frequency_of(self.text.partition("?")[0])

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:
        start = hit[1] + 1
        return start, self.end_at(sheet, start)

    def _patterns(self) -> tuple[str, ...]:
        return (f" {self.text.partition('?')[0]}",)

    def _stands(self, sheet: "Sheet", start: int, end: int) -> bool:
        return self._shape.fullmatch(sheet.folded.text, start, end) is not None


class Run(Word):
    """Letters of a script without spaces, wherever they stand together."""

    __slots__ = ()

    is_spaceless = True

    def _frequency(self) -> float:
        return (300, 60, 20, 8)[min(len(self.text), 4) - 1]

    def bounds(self, sheet: "Sheet", hit: Hit) -> tuple[int, int]:  # noqa: ARG002 - other words look there
        return hit[1], hit[2]

    def end_at(self, sheet: "Sheet", start: int) -> int:
        return start + len(self.text) if sheet.folded.text.startswith(self.text, start) else ABSENT

    def start_at(self, sheet: "Sheet", end: int) -> int:
        start = end - len(self.text)
        return start if start >= 0 and sheet.folded.text.startswith(self.text, start) else ABSENT

    def _patterns(self) -> tuple[str, ...]:
        return (self.text,)


class Literal(Run):
    """Letters that a regular expression can not match without, anywhere; only says that it may match."""

    __slots__ = ()

    is_spaceless = False

    def _frequency(self) -> float:
        return 5 * frequency_of(self.text)


class Stem(Word):
    """All words with this stem; `text` is the language, a colon and the stem."""

    __slots__ = ("language", "stem")

    def __init__(self, text: str) -> None:
        self.language, _, self.stem = text.partition(":")
        super().__init__(text)

    def _frequency(self) -> float:
        return 3 * frequency_of(self.stem)

    def find(self, sheet: "Sheet") -> list[Hit]:
        return sheet.stems(self.language).get(self.stem, [])

    def _patterns(self) -> tuple[str, ...]:
        return ()

    def _stands(self, sheet: "Sheet", start: int, end: int) -> bool:
        return start < end and stem_of(self.language, sheet.original(start, end)) == self.stem


def plurals(word: str) -> Iterator[str]:
    """The plurals that an English speaker would form of a folded word, were it a noun."""
    if not word[-1].isascii():
        return
    if word[-1] != "s":
        yield f"{word}s"
    if len(word) > 2 and word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield f"{word}es"
    elif len(word) > 2 and word[-1] == "y" and word[-2] not in "aeiou":
        yield f"{word[:-1]}ies"


@cache
def _the_one(endings: tuple[str, ...]) -> tuple[str, ...]:
    """The same, made once: nearly all words have the same few."""
    return endings


def frequency_of(text: str) -> float:
    """In how many of a thousand documents a folded word may stand: short and everyday words in more."""
    if (known := COMMON_WORDS.get(text)) is not None:
        return known
    return (300, 100, 40, 20, 14, 10, 8)[min(len(text), 7) - 1] if text else 1000


_Kind = TypeVar("_Kind", bound=Word)
_WORDS: WeakValueDictionary[tuple[type[Word], str], Word] = WeakValueDictionary()


def word(kind: type[_Kind], text: str) -> _Kind:
    """The one word of this kind and spelling."""
    key = (kind, text)
    known = _WORDS.get(key)
    if known is None:
        known = _WORDS[key] = kind(text)
    return known  # type: ignore[return-value]  # the key holds its kind
