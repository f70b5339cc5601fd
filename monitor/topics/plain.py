"""Texts that are no query but a phrase: plain topics, plain alias values; and what in them looks like one."""

import re

from monitor.errors import QueryError
from monitor.topics.dialects import FIELD_NAMES
from monitor.topics.leaves import TRAILING, has_word
from monitor.topics.normalise import normalised
from monitor.topics.query import At, Phrase, Term

_SYNTAX = re.compile(
    r"""
      (?<!\S) (?: AND | OR | NOT | O?NEAR | AROUND ) (?!\S)
    | (?<!\S) (?i: o?near ) /\d+
    | (?<![^\s(]) [-=] (?=[\w"(])
    | (?<!\S) / [^/\s] [^/]* / (?!\S)
    | (?<!\S) (?i: FIELDS ): (?=[^\s:])
    | [\\"()|]
    | &&
    | \w\*
    | \w\?\w
    """.replace("FIELDS", "|".join(FIELD_NAMES)),
    re.VERBOSE,
)
_WILDCARD = re.compile(r"\w\*|\w\?\w")
_MENTION = re.compile(r"(?<![^\s(|=-])@(\w[\w-]*)")
_NAME = re.compile(r"\w[\w-]*")


def phrase_of(text: str) -> Term | Phrase:
    """The text as a phrase, one word as a term; quotes around the whole of it are left out."""
    plain = normalised(text)
    bare = plain.strip()
    at = At(len(plain) - len(plain.lstrip()), len(plain.rstrip()))
    if _is_quoted(bare):
        bare = bare[1:-1]
    if not has_word(bare):
        raise QueryError(
            "there is no word in this text" if bare else "the text is empty", start=at.start, end=at.end
        )
    words = " ".join(bare.split())
    if " " in words or "*" in words or "?" in words.rstrip(TRAILING):
        return Phrase(text=words, at=at)
    return Term(text=words.rstrip(TRAILING), at=at)


def query_syntax(text: str) -> At | None:
    """The place of the first thing in the text that means something in a query, if there is one."""
    plain = normalised(text)
    found = (_WILDCARD if _is_quoted(plain.strip()) else _SYNTAX).search(plain)
    return At(*found.span()) if found else None


def mentions(text: str) -> list[str]:
    """The names that follow an @ where a word could begin, whether they are aliases or not."""
    return _MENTION.findall(normalised(text))


def alias_at_start(text: str) -> tuple[str, At] | None:
    """The @name that the text begins with, and its place."""
    found = _MENTION.match(normalised(text), len(text) - len(text.lstrip()))
    return (found[1], At(*found.span())) if found else None


def is_alias_name(name: str) -> bool:
    """Whether a query can name it: @name."""
    return _NAME.fullmatch(name) is not None


def _is_quoted(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1] and "\\" not in text
