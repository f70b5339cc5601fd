"""What a word is: the one tokenisation, for documents, queries and the full-text index alike.

Letters and digits make words (see fold.py); this module decides what the characters between them do: whether
the stop in `U.S.`, `3.5` and `reuters.com` holds a word together, and where a possessive belongs to it.
"""

import re
from collections.abc import Iterator
from functools import cache

from monitor.blanks import single_plain_blanks
from monitor.topics.document import Document, Words
from monitor.topics.fold import APOSTROPHES, SPACELESS, fold, fold_narrowed, narrowed
from monitor.topics.folded import Folded
from monitor.topics.glue import lost_blanks, with_second_reading

NOT_A_WORD = -1
"""What word_end says of a part of a word."""

_BEFORE = frozenset(APOSTROPHES + ".")
_AFTER = frozenset(APOSTROPHES + ".+#")
_JOINT = re.compile(rf"[{APOSTROPHES}.](?=[^\W_])")
MOST_JOINTS = 3
"""Signs that may hold words together, in a stretch of which there is no doubt that it has too many words."""

AT_JOINT = _BEFORE | _AFTER
"""Beside other characters a word simply ends."""

_SIGNS = "#＃@＠"
_CONTRACTED = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))
"""What follows an apostrophe without being a word: it's, don't, we'll."""

_LABELS = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_TOP_LEVEL = frozenset(
    [
        "com",
        "org",
        "net",
        "edu",
        "gov",
        "mil",
        "int",
        "info",
        "biz",
        "news",
        "media",
        "press",
        "tv",
        "online",
        "site",
        "app",
        "dev",
        "blog",
        "html",
        "htm",
        "php",
        "pdf",
    ]
)


@cache
def _folded_word() -> re.Pattern[str]:
    """Made where it is asked for, as in fold.py: a class of so many letters takes two milliseconds."""
    return re.compile(f"[{SPACELESS}]|[^ {SPACELESS}]+")


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, folded: `U.S.`, `C++`, `#tag` and `@handle` are one, `spy-balloon` is two.

    In scripts without spaces each letter is one.
    """
    padded = f"\n{text}\n\n"
    folded = fold(padded)
    return tuple(_token(padded, folded, start, end) for start, end in words(padded, folded))


def word_starts(text: str, folded: Folded, start: int, end: int) -> Iterator[int]:
    """Where words start in this stretch of the text, in order: those that `words` cuts it into, read once.

    This is what distances are measured in. Where a character stands for several words, each counts: ½, ㏂, ﷺ.
    """
    first, last = folded.position(start), folded.position(end)
    if begun := _folded_word().match(folded.text, first - 1):
        first = begun.end()  # what is left of a word that starts before, as in CubaThe
    for found in _folded_word().finditer(folded.text, first, last):
        place = found.start()
        begin = folded.origin(place)
        if text[begin - 1] not in _BEFORE or not _goes_on(text, folded, place):
            yield begin


def are_few_words(text: str, wide: str, start: int, end: int, *, most: int) -> bool | None:
    """Whether at most so many start in this stretch of a text that was folded position for position.

    None where that can not be told without looking closer: a word may go on behind a sign, as in U.S.
    """
    begun = wide[start - 1] != " "
    enough = most + begun + MOST_JOINTS + 1
    pieces = wide[start - 1 : end].split(None, enough)
    if len(pieces) <= most + begun:
        return True
    beyond = len(pieces.pop()) if len(pieces) > enough else 0
    joints = len(_JOINT.findall(text, start - 1, end - beyond))
    return False if len(pieces) - begun - joints > most else None


def index_text(document: Document) -> tuple[str, str]:
    """The title and the body as words with blanks between, for a full-text index."""
    words = document.words or words_of(document.title, document.summary, document.content)
    return words.title, words.body


def words_of(title: str, summary: str, content: str) -> Words:
    """The words of title and body; those that were glued together are in it in both readings."""
    return _words_once(title, summary, content) or words_apart(title, summary, content)


def words_apart(title: str, summary: str, content: str) -> Words:
    """The same of what can not be read in one pass."""
    return Words(_index_words(title), _index_words(f"{summary}\n\n{content}"))


def _words_once(title: str, summary: str, content: str) -> Words | None:
    """The same, of both in one pass, where all is in Latin letters and nothing is read twice; else None."""
    text = f"\n{title}\n\n{summary}\n\n{content}\n\n"
    narrow = narrowed(text)
    if narrow is None:
        return None
    folded = fold_narrowed(text, narrow)
    if folded.starts or lost_blanks(text, narrow, folded):
        return None
    end = len(title) + 2
    head, body = folded.text[:end], folded.text[end:]
    return Words(single_plain_blanks(head), single_plain_blanks(body), once=True)


def word_end(text: str, start: int, end: int) -> int:
    """Where the word here ends with its possessive, or NOT_A_WORD where it is part of a longer one.

    The text has a line's end before it and two after it; between start and end there are only letters.
    """
    return end_of_word(text, start, end) if begins_word(text, start, end) else NOT_A_WORD


def begins_word(text: str, start: int, end: int) -> bool:
    """Whether a word begins here, perhaps behind an apostrophe or a stop: 'Cuba', l'Ukraine, Cuba.The."""
    joint = start - 1
    if text[joint] not in _BEFORE or not text[joint - 1].isalnum():
        return True
    if text[joint] == ".":
        return not joins(text, joint)
    return end - start > 1 and text[start:end].lower() not in _CONTRACTED


