r"""Makes the words, phrases and regular expressions of a query from how they were typed.

Escapes, wildcards and what other dialects hang on a word (`roam~`, `^2`) are decided here; operators are not.
"""

import re
from functools import reduce
from itertools import groupby

from monitor.errors import QueryError
from monitor.topics.limits import MAX_CHAIN, MAX_DISTANCE
from monitor.topics.query import At, Near, Node, Phrase, QueryWarning, Regex, Term
from monitor.topics.text import tokens

MIN_PREFIX = 3
"""Letters that must stand before a trailing `*`."""

MAX_WILDCARD_WORD = 100
"""Characters in a word with a wildcard."""

TRAILING = ",;:、。?"
_TERM_WILDCARD = re.compile(r"[*?]")
_PHRASE_WILDCARD = re.compile(r"\*|(?<=\w)\?(?=\w)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SUFFIX = re.compile(r"(?<!\\)(?:~[\d.]*(?:\^[\d.]*)?|\^[\d.]*)\Z")
_LETTER = re.compile(  # but not the letters that are folded away
    r"[^\W_\u0640\u06e5\u06e6\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f]"
)
_PIECE = re.compile(r"\S+")
_QUOTE_IT = "to look for a text that begins with a slash, put it in quotes"


def term(piece: str, at: At, *, warnings: list[QueryWarning], exact: bool = False) -> Term | Phrase | None:
    """The word typed at this place, or None (and a warning) where there is no word in it."""
    text, wild = _unescaped(_without_suffix(piece, at, warnings), _TERM_WILDCARD)
    text, wild = _without_trailing(text, wild, at, warnings)
    if wild:
        return _wildcard_term(text, wild, at=at, exact=exact, warnings=warnings)
    if not has_word(text):
        warnings.append(_warning(f"there is no word in {piece}: it is left out", at))
        return None
    if any(map(str.isspace, text)) or (not exact and ("*" in text or "?" in text)):
        return Phrase(text=" ".join(text.split()), exact=exact, at=at)
    return Term(text=text, exact=exact, at=at)


def phrase(
    quoted: str, at: At, *, warnings: list[QueryWarning], exact: bool = False, slop: int | None = None
) -> Node:
    """What stands between the quotes, which are at `at`; with a wildcard in it, an ONEAR/0 of its words."""
    text, wild = _unescaped(quoted, _PHRASE_WILDCARD)
    if not has_word(text):
        message = "there is no word in these quotes" if text.strip() else "there is nothing in these quotes"
        raise QueryError(message, start=at.start, end=at.end)
    if not wild:
        return Phrase(text=" ".join(text.split()), exact=exact, slop=slop, at=at)
    if exact:
        raise _exact_wildcard(at)
    return _wildcard_phrase(text, wild, at=at, slop=slop, warnings=warnings)


def regex(pattern: str, flags: str, at: At) -> Regex:
    r"""The pattern between the slashes, `\/` in it being a slash."""
    from monitor.topics.regexp import check  # re2 is slow to import, and few queries hold a pattern

    if flags.strip("i"):
        message = f'"{flags}" stands after a regular expression'
        raise QueryError(message, start=at.end - len(flags), end=at.end, hint=_QUOTE_IT)
    pattern = _ESCAPE.sub(lambda found: "/" if found[1] == "/" else found[0], pattern)
    if not pattern:
        raise QueryError("the regular expression is empty", start=at.start, end=at.end, hint=_QUOTE_IT)
    if problem := check(pattern):
        raise QueryError(f"the regular expression is wrong: {problem}", start=at.start, end=at.end)
    return Regex(pattern=pattern, at=at)


def has_word(text: str) -> bool:
    """Whether there is anything in the text that could be looked for."""
    return _LETTER.search(text) is not None or bool(tokens(text))


def boost_lost(at: At) -> QueryWarning:
    """The warning for Lucene's `^2`."""
    return _warning("^ for a weight is lost: an entry matches or it does not", at)


def _unescaped(typed: str, wildcard: re.Pattern[str]) -> tuple[str, set[int]]:
    """The text without its backslashes, and the places in it of the wildcards that had none."""
    text, literal = typed, set()
    if "\\" in typed:
        for count, found in enumerate(_ESCAPE.finditer(typed)):
            literal.add(found.start() - count)
        text = _ESCAPE.sub(r"\1", typed)
    return text, {found.start() for found in wildcard.finditer(text)} - literal


def _without_suffix(piece: str, at: At, warnings: list[QueryWarning]) -> str:
    """The word without Lucene's fuzzy `~` and boost `^2`."""
    if "~" not in piece and "^" not in piece:
        return piece
    bare = _SUFFIX.sub("", piece)
    suffix = piece[len(bare) :]
    place = At(at.end - len(suffix), at.end)
    if "~" in suffix:
        warnings.append(
            _warning("~ for similar spellings is lost: only the word as typed is looked for", place)
        )
    if "^" in suffix:
        warnings.append(boost_lost(place))
    return bare


def _without_trailing(
    text: str, wild: set[int], at: At, warnings: list[QueryWarning]
) -> tuple[str, set[int]]:
    """The word without a comma and the like at its end; a `?` there ends a question."""
    bare = text.rstrip(TRAILING)
    if len(bare) == len(text):
        return text, wild
    if bare and any(place >= len(bare) for place in wild):
        hint = f"for other endings write {bare}*"
        warnings.append(_warning("a ? at the end of a word is read as punctuation", at, hint))
    return bare, {place for place in wild if place < len(bare)}


def _wildcard_term(
    text: str, wild: set[int], *, at: At, warnings: list[QueryWarning], exact: bool = False
) -> Term:
    """A word with a `*` at its end, `?` inside, or both."""
    if exact:
        raise _exact_wildcard(at)
    if len(text) > MAX_WILDCARD_WORD:
        message = f"a word with a wildcard has at most {MAX_WILDCARD_WORD} characters"
        raise QueryError(message, start=at.start, end=at.end)
    if len(_TERM_WILDCARD.findall(text)) > len(wild):
        message = "a wildcard and an escaped * or ? stand in one word"
        raise QueryError(message, start=at.start, end=at.end, hint="write a regular expression: /…/")
    _check_star(text, at)
    _check_question(text, at)
    if text.endswith("*") and _is_spaceless(text[:-1]):
        hint = "in a script without spaces a word is found inside longer ones anyway"
        warnings.append(_warning(f"the * after {text[:-1]} is left out", at, hint))
        text = text[:-1]
    return Term(text=text, at=at)


def _check_star(text: str, at: At) -> None:
    star = text.find("*")
    if star < 0:
        return
    if star < len(text) - 1:
        edge, letter = (r"\b", r"\w") if text.isascii() else ("", r"\pL")
        pattern = edge + re.escape(text).replace(r"\*", letter + "*").replace(r"\?", letter) + edge
        hint = f"write a regular expression: /{pattern}/"
        message = "a * stands only at the end of a word"
        raise QueryError(message, start=at.start, end=at.end, hint=hint)
    if sum(map(str.isalnum, text)) < MIN_PREFIX:
        hint = "in a script without spaces leave the * out" if _is_spaceless(text[:-1]) else ""
        message = f"a * needs at least {MIN_PREFIX} letters before it"
        raise QueryError(message, start=at.start, end=at.end, hint=hint)


def _check_question(text: str, at: At) -> None:
    for place, char in enumerate(text):
        if char != "?":
            continue
        if not has_word(text[:place]):
            message = "a ? stands only inside a word: a letter must come before it"
            raise QueryError(message, start=at.start, end=at.end)
        if _is_spaceless(text[:place]) or _is_spaceless(text[place + 1 :][:1]):
            message = "a ? can not stand in a script without spaces"
            hint = f"write {text[:place]} ONEAR/1 {text[place + 1 :]}"
            raise QueryError(message, start=at.start, end=at.end, hint=hint)


def _is_spaceless(text: str) -> bool:
    """Whether the text ends in a script without spaces, where each character is a token of its own."""
    last = next(filter(str.isalnum, reversed(text)), "")
    return bool(last) and len(tokens(last * 2)) == 2


def _wildcard_phrase(
    text: str, wild: set[int], *, at: At, slop: int | None, warnings: list[QueryWarning]
) -> Node:
    """`"spy balloon*"` is spy ONEAR/0 balloon*, as in Meltwater; a lone `*` is any word, as in Google."""
    segments = _segments(text, wild, at, warnings)
    parts = [segment for segment in segments if segment is not None]
    gaps = len(segments) - len(parts)
    if len(parts) > MAX_CHAIN or gaps > MAX_DISTANCE or (slop is not None and len(parts) > 2):
        message, hint = "there are too many words for a wildcard in these quotes", "write ONEAR/n or NEAR/n"
        raise QueryError(message, start=at.start, end=at.end, hint=hint)
    if slop is not None and len(parts) == 2:
        return Near(left=parts[0], right=parts[1], distance=slop, at=at)
    read = _in_order(segments, at)
    if gaps:
        warnings.append(_warning(f"a * between words stands for at most one word: read as {read}", at))
    return read


def _segments(text: str, wild: set[int], at: At, warnings: list[QueryWarning]) -> list[Node | None]:
    """A phrase with wildcards in parts: runs of plain words, words with a wildcard, None for a lone `*`."""
    segments: list[Node | None] = []
    for plain, group in groupby(_pieces(text, wild), key=lambda piece: not piece[1]):
        run = list(group)
        words = " ".join(piece for piece, _ in run)
        if not plain:
            segments += [
                None if piece == "*" else _wildcard_term(piece, places, at=at, warnings=warnings)
                for piece, places in run
            ]
        elif has_word(words):
            segments.append(Phrase(text=words, at=at))
    return segments


def _pieces(text: str, wild: set[int]) -> list[tuple[str, set[int]]]:
    """The words of a phrase, each with the places of its own wildcards."""
    pieces = []
    for found in _PIECE.finditer(text):
        piece = found[0].rstrip(TRAILING)
        places = {place - found.start() for place in range(*found.span()) if place in wild}
        pieces.append((piece, places))
    return pieces


def _in_order(segments: list[Node | None], at: At) -> Node:
    """The segments one after the other, each None making room for a word."""
    placed: list[tuple[Node, int]] = []
    gap = 0
    for segment in segments:
        if segment is None:
            gap += 1
        else:
            placed.append((segment, gap))
            gap = 0
    first, *others = placed
    return reduce(
        lambda left, right: Near(left=left, right=right[0], distance=right[1], ordered=True, at=at),
        others,
        first[0],
    )


def _exact_wildcard(at: At) -> QueryError:
    hint = "leave the = or the wildcard out; a backslash makes a * or ? an ordinary character"
    message = "= takes a text as written: a * or ? can not stand in it"
    return QueryError(message, start=at.start, end=at.end, hint=hint)


def _warning(message: str, at: At, hint: str = "") -> QueryWarning:
    return QueryWarning(message=message, start=at.start, end=at.end, hint=hint)
