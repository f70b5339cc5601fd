"""Topics in the percolator: which clauses each waits for, and who is told once a clause stands."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from monitor.topics.match import Match
from monitor.topics.matcher import CompiledTopic
from monitor.topics.parts import AnyOf, Part, Somewhere, somewheres
from monitor.topics.sheet import TEXT, Sheet

try:
    from monitor.topics import waiting as quick
except ImportError:
    quick = None  # type: ignore[assignment]  # not compiled here

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.words import Hit, Word

_NEW = tuple.__new__
"""Makes a named tuple in half of the time that its own class takes."""

_NOBODY: dict[Any, Any] = {}
"""One for all that nobody waits for: one each would be one more thing to fetch from far away in memory."""


class Standing:
    """A topic that waits for one of its `clauses` to stand.

    Either one is enough (`is_any`), or the word `beside` it must be found too, if there is such a word, and
    then it is verified. Without clauses it is verified for every document.
    """

    __slots__ = ("beside", "clauses", "compiled", "is_any", "name", "order")

    def __init__(self, order: int, compiled: CompiledTopic) -> None:
        key = compiled.part.key()
        self.order = order
        self.name = compiled.topic.name
        self.compiled = compiled
        self.clauses = key.clauses if key else ()
        self.is_any = bool(self.clauses) and not compiled.is_narrowed and _is_any(compiled.part)
        self.beside = None if self.is_any else self._beside()

    def _beside(self) -> "Word | None":
        """The rarest word that must be found besides those of its clauses."""
        own = {word for clause in self.clauses for word in clause.required}
        others = (word for word in self.compiled.part.required() if word not in own)
        return min(others, key=lambda word: word.frequency, default=None)

    def words(self) -> "list[Word]":
        """All the words that matching it looks up."""
        return [word for part in somewheres(self.compiled.part) for word in part.clause.required]


class Watchers:
    """The names of the topics that wait for a clause: those that it is `enough` for by order, and the others.

    The others wait by the word that must be found beside it, or by the clause's own where there is none such.
    `also` is the number of the clause's next rarest word, without which it can not stand, if it has several.
    """

    __slots__ = ("also", "clause", "enough", "waiting")

    def __init__(self, clause: "Clause", also: int | None) -> None:
        self.clause = clause
        self.also = also
        self.enough: dict[int, str] = _NOBODY
        self.waiting: dict[int, dict[str, None]] = _NOBODY

    def __bool__(self) -> bool:
        return bool(self.enough or self.waiting)

    def add(self, standing: Standing, beside: int) -> None:
        """Let it wait for the clause, and for the word of this number beside it."""
        if standing.is_any:
            self.enough = self.enough or {}
            self.enough[standing.order] = standing.name
        else:
            self.waiting = self.waiting or {}
            self.waiting.setdefault(beside, {})[standing.name] = None

    def remove(self, standing: Standing, beside: int) -> None:
        """Let it wait no more."""
        if standing.is_any:
            del self.enough[standing.order]
            return
        del self.waiting[beside][standing.name]
        if not self.waiting[beside]:
            del self.waiting[beside]

    def look(
        self, sheet: Sheet, hits: "Sequence[Hit]", matched: dict[int, Match], candidates: dict[str, None]
    ) -> None:
        """If the clause stands, put down the topics that match for it and those that have to be verified."""
        clause, enough, waiting = self.clause, self.enough, self.waiting
        sheet.work = 0
        try:
            places = sheet.places[clause] = clause.locate(sheet, hits)
        except Exception:  # noqa: BLE001  # each of the topics comes across it again, and is left out
            candidates.update(dict.fromkeys(chain(enough.values(), *waiting.values())))
            return
        if not places:
            return
        if waiting:
            for word in waiting.keys() & sheet.found.keys():
                candidates.update(waiting[word])
        if enough and (spans := sheet.told(places)):
            for order, name in enough.items():
                if order in matched:  # for another clause, too: there is more to show
                    candidates[name] = None
                else:
                    matched[order] = _NEW(Match, (name, spans))


def watchers_of(clause: "Clause", also: int | None) -> Watchers:
    """Watchers of the clause, nobody yet."""
    return (quick.Watchers if quick else Watchers)(clause, also)


def look(
    watched: list[tuple[Watchers, ...]],
    sheet: Sheet,
    matched: dict[int, Match],
    candidates: dict[str, None],
) -> None:
    """Let all watchers look whose clause may stand, by the words that were found and who waits for it."""
    if quick:
        quick.look(watched, sheet, matched, candidates)
        return
    found = sheet.found.keys()
    for number, hits in sheet.found.items():
        for watchers in watched[number]:
            if (watchers.enough or not found.isdisjoint(watchers.waiting)) and (
                (also := watchers.also) is None or also in found
            ):
                watchers.look(sheet, hits, matched, candidates)


def in_order(matched: dict[int, Match]) -> tuple[Match, ...]:
    """The matches by the order of their topics."""
    return quick.in_order(matched) if quick else tuple(map(matched.__getitem__, sorted(matched)))


def _is_any(part: Part) -> bool:
    """Whether it matches as soon as one of its clauses stands in the running text."""
    if isinstance(part, AnyOf):
        return all(map(_is_any, part.alternatives))
    return isinstance(part, Somewhere) and part.fields == TEXT
