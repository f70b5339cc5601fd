"""watchlists/*.yaml: the topics, their queries read with the watchlist's aliases, and their own tests.

The smallest thing fails: what is wrong with one topic is kept apart from what is wrong with a file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.config import tree
from monitor.config.fields import WrongValueError, as_one_or_more, as_words
from monitor.config.labels import read_labels
from monitor.config.problem import Problem, as_warning
from monitor.config.schema import TopicItem, WatchlistFile
from monitor.config.section import validate
from monitor.config.selftest import run_tests
from monitor.config.suggest import did_you_mean
from monitor.errors import QueryError
from monitor.notice import TOPIC as NOTICES
from monitor.topics.aliases import Aliases, AliasProblem
from monitor.topics.parser import parse, parse_aliases, parse_plain
from monitor.topics.query import FIELDS, Query, QueryWarning
from monitor.topics.stems import LANGUAGES, stemmer_language
from monitor.topics.topic import DEFAULT_FIELDS, Topic

_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_EATEN = re.compile(r"[ \t]+(?P<comment>#[^\s#].*)")


@dataclass(kw_only=True)
class Watchlists:
    """What all watchlists say. `problems` are those of topics and aliases, `broken` the topics left out."""

    topics: tuple[Topic, ...]
    broken: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_watchlists(
    roots: Sequence[tuple[str, tree.Node]],
    *,
    feeds: Sequence[str] | None,
    problems: list[Problem],
    advise: bool = True,
    tested: bool = True,
) -> Watchlists:
    """The topics of all watchlists, in the order of the files, with the tests that failed.

    What is wrong with a file as a whole joins `problems`. `feeds` are the names of the feeds that there
    are, None if that is not known. Without `advise` queries
    are not searched for what looks unintended, and topics' own tests are run only where it is to be `tested`.
    """
    names = None if feeds is None else {name.casefold(): name for name in feeds}
    reader = _Reader(feeds=names, file_problems=problems, advise=advise)
    for name, root in roots:
        reader.read(name, root)
    if tested:
        reader.test()
    return Watchlists(
        topics=tuple(reader.topics), broken=tuple(reader.broken), problems=tuple(reader.problems)
    )


@dataclass(kw_only=True)
class _Reader:
    """Reads one watchlist after the other; remembers where names and tests stand."""

    feeds: Mapping[str, str] | None
    """The feeds' names by their folded form."""
    file_problems: list[Problem]
    advise: bool
    problems: list[Problem] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _names: dict[str, tree.Scalar] = field(default_factory=dict)
    _tests: dict[tuple[str, bool, str], tree.Scalar] = field(default_factory=dict)

    def read(self, watchlist: str, root: tree.Node) -> None:
        section = validate(WatchlistFile, root, self.file_problems)
        if section is None:
            return
        labels = read_labels(section.labels, self.file_problems)
        aliases = read_aliases(section.aliases, self.problems, advise=self.advise)
        for node in section.topics or []:
            found: list[Problem] = []
            item = validate(TopicItem, node, found)
            topic = self._topic(item, watchlist, labels, aliases, found) if item else None
            if item and item.disabled:
                self.problems += map(as_warning, found)  # what is not looked for may be unfinished
                continue
            self.problems += found
            if topic and not _errors(found):
                self.topics.append(topic)
            else:
                self.broken.append(_name_of(node))

    def test(self) -> None:
        """Runs the topics' own tests; a failure is a problem at the test's line."""
        for failure in run_tests(self.topics):
            scalar = self._tests[failure.topic, failure.wanted, failure.text]
            self.problems.append(scalar.problem(failure.message, hint=failure.reason))

    def _topic(
        self,
        item: TopicItem,
        watchlist: str,
        labels: dict[str, str],
        aliases: Aliases,
        problems: list[Problem],
    ) -> Topic | None:
        name = " ".join(item.name.text.split())
        problems += self._checks(name, item)
        own = read_labels(item.labels, problems)
        query = _query(item, aliases, problems, advise=self.advise)
        self._remember_tests(name, item)
        if query is None:
            return None
        return Topic(
            name=name,
            query=query.node,
            watchlist=watchlist,
            fields=_texts(item.fields_) or DEFAULT_FIELDS,
            feeds=_texts(item.feeds),
            langs=_texts(item.langs),
            stem=item.stem.text.strip() if item.stem else "",
            labels={**labels, **own},
            full_text=bool(item.full_text),
            on_edit="alert" if item.on_edit == "alert" else "silent",
            must_match=_texts(item.must_match),
            must_not_match=_texts(item.must_not_match),
        )

    def _checks(self, name: str, item: TopicItem) -> Iterator[Problem]:
        first = self._names.setdefault(name.casefold(), item.name)
        if first is not item.name:
            where = first.seen_from(item.name)
            yield item.name.problem(f"the topic `{name}` stands twice; the first is {where}")
        if name.casefold() == NOTICES:
            yield item.name.problem(f"the topic `{name}` is the monitor's own: it tells of itself by it")
        yield from _words_out_of_place(item)
        for scalar in item.feeds or []:
            yield from self._unknown_feed(scalar)

    def _unknown_feed(self, scalar: tree.Scalar) -> Iterator[Problem]:
        """A warning: the topic stays as it is, but it waits for a feed that nobody follows."""
        name = scalar.text.strip()
        if self.feeds is None or name.casefold() in self.feeds:
            return
        hint = did_you_mean(name, self.feeds.values())
        yield as_warning(scalar.problem(f"no feed in feeds.yaml has the name `{name}`", hint=hint))

    def _remember_tests(self, topic: str, item: TopicItem) -> None:
        for wanted, scalars in ((True, item.must_match), (False, item.must_not_match)):
            for scalar in scalars or []:
                self._tests.setdefault((topic, wanted, scalar.text.strip()), scalar)


