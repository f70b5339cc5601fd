"""Reads what is polled and what is looked for in it: every file but alerts.yaml, every problem at once.

    bytes → source (UTF-8, lines) → tree (YAML, places) → references put in → sections
          → settings, subscriptions, topics with their self-tests → Intake

One straight way; what is wrong on it is collected, and decided upon at its end. Who hears is loader.py's.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from monitor.config.config import Intake
from monitor.config.files import FEEDS, SETTINGS, Files, check_directory, masked, unread
from monitor.config.problem import Problem, in_order, refusal
from monitor.config.secrets import Secrets, mask_feed_url, secrets_of
from monitor.config.settings import Settings
from monitor.config.settings_file import read_settings
from monitor.config.subscriptions import read_subscriptions
from monitor.config.watchlists import Watchlists, read_watchlists
from monitor.feeds.subscription import Subscription

In = TypeVar("In", bound=Intake)


def load_intake(
    directory: Path, *, environ: Mapping[str, str], tolerant: bool = False, tested: bool = True
) -> Intake:
    """What `directory` says of polls and topics, or ConfigError with all its problems."""
    files = opened(directory, environ=environ)
    settings, subscriptions = read_feeds(files)
    watchlists = read_topics(files, subscriptions, tolerant=tolerant, tested=tested)
    intake = Intake(**said(files, settings, subscriptions, watchlists))
    return decided(intake, files.problems, watchlists, tolerant=tolerant)


def opened(
    directory: Path, *, environ: Mapping[str, str], instead: Mapping[Path, str] = MappingProxyType({})
) -> Files:
    """The files of a directory; raises ConfigError where there is none."""
    check_directory(directory)
    files = Files(directory=directory, environ=environ, instead=instead)
    files.problems += unread(directory)
    return files


def read_feeds(files: Files) -> tuple[Settings, tuple[Subscription, ...]]:
    """What monitor.yaml and feeds.yaml say."""
    directory, problems = files.directory, files.problems
    settings = read_settings(files.read(SETTINGS), directory=directory, problems=problems)
    subscriptions = read_subscriptions(
        files.read(FEEDS), settings=settings, directory=directory, problems=problems
    )
    return settings, subscriptions


def read_topics(
    files: Files, subscriptions: tuple[Subscription, ...], *, tolerant: bool, tested: bool
) -> Watchlists:
    """What the watchlists say."""
    names = None if files.has_errors(FEEDS) else [subscription.name for subscription in subscriptions]
    roots = list(files.watchlists())
    return read_watchlists(roots, feeds=names, problems=files.problems, advise=not tolerant, tested=tested)


def said(
    files: Files, settings: Settings, subscriptions: tuple[Subscription, ...], watchlists: Watchlists
) -> dict[str, Any]:
    """The fields of an intake, now that all files are read."""
    secrets = secrets_of(files.secrets)
    return {
        "settings": settings,
        "subscriptions": tuple(_with_public_name(one, secrets) for one in subscriptions),
        "topics": watchlists.topics,
        "files": tuple(files.found),
        "watchlists": files.texts,
        "digest": files.digest(),
        "secrets": secrets,
    }


def decided(intake: In, problems: list[Problem], watchlists: Watchlists, *, tolerant: bool) -> In:
    """The intake if what is wrong lets it pass: warnings always do, broken topics if tolerant."""
    every = [masked(problem, intake.secrets) for problem in (*problems, *watchlists.problems)]
    decisive = every[: len(problems)] if tolerant else every
    if any(problem.severity == "error" for problem in decisive):
        raise refusal(in_order(every, intake.files))
    return replace(
        intake,
        warnings=in_order([each for each in every if each.severity == "warning"], intake.files),
        problems=in_order([each for each in every if each.severity == "error"], intake.files),
        broken_topics=watchlists.broken,
    )


def _with_public_name(subscription: Subscription, secrets: Secrets) -> Subscription:
    """A feed is called by its URL where it has no name: not by one that holds a secret."""
    shown = secrets.mask(mask_feed_url(subscription.url))
    named = subscription.name or shown == subscription.url
    return subscription if named else replace(subscription, name=shown)
