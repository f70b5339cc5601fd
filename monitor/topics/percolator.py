"""The engine of standing queries: which of the topics match a document, and where.

    document → sheet          laid out and folded once
    sheet → words             in one pass the presearch finds those of all topics that are there
    words → clauses           each whose rarest word is there, and whose next rarest, is located once
    clauses → topics          one that needs no more matches, and has their spans
    clauses → candidates      one whose rarest clause stands, and whose next rarest word is there, is verified

A topic that is broken or takes too much work is left out and named in `broken`; the others go on.
"""

import gc
import hashlib
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitor.errors import QueryError
from monitor.topics import ARE_PARTS_OLDER
from monitor.topics.batch import Batch
from monitor.topics.compiled import OLDER
from monitor.topics.document import Document, Words
from monitor.topics.match import Match
from monitor.topics.matcher import compile_topic
from monitor.topics.presearch import Found, Presearch
from monitor.topics.query import expanded
from monitor.topics.sheet import MAX_WORK, OTHER_FIELDS, Sheet, TooMuchWorkError, lay_out
from monitor.topics.standing import Standing, Watchers, in_order, look, watchers_of
from monitor.topics.topic import Topic

if TYPE_CHECKING:
    from monitor.topics.clause import Clause
    from monitor.topics.lexicon import Lexicon
    from monitor.topics.words import Hit, Word

NO_PRESEARCH = None
"""The plain twin: every topic is looked at for every document."""

FEW_TOPICS = 1_000
"""So many topics' rarest words are looked for by themselves, which is made ready in some milliseconds."""

MANY = 10_000
"""So many topics are not looked through for garbage."""

_VERSION = "1"
"""Of what `version_of` hashes, and how."""

if ARE_PARTS_OLDER:  # said here, as children read words, too, but only who matches has topics
    print(OLDER, file=sys.stderr)


