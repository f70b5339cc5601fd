"""Reads a list of queries, one a line, as alert services know them, into topics to write.

Blank lines and comments (`# `, a blank behind the sign: `#tag` is a query) are skipped. A line that is wrong
or stands twice is reported with its place and left out; the others are topics.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.config.editing_draft import topic_key
from monitor.config.editing_values import NewTopic
from monitor.config.problem import Problem
from monitor.config.source import Source
from monitor.errors import QueryError
from monitor.topics.parser import parse, parse_plain
from monitor.topics.query import Query

NAME_LENGTH = 60
"""Characters of a query that make a topic's name, where the query is longer."""

_LINE = re.compile(r"[^\r\n]+")
_COMMENT = re.compile(r"#+(?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a list came to: the topics, what was left out and why, and what looks unintended."""

    topics: tuple[NewTopic, ...]
    left_out: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_lines(
    source: Source, *, taken: Mapping[str, str], labels: Mapping[str, str], phrases: bool = False
) -> Imported:
    """The topics of a list. `taken` has the places of the topics that there are, by their names' keys.

    Words without quotes are all looked for, in any order, as search engines do; with `phrases` each line is
    one phrase.
    """
    reader = _Reader(source=source, taken=dict(taken), labels=labels, phrases=phrases)
    for found in _LINE.finditer(source.text):
        text = found[0].strip()
        if text and not _COMMENT.match(text):
            reader.read(text, found.start() + len(found[0]) - len(found[0].lstrip()))
    return Imported(
        topics=tuple(reader.topics), left_out=tuple(reader.left_out), warnings=tuple(reader.warnings)
    )


@dataclass(kw_only=True)
class _Reader:
    """Reads one line after the other; remembers what stood where."""

    source: Source
    taken: dict[str, str]
    labels: Mapping[str, str]
    phrases: bool
    topics: list[NewTopic] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    _meant: dict[str, int] = field(default_factory=dict)

    def read(self, text: str, start: int) -> None:
        try:
            plain, query = self._parsed(text)
        except QueryError as error:
            at = start + error.start
            self._leave_out(str(error), at, start + max(error.end, error.start + 1), hint=error.hint)
            return
        line = self.source.line_of(start) + 1
        first = self._meant.setdefault(str(query.node), line)
        name = self._name(text, plain=plain)
        if first != line:
            self._leave_out(f"this stands twice; the first is on line {first}", start, start + len(text))
        elif place := self.taken.get(topic_key(name)):
            self._leave_out(f"there is a topic `{name}` already: {place}", start, start + len(text))
        else:
            self._take(name, "" if plain else text, query, start)

    def _parsed(self, text: str) -> tuple[bool, Query]:
        """Whether the line is no more than a phrase, and what it asks."""
        if self.phrases:
            return True, parse_plain(text)
        query = parse(text)
        return not query.warnings and _is_plain(text, query), query

    def _name(self, text: str, *, plain: bool) -> str:
        if plain:
            return " ".join(text.strip('"“”„').split())
        short = text if len(text) <= NAME_LENGTH else text[:NAME_LENGTH].rsplit(" ", 1)[0] + " …"
        name, number = " ".join(short.split()), 2
        used = {topic_key(topic.name) for topic in self.topics}
        while topic_key(name) in used:
            name, number = f"{short} ({number})", number + 1
        return name

    def _take(self, name: str, query: str, asked: Query, start: int) -> None:
        self.topics.append(NewTopic(name=name, query=query, labels=self.labels))
        self.taken[topic_key(name)] = f"line {self.source.line_of(start) + 1}"
        self.warnings += [
            self.source.problem(
                each.message, start + each.start, start + each.end, hint=each.hint, severity="warning"
            )
            for each in asked.warnings
        ]

    def _leave_out(self, message: str, start: int, end: int, *, hint: str = "") -> None:
        self.left_out.append(self.source.problem(message, start, end, hint=hint))


def _is_plain(text: str, query: Query) -> bool:
    """Whether the text alone, as a plain topic, asks the same."""
    bare = " ".join(text.strip('"“”„').split())
    try:
        plain = parse_plain(bare)
    except QueryError:
        return False
    return plain.node == query.node and not plain.warnings
