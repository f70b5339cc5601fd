"""Which topics a command works with: those of the watchlists, some of them, or queries typed beside it."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import typer

from monitor.cli.console import clean
from monitor.errors import QueryError, WrongUseError

if TYPE_CHECKING:
    from monitor.config.config import Config
    from monitor.topics.topic import Topic

WRONG_QUERY = 2


def topic_of_query(text: str) -> "Topic":
    """The query as a topic of that name; its warnings go to standard error, a wrong one ends the program."""
    from monitor.topics.caret import message_of
    from monitor.topics.parser import parse
    from monitor.topics.topic import Topic

    try:
        query = parse(text)
    except QueryError as error:
        print(message_of(error, text), file=sys.stderr)
        raise typer.Exit(WRONG_QUERY) from error
    for warning in query.warnings:
        print(message_of(warning, text), file=sys.stderr)
    return Topic(name=text, query=query.node)


def chosen_topics(config: "Config", names: Sequence[str]) -> "list[Topic]":
    """The topics of these names, case ignored, or all; raises WrongUseError for a name that no topic has."""
    for problem in config.problems:
        print(clean(f"left out: {problem.where}: {problem.message}"), file=sys.stderr)
    known = {topic.name.casefold(): topic for topic in config.topics}
    unknown = next((name for name in names if name.casefold() not in known), None)
    if unknown is not None:
        raise WrongUseError(f"no topic is called {unknown!r}; {_hint(unknown, config)}")
    return [known[name.casefold()] for name in dict.fromkeys(names)] or list(config.topics)


def _hint(name: str, config: "Config") -> str:
    topics = {topic.name.casefold(): topic.name for topic in config.topics}
    near = [topics[one] for one in get_close_matches(name.casefold(), topics, n=1)]
    if near:
        return f"did you mean {near[0]!r}?"
    shown = list(topics.values())[:20]
    return f"there are: {', '.join(shown) or 'none'}{', …' if len(topics) > len(shown) else ''}"
