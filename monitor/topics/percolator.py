"""The engine of standing queries: which of the topics match a document, and where.

    document → sheet          laid out and folded once
    sheet → words             the presearch finds which of all topics' words are there, in one pass
    words → pairs             and which of them have the neighbour that a phrase asks for
    pairs, words → candidates the topics whose two rarest necessary words, or pairs, are there
    candidates → matches      each is verified from the places found

A topic that is broken or takes too much work is left out and named in `broken`; the others go on.
"""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitor.errors import QueryError
from monitor.topics.document import Document
from monitor.topics.match import Match
from monitor.topics.matcher import CompiledTopic, compile_topic
from monitor.topics.parts import Somewhere, walk
from monitor.topics.presearch import Presearch
from monitor.topics.query import expanded
from monitor.topics.sheet import MAX_WORK, OTHER_FIELDS, TEXT, Sheet, TooMuchWorkError, lay_out
from monitor.topics.topic import Topic

if TYPE_CHECKING:
    from monitor.topics.clauses import Clause
    from monitor.topics.words import Word

NO_PRESEARCH = None
"""The plain twin: every topic is looked at for every document."""

_VERSION = "1"
"""Of what `version_of` hashes, and how."""


class Percolator:
    """Topics, ready to be matched against documents one at a time."""

    def __init__(
        self, topics: Iterable[Topic] = (), *, presearch: type[Presearch] | None = Presearch
    ) -> None:
        self._presearch = presearch() if presearch else None
        self._standing: dict[str, _Standing] = {}
        self._by_key: dict[Word, dict[Word | None, list[_Standing]]] = {}
        self._unkeyed: dict[int, _Standing] = {}
        self._fields: Counter[str] = Counter()
        self._looked_at: tuple[str, ...] = ()
        self._broken: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._order = 0
        with _no_collection():
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
        self.remove(topic.name)
        try:
            compiled = compile_topic(topic)
        except QueryError as error:
            self._broken[topic.name] = str(error)
            return
        self._order += 1
        standing = self._standing[topic.name] = _Standing(self._order, compiled)
        if self._presearch:
            self._presearch.add(standing.words())
        if standing.key:
            for word in standing.key:
                self._by_key.setdefault(word, {}).setdefault(standing.beside, []).append(standing)
        else:
            self._unkeyed[standing.order] = standing
        self._look_at(compiled.fields, 1)

    def remove(self, name: str) -> None:
        """Match the topic of this name no more."""
        self._broken.pop(name, None)
        standing = self._standing.pop(name, None)
        if standing is None:
            return
        if self._presearch:
            self._presearch.remove(standing.words())
        for word in standing.key:
            self._by_key[word][standing.beside].remove(standing)
            if not self._by_key[word][standing.beside]:
                del self._by_key[word][standing.beside]
            if not self._by_key[word]:
                del self._by_key[word]
        self._unkeyed.pop(standing.order, None)
        self._look_at(standing.compiled.fields, -1)

    def match(self, document: Document) -> tuple[Match, ...]:
        """The topics that match, in the order in which they were added."""
        sheet = lay_out(document, self._looked_at)
        found: dict[int, Match] = {}
        for standing in self._candidates(sheet):
            try:
                clause = standing.clause
                spans = sheet.spans_of(clause) if clause is not None else standing.compiled.match(sheet)
            except TooMuchWorkError:
                self._failed[standing.name] = f"it looked at over {MAX_WORK:,} places in one document"
            except Exception as error:  # noqa: BLE001  # whatever is wrong with one topic, the others go on
                self._failed[standing.name] = f"{type(error).__name__}: {error}"
            else:
                if spans:
                    found[standing.order] = Match(standing.name, spans)
        if self._failed:
            self._leave_out_failed()
        return tuple([found[order] for order in sorted(found)])

    def _candidates(self, sheet: Sheet) -> "Iterable[_Standing]":
        """The topics that may match: those whose two rarest necessary words were found, each once."""
        if self._presearch is None:
            return self._standing.values()
        self._presearch.search(sheet)
        by_key, found = self._by_key, sheet.found
        candidates = list(self._unkeyed.values())
        for word in by_key.keys() & found.keys():
            for beside, topics in by_key[word].items():
                if beside is None or beside in found:
                    candidates += topics
        return dict.fromkeys(candidates)

    def _leave_out_failed(self) -> None:
        for name, why in self._failed.items():
            self.remove(name)
            self._broken[name] = why
        self._failed.clear()

    def _look_at(self, fields: Sequence[str], uses: int) -> None:
        """Keep count of the fields that topics look at besides the text."""
        if fields:
            self._fields.update(dict.fromkeys(fields, uses))
            self._looked_at = tuple(field for field in OTHER_FIELDS if self._fields[field] > 0)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage is collected meanwhile: a build makes none, and looking for it takes half of the time.

    Afterwards all that was made is put among the old, which are rarely looked at again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect(1)


def version_of(topic: Topic) -> str:
    """A short hash of everything that decides what the topic matches, its aliases included."""
    decides = (
        str(expanded(topic.query)),
        *(",".join(values) for values in (topic.fields, topic.feeds, topic.langs)),
        topic.stem,
    )
    return f"{_VERSION}-{hashlib.sha256(chr(0).join(decides).encode('utf-8', 'replace')).hexdigest()[:12]}"


class _Standing:
    """A topic in the percolator: what must be found for it to be looked at, and how it is then matched.

    One of the `key` must be found, and the word `beside` it if there is one.
    """

    __slots__ = ("beside", "clause", "compiled", "key", "name", "order")

    def __init__(self, order: int, compiled: CompiledTopic) -> None:
        key = compiled.part.key()
        self.order = order
        self.name = compiled.topic.name
        self.compiled = compiled
        self.key = key.words if key else ()
        others = (word for word in compiled.part.required() if word not in self.key)
        self.beside = min(others, key=lambda word: word.frequency, default=None)
        self.clause = _only_clause(compiled)

    def words(self) -> "Iterable[Word]":
        """All the words that matching it looks up."""
        for part in walk(self.compiled.part):
            if isinstance(part, Somewhere):
                yield from part.clause.required


def _only_clause(compiled: CompiledTopic) -> "Clause | None":
    """The clause of a topic that is nothing but one: such topics share their spans."""
    part = compiled.part
    is_one = isinstance(part, Somewhere) and part.fields == TEXT and not compiled.is_narrowed
    return part.clause if is_one and isinstance(part, Somewhere) else None
