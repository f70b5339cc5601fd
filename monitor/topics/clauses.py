"""What the words, phrases and regular expressions of a query look for, and where on a sheet they stand.

A clause is made once however many topics hold it, and finds its places once a document. Fields, AND, OR, NOT
and NEAR are the matcher's business.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from monitor.topics.clause import Clause
from monitor.topics.near import windows
from monitor.topics.phrases import InOrder, OneWord, PlainPhrase, PlainWord
from monitor.topics.query import Phrase, Regex, Term
from monitor.topics.regexp import search
from monitor.topics.spelling import Spelling, spelling_of, spelling_with_wildcards, units_of
from monitor.topics.words import Literal, word

if TYPE_CHECKING:
    from monitor.topics.near import Place
    from monitor.topics.sheet import Occurrence, Sheet


class Scattered(Clause):
    """The words of a phrase in any order, with at most `slop` others between."""

    __slots__ = ("_counts", "_slop", "_units")

    def __init__(self, label: str, units: Sequence[Clause], slop: int) -> None:
        self._counts = {unit: units.count(unit) for unit in units}
        self._units = tuple(self._counts)
        self._slop = slop
        super().__init__(label, [word for unit in self._units for word in unit.required])

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        places: list[Place] = []
        for unit in self._units:
            found = sheet.occurrences(unit)
            if len(found) < self._counts[unit]:
                return []
            places += [(start, end, unit) for start, end, _ in found]
        places.sort(key=lambda place: place[:2])
        return sheet.as_places(windows(sheet, places, self._counts, self._slop), self)


class Expression(Clause):
    """A regular expression; it is looked for in each field by itself."""

    __slots__ = ("_pattern",)

    def __init__(self, label: str, pattern: str) -> None:
        literal = _literal_in(pattern)
        super().__init__(label, (word(Literal, literal),) if literal else ())
        self._pattern = pattern

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        found = [
            (begin + start, begin + end)
            for begin, value in sheet.values()
            for start, end in (search(self._pattern, value) if value else ())
        ]
        return sheet.as_places(found, self)


class WholeTag(Clause):
    """A clause that fills one of the document's tags."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Clause) -> None:
        super().__init__(inner.label, inner.required)
        self._inner = inner

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        text = sheet.text
        return [
            place
            for place in sheet.occurrences(self._inner)
            if not _has_letters(text[text.rfind("\n", 0, place[0]) : place[0]])
            and not _has_letters(text[place[1] : text.find("\n", place[1])])
        ]


class OnSite(Clause):
    """A host, or any host under it: `reuters.com` takes `www.reuters.com`."""

    __slots__ = ("_host",)

    def __init__(self, label: str, typed: str) -> None:
        super().__init__(label)
        self._host = typed.casefold().removeprefix("http://").removeprefix("https://").strip("*./ ")

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        begin, site = sheet.value("site")
        start = len(site) - len(self._host)
        is_on = site.casefold() == self._host or site.casefold().endswith(f".{self._host}")
        return sheet.as_places([(begin + start, begin + len(site))] if is_on else [], self)


class InLanguage(Clause):
    """A language tag, or any that it is the beginning of: `en` takes `en-GB`."""

    __slots__ = ("_tag",)

    def __init__(self, label: str, typed: str) -> None:
        super().__init__(label)
        self._tag = language_tag(typed.removesuffix("*"))

    def look_through(self, sheet: "Sheet") -> "list[Occurrence]":
        begin, lang = sheet.value("lang")
        return sheet.as_places([(begin, begin + len(self._tag))] if speaks(lang, self._tag) else [], self)


def language_tag(typed: str) -> str:
    """The tag in lower case, its parts apart by hyphens."""
    return typed.strip().casefold().replace("_", "-")


def speaks(lang: str, tag: str) -> bool:
    """Whether this language is the tag's, or a variety of it."""
    return f"{language_tag(lang)}-".startswith(f"{tag}-")


# --- making -----------------------------------------------------------------------------------------------

_CLAUSES: WeakValueDictionary[tuple[str, str, bool], Clause] = WeakValueDictionary()


def clause_of(leaf: Term | Phrase | Regex, *, stem: str = "", is_loose: bool = False) -> Clause:
    """The one clause for this word, phrase or regular expression; raises QueryError where it has no word."""
    label = str(leaf)
    key = (label, stem, is_loose)
    known = _CLAUSES.get(key)
    if known is None:
        known = _CLAUSES[key] = _made(leaf, label, stem, is_loose=is_loose)
    return known


def _made(leaf: Term | Phrase | Regex, label: str, stem: str, *, is_loose: bool) -> Clause:
    if isinstance(leaf, Regex):
        return Expression(label, leaf.pattern)
    if isinstance(leaf, Term) and not leaf.exact and (leaf.text.endswith("*") or "?" in leaf.text):
        return _simplest(label, spelling_with_wildcards(leaf.text), is_loose=is_loose)
    spelling = spelling_of(leaf.text, exact=leaf.exact, stem=stem)
    if isinstance(leaf, Phrase) and leaf.slop is not None and len(spelling.words) > 1:
        units = [clause_of(Phrase(text=unit), stem=stem, is_loose=is_loose) for unit in units_of(leaf.text)]
        return Scattered(label, units, leaf.slop)
    return _simplest(label, spelling, is_loose=is_loose)


def _simplest(label: str, spelling: Spelling, *, is_loose: bool) -> Clause:
    if spelling.is_one_word:
        return (PlainWord if spelling.is_plain else OneWord)(label, spelling.words[0])
    kind = PlainPhrase if spelling.is_plain else InOrder
    return kind(label, spelling, is_loose=is_loose)


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))


def _literal_in(pattern: str) -> str:
    """The longest run of letters that whatever the pattern matches must hold, folded; "" where unsure."""
    if not _PLAIN_PATTERN.fullmatch(pattern):
        return ""
    runs = [found[0] for found in _LETTERS.finditer(pattern)]
    return max(runs, key=len, default="").lower()


_LETTERS = re.compile(r"[A-Za-z]{3,}(?![*?{a-zA-Z])")
_PLAIN_PATTERN = re.compile(r"[A-Za-z .,:'\-]*")
"""Patterns without operators: in all others letters may be optional."""
