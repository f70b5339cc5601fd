"""Folds text: case, accents and the many shapes of one character away, words apart by blanks.

A folded text holds letters and digits, everything else is a blank; `Folded.origin` leads each of its
characters back to the original. What is a word, and where one ends, is the business of text.py.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from monitor.topics.folded import Folded, Pieces

APOSTROPHES = "'’‘‛ʼʹ＇`´′\x91\x92"
"""All shapes of the apostrophe, with two that a wrong decoding leaves behind."""

SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eff\u1000-\u103f\u1050-\u109f\u1780-\u17d3\u17d7-\u17dd"
    "\u3005-\u3007\u3031-\u3035\u3041-\u309f\u30a1-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ef\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""The letters of scripts that put no blanks between words, as a regular expression's class."""

ODD = "\0"
"""What stands for a character that folds to none or to several, until the text is mended."""


def fold(text: str) -> Folded:
    """The text in lower case, without accents, its words apart by blanks."""
    return fold_narrowed(text, narrowed(text))


def narrowed(text: str) -> bytes | None:
    """The text, one byte a character, in an alphabet of our own; None where it has other letters.

    Nearly all texts in Latin letters pass, and what is done to bytes costs a tenth of what is done to text.
    """
    if text.isascii():
        return text.encode()
    try:
        return codecs.charmap_encode(text, _HANDLER, _ENCODING)[0]
    except UnicodeEncodeError:
        return None


def fold_narrowed(text: str, narrow: bytes | None) -> Folded:
    """The same as fold, where the text has been narrowed already."""
    if narrow is not None:
        folded = narrow.translate(_FOLD_BYTES).decode("ascii")
        return Folded(folded) if ODD not in folded else _mended(text, folded)
    folded = text.translate(_FOLD)
    return _mended(text, folded) if ODD in folded or is_spaceless(folded) else Folded(folded)


def fold_between(narrow: bytes, signs: str) -> str:
    """A narrowed text, folded letter by letter: odd characters are left, and these signs are kept."""
    return narrow.translate(_keeping(signs)).decode("ascii")


@cache
def _keeping(signs: str) -> bytes:
    return byte_table(lambda char: char if char in signs else _FOLD[ord(char)])


def byte_table(byte_of: Callable[[str], str]) -> bytes:
    """A table for bytes.translate over narrowed texts, from what each character of the alphabet becomes."""
    return bytes(ord(byte_of(char)) if char != _UNUSED else 0 for char in _ALPHABET)


def is_spaceless(text: str) -> bool:
    """Whether there is a letter of a script without spaces in it."""
    return not text.isascii() and _spaceless().search(text) is not None


@lru_cache(maxsize=65536)
def folded_character(char: str) -> str:
    """What one character becomes: nothing, one or several letters, or a blank."""
    if _vanishes(char):
        return ""
    if char in _SYMBOLS:
        return " "
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    plain = "".join(_without_accents(letter) for letter in wide)
    words = "".join(letter if _is_letter(letter) else " " for letter in plain)
    return " ".join(words.split()) or " "


# --- one character ----------------------------------------------------------------------------------------

_SYMBOLS = frozenset("™℠®©")
"""Signs behind a name: compatibility forms would glue letters to it."""

_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ð": "d", "þ": "th"}
_SEPARATE_LETTERS = frozenset("йўїӣӯ")
"""Cyrillic letters that only look like others with an accent."""

_ACCENTED = re.compile("[\u00c0-\u052f\u0590-\u06ff\u1e00-\u1fff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Latin, Greek, Cyrillic, Hebrew and Arabic: elsewhere a mark is part of the letter."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u06d6-\u06ed\u0640]"
)
_COMBINING = re.compile("[\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e\uff9f]")
"""Marks and half syllables that make one letter with what stands before them."""


