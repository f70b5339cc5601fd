"""Says why a topic matches a document or not, clause by clause, in the shape of its query.

Plain data, and plain lines of text for whoever has no better way to show it. Decides nothing: the same
compiled parts that match also explain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from monitor.errors import QueryError
from monitor.topics.document import Document
from monitor.topics.match import Span
from monitor.topics.matcher import compile_topic, part_of
from monitor.topics.near import Stretch
from monitor.topics.parts import Part
from monitor.topics.query import Alias, And, In, Near, Node, Not, Or, Phrase, Regex, Term
from monitor.topics.sheet import OTHER_FIELDS, Sheet, TooMuchWorkError, lay_out
from monitor.topics.spelling import spelling_of
from monitor.topics.topic import Topic

MAX_PARTS_SHOWN = 8
"""Alternatives of an OR that a line each is given to, beyond those that matched."""

_NOT_THERE = "not there"
_MAX_PAIRS = 10_000
_ANY_TEXT = ("title", "body", "author", "feed", "url", "tag")
_KINDS = {
    Term: "term", Phrase: "phrase", Regex: "regex", And: "and", Or: "or", Near: "near", Not: "not",
    In: "field", Alias: "alias",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A clause, whether it holds, why or why not, where it stands, and what it is made of.

    `kind` is topic, feeds, langs, term, phrase, regex, and, or, near, not, field or alias. A `not` holds
    where what it excludes is not there; its spans are those that exclude the document. `absent` counts the
    words and phrases that it is made of, where none of them is there; else it is 0.
    """

    kind: str
    clause: str
    holds: bool
    reason: str = ""
    spans: tuple[Span, ...] = ()
    parts: tuple["Explanation", ...] = ()
    absent: int = 0

    def lines(self, indent: str = "") -> Iterator[str]:
        """The explanation as indented lines of text."""
        where = ", ".join(f"{span.field} {span.start}: {span.text}" for span in self.spans[:3])
        if len(self.spans) > 3:
            where += f", and {len(self.spans) - 3} more"
        told = "; ".join(filter(None, (self.shown_reason(), where if not self.parts else "")))
        yield f"{indent}{'+' if self.holds else '-'} {self.clause}{f': {told}' if told else ''}"
        shown = self.shown_parts()
        for part in shown:
            yield from part.lines(f"{indent}  ")
        if more := self.left_out():
            yield f"{indent}  {more}"

    def shown_parts(self) -> tuple["Explanation", ...]:
        """The parts without most of the many alternatives that an OR found nothing of."""
        if self._is_summed_up():
            return ()
        if self.kind != "or" or len(self.parts) <= MAX_PARTS_SHOWN:
            return self.parts
        if self.holds:
            return tuple(part for part in self.parts if part.holds)
        return tuple(part for part in self.parts if not part.absent)[:MAX_PARTS_SHOWN]

    def shown_reason(self) -> str:
        """Why it holds or not; of many alternatives none of which is there that is all there is to say."""
        return f"none of its {self.absent:,} is there" if self._is_summed_up() else self.reason

    def left_out(self) -> str:
        """What is to be said of the parts that are not shown."""
        more = 0 if self._is_summed_up() else len(self.parts) - len(self.shown_parts())
        are_absent = more == sum(part.absent > 0 for part in self.parts)
        why = _NOT_THERE if are_absent else "not matched"
        return f"… and {more} more that {'is' if more == 1 else 'are'} {why}" if more else ""

    def _is_summed_up(self) -> bool:
        """Whether one line says it all: of many alternatives none is there."""
        return self.kind in ("or", "alias") and self.absent > MAX_PARTS_SHOWN


def explain(topic: Topic, document: Document) -> Explanation:
    """Why the topic matches the document, or why not."""
    try:
        compiled = compile_topic(topic)
    except QueryError as error:
        return Explanation(kind="topic", clause=str(topic.query), holds=False, reason=str(error))
    sheet = lay_out(document, OTHER_FIELDS)
    narrowings = tuple(_narrowings(topic, document))
    try:
        spans = compiled.match(sheet)
        tree = _explained(topic.query, topic, sheet)
    except TooMuchWorkError:
        reason = "it has to look at too many places in this document"
        return Explanation(kind="topic", clause=str(topic.query), holds=False, reason=reason)
    return Explanation(
        kind="topic",
        clause=topic.name,
        holds=spans is not None,
        reason="it matches" if spans is not None else "it does not match",
        spans=spans or (),
        parts=(*narrowings, tree),
    )


def _narrowings(topic: Topic, document: Document) -> Iterator[Explanation]:
    compiled = compile_topic(topic)
    if topic.feeds:
        yield Explanation(
            kind="feeds",
            clause=f"feeds: {', '.join(topic.feeds)}",
            holds=compiled.takes_feed(document),
            reason=f"the feed is {document.feed}" if document.feed else "the feed is not known",
        )
    if topic.langs:
        yield Explanation(
            kind="langs",
            clause=f"langs: {', '.join(topic.langs)}",
            holds=compiled.takes_language(document),
            reason=f"the language is {document.lang}" if document.lang else "the language is not known",
        )


