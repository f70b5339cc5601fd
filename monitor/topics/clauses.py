"""What the words, phrases and regular expressions of a query look for, and where on a sheet they stand.

A clause is made once however many topics hold it, and finds its places once a document. Fields, AND, OR, NOT
and NEAR are the matcher's business.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import category
from weakref import WeakValueDictionary

from monitor.topics.fold import APOSTROPHES
from monitor.topics.near import windows
from monitor.topics.pairs import MOST_TELLING, pair_in
from monitor.topics.query import Phrase, Regex, Term
from monitor.topics.regexp import search
from monitor.topics.spelling import Spelling, as_written, spelling_of, spelling_with_wildcards, units_of
from monitor.topics.text import AT_JOINT, NOT_A_WORD, begins_word, end_of_word, word_end
from monitor.topics.words import ABSENT, Literal, Word, word

if TYPE_CHECKING:
    from monitor.topics.sheet import Occurrence, Sheet
    from monitor.topics.words import Hit

_BLANKS = re.compile(" *")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


class Clause:
    """Something that stands at places of a sheet. `label` is how the query prints it.

    Where it stands, all the `required` words do, of which the first is the rarest; besides them it looks up
    only the anchors of pairs.
    """

    __slots__ = ("__weakref__", "label", "required")

    def __init__(self, label: str, required: Sequence[Word] = ()) -> None:
        self.label = label
        self.required = tuple(sorted(dict.fromkeys(required), key=lambda word: word.frequency))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r})"

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        """All its places, in any field, in order."""
        raise NotImplementedError


class OneWord(Clause):
    """A single word."""

    __slots__ = ("_word",)

    def __init__(self, label: str, word: Word) -> None:
        super().__init__(label, (word,))
        self._word = word

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        hits = sheet.hits(self._word)
        if sheet.folded.starts or self._word.margin is None:
            return list(self._located_slowly(sheet, hits))
        text, margin = sheet.text, self._word.margin
        places: list[Occurrence] = []
        for _, begins, ends in hits:
            start, end = begins + margin, ends - margin
            if margin and (text[start - 1] in AT_JOINT or text[end] in AT_JOINT):
                end = word_end(text, start, end)
                if end == NOT_A_WORD:
                    continue
            places.append((start, end, self))
        return places

    def _located_slowly(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "Iterator[Occurrence]":
        """The same for words whose end must be looked for, and for texts folded out of step."""
        for hit in hits:
            first, last = self._word.bounds(sheet, hit)
            if last == ABSENT:
                continue
            start, end = sheet.folded.origin(first), sheet.folded.origin(last)
            if not self._word.is_spaceless:
                end = word_end(sheet.text, start, end)
            if end != NOT_A_WORD:
                yield start, _without_invisible(sheet.text, end), self


class InOrder(Clause):
    """Words that follow each other: a phrase, or a single term like `U.S.`, `F-16`, `#tag`.

    Its places are looked for around its rarest word, where a word of its own seems to be beside that.
    `is_loose` lets anything stand between the words, where the text is a URL.
    """

    __slots__ = ("_anchor", "_is_loose", "_rarest", "_spelling")

    def __init__(self, label: str, spelling: Spelling, *, is_loose: bool = False) -> None:
        words = spelling.words
        self._anchor = min(range(len(words)), key=lambda number: words[number].frequency)
        self._spelling = spelling
        self._is_loose = is_loose
        pair = pair_in(words, self._anchor)
        self._rarest = pair or words[self._anchor]
        others = [word for word in words if not (pair and pair.holds(word))]
        telling = [word for word in others if word.frequency <= MOST_TELLING]
        super().__init__(label, (self._rarest, *telling))

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        places: list[Occurrence] = []
        anchor, hits = self._spelling.words[self._anchor], sheet.hits(self._rarest)
        sheet.spend(len(hits) * len(self._spelling.words))
        for hit in hits:
            start, end = anchor.bounds(sheet, hit)
            start, end = self._stretched(sheet, start, end) if end != ABSENT else (ABSENT, ABSENT)
            if end != ABSENT:
                start, end = self._settled(sheet, sheet.folded.origin(start), sheet.folded.origin(end))
            if end != NOT_A_WORD:
                places.append((start, end, self))
        return places

    def _stretched(self, sheet: "Sheet", start: int, end: int) -> tuple[int, int]:
        """From the rarest word to all of them; the end is ABSENT where one is missing."""
        words, joints, anchor = self._spelling.words, self._spelling.joints, self._anchor
        for number in range(anchor + 1, len(words)):
            end = self._end_behind(sheet, words[number], joints[number - 1], end)
            if end == ABSENT:
                return start, ABSENT
        for number in range(anchor - 1, -1, -1):
            start = self._start_before(sheet, words[number], joints[number], start)
            if start == ABSENT:
                return start, ABSENT
        return start, end

    def _end_behind(self, sheet: "Sheet", word: Word, joint: str, end: int) -> int:
        """Where the word ends that follows this place, perhaps behind a possessive, or ABSENT."""
        folded = sheet.folded.text
        start = _after_blanks(folded, end)
        found = word.end_at(sheet, start)
        if found == ABSENT and not joint and folded.startswith("s ", start) and _is_possessive(sheet, start):
            start = _after_blanks(folded, start + 1)
            found = word.end_at(sheet, start)
        is_next = start - end <= 1 and not joint
        return found if found != ABSENT and (is_next or self._holds(sheet, joint, end, start)) else ABSENT

    def _start_before(self, sheet: "Sheet", word: Word, joint: str, start: int) -> int:
        """Where the word starts that this place follows, perhaps behind its possessive, or ABSENT."""
        folded = sheet.folded.text
        end = _before_blanks(folded, start)
        found = word.start_at(sheet, end)
        if found == ABSENT and not joint and folded.endswith(" s", 0, end) and _is_possessive(sheet, end - 1):
            end = _before_blanks(folded, end - 1)
            found = word.start_at(sheet, end)
        is_next = start - end <= 1 and not joint
        return found if found != ABSENT and (is_next or self._holds(sheet, joint, end, start)) else ABSENT

    def _holds(self, sheet: "Sheet", joint: str, end: int, start: int) -> bool:
        """Whether what stands between two words is what must."""
        between = sheet.original(end, start)
        if not joint or self._is_loose:
            return _PARAGRAPH.search(between) is None
        if joint == "++":
            return between.startswith("++")
        return between in APOSTROPHES if joint == "'" else between == joint

    def _settled(self, sheet: "Sheet", start: int, end: int) -> tuple[int, int]:
        """The place with its signs and endings; the end is NOT_A_WORD where they are others."""
        text, spelling = sheet.text, self._spelling
        first, last = spelling.words[0], spelling.words[-1]
        if spelling.written and as_written(text[start:end]) != spelling.written:
            return start, NOT_A_WORD
        if spelling.before:
            start -= 1
            if text[start] not in _SIGNS[spelling.before] or text[start - 1].isalnum():
                return start, NOT_A_WORD
        elif not first.is_spaceless and not begins_word(text, start, start + len(first.text)):
            return start, NOT_A_WORD
        if spelling.after:
            signs = text[end : end + len(spelling.after)]
            end = end + len(signs) if signs == spelling.after else NOT_A_WORD
        elif not last.is_spaceless:
            end = end_of_word(text, end - len(last.text), end)
            end = _with_stop(text, end) if spelling.has_stop else end
        return start, _without_invisible(text, end) if end != NOT_A_WORD else NOT_A_WORD


class Scattered(Clause):
    """The words of a phrase in any order, with at most `slop` others between."""

    __slots__ = ("_counts", "_slop", "_units")

    def __init__(self, label: str, units: Sequence[Clause], slop: int) -> None:
        self._counts = {unit: units.count(unit) for unit in units}
        self._units = tuple(self._counts)
        self._slop = slop
        super().__init__(label, [word for unit in self._units for word in unit.required])

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        places: list[Occurrence] = []
        for unit in self._units:
            found = sheet.occurrences(unit)
            if len(found) < self._counts[unit]:
                return []
            places += found
        places.sort(key=lambda place: place[:2])
        return [(start, end, self) for start, end in windows(sheet, places, self._counts, self._slop)]


class Expression(Clause):
    """A regular expression; it is looked for in each field by itself."""

    __slots__ = ("_pattern",)

    def __init__(self, label: str, pattern: str) -> None:
        literal = _literal_in(pattern)
        super().__init__(label, (word(Literal, literal),) if literal else ())
        self._pattern = pattern

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        return [
            (begin + start, begin + end, self)
            for begin, value in sheet.values()
            for start, end in (search(self._pattern, value) if value else ())
        ]


class WholeTag(Clause):
    """A clause that fills one of the document's tags."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Clause) -> None:
        super().__init__(inner.label, inner.required)
        self._inner = inner

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        text = sheet.text
        return [
            (start, end, self)
            for start, end, _ in sheet.occurrences(self._inner)
            if not _has_letters(text[text.rfind("\n", 0, start) : start])
            and not _has_letters(text[end : text.find("\n", end)])
        ]


