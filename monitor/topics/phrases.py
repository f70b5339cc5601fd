"""Words and phrases: where on a sheet they stand, around the places where their rarest part was found."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.topics.clause import Clause, without_invisible
from monitor.topics.fold import APOSTROPHES
from monitor.topics.match import Span
from monitor.topics.neighbours import rarest_beside, rarest_in
from monitor.topics.spelling import Spelling, as_written
from monitor.topics.text import AT_JOINT, NOT_A_WORD, begins_word, end_of_word, is_joint, word_end
from monitor.topics.words import ABSENT, Word

try:
    from monitor.topics import placing as quick
except ImportError:
    quick = None  # type: ignore[assignment]  # not compiled here

if TYPE_CHECKING:
    from monitor.topics.sheet import Occurrence, Sheet
    from monitor.topics.words import Hit

_NEW = tuple.__new__
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_SIGNS = {"#": "#＃", "@": "@＠"}

MOST_GROWN = 4
"""Letters that a word may win in its plural and its possessive."""

WORK = 2
"""Places that are looked at around each hit of a phrase, about."""


class OneWord(Clause):
    """A single word."""

    __slots__ = ("_word",)

    def __init__(self, label: str, word: Word) -> None:
        super().__init__(label, (word,))
        self._word = word

    def locate(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":
        word = self._word
        places: set[tuple[int, int]] = set()
        for hit in hits:
            first, last = word.bounds(sheet, hit)
            if last != ABSENT:
                start, end = self.settled(sheet.text, *sheet.folded.stretch(first, last))
                if end != NOT_A_WORD:
                    places.add((start, end))
        return sheet.as_places(sorted(places), self)

    def settled(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The place with the word's ending; the end is NOT_A_WORD where it is part of a longer one."""
        if not self._word.is_spaceless:
            end = word_end(text, start, end)
        return start, without_invisible(text, end) if end != NOT_A_WORD else NOT_A_WORD


