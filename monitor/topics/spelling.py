"""From what is typed in a query to the words that are looked for, and what must hold them together.

Folds what is typed by the same rules as documents, so that a word is the same on both sides.
"""

import re
import unicodedata
from itertools import pairwise

from monitor.errors import QueryError
from monitor.records import dataclass
from monitor.topics.fold import APOSTROPHES, fold, is_spaceless
from monitor.topics.folded import Folded
from monitor.topics.stems import stem_of
from monitor.topics.text import joins
from monitor.topics.words import Noun, Prefix, Run, Stem, Wildcard, Word, word

ANYTHING = ""
"""The joint between two words that only have to follow each other: a blank, a hyphen, a comma."""

_BARE = re.compile("[A-Za-z]+(?: [A-Za-z]+)*")
_PLAIN = frozenset((Word, Noun))
_FOLDED_WORD = re.compile("[^ ]+")
_SIGNS = {"#": "#", "＃": "#", "@": "@", "＠": "@"}
_JOINTS = {**dict.fromkeys(APOSTROPHES, "'"), ".": ".", "&": "&", "＆": "&"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Words in order; `joints[i]` is what must stand between word i and the next.

    `before` is the sign of a #tag or @handle, `after` the signs of C++ and C#, `has_stop` says that the last
    word is typed with a stop, as in U.S., and `written` is the typed text where case and accents count.
    """

    words: tuple[Word, ...]
    joints: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    has_stop: bool = False
    written: str = ""

    @property
    def is_one_word(self) -> bool:
        """Whether nothing has to be looked at but the one word."""
        return len(self.words) == 1 and not (self.before or self.after or self.written or self.has_stop)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but its words has to stand there, each as it is typed or in its plural."""
        is_bare = not (self.before or self.after or self.written or self.has_stop or any(self.joints))
        return is_bare and _PLAIN.issuperset(map(type, self.words))


def spelling_of(typed: str, *, exact: bool = False, stem: str = "") -> Spelling:
    """How a word or a phrase is looked for; raises QueryError where there is no word in it."""
    if not exact and _BARE.fullmatch(typed):  # as nearly all are: half of the time
        words = tuple([_word(bare.lower(), bare, is_as_typed=False, stem=stem) for bare in typed.split(" ")])
        return Spelling(words=words, joints=(ANYTHING,) * (len(words) - 1))
    return spelling_of_signs(typed, exact=exact, stem=stem)


def spelling_of_signs(typed: str, *, exact: bool = False, stem: str = "") -> Spelling:
    """The same, whatever stands between and around the words."""
    text, folded, places = _folded_words(typed)
    joints = _joints(text, folded, places)
    first, last = folded.origin(places[0][0]), folded.origin(places[-1][1])
    before = _SIGNS.get(text[first - 1], "") if not text[first - 2].isalnum() else ""
    after = _signs_after(text, last)
    held = {index for number, joint in enumerate(joints) if joint for index in (number, number + 1)}
    if before:
        held.add(0)
    if after:
        held.add(len(joints))
    words = tuple(
        _word(
            folded.text[start:end],
            text[folded.origin(start) : folded.origin(end)],
            is_as_typed=exact or number in held,
            stem=stem,
        )
        for number, (start, end) in enumerate(places)
    )
    return Spelling(
        words=words,
        joints=joints,
        before=before,
        after=after,
        has_stop=bool(joints) and joints[-1] == "." and text[last] == ".",
        written=as_written(text[first:last]) if exact else "",
    )


def units_of(typed: str) -> list[str]:
    """The typed words; what is held together, like U.S. and AT&T, is one."""
    text, folded, places = _folded_words(typed)
    borders = [0]
    for joint, (start, _) in zip(_joints(text, folded, places), places[1:], strict=True):
        if not joint:
            border = folded.origin(start)
            borders.append(border - (text[border - 1] in _SIGNS))
    return [text[start:end].strip() for start, end in zip(borders, [*borders[1:], len(text)], strict=True)]


def spelling_with_wildcards(typed: str) -> Spelling:
    """How a word with a `*` at its end or a `?` inside is looked for."""
    core = typed.removesuffix("*")
    pieces = "?".join(fold(piece).text for piece in core.split("?")).split()
    if not pieces or not pieces[-1].strip("?"):
        raise QueryError(f"there is no word in {typed}")
    words: list[Word] = [_wildcard(piece) for piece in pieces[:-1]]
    words.append(_wildcard(pieces[-1], is_open=core != typed))
    return Spelling(words=tuple(words), joints=(ANYTHING,) * (len(words) - 1))


def as_written(text: str) -> str:
    """The letters of a text, in case and accents as they are; what is between them is a blank."""
    composed = unicodedata.normalize("NFC", text)
    letters = (
        char if category[0] in "LNM" else "" if category == "Cf" else " "
        for char, category in ((char, unicodedata.category(char)) for char in composed)
    )
    return " ".join("".join(letters).split())


def _word(folded: str, typed: str, *, is_as_typed: bool, stem: str) -> Word:
    if is_spaceless(folded):
        return word(Run, folded)
    if is_as_typed or len(folded) == 1:
        return word(Word, folded)
    if stem and folded.isalpha():
        return word(Stem, f"{stem}:{stem_of(stem, typed)}")
    return word(Noun, folded)


def _wildcard(folded: str, *, is_open: bool = False) -> Word:
    if is_spaceless(folded):
        return word(Run, folded)
    if "?" in folded:
        return word(Wildcard, f"{folded}*" if is_open else folded)
    return word(Prefix if is_open else Noun, folded)


def _folded_words(typed: str) -> tuple[str, Folded, list[tuple[int, int]]]:
    """The typed text between line ends, folded, and the places of its words in the folded text."""
    text = f"\n{typed}\n\n"
    folded = fold(text)
    places = [found.span() for found in _FOLDED_WORD.finditer(folded.text)]
    if not places:
        raise QueryError(f"there is no word in {typed}")
    return text, folded, places


def _joints(text: str, folded: Folded, places: list[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(
        _joint(text, folded.origin(end), folded.origin(start)) for (_, end), (start, _) in pairwise(places)
    )


def _joint(text: str, end: int, start: int) -> str:
    """What must stand between two words: a stop or an apostrophe that holds them together, or anything."""
    between = text[end:start]
    if between.startswith("++"):
        return "++"
    joint = _JOINTS.get(between, ANYTHING)
    return joint if joint == "&" or (joint and joins(text, end)) else ANYTHING


def _signs_after(text: str, end: int) -> str:
    if text.startswith("++", end):
        return "++"
    return "#" if text[end] in "#＃" else ""