def _explained(node: Node, topic: Topic, sheet: Sheet) -> Explanation:
    if isinstance(node, Not):
        return _excluded(node, topic, sheet)
    inside = replace(topic, fields=(node.field,)) if isinstance(node, In) else topic
    sheet.work = 0
    places = part_of(node, topic).match(sheet)
    parts = tuple(_explained(part, inside, sheet) for part in _parts_of(node))
    reason = "" if places is not None else _why_not(node, topic, sheet, parts)
    return Explanation(
        kind=_KINDS[type(node)],
        clause=_clause(node),
        holds=places is not None,
        reason=reason,
        spans=() if places is None else sheet.spans(places),
        parts=parts,
        absent=_count_absent(reason, parts),
    )


def _count_absent(reason: str, parts: Sequence[Explanation]) -> int:
    """What Explanation.absent tells, of something with these parts, or of a clause for this reason."""
    if not parts:
        return int(reason.startswith(_NOT_THERE))
    counts = [part.absent for part in parts if part.kind != "not"]
    return sum(counts) if all(counts) else 0


def _excluded(node: Not, topic: Topic, sheet: Sheet) -> Explanation:
    part = _explained(node.part, topic, sheet)
    return Explanation(
        kind="not",
        clause=str(node),
        holds=not part.holds,
        reason="it is there, and keeps the topic from matching"
        if part.holds
        else "it is not there, as wanted",
        spans=part.spans,
        parts=part.parts,
    )


def _parts_of(node: Node) -> Sequence[Node]:
    match node:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Near(left=left, right=right):
            return (left, right)
        case In(part=part) | Alias(part=part):
            return (part,)
    return ()


def _clause(node: Node) -> str:
    """How a line begins: a group by its operator, since its parts follow."""
    match node:
        case And():
            return "all of"
        case Or():
            return "any of"
        case Near(distance=distance, ordered=ordered):
            return f"{'in this order, ' if ordered else ''}at most {distance} words between"
    return str(node)


def _why_not(node: Node, topic: Topic, sheet: Sheet, parts: Sequence[Explanation]) -> str:
    match node:
        case Near():
            return (
                _why_not_near(node, topic, sheet)
                if all(part.holds for part in parts)
                else "a side is missing"
            )
        case And() | Or() | In() | Alias():
            return ""
        case Regex():
            return _elsewhere(node, topic, sheet) or "nothing matches it"
        case Term() | Phrase():
            return _elsewhere(node, topic, sheet) or _otherwise(node, topic, sheet) or _NOT_THERE
    return ""


def _elsewhere(node: Node, topic: Topic, sheet: Sheet) -> str:
    """Whether the clause stands in a field that is not looked at."""
    places = part_of(node, replace(topic, fields=_ANY_TEXT)).match(sheet)
    fields = dict.fromkeys(span.field for span in sheet.spans(places or ()))
    return f"there, but only in {', '.join(fields)}" if fields else ""


def _otherwise(node: Term | Phrase, topic: Topic, sheet: Sheet) -> str:
    """Whether it stands there in another case, or its words apart from each other."""
    if node.exact:
        places = part_of(replace(node, exact=False), topic).match(sheet)
        spellings = dict.fromkeys(span.text for span in sheet.spans(places or ()))
        return f"there, but written {', '.join(list(spellings)[:3])}" if spellings else ""
    words = node.text.split()
    if isinstance(node, Term) or len(words) < 2:
        return ""
    missing = [word for word in words if not _is_there(word, topic, sheet)]
    if missing and len(missing) < len(words):
        return f"{_NOT_THERE}: {', '.join(missing)}"
    return "" if missing else "its words are there, but not together"


def _is_there(word: str, topic: Topic, sheet: Sheet) -> bool:
    try:
        spelling_of(word)
    except QueryError:
        return True
    return part_of(Phrase(text=word), topic).match(sheet) is not None


def _why_not_near(node: Near, topic: Topic, sheet: Sheet) -> str:
    left, right = (_groups(part_of(side, topic), sheet) for side in (node.left, node.right))
    pairs = [(one, other) for one, other in product(left, right) if not _overlap(one, other)]
    together = [(one, other) for one, other in pairs if _is_one_paragraph(sheet, one, other)]
    if not together:
        return (
            "both sides are there, but in different paragraphs" if pairs else "both sides are the same words"
        )
    in_order = [(one, other) for one, other in together if one[1] <= other[0] or not node.ordered]
    if not in_order:
        return "both sides are there, but in the other order"
    nearest = min(_words_between(sheet, one, other) for one, other in in_order)
    return f"both sides are there, but {nearest} words apart"


def _groups(part: Part, sheet: Sheet) -> Sequence[Stretch]:
    """The side's places; of very many, the first."""
    return part.groups(sheet)[: int(_MAX_PAIRS**0.5)]


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_one_paragraph(sheet: Sheet, one: Stretch, other: Stretch) -> bool:
    return sheet.is_one_paragraph(min(one[1], other[1]), max(one[0], other[0]))


def _words_between(sheet: Sheet, one: Stretch, other: Stretch) -> int:
    return sheet.words_between(min(one[1], other[1]), max(one[0], other[0]))
