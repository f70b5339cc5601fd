"""The files of a configuration's directory: read into trees; what is wrong, secret and found on the way."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.config.expand import Expansion
from monitor.config.hiding import hide_feeds, hide_targets, secrets_in_feeds, secrets_in_targets
from monitor.config.problem import Problem, as_warning, refusal
from monitor.config.secrets import Secrets, is_telling
from monitor.config.source import Source, read_source
from monitor.config.suggest import nearest
from monitor.config.tree import Node, read_tree

SETTINGS, FEEDS, ALERTS = "monitor.yaml", "feeds.yaml", "alerts.yaml"
WATCHLISTS = "watchlists"

HIDE = {FEEDS: hide_feeds, ALERTS: hide_targets}
SECRETS_IN = {FEEDS: secrets_in_feeds, ALERTS: secrets_in_targets}
"""The files that secrets are typed into, and who finds them there."""


@dataclass(kw_only=True)
class Files:
    """Reads the directory's files into trees; collects on the way what is wrong, secret and found."""

    directory: Path
    environ: Mapping[str, str]
    instead: Mapping[Path, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    found: list[Path] = field(default_factory=list)
    _read: list[str] = field(default_factory=list)

    def read(self, name: str) -> Node | None:
        """The root of a file's tree, None if it is not there, empty or broken."""
        path = self.directory / name
        text = self.instead.get(path)
        if text is None and not os.path.lexists(path):
            return None
        self.found.append(path)
        source = read_source(path) if text is None else Source(path=path, text=text)
        if isinstance(source, Problem):
            self.problems.append(source)
            return None
        self._read += [name, source.text]
        if path.parent.name == WATCHLISTS:
            self.texts[path.stem] = source.text
        return self._tree(name, source)

    def text_of(self, name: str) -> Source | Problem:
        """A file's text as it stands: no YAML, no references."""
        path = self.directory / name
        source = read_source(path)
        if isinstance(source, Source):
            self.found.append(path)
            self._read += [name, source.text]
        return source

    def watchlists(self) -> Iterator[tuple[str, Node]]:
        """Name and root of every watchlist that has anything in it, by name."""
        new = [path for path in self.instead if path.parent.name == WATCHLISTS]
        for path in sorted({*watchlist_files(self.directory), *new}):
            root = self.read(str(path.relative_to(self.directory)))
            if root is not None:
                yield path.stem, root

    def has_errors(self, name: str) -> bool:
        """Whether something is wrong with a file: then what it lacks is no news."""
        path = self.directory / name
        return any(problem.file == path and problem.severity == "error" for problem in self.problems)

    def digest(self) -> str:
        """A hash of everything that was read, with what was put in for references."""
        digest = hashlib.blake2b(digest_size=16)
        for part in self._read:
            data = part.encode("utf-8", "surrogateescape")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()

    def _tree(self, name: str, source: Source) -> Node | None:
        tree = read_tree(source)
        self.problems += tree.problems
        if tree.root is None:
            return None
        if hide := HIDE.get(name):
            hide(tree.root)
        expansion = Expansion(directory=self.directory, environ=self.environ)
        root = expansion.apply(tree.root)
        self.problems += expansion.problems
        self._remember(name, expansion.values, root)
        return root

    def _remember(self, name: str, values: Mapping[str, str], root: Node) -> None:
        """Keeps what is secret, and for the digest what was put in."""
        self._read += [f"{reference}={value}" for reference, value in sorted(values.items())]
        for reference, value in values.items():
            # A log level from the environment is no secret: masking `info` would spoil every line.
            if name != SETTINGS or reference.startswith("file:") or is_telling(reference):
                self.secrets.update([value, *value.splitlines()])
        if secrets_in := SECRETS_IN.get(name):
            self.secrets.update(secrets_in(root))


def masked(problem: Problem, secrets: Secrets) -> Problem:
    """The problem without what is secret."""
    return replace(problem, message=secrets.mask(problem.message), hint=secrets.mask(problem.hint))


def watchlist_files(directory: Path) -> list[Path]:
    """The watchlists of a configuration, by name; hidden files and editors' leftovers are none."""
    return sorted(path for path in (directory / WATCHLISTS).glob("*.yaml") if not path.name.startswith("."))


def check_directory(directory: Path) -> None:
    """Raises ConfigError where there is nothing to read: that is not the empty configuration."""
    if not directory.exists():
        hint = f"`monitor init {directory}` writes one to start from"
        message = "there is no configuration directory here"
        raise refusal([Problem(file=directory, message=message, hint=hint)])
    if not directory.is_dir():
        raise refusal([Problem(file=directory, message="this is a file, not a directory of configuration")])
    if not os.access(directory, os.R_OK | os.X_OK):
        raise refusal([Problem(file=directory, message="this directory can not be read: permission denied")])


def unread(directory: Path) -> Iterator[Problem]:
    """Warnings about files that look like part of the configuration but have another name."""
    for path in sorted([*directory.glob("*.y*ml"), *(directory / WATCHLISTS).glob("*.yml")]):
        meant = path.stem + ".yaml" if path.parent != directory else _meant(path)
        if meant and meant != path.name and not path.name.startswith("."):
            yield as_warning(Problem(file=path, message=f"this file is not read; did you mean {meant}?"))


def _meant(path: Path) -> str:
    """The file of ours that this one was probably meant to be; any other file is none of our business."""
    if path.stem in ("watchlist", "watchlists", "topics"):
        return f"{WATCHLISTS}/{path.stem}.yaml"
    near = nearest(path.stem, (name.removesuffix(".yaml") for name in (SETTINGS, FEEDS, ALERTS)))
    return f"{near}.yaml" if near else ""
