"""Compiles a topic's query and matches it against documents laid out on sheets.

compiled = compile_topic(topic)
compiled.match(lay_out(document, compiled.fields))      one topic, one document
Percolator(topics).match(document)                      many topics: see percolator.py
"""

from collections.abc import Sequence

from monitor.errors import QueryError
from monitor.topics.clauses import InLanguage, OnSite, WholeTag, clause_of, language_tag, speaks
from monitor.topics.document import Document
from monitor.topics.match import Span
from monitor.topics.parts import AllOf, AnyOf, NearBy, Part, Somewhere, somewheres, walk
from monitor.topics.query import FIELDS, Alias, And, In, Near, Node, Not, Or, Phrase, Regex, Term
from monitor.topics.regexp import check
from monitor.topics.sheet import OTHER_FIELDS, TEXT, Sheet
from monitor.topics.stems import stemmer_language
from monitor.topics.topic import Topic

MAX_DEPTH = 200
"""Levels of a query's tree."""

_ATTRIBUTES = {"title": ("title",), "body": ("summary", "content"), "tag": ("tags",)}
"""The document's fields that a query's field means, where they are not called the same."""

_SEPARATE = frozenset(("url", "tag", "site", "lang"))
"""Fields in which a clause is looked for in a way of their own."""


class CompiledTopic:
    """A topic, ready to be matched. `fields` are those of OTHER_FIELDS that it looks at.

    `is_narrowed` says whether it takes documents of some feeds or languages only.
    """

    __slots__ = ("_feeds", "_langs", "fields", "is_narrowed", "part", "topic")

    def __init__(self, topic: Topic, part: Part) -> None:
        self.topic = topic
        self.part = part
        looked_at = {each.fields for each in somewheres(part)} - {TEXT}
        names = frozenset().union(*looked_at) if looked_at else ()
        self.fields = tuple([name for name in OTHER_FIELDS if name in names]) if names else ()
        self._feeds = tuple(map(str.casefold, topic.feeds))
        self._langs = tuple(map(language_tag, topic.langs))
        self.is_narrowed = bool(self._feeds or self._langs)

    def match(self, sheet: Sheet) -> tuple[Span, ...] | None:
        """The spans of all clauses that made the topic match, or None; the sheet must hold `fields`."""
        if self.is_narrowed and not (self.takes_feed(sheet.document) and self.takes_language(sheet.document)):
            return None
        sheet.work = 0
        places = self.part.match(sheet)
        return None if places is None else sheet.spans(places)

    def takes_feed(self, document: Document) -> bool:
        """Whether the document is from one of the topic's feeds."""
        return not self._feeds or document.feed.casefold() in self._feeds

    def takes_language(self, document: Document) -> bool:
        """Whether the document is in one of the topic's languages; an unknown one passes."""
        return not (self._langs and document.lang) or any(speaks(document.lang, tag) for tag in self._langs)


def compile_topic(topic: Topic) -> CompiledTopic:
    """The topic ready for matching; raises QueryError where it can not be."""
    return CompiledTopic(topic, part_of(topic.query, topic))


def part_of(node: Node, topic: Topic) -> Part:
    """A node of a topic's query, ready for matching; raises QueryError where it can not be."""
    unknown = [field for field in topic.fields if field not in FIELDS]
    if unknown or not topic.fields:
        raise QueryError(f"there is no field {unknown[0]}" if unknown else "the topic looks at no field")
    stem = stemmer_language(topic.stem) if topic.stem else ""
    if stem is None:
        raise QueryError(f"there is no stemmer for {topic.stem}")
    return _part(node, topic.fields, stem, 0)


def _part(node: Node, fields: Sequence[str], stem: str, depth: int) -> Part:
    if depth > MAX_DEPTH:
        raise QueryError(f"the query is nested deeper than {MAX_DEPTH} levels")
    match node:
        case Term() | Phrase() | Regex():
            return _leaf(node, fields, stem)
        case Alias(part=part):
            return _part(part, fields, stem, depth + 1)
        case In(field=field, part=part):
            if field not in FIELDS:
                raise QueryError(f"there is no field {field}", start=node.at.start, end=node.at.end)
            return _part(part, (field,), stem, depth + 1)
        case Or(parts=parts):
            return AnyOf([_part(part, fields, stem, depth + 1) for part in parts])
        case And(parts=parts):
            return _all_of(node, parts, fields, stem, depth)
        case Near(left=left, right=right):
            return _near_by(node, _part(left, fields, stem, depth + 1), _part(right, fields, stem, depth + 1))
    raise QueryError("a negative needs something beside it to look for", start=node.at.start, end=node.at.end)


def _all_of(node: And, parts: Sequence[Node], fields: Sequence[str], stem: str, depth: int) -> Part:
    wanted = [_part(part, fields, stem, depth + 1) for part in parts if not isinstance(part, Not)]
    unwanted = [_part(part.part, fields, stem, depth + 1) for part in parts if isinstance(part, Not)]
    if not wanted:
        message = "a query of negatives only would match nearly everything"
        raise QueryError(message, start=node.at.start, end=node.at.end)
    return AllOf(wanted, unwanted)


def _near_by(node: Near, left: Part, right: Part) -> Part:
    for part in (*walk(left), *walk(right)):
        if isinstance(part, AllOf):
            message = "AND and NOT can not stand beside NEAR"
            raise QueryError(message, start=node.at.start, end=node.at.end)
    return NearBy(left, right, distance=node.distance, ordered=node.ordered)


def _leaf(leaf: Term | Phrase | Regex, fields: Sequence[str], stem: str) -> Part:
    """The clause in each of the fields, as it is looked for there."""
    if isinstance(leaf, Regex):
        if problem := check(leaf.pattern):
            raise QueryError(
                f"the regular expression is wrong: {problem}", start=leaf.at.start, end=leaf.at.end
            )
        return Somewhere(clause_of(leaf), _attributes(fields))
    if fields == _DEFAULT:
        return Somewhere(clause_of(leaf, stem=stem), TEXT)
    found: list[Part] = []
    if alike := [field for field in fields if field not in _SEPARATE]:
        found.append(Somewhere(clause_of(leaf, stem=stem), _attributes(alike)))
    if "url" in fields:
        found.append(Somewhere(clause_of(leaf, is_loose=True), _attributes(("url",))))
    if "tag" in fields:
        found.append(Somewhere(WholeTag(clause_of(leaf, stem=stem)), _attributes(("tag",))))
    if "site" in fields:
        found.append(Somewhere(OnSite(str(leaf), leaf.text), _attributes(("site",))))
    if "lang" in fields:
        found.append(Somewhere(InLanguage(str(leaf), leaf.text), _attributes(("lang",))))
    return found[0] if len(found) == 1 else AnyOf(found)


_DEFAULT = ("title", "body")


def _attributes(fields: Sequence[str]) -> frozenset[str]:
    found = frozenset(name for field in fields for name in _ATTRIBUTES.get(field, (field,)))
    return TEXT if found == TEXT else found
