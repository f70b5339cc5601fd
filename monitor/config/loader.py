"""Reads a configuration directory: every file, every problem at once; the intake, and who hears of it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from monitor.config.config import Config
from monitor.config.files import ALERTS
from monitor.config.intake import decided, opened, read_feeds, read_topics, said
from monitor.config.routing import CheckTarget, read_routing
from monitor.config.templates import read_templates


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
    files = opened(directory, environ=environ, instead=instead)
    settings, subscriptions = read_feeds(files)
    alerts, problems, private = files.read(ALERTS), files.problems, settings.allow_private
    routing = read_routing(alerts, allow_private=private, problems=problems, check_target=check_target)
    templates = read_templates(alerts, receivers=routing.receivers, read=files.text_of, problems=problems)
    watchlists = read_topics(files, subscriptions, tolerant=tolerant, tested=tested)
    config = Config(
        **said(files, settings, subscriptions, watchlists),
        route=routing.route,
        receivers=routing.receivers,
        templates=templates,
    )
    return decided(config, problems, watchlists, tolerant=tolerant)
