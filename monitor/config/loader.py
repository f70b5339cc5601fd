"""Reads a configuration directory: every file, every problem at once.

    bytes → source (UTF-8, lines) → tree (YAML, places) → references put in → sections (schema)
          → settings, subscriptions, routes and receivers, topics with their self-tests → Config

One straight way; what is wrong on it is collected, and decided upon at its end.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from monitor.config.config import Config
from monitor.config.expand import Expansion
from monitor.config.hiding import hide_feeds, hide_targets, secrets_in_feeds, secrets_in_targets
from monitor.config.problem import Problem, as_warning, in_order, refusal
from monitor.config.routing import CheckTarget, read_routing
from monitor.config.secrets import Secrets, is_telling, mask_feed_url, secrets_of
from monitor.config.settings import Settings
from monitor.config.settings_file import read_settings
from monitor.config.source import Source, read_source
from monitor.config.subscriptions import read_subscriptions
from monitor.config.suggest import nearest
from monitor.config.templates import read_templates
from monitor.config.tree import Node, read_tree
from monitor.config.watchlists import Watchlists, read_watchlists
from monitor.feeds.subscription import Subscription

SETTINGS, FEEDS, ALERTS = "monitor.yaml", "feeds.yaml", "alerts.yaml"
WATCHLISTS = "watchlists"

HIDE = {FEEDS: hide_feeds, ALERTS: hide_targets}
SECRETS_IN = {FEEDS: secrets_in_feeds, ALERTS: secrets_in_targets}
"""The files that secrets are typed into, and who finds them there."""


def load_directory(
    directory: Path,
    *,
    environ: Mapping[str, str],
    tolerant: bool = False,
    tested: bool = True,
    check_target: CheckTarget | None = None,
    instead: Mapping[Path, str] = MappingProxyType({}),
) -> Config:
    """The configuration in `directory`, or ConfigError with all its problems; see `monitor.config.load`."""
    _check_directory(directory)
    files = _Files(directory=directory, environ=environ, instead=instead)
    problems = files.problems
    problems += _unread(directory)
    settings = read_settings(files.read(SETTINGS), directory=directory, problems=problems)
    private = settings.allow_private
    subscriptions = read_subscriptions(
        files.read(FEEDS), settings=settings, directory=directory, problems=problems
    )
    alerts = files.read(ALERTS)
    routing = read_routing(alerts, allow_private=private, problems=problems, check_target=check_target)
    templates = read_templates(alerts, receivers=routing.receivers, read=files.text_of, problems=problems)
    names = None if files.has_errors(FEEDS) else [subscription.name for subscription in subscriptions]
    roots = list(files.watchlists())
    watchlists = read_watchlists(roots, feeds=names, problems=problems, advise=not tolerant, tested=tested)
    secrets = secrets_of(files.secrets)
    config = Config(
        settings=settings,
        subscriptions=tuple(_with_public_name(one, secrets) for one in subscriptions),
        topics=watchlists.topics,
        route=routing.route,
        receivers=routing.receivers,
        templates=templates,
        files=tuple(files.found),
        watchlists=files.texts,
        digest=files.digest(),
        secrets=secrets,
    )
    return _decided(config, problems, watchlists, tolerant=tolerant)


def load_settings_file(directory: Path, *, environ: Mapping[str, str]) -> Settings:
    """The settings of the configuration in `directory`, its other files unread."""
    _check_directory(directory)
    files = _Files(directory=directory, environ=environ)
    settings = read_settings(files.read(SETTINGS), directory=directory, problems=files.problems)
    if files.problems:
        raise refusal([_masked(problem, secrets_of(files.secrets)) for problem in files.problems])
    return settings


def _decided(config: Config, problems: list[Problem], watchlists: Watchlists, *, tolerant: bool) -> Config:
    """The configuration if what is wrong lets it pass: warnings always do, broken topics if tolerant."""
    every = [_masked(problem, config.secrets) for problem in (*problems, *watchlists.problems)]
    decisive = every[: len(problems)] if tolerant else every
    if any(problem.severity == "error" for problem in decisive):
        raise refusal(in_order(every, config.files))
    return replace(
        config,
        warnings=in_order([each for each in every if each.severity == "warning"], config.files),
        problems=in_order([each for each in every if each.severity == "error"], config.files),
        broken_topics=watchlists.broken,
    )


def _with_public_name(subscription: Subscription, secrets: Secrets) -> Subscription:
    """A feed is called by its URL where it has no name: not by one that holds a secret."""
    shown = secrets.mask(mask_feed_url(subscription.url))
    named = subscription.name or shown == subscription.url
    return subscription if named else replace(subscription, name=shown)


def _masked(problem: Problem, secrets: Secrets) -> Problem:
    return replace(problem, message=secrets.mask(problem.message), hint=secrets.mask(problem.hint))


@dataclass(kw_only=True)
class _Files:
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


def watchlist_files(directory: Path) -> list[Path]:
    """The watchlists of a configuration, by name; hidden files and editors' leftovers are none."""
    return sorted(path for path in (directory / WATCHLISTS).glob("*.yaml") if not path.name.startswith("."))


def _check_directory(directory: Path) -> None:
    """Raises ConfigError where there is nothing to read: that is not the empty configuration."""
    if not directory.exists():
        hint = f"`monitor init {directory}` writes one to start from"
        message = "there is no configuration directory here"
        raise refusal([Problem(file=directory, message=message, hint=hint)])
    if not directory.is_dir():
        raise refusal([Problem(file=directory, message="this is a file, not a directory of configuration")])
    if not os.access(directory, os.R_OK | os.X_OK):
        raise refusal([Problem(file=directory, message="this directory can not be read: permission denied")])


def _unread(directory: Path) -> Iterator[Problem]:
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
