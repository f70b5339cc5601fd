"""A document laid out for matching: its fields in one text, folded once, and what was found in it so far.

Positions on a sheet are positions in its `text`; spans lead back to the document's own fields.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.fold import fold_narrowed, narrowed
from monitor.topics.folded import Folded, closed_up
from monitor.topics.glue import with_second_reading
from monitor.topics.lexicon import NO_NUMBER
from monitor.topics.match import Span
from monitor.topics.stems import stem_of
from monitor.topics.text import are_few_words, word_starts
from monitor.topics.words import Hit, Word

try:
    from monitor.topics import placing as quick
except ImportError:
    quick = None  # type: ignore[assignment]  # not compiled here

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.lexicon import Lexicon

    Occurrence = tuple[int, int, Span]
    """Where a clause stands on a sheet, and the span that tells it."""

    Laid = tuple[int, str, str]
    """A field on a sheet: where it starts, its name and its value."""

OTHER_FIELDS = ("author", "feed", "url", "tags", "site", "lang")
"""The other fields that words are looked for in; they are laid out only where a topic asks for them."""

MAX_WORK = 2_000_000
"""Places that one topic may look at in one document."""

TEXT = frozenset(TEXT_FIELDS)
_START, _SPAN = itemgetter(0), itemgetter(2)
_NEW = tuple.__new__
"""Makes a named tuple in half of the time that its own class takes: an article has dozens of spans."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_FOLDED_WORD = re.compile("[^ ]+")


class TooMuchWorkError(Exception):
    """A topic looks at more places in a document than any sensible one."""


def lay_out(document: Document, fields: Sequence[str] = ()) -> "Sheet":
    """A sheet with title, summary and content, and with those of OTHER_FIELDS that are asked for."""
    text = f"\n{document.title}\n\n{document.summary}\n\n{document.content}\n\n"
    if fields:
        text += "".join(f"{_as_text(document, name)}\n\n" for name in fields)
    narrow = narrowed(text)
    folded = closed_up(fold_narrowed(text, narrow))
    return Sheet(document, text, with_second_reading(text, narrow, folded), fields, folded.wide)