def _vanishes(char: str) -> bool:
    """Soft hyphens, joiners, direction marks, variation selectors, and accents that stand alone."""
    if _MARKS.match(char) or "\ufe00" <= char <= "\ufe0f":
        return True
    return unicodedata.category(char) == "Cf" or char in "\u034f\u180b\u180c\u180d"


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def _without_accents(letter: str) -> str:
    if letter in _SEPARATE_LETTERS or not _ACCENTED.match(letter):
        return _LETTERS.get(letter, letter)
    base = _MARKS.sub("", unicodedata.normalize("NFD", letter))
    return _LETTERS.get(base, base)


class _Table(dict[int, str]):
    """Folds a character for str.translate, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = ODD if _COMBINING.match(char) else folded_character(char)
        self[code] = folded = folded if len(folded) == 1 else ODD
        return folded


_FOLD = _Table({0: ODD})

# --- texts in Latin letters, as bytes ---------------------------------------------------------------------

_OTHERS = (
    "\x91\x92\xa0¡£§«°·»‐‑‒–—―‘’‚“”„•…′€™−\u2009\u202f"
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿČčŠšŽžŁłĞğİıŞşŚśĄąĘęŻżĆćŃńŘřĚěŮůŐőŰűĂăȘșȚț"
)
"""What the alphabet has besides ASCII: the commonest characters, each of which folds to one."""

_UNUSED = "\ufffe"
_ALPHABET = "".join(map(chr, range(128))) + _OTHERS.ljust(128, _UNUSED)
_ENCODING = codecs.charmap_build(_ALPHABET)
_FOLD_BYTES = byte_table(lambda char: _FOLD[ord(char)])
_HANDLER = "monitor.topics.fold"


def _fold_others(error: UnicodeError) -> tuple[str, int]:
    """Fold a few characters that the alphabet lacks; give up where they do not become Latin letters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    folded = error.object[error.start : error.end].translate(_FOLD)
    if not folded.isascii():
        raise error
    return folded, error.end


codecs.register_error(_HANDLER, _fold_others)

# --- mending: where a text and its folding are not position for position ----------------------------------

_ODD = re.compile(f"{ODD}+")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


@cache
def _spaceless() -> re.Pattern[str]:
    """Made where it is asked for: classes of so many letters take milliseconds, and most starts need none."""
    return re.compile(f"[{SPACELESS}]+")


def _mended(text: str, folded: str) -> Folded:
    result = Folded(folded)
    if ODD in folded:
        result = _without_odd(text, result)
    if is_spaceless(result.text):
        result = _with_borders(text, result)
    return result


def _without_odd(text: str, source: Folded) -> Folded:
    """Put in what odd characters become, together with the letter they combine with."""
    pieces, position = Pieces(source), 0
    for found in _ODD.finditer(source.text):
        start, end = found.span()
        if _COMBINING.match(text, start) and start > position:
            start -= 1
        pieces.keep(position, start)
        cluster = unicodedata.normalize("NFKC", text[start:end])
        pieces.put("".join(map(folded_character, cluster)), start)
        position = end
    pieces.keep(position, len(text))
    return pieces.folded()


def _with_borders(text: str, source: Folded) -> Folded:
    """Set letters of spaceless scripts apart from others by a blank, and close gaps between two of them."""
    pieces, position = Pieces(source), 0
    for start, end in _borders(source.text):
        origin = source.origin(start)
        if start < end and not _is_gap(text[origin : source.origin(end)]):
            continue
        pieces.keep(position, start)
        if start == end:
            pieces.put(" ", origin)
        position = end
    pieces.keep(position, len(source.text))
    return pieces.folded()


def _borders(folded: str) -> Iterator[tuple[int, int]]:
    """Where letters of spaceless scripts touch others, and the gaps of blanks between two of their own."""
    before = -1
    for run in _spaceless().finditer(folded):
        start, end = run.span()
        if before >= 0 and not folded[before:start].strip(" "):
            yield before, start
        elif start and folded[start - 1] != " ":
            yield start, start
        if end < len(folded) and folded[end] != " ":
            yield end, end
        before = end


def _is_gap(between: str) -> bool:
    """Whether it is only a blank or a line's end, no punctuation and no new paragraph."""
    return between.isspace() and not _PARAGRAPH.search(between)