class PlainWord(OneWord):
    """A word between blanks, beside which nearly always nothing stands that may belong to it."""

    __slots__ = ()

    is_plain = True

    def locate(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":
        if quick:
            return quick.locate_word(self, sheet, hits)
        text, folded, wide = sheet.text, sheet.folded.text, sheet.folded.wide
        if wide is None:
            return super().locate(sheet, hits)
        fields, label = sheet.fields(), self.label
        places: list[Occurrence] = []
        shift = 0
        for _, begin, behind in hits:  # all there are, in order: each is the next in the wide text, too
            shift = wide.find(folded[begin:behind], begin + shift) - begin
            start, end = begin + shift + 1, behind + shift - 1
            if text[start - 1] in AT_JOINT or (text[end] in AT_JOINT and is_joint(text, end)):
                start, end = self.settled(text, start, end)
                if end == NOT_A_WORD:
                    continue
            for field in fields:  # as sheet.as_places does, here for want of a call for each word
                if field[0] <= start:
                    break
            border, name, value = field
            first, last = start - border, end - border
            places.append((start, end, _NEW(Span, (name, first, last, value[first:last], label))))
        return places


class InOrder(Clause):
    """Words that follow each other: a phrase, or a single term like `U.S.`, `F-16`, `#tag`.

    Its places are looked for around its rarest neighbours, or its rarest word. `is_loose` lets anything
    stand between the words, where the text is a URL.
    """

    __slots__ = ("_anchor", "_is_loose", "_rarest", "_spelling")

    def __init__(self, label: str, spelling: Spelling, *, is_loose: bool = False) -> None:
        self._anchor, self._rarest = rarest_in(spelling.words)
        self._spelling = spelling
        self._is_loose = is_loose
        super().__init__(label, (self._rarest, *rarest_beside(spelling.words, self._anchor, self._rarest)))

    def locate(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":
        sheet.spend(len(hits) * WORK)
        places = {place for hit in hits if (place := self._place(sheet, hit))}
        return sheet.as_places(sorted(places), self)

    def _place(self, sheet: "Sheet", hit: "Hit") -> tuple[int, int] | None:
        """The place around this hit, if all the words are there."""
        start, end = self._stretched(sheet, hit)
        if end != ABSENT:
            start, end = self.settled(sheet.text, *sheet.folded.stretch(start, end))
        return None if end in (ABSENT, NOT_A_WORD) else (start, end)

    def _stretched(self, sheet: "Sheet", hit: "Hit") -> tuple[int, int]:
        """From the rarest word to all of them; the end is ABSENT where one is missing."""
        words, joints, anchor = self._spelling.words, self._spelling.joints, self._anchor
        start, end = self._rarest.bounds(sheet, hit)
        for number in range(anchor + 1, len(words)):
            if end != ABSENT:
                end = self._end_behind(sheet, words[number], joints[number - 1], end)
        for number in range(anchor - 1, -1, -1):
            if end != ABSENT:
                start = self._start_before(sheet, words[number], joints[number], start)
                end = end if start != ABSENT else ABSENT
        return start, end

    def _end_behind(self, sheet: "Sheet", word: Word, joint: str, end: int) -> int:
        """Where the word ends that follows this place, perhaps behind a possessive, or ABSENT."""
        folded = sheet.folded.text
        start = end + folded.startswith(" ", end)
        found = word.end_at(sheet, start)
        if found == ABSENT and not joint and folded.startswith("s ", start) and _is_possessive(sheet, start):
            start += len("s ")
            found = word.end_at(sheet, start)
        return found if found != ABSENT and self._holds(sheet, joint, end, start) else ABSENT

    def _start_before(self, sheet: "Sheet", word: Word, joint: str, start: int) -> int:
        """Where the word starts that this place follows, perhaps behind its possessive, or ABSENT."""
        folded = sheet.folded.text
        end = start - folded.endswith(" ", 0, start)
        found = word.start_at(sheet, end)
        if found == ABSENT and not joint and folded.endswith(" s", 0, end) and _is_possessive(sheet, end - 1):
            end -= len(" s")
            found = word.start_at(sheet, end)
        return found if found != ABSENT and self._holds(sheet, joint, end, start) else ABSENT

    def _holds(self, sheet: "Sheet", joint: str, end: int, start: int) -> bool:
        """Whether what stands between two words is what must."""
        between = sheet.original(end, start)
        if not joint or self._is_loose:
            return "\n" not in between or _PARAGRAPH.search(between) is None
        if joint == "++":
            return between.startswith("++")
        return between in APOSTROPHES if joint == "'" else between == joint

    def settled(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The place with its signs and endings; the end is NOT_A_WORD where they are others."""
        spelling = self._spelling
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
        return start, without_invisible(text, end) if end != NOT_A_WORD else NOT_A_WORD


class PlainPhrase(InOrder):
    """A phrase of plain words, which nearly always stands as it was typed: a look tells whether it does.

    `typed` is so from blank to blank, and `before` how many letters of it stand before what it is found by.
    """

    __slots__ = ("_endings", "_farthest", "before", "typed")

    def __init__(self, label: str, spelling: Spelling, *, is_loose: bool = False) -> None:
        super().__init__(label, spelling, is_loose=is_loose)
        words = spelling.words
        self.typed = f" {' '.join(word.text for word in words)} "
        self.before = sum(len(word.text) + 1 for word in words[: self._anchor])
        behind = words[self._anchor + self._rarest.text.count(" ") + 1 :]
        others = behind[-1:] or words[: min(self._anchor, 1)]
        self._farthest = others[0].beginning if others else ""
        self._endings = self._rarest.endings

    def locate(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":
        if quick:
            return quick.locate_phrase(self, sheet, hits)
        text, folded, wide, typed = sheet.text, sheet.folded.text, sheet.folded.wide or "", self.typed
        places: set[tuple[int, int]] = set()
        blank = -1
        for hit in hits:
            begin = hit[1] - self.before
            if folded.startswith(typed, begin):
                blank = wide.find(typed, begin if begin > blank else blank + 1)
                if blank < 0:  # somewhere is more than a blank between its words
                    return self.locate_by_words(sheet, hits)
                start, end = blank + 1, blank + len(typed) - 1
                if text[blank] in AT_JOINT or (text[end] in AT_JOINT and is_joint(text, end)):
                    start, end = self.settled(text, start, end)
                if end != NOT_A_WORD:
                    places.add((start, end))
            elif (place := self.place_otherwise(sheet, hit))[1] != NOT_A_WORD:
                places.add(place)
        return sheet.as_places(sorted(places), self) if places else []

    def locate_by_words(self, sheet: "Sheet", hits: "Sequence[Hit]") -> "list[Occurrence]":
        """The same, word by word: where there may be more than a blank between them."""
        return super().locate(sheet, hits)

    def place_otherwise(self, sheet: "Sheet", hit: "Hit") -> tuple[int, int]:
        """Where it stands around this hit, if not as it was typed; the end is NOT_A_WORD if it does not."""
        place = self._place(sheet, hit) if self._may_stand(sheet.folded.text, hit) else None
        return place or (hit[1], NOT_A_WORD)

    def _may_stand(self, folded: str, hit: "Hit") -> bool:
        """Whether the hit may be more than a beginning, and the word farthest from it is near."""
        if not folded.startswith(self._endings, hit[2]):
            return False
        reach = len(self.typed) + MOST_GROWN * len(self._spelling.words)
        return not self._farthest or folded.find(self._farthest, max(hit[1] - reach, 0), hit[2] + reach) >= 0


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
