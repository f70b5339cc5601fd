"""Watchlists as commands and pages edit them: their topics with their places, and what an edit would break.

    draft, topic = find_topic(directory, "Cuba", environ=os.environ)
    text = removed(draft, topic)                       # editing_splice: the other lines stay as they are
    review(directory, draft.source.path, before=draft.text, after=text, environ=os.environ)

Writes nothing: editing_files.py does, and monitor/keeper.py joins them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config import tree
from monitor.config.editing_draft import Draft, ItemPlace, read_draft, topic_key
from monitor.config.editing_files import read_standing
from monitor.config.editing_switch import SWITCH
from monitor.config.files import watchlist_files
from monitor.config.loader import load_directory
from monitor.config.problem import Problem, refusal
from monitor.config.suggest import did_you_mean
from monitor.errors import ConfigError, EditRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTopic:
    """A topic as it stands in a file. `query` is "" where the name is the phrase; `labels` are all it has."""

    name: str
    watchlist: str
    path: Path
    line: int
    query: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What an edit would bring: `warnings` that are new, and errors that are `standing` there already."""

    warnings: tuple[Problem, ...] = ()
    standing: tuple[Problem, ...] = ()


def watchlist_names(directory: Path) -> list[str]:
    """The watchlists that there are, by name."""
    return [path.stem for path in watchlist_files(directory)]


def drafts(directory: Path, *, environ: Mapping[str, str]) -> tuple[list[Draft], list[Problem]]:
    """All watchlists that are YAML, and what is wrong with the others."""
    found: list[Draft] = []
    problems: list[Problem] = []
    for path in watchlist_files(directory):
        try:
            found.append(read_draft(path, read_standing(path).text, environ=environ))
        except ConfigError as error:
            problems += [problem for problem in error.problems if isinstance(problem, Problem)]
    return found, problems


def list_topics(draft: Draft) -> list[ListedTopic]:
    """A watchlist's topics, in their order; those without a name are left out."""
    common = _labels(draft.root)
    return [_listed(draft, topic, common) for topic in draft.items if topic.name]


def find_topic(
    directory: Path, name: str, *, environ: Mapping[str, str], watchlist: str = ""
) -> tuple[Draft, ItemPlace]:
    """Where a topic stands; raises ConfigError where there is none of this name, or more than one."""
    read, broken = drafts(directory, environ=environ)
    looked = [draft for draft in read if not watchlist or draft.source.path.stem == watchlist]
    found = [(draft, topic) for draft in looked for topic in draft.named(name)]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{draft.source.path}:{draft.line(topic)}" for draft, topic in found)
        raise ConfigError(f"the topic {name!r} stands in several places: {places}; please edit them by hand")
    if broken:
        raise refusal(broken)
    names = [topic.name for draft in looked for topic in draft.items if topic.name]
    hint = did_you_mean(name, names) or "`monitor topic list` names them all"
    raise ConfigError(f"there is no topic {name!r}; {hint}")


def is_switched_off(topic: ItemPlace) -> bool:
    """Whether a topic is disabled."""
    return _text(topic.node, SWITCH) in ("true", "True")


def taken(directory: Path, *, environ: Mapping[str, str]) -> dict[str, str]:
    """The place of every topic by its name, as names are compared."""
    read, _ = drafts(directory, environ=environ)
    return {
        topic_key(topic.name): f"{topic.path}:{topic.line}"
        for draft in reversed(read)
        for topic in reversed(list_topics(draft))
    }


def review(
    directory: Path,
    path: Path,
    *,
    before: str | None,
    after: str,
    environ: Mapping[str, str],
    lines: range = range(0),
) -> Review:
    """What an edit of one watchlist would bring; raises EditRefusedError with the errors that are new.

    `before` is None where there was no such file. Errors on `lines`, those of the topic that is edited,
    are refused although they stood there before; errors elsewhere do not keep anybody from his own topic.
    """
    now = _problems(directory, path, after, environ)
    errors = [problem for problem in now if problem.severity == "error"]
    warnings = [problem for problem in now if problem.severity == "warning" and problem.file == path]
    known: Counter[tuple[str, ...]] = Counter()
    if (errors or warnings) and before is not None:
        known.update(map(_likeness, _problems(directory, path, before, environ)))
    warned = tuple(_news(warnings, known))
    broken = set(_news(errors, known))
    broken |= {problem for problem in errors if problem.file == path and problem.line in lines}
    if broken:
        raise _refused([problem for problem in errors if problem in broken])
    return Review(warnings=warned, standing=tuple(errors))


def _problems(directory: Path, path: Path, text: str, environ: Mapping[str, str]) -> list[Problem]:
    try:
        found = load_directory(directory, environ=environ, instead={path: text}).warnings
    except ConfigError as error:
        return [problem for problem in error.problems if isinstance(problem, Problem)]
    return list(found)


def _news(problems: Iterable[Problem], known: Counter[tuple[str, ...]]) -> Iterator[Problem]:
    """The problems that were not there before, wherever they stand now."""
    left = known.copy()
    for problem in problems:
        likeness = _likeness(problem)
        if left[likeness] > 0:
            left[likeness] -= 1
        else:
            yield problem


def _likeness(problem: Problem) -> tuple[str, ...]:
    """What stays of a problem when lines move."""
    return str(problem.file), problem.severity, re.sub(r"\d+", "#", problem.message), problem.source.strip()


def _refused(errors: list[Problem]) -> EditRefusedError:
    message = "\n".join(problem.format() for problem in errors)
    return EditRefusedError(message, problems=tuple(errors))


def _listed(draft: Draft, topic: ItemPlace, common: Mapping[str, str]) -> ListedTopic:
    node = topic.node
    return ListedTopic(
        name=topic.name,
        watchlist=draft.source.path.stem,
        path=draft.source.path,
        line=draft.line(topic),
        query=" ".join(_text(node, "query").split()),
        labels={**common, **_labels(node)},
        disabled=is_switched_off(topic),
    )


def _labels(node: tree.Node | None) -> dict[str, str]:
    written = node.pairs["labels"][1] if isinstance(node, tree.Mapping) and "labels" in node.pairs else None
    pairs = written.pairs if isinstance(written, tree.Mapping) else {}
    return {name: value.text for name, (_, value) in pairs.items() if isinstance(value, tree.Scalar)}


def _text(node: tree.Node, key: str) -> str:
    value = node.pairs[key][1] if isinstance(node, tree.Mapping) and key in node.pairs else None
    return value.text if isinstance(value, tree.Scalar) else ""
