"""What a watchlist would say if it were written so: its topics, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.config.expand import Expansion
from monitor.config.problem import Problem
from monitor.config.schema import WatchlistFile
from monitor.config.section import validate
from monitor.config.source import Source
from monitor.config.tree import Node, read_tree
from monitor.config.watchlists import read_aliases, read_watchlists
from monitor.topics.aliases import NO_ALIASES, Aliases
from monitor.topics.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The topics that would run, by name, and the problems of all."""

    topics: Mapping[str, Topic]
    problems: tuple[Problem, ...]


def try_watchlist(path: Path, text: str, *, environ: Mapping[str, str], feeds: Sequence[str]) -> Tried:
    """Read a text as this watchlist; its topics' own tests are run too."""
    root, problems = _root(path, text, environ)
    if root is None:
        return Tried(topics={}, problems=tuple(problems))
    read = read_watchlists([(path.stem, root)], feeds=feeds, problems=problems)
    topics = {topic.name: topic for topic in read.topics}
    return Tried(topics=topics, problems=(*problems, *read.problems))


def aliases_in(path: Path, text: str, *, environ: Mapping[str, str]) -> Aliases:
    """The aliases of a watchlist, as far as they can be read."""
    root, problems = _root(path, text, environ)
    section = validate(WatchlistFile, root, problems) if root is not None else None
    return read_aliases(section.aliases, problems) if section is not None else NO_ALIASES


def _root(path: Path, text: str, environ: Mapping[str, str]) -> tuple[Node | None, list[Problem]]:
    read = read_tree(Source(path=path, text=text))
    if read.root is None:
        return None, list(read.problems)
    expansion = Expansion(directory=path.parent.parent, environ=environ)
    root = expansion.apply(read.root)
    return root, [*read.problems, *expansion.problems]
