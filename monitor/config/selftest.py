"""Runs the topics' own tests: texts that must match and texts that must not, each with a reason if it fails.

A test's text stands as title and as summary of an entry from the topic's first feed, in no language: what
narrows a topic by feed or language does not fail its tests. Knows no files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.records import dataclass
from monitor.topics.document import Document
from monitor.topics.query import And, Near, Node, Not
from monitor.topics.topic import Topic

MAX_SHOWN = 100
"""Characters of a clause that a reason prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that failed: `text` should have matched the topic (`wanted`) or should not have."""

    topic: str
    text: str
    wanted: bool
    reason: str

    @property
    def message(self) -> str:
        """What happened, in one line."""
        if self.wanted:
            return f"must_match fails: the topic `{self.topic}` does not match this text"
        return f"must_not_match fails: the topic `{self.topic}` matches this text"


def run_tests(topics: Iterable[Topic]) -> list[Failure]:
    """The tests that fail, topic by topic."""
    return [
        failure
        for topic in topics
        if topic.must_match or topic.must_not_match
        for failure in _failures(topic)
    ]


def _failures(topic: Topic) -> Iterator[Failure]:
    from monitor.topics.percolator import Percolator

    percolator = Percolator([topic], presearch=None)
    for wanted, texts in ((True, topic.must_match), (False, topic.must_not_match)):
        for text in texts:
            matches = percolator.match(_document(topic, text))
            if wanted and not matches:
                yield Failure(topic=topic.name, text=text, wanted=wanted, reason=_why_not(topic, text))
            elif matches and not wanted:
                clauses = dict.fromkeys(
                    f"`{_shown(span.clause)}` at `{span.text}`" for span in matches[0].spans
                )
                reason = f"matched: {', '.join(clauses)}" if clauses else ""
                yield Failure(topic=topic.name, text=text, wanted=wanted, reason=reason)


def _document(topic: Topic, text: str) -> Document:
    return Document(id="test", title=text, summary=text, feed=topic.feeds[0] if topic.feeds else "")


def _why_not(topic: Topic, text: str) -> str:
    """Which of the query's clauses kept it from matching."""
    reasons = list(dict.fromkeys(_obstacles(topic, topic.query, text)))
    return "; ".join(reasons[:3])


def _obstacles(topic: Topic, node: Node, text: str) -> Iterator[str]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _obstacles(topic, part, text)
    elif isinstance(node, Not):
        if _holds(topic, node.part, text):
            yield f"the text has what `{_shown(str(node))}` excludes"
    elif not _holds(topic, node, text):
        if isinstance(node, Near) and _holds(topic, node.left, text) and _holds(topic, node.right, text):
            yield f"both sides of `{_shown(str(node))}` are in the text, but not like this"
        else:
            yield f"`{_shown(str(node))}` is not in the text"


def _holds(topic: Topic, node: Node, text: str) -> bool:
    """Whether a part of the query alone matches."""
    from monitor.topics.percolator import Percolator

    part = replace(topic, query=node)
    return bool(Percolator([part], presearch=None).match(_document(topic, text)))


def _shown(clause: str) -> str:
    return clause if len(clause) <= MAX_SHOWN else f"{clause[:MAX_SHOWN]}…"