def end_of_word(text: str, start: int, end: int) -> int:  # noqa: PLR0911 - one line a sign after a word
    """Where the word ends with its possessive, or NOT_A_WORD where it goes on."""
    joint = text[end]
    if joint not in _AFTER:
        return end
    after = text[end + 1]
    if joint == "+":
        return NOT_A_WORD if after == "+" else end
    if joint == "#":
        return NOT_A_WORD if end - start == 1 else end
    if not after.isalnum():
        return end
    if joint == ".":
        return NOT_A_WORD if _stop_joins(text, end) else end
    if after in "sS" and not text[end + 2].isalnum():
        return end + 2
    is_closing_quote = after.isupper() and text[end + 2].islower() and end - start > 1
    return end if is_closing_quote else NOT_A_WORD


def is_joint(text: str, place: int) -> bool:
    """Whether the sign behind a word may belong to it: the stop behind a sentence, as most are, does not."""
    return text[place] != "." or text[place + 1].isalnum()


def joins(text: str, place: int) -> bool:
    """Whether the apostrophe or stop at this place holds the letters on its two sides together."""
    if not (text[place - 1].isalnum() and text[place + 1].isalnum()):
        return False
    return text[place] in APOSTROPHES or (text[place] == "." and _stop_joins(text, place))


def _stop_joins(text: str, place: int) -> bool:
    """Whether the stop between two letters belongs to an abbreviation, a number or a host's name."""
    before, after = text[place - 1], text[place + 1]
    if before.isdigit() or after.isdigit():
        return (before.isdigit() and after.isdigit()) or (after.isdigit() is False and _is_host(text, place))
    if after.isupper():
        starts_a_word = text[place + 2].islower()
        return not starts_a_word and (before.isupper() or not text[place - 3 : place].isalpha())
    is_abbreviation = not text[place - 2].isalnum()
    return is_abbreviation or _is_host(text, place)


def _is_host(text: str, place: int) -> bool:
    """Whether the labels around this stop end like a host's or a file's name."""
    found = _LABELS.match(text, place + 1)
    last = found[0].rpartition(".")[2] if found else ""
    return last.lower() in _TOP_LEVEL or (len(last) == 2 and last.isascii() and last.islower())


def words(text: str, folded: Folded) -> Iterator[tuple[int, int]]:
    """Start and end of each word in the folded text."""
    pending: tuple[int, int] | None = None
    for found in _folded_word().finditer(folded.text):
        start, end = found.span()
        if pending and _goes_on(text, folded, start):
            pending = (pending[0], end)
            continue
        if pending:
            yield pending
        pending = (start, end)
    if pending:
        yield pending


def _goes_on(text: str, folded: Folded, start: int) -> bool:
    """Whether the letters here belong to the word before: there is but a sign between, which joins them."""
    joint = folded.origin(start - 1)
    is_alone = folded.text[start - 2] != " " and joint == folded.origin(start) - 1
    return text[joint] in _BEFORE and is_alone and joins(text, joint)


def _token(text: str, folded: Folded, start: int, end: int) -> str:
    """The word with what holds it together, and with the signs that make it another one: `c++`, `#tag`."""
    word = "".join(
        char if char != " " else _plain(text[folded.origin(place)])
        for place, char in enumerate(folded.text[start:end], start)
    )
    first, last = folded.origin(start), folded.origin(end)
    if text[first - 1] in _SIGNS and not text[first - 2].isalnum():
        word = _plain(text[first - 1]) + word
    if text[last : last + 2] == "++" or (text[last] == "#" and len(word) == 1):
        word += text[last : last + 2].strip("\n ") if text[last] == "+" else "#"
    return word


def _plain(sign: str) -> str:
    return {"＃": "#", "＠": "@"}.get(sign, "'" if sign in APOSTROPHES else sign)


def _index_words(text: str) -> str:
    padded = f"\n{text}\n\n"
    narrow = narrowed(padded)
    folded = with_second_reading(padded, narrow, fold_narrowed(padded, narrow)).text
    if folded.isascii():
        return " ".join(folded.split())
    return " ".join(_folded_word().findall(folded))