class OnSite(Clause):
    """A host, or any host under it: `reuters.com` takes `www.reuters.com`."""

    __slots__ = ("_host",)

    def __init__(self, label: str, typed: str) -> None:
        super().__init__(label)
        self._host = typed.casefold().removeprefix("http://").removeprefix("https://").strip("*./ ")

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        begin, site = sheet.value("site")
        start = len(site) - len(self._host)
        is_on = site.casefold() == self._host or site.casefold().endswith(f".{self._host}")
        return [(begin + start, begin + len(site), self)] if is_on else []


class InLanguage(Clause):
    """A language tag, or any that it is the beginning of: `en` takes `en-GB`."""

    __slots__ = ("_tag",)

    def __init__(self, label: str, typed: str) -> None:
        super().__init__(label)
        self._tag = language_tag(typed.removesuffix("*"))

    def locate(self, sheet: "Sheet") -> "list[Occurrence]":
        begin, lang = sheet.value("lang")
        return [(begin, begin + len(self._tag), self)] if speaks(lang, self._tag) else []


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
        return OneWord(label, spelling.words[0])
    return InOrder(label, spelling, is_loose=is_loose)


# --- characters -------------------------------------------------------------------------------------------

_SIGNS = {"#": "#＃", "@": "@＠"}
_QUANTIFIERS = "*?{"


def _after_blanks(folded: str, place: int) -> int:
    if not folded.startswith(" ", place + 1):  # nearly always there is one
        return place + folded.startswith(" ", place)
    return _BLANKS.match(folded, place).end()  # type: ignore[union-attr]  # it always matches


def _before_blanks(folded: str, place: int) -> int:
    while place and folded[place - 1] == " ":
        place -= 1
    return place


def _is_possessive(sheet: "Sheet", start: int) -> bool:
    """Whether the s that starts here in the folded text stands behind an apostrophe and a word."""
    place = sheet.folded.origin(start) - 1
    return sheet.text[place] in APOSTROPHES and sheet.text[place - 1].isalnum()


def _with_stop(text: str, end: int) -> int:
    """The end of an abbreviation with its last stop, and its possessive: U.S.'s."""
    if end == NOT_A_WORD or text[end] != ".":
        return end
    end += 1
    is_possessive = text[end] in APOSTROPHES and text[end + 1] in "sS" and not text[end + 2].isalnum()
    return end + 2 if is_possessive else end


def _without_invisible(text: str, end: int) -> int:
    """The end without the invisible characters that scrapers leave behind words."""
    if text.isascii():
        return end
    while category(text[end - 1]) == "Cf":
        end -= 1
    return end


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