class Percolator:
    """Topics, ready to be matched against documents one at a time."""

    def __init__(
        self, topics: Iterable[Topic] = (), *, presearch: type[Presearch] | None = Presearch
    ) -> None:
        self._presearch = presearch() if presearch else None
        self._first: Presearch | None = None
        self._standing: dict[str, Standing] = {}
        self._watchers: dict[Clause, Watchers] = {}
        self._watched: list[tuple[Watchers, ...]] = []
        self._unkeyed: set[str] = set()
        self._fields: Counter[str] = Counter()
        self._looked_at: tuple[str, ...] = ()
        self._broken: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._order = 0
        topics = tuple(topics)
        with _no_collection(are_many=len(topics) >= MANY):
            for topic in topics:
                self.add(topic)

    def __len__(self) -> int:
        return len(self._standing)

    @property
    def broken(self) -> Mapping[str, str]:
        """The topics that are left out, and why."""
        return MappingProxyType(self._broken)

    def add(self, topic: Topic) -> None:
        """Match this topic too; one of the same name makes room for it."""
        if topic.name in self._standing or topic.name in self._broken:
            self.remove(topic.name)
        try:
            compiled = compile_topic(topic)
        except QueryError as error:
            self._broken[topic.name] = str(error)
            return
        self._order += 1
        standing = self._standing[topic.name] = Standing(self._order, compiled)
        if self._presearch:
            self._presearch.add(standing.words())
            self._watch(standing, self._presearch.lexicon)
        self._look_at(compiled.fields, 1)

    def remove(self, name: str) -> None:
        """Match the topic of this name no more."""
        self._broken.pop(name, None)
        standing = self._standing.pop(name, None)
        if standing is None:
            return
        if self._presearch:
            self._presearch.remove(standing.words())
            self._unwatch(standing, self._presearch.lexicon.numbers)
        self._look_at(standing.compiled.fields, -1)

    def match(self, document: Document) -> tuple[Match, ...]:
        """The topics that match, in the order in which they were added."""
        found = self._found_early(document.words)
        if found is not None and not any(self._watched[number] for number in found):
            return ()
        sheet = lay_out(document, self._looked_at)
        matched: dict[int, Match] = {}
        for name in self._candidates(sheet, found, matched):
            standing = self._standing[name]
            try:
                spans = standing.compiled.match(sheet)
            except TooMuchWorkError:
                self._failed[name] = f"it looked at over {MAX_WORK:,} places in one document"
            except Exception as error:  # noqa: BLE001  # whatever is wrong with one topic, the others go on
                self._failed[name] = f"{type(error).__name__}: {error}"
            else:
                if spans:
                    matched[standing.order] = Match(name, spans)
        if self._failed:
            self._leave_out_failed(matched)
        return in_order(matched)

    def may_match(self, documents: Batch) -> list[bool]:
        """Whether any topic may match a document of these words, for each of them.

        Most have no word that any topic asks for first. All are looked through in one pass.
        """
        ends, presearch = documents.ends(), self._early
        if presearch is None:
            return [True] * len(ends)
        may = [False] * len(ends)
        for at in documents.unlike:
            may[at] = True
        for hits in self._found_first(presearch, documents.text):
            for _, start, _ in hits:
                may[bisect(ends, start)] = True
        return may

    def _found_first(self, presearch: Presearch, text: str) -> "Iterable[list[Hit]]":
        """The hits of words that any topic asks for first: a third of all words, and the rarest.

        Of few topics only these are looked for, in half of the time.
        """
        if len(self) > FEW_TOPICS:
            return [hits for number, hits in presearch.find(text).items() if self._watched[number]]
        if self._first is None:
            words = presearch.lexicon.words
            self._first = Presearch()
            self._first.add([words[number] for number, watchers in enumerate(self._watched) if watchers])
        return self._first.find(text).values()

    @property
    def _early(self) -> Presearch | None:
        """What can look through words without a sheet; None where something else is looked at too."""
        presearch = self._presearch
        return (
            None
            if presearch is None or presearch.reads_stems or self._looked_at or self._unkeyed
            else presearch
        )

    def _found_early(self, words: Words | None) -> Found | None:
        """What can be found without laying the document out; None where something else is looked at too."""
        if words is None or not words.once:
            return None
        presearch = self._early
        return presearch.find(words.text) if presearch else None

    def _candidates(self, sheet: Sheet, early: Found | None, matched: dict[int, Match]) -> Iterable[str]:
        """The topics that have to be verified; those that a clause was enough for are put down as matched."""
        if self._presearch is None:
            return self._standing
        self._presearch.search(sheet, early)
        candidates = dict.fromkeys(self._unkeyed)
        look(self._watched, sheet, matched, candidates)
        return candidates

    def _watch(self, standing: Standing, lexicon: "Lexicon") -> None:
        """Let the topic wait for its clauses, each of which is looked at when its rarest word is found."""
        numbers, self._first = lexicon.numbers, None
        self._watched.extend([()] * (len(lexicon.words) - len(self._watched)))
        for clause in standing.clauses:
            word, *others = clause.required
            watchers = self._watchers.get(clause)
            if watchers is None:
                also = numbers[others[0]] if others else None
                watchers = self._watchers[clause] = watchers_of(clause, also)
                self._watched[numbers[word]] += (watchers,)
            watchers.add(standing, numbers[standing.beside or word])
        if not standing.clauses:
            self._unkeyed.add(standing.name)

    def _unwatch(self, standing: Standing, numbers: "Mapping[Word, int]") -> None:
        self._first = None
        for clause in standing.clauses:
            word, watchers = clause.required[0], self._watchers[clause]
            watchers.remove(standing, numbers[standing.beside or word])
            if not watchers:
                del self._watchers[clause]
                others = [each for each in self._watched[numbers[word]] if each is not watchers]
                self._watched[numbers[word]] = tuple(others)
        self._unkeyed.discard(standing.name)

    def _leave_out_failed(self, matched: dict[int, Match]) -> None:
        for name, why in self._failed.items():
            matched.pop(self._standing[name].order, None)
            self.remove(name)
            self._broken[name] = why
        self._failed.clear()

    def _look_at(self, fields: Sequence[str], uses: int) -> None:
        """Keep count of the fields that topics look at besides the text."""
        if fields:
            self._fields.update(dict.fromkeys(fields, uses))
            self._looked_at = tuple(field for field in OTHER_FIELDS if self._fields[field] > 0)


@contextmanager
def _no_collection(*, are_many: bool) -> Iterator[None]:
    """No garbage is collected meanwhile: a build makes none, and looking for it takes half of the time.

    With many topics looking at all that was made would take a second every time: they are put where nobody
    looks, and the garbage is taken out first.
    """
    was_enabled = gc.isenabled()
    if are_many:
        gc.unfreeze()
        gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if are_many:
            gc.freeze()
        if was_enabled:
            gc.enable()


def version_of(topic: Topic) -> str:
    """A short hash of everything that decides what the topic matches, its aliases included."""
    decides = (
        str(expanded(topic.query)),
        *(",".join(values) for values in (topic.fields, topic.feeds, topic.langs)),
        topic.stem,
    )
    return f"{_VERSION}-{hashlib.sha256(chr(0).join(decides).encode('utf-8', 'replace')).hexdigest()[:12]}"