def _query(item: TopicItem, aliases: Aliases, problems: list[Problem], *, advise: bool) -> Query | None:
    """The topic's query, its name as a phrase if it has none; what is wrong stands at its character."""
    scalar = item.query or item.name
    problems += _eaten_by_comment(scalar)
    try:
        query = (
            parse(scalar.text, aliases=aliases, advise=advise)
            if item.query
            else parse_plain(scalar.text, aliases)
        )
    except QueryError as error:
        problems.append(scalar.problem(str(error), error.start, error.end, hint=error.hint))
        return None
    problems += [
        as_warning(scalar.problem(warning.message, warning.start, warning.end, hint=warning.hint))
        for warning in query.warnings
    ]
    return query


def _errors(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _eaten_by_comment(scalar: tree.Scalar) -> Iterator[Problem]:
    """A warning for `query: strike #Gaza`, where YAML sees a comment; after `# ` one is meant."""
    found = _EATEN.match(scalar.source.text, scalar.end) if not scalar.style else None
    if found:
        yield scalar.source.problem(
            "this is a comment to YAML, not part of the query",
            *found.span("comment"),
            hint="put '…' around the query if it belongs to it, a blank after # if it is a comment",
            severity="warning",
        )


def read_aliases(node: tree.Mapping | None, problems: list[Problem], *, advise: bool = True) -> Aliases:
    """The aliases of a watchlist; what is wrong with one value stands at its character."""
    scalars: dict[str, list[tree.Scalar]] = {}
    for name, (_, value) in (node.pairs if node else {}).items():
        try:
            scalars[name] = [as_words(item) for item in as_one_or_more(value)]
        except WrongValueError as wrong:
            problems.append(value.problem(str(wrong), hint=wrong.hint))
    texts = {name: [scalar.text for scalar in values] for name, values in scalars.items()}
    aliases = parse_aliases(texts, advise=advise)
    if node is not None:
        problems += [
            _alias_problem(found, node.key(found.name), scalars[found.name]) for found in aliases.problems
        ]
    return aliases


def _alias_problem(found: AliasProblem, key: tree.Scalar, values: list[tree.Scalar]) -> Problem:
    wrong = found.problem
    if found.index < 0:
        problem = key.problem(_message(wrong), hint=wrong.hint)
    else:
        problem = values[found.index].problem(_message(wrong), wrong.start, wrong.end, hint=wrong.hint)
    return problem if isinstance(wrong, QueryError) else as_warning(problem)


def _message(wrong: QueryError | QueryWarning) -> str:
    return str(wrong) if isinstance(wrong, QueryError) else wrong.message


def _words_out_of_place(item: TopicItem) -> Iterator[Problem]:
    """Fields, languages and stemmers that there are not."""
    for scalar in item.fields_ or []:
        if (name := scalar.text.strip()) not in FIELDS:
            hint = did_you_mean(name, FIELDS) or f"fields: {', '.join(FIELDS)}"
            yield scalar.problem(f"there is no field `{name}`", hint=hint)
    for scalar in item.langs or []:
        if not _LANG.fullmatch(scalar.text.strip()):
            yield scalar.problem("a language is expected here, like en or zh-TW")
    if item.stem and stemmer_language(item.stem.text) is None:
        name = item.stem.text.strip()
        hint = did_you_mean(name, [*LANGUAGES.values(), *LANGUAGES]) or f"languages: {', '.join(LANGUAGES)}"
        yield item.stem.problem(f"there is no stemmer for `{name}`", hint=hint)


def _texts(scalars: list[tree.Scalar] | None) -> tuple[str, ...]:
    return tuple(scalar.text.strip() for scalar in scalars or ())


def _name_of(node: tree.Node) -> str:
    """What a broken topic is called, as far as that can be said."""
    if isinstance(node, tree.Mapping) and "name" in node.pairs:
        node = node.pairs["name"][1]
    if isinstance(node, tree.Scalar):
        return " ".join(node.text.split())
    return f"(without a name, {node.source.path.name}:{node.source.line_of(node.start) + 1})"
