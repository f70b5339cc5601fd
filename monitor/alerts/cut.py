"""Cutting text to a limit where a reader sees a character end; never inside an emoji or an accented letter.

A compact rule after Unicode's extended grapheme clusters (UAX 29), from the standard library's tables; it
keeps together a little more than the standard in rare scripts, and never cuts what the standard keeps.
"""

import unicodedata
from typing import Literal

Unit = Literal["characters", "bytes"]

ELLIPSIS = "…"

_ZWJ = "\u200d"
_VIRAMA = 9
_BACK_TO_A_SPACE = 20
_ALSO_EXTEND = frozenset("\u200c\uff9e\uff9f")


def size(text: str, unit: Unit = "characters") -> int:
    """How long a service that counts by `unit` takes the text to be."""
    return len(text) if unit == "characters" else len(text.encode(errors="replace"))


def cut(text: str, limit: int, unit: Unit = "characters") -> str:
    """The text if it fits; else as much of it as does, at a word's end if one is near, and an ellipsis."""
    if size(text, unit) <= limit:
        return text
    room = limit - size(ELLIPSIS, unit)
    if room < 0:
        return ""
    end = grapheme_end(text, _fitting(text, room, unit))
    space = text.rfind(" ", max(0, end - _BACK_TO_A_SPACE), end + 1)
    return text[: space if space > 0 else end].rstrip() + ELLIPSIS


def grapheme_end(text: str, at: int) -> int:
    """The last position up to `at` where the text may be cut."""
    while 0 < at < len(text) and not _may_break(text, at):
        at -= 1
    return max(0, min(at, len(text)))


def _fitting(text: str, room: int, unit: Unit) -> int:
    if unit == "characters":
        return room
    return len(text[:room].encode(errors="replace")[:room].decode(errors="ignore"))


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return (before, after) != ("\r", "\n")
    return not (
        _extends(after)
        or (before == _ZWJ and not after.isspace())
        or (_is_regional(before) and _is_regional(after) and _regionals_before(text, at) % 2 == 1)
        or _is_hangul_syllable(before, after)
        or (unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo")
    )


def _extends(character: str) -> bool:
    """Whether it belongs to the character before it: an accent, a joiner, a skin tone, a flag's tag."""
    return (
        unicodedata.category(character)[0] == "M"
        or character == _ZWJ
        or character in _ALSO_EXTEND
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regionals_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return at - start


def _is_hangul_syllable(before: str, after: str) -> bool:
    """Whether the two are parts of one syllable written in several characters."""
    if _is_leading(before) and ("\uac00" <= after <= "\ud7a3" or _is_leading(after)):
        return True
    vowel_or_tail = "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7fb"
    return vowel_or_tail and unicodedata.name(before, "").startswith("HANGUL")


def _is_leading(character: str) -> bool:
    return "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c"