class Sheet:
    """One document while topics are matched against it."""

    __slots__ = (
        "_hits", "_laid_out", "_measured", "_starts", "_stems",
        "document", "folded", "found", "lexicon", "others", "page", "places", "text", "wide", "work",
    )  # fmt: skip

    def __init__(
        self, document: Document, text: str, folded: Folded, fields: Sequence[str], wide: str | None
    ) -> None:
        self.document = document
        self.text = text
        self.folded = folded
        self.wide = wide
        """The text folded position for position, in which words are counted; None where it is not so."""
        self.found: dict[int, list[Hit]] = {}
        """The hits of each word that the presearch found, by the word's number."""
        self.lexicon: Lexicon | None = None
        """The words that it looked for: all that any topic may ask for."""
        self.page: object | None = None
        """What waiting.pyx looks at, once it did."""
        self.places: dict[Clause, list[Occurrence]] = {}
        """Where clauses stand that were looked for."""
        self.others = fields
        """Those of OTHER_FIELDS that are laid out, too."""
        self.work = 0
        """The places looked at for the topic that is being matched."""
        self._hits: dict[Word, list[Hit]] = {}
        self._laid_out: list[Laid] = []
        self._starts: list[int] | None = None
        self._measured = 0
        self._stems: dict[str, dict[str, list[Hit]]] = {}

    # --- finding ------------------------------------------------------------------------------------------

    def hits(self, word: Word) -> Sequence[Hit]:
        """Where the word seems to stand, in the folded text; whether it does is for the clause to say."""
        if self.lexicon is not None:
            return self.found.get(self.lexicon.numbers.get(word, NO_NUMBER), ())
        hits = self._hits.get(word)
        if hits is None:
            hits = self._hits[word] = word.find(self)
        return hits

    def found_words(self) -> set[Word]:
        """The words that the presearch found."""
        return {self.lexicon.words[number] for number in self.found} if self.lexicon else set()

    def occurrences(self, clause: "Clause") -> "Sequence[Occurrence]":
        """Where the clause stands in any field, in order, each place once."""
        places = self.places.get(clause)
        if places is None:
            hits = self.hits(clause.required[0]) if clause.required else ()
            if self.lexicon is not None and clause.required and not hits:
                return ()
            places = self.places[clause] = clause.locate(self, hits)
        return places

    def places_in(self, clause: "Clause", fields: frozenset[str]) -> "Sequence[Occurrence]":
        """Where the clause stands in these fields."""
        places = self.occurrences(clause)
        if not places or (fields is TEXT and not self.others):
            return places
        return [place for place in places if place[2].field in fields]

    def spend(self, work: int) -> None:
        """Count the work; raises TooMuchWorkError where it becomes too much for one topic."""
        self.work += work
        if self.work > MAX_WORK:
            raise TooMuchWorkError

    def original(self, start: int, end: int) -> str:
        """What stands in the text at this place of the folded text."""
        return self.text[self.folded.origin(start) : self.folded.origin(end)]

    def stems(self, language: str) -> dict[str, list[Hit]]:
        """The words of the folded text by their stems."""
        stems = self._stems.get(language)
        if stems is None:
            stems = self._stems[language] = {}
            for found in _FOLDED_WORD.finditer(self.folded.text):
                start, end = found.span()
                stem = stem_of(language, self.original(start, end))
                stems.setdefault(stem, []).append((0, start - 1, end + 1))
        return stems

    # --- measuring ----------------------------------------------------------------------------------------

    def is_within(self, end: int, start: int, distance: int) -> bool:
        """Whether at most so many words stand between the end of one place and the start of a later one."""
        wide = self.wide
        if wide is not None:
            count = quick.are_few_words if quick else are_few_words
            are_few = count(self.text, wide, end, start, most=distance)
            if are_few is not None:
                return are_few
        self._measured += distance + 1
        if self._starts is not None or self._measured > len(self.text) // 2:
            return self.words_between(end, start) <= distance
        more = islice(self._word_starts(end, start), distance, None)
        return next(more, None) is None

    def words_between(self, end: int, start: int) -> int:
        """How many words stand between the end of one place and the start of a later one."""
        if self._starts is None:
            self._starts = list(self._word_starts(1, len(self.text)))
        return bisect_left(self._starts, start) - bisect_left(self._starts, end)

    def _word_starts(self, start: int, end: int) -> Iterator[int]:
        """Where words start in this stretch of the text."""
        wide = self.wide
        return word_starts(self.text, self.folded if wide is None else Folded(wide), start, end)

    def is_one_paragraph(self, start: int, end: int) -> bool:
        """Whether no paragraph and no field ends between the two places."""
        return _PARAGRAPH.search(self.text, start, end) is None

    def value(self, field: str) -> tuple[int, str]:
        """Where a field that is laid out starts, and its value."""
        laid_out = self.fields()
        return next((begin, value) for begin, name, value in laid_out if name == field)

    def values(self) -> Iterable[tuple[int, str]]:
        """Where each field starts, and its value."""
        return [(begin, value) for begin, _, value in reversed(self.fields())]

    def fields(self) -> "list[Laid]":
        """The fields, the last first: most of a document is in its last."""
        return self._laid_out or self._lay_out()

    def _lay_out(self) -> "list[Laid]":
        """Where each field is, the last first."""
        title, summary, content = self.document.title, self.document.summary, self.document.content
        second = len(title) + 3
        third = second + len(summary) + 2
        begin = third + len(content) + 2
        laid_out = [(third, "content", content)] if content else []
        laid_out += (second, "summary", summary), (1, "title", title)
        for name in self.others:
            value = value_of(self.document, name)
            laid_out.insert(0, (begin, name, value))
            begin += len(value) + 2
        self._laid_out = laid_out
        return laid_out

    # --- reporting ----------------------------------------------------------------------------------------

    def as_places(self, places: Iterable[tuple[int, int]], clause: "Clause") -> "list[Occurrence]":
        """These places as those of the clause, with their spans."""
        fields, label = self.fields(), clause.label
        found: list[Occurrence] = []
        for start, end in places:
            for field in fields:
                if field[0] <= start:
                    break
            begin, name, value = field
            first, last = start - begin, end - begin
            found.append((start, end, _NEW(Span, (name, first, last, value[first:last], label))))
        return found

    def told(self, places: "Sequence[Occurrence]") -> tuple[Span, ...]:
        """The spans of a clause's places in the running text."""
        if self.others:
            places = [place for place in places if place[2].field in TEXT]
        return (places[0][2],) if len(places) == 1 else self.spans(places)

    def spans(self, places: "Sequence[Occurrence]") -> tuple[Span, ...]:
        """The spans of the places in reading order; one that lies within another is left out."""
        kept: list[Span] = []
        begun = done = 0
        for start, end, span in sorted(places, key=_START):
            if start < done:
                if end <= done:
                    continue
                if start == begun:
                    kept.pop()
            begun, done = start, end
            kept.append(span)
        return tuple(kept)


def value_of(document: Document, field: str) -> str:
    """The field's text as spans count in it."""
    value = getattr(document, field)
    return value if isinstance(value, str) else "\n".join(value)


def _as_text(document: Document, field: str) -> str:
    """The field's text as it is laid out: the stops in a URL hold nothing together."""
    value = value_of(document, field)
    return value.replace(".", "/") if field == "url" else value
