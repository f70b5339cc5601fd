"""monitor.yaml: the settings, what is written there over the defaults."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from monitor.config import tree
from monitor.config.files import SETTINGS, Files, check_directory, masked
from monitor.config.limits import crossed
from monitor.config.problem import Problem, refusal
from monitor.config.schema import SettingsFile
from monitor.config.secrets import secrets_of
from monitor.config.section import Section, validate
from monitor.config.settings import Settings

D = TypeVar("D")


def read_settings(root: tree.Node | None, *, directory: Path, problems: list[Problem]) -> Settings:
    """The settings of monitor.yaml; paths in it are relative to the configuration's directory."""
    defaults = Settings()
    section = (validate(SettingsFile, root, problems) if root else None) or SettingsFile()
    if section.poll and isinstance(root, tree.Mapping):
        crossed(root.pairs["poll"][1], section.poll, problems)
    return replace(
        defaults,
        database=directory / Path(section.database or defaults.database).expanduser(),
        time_zone=_given(section.time_zone, defaults.time_zone),
        retention=_given(section.retention, defaults.retention),
        allow_private=_given(section.allow_private, defaults.allow_private),
        poll=_over(defaults.poll, section.poll),
        parse=_over(defaults.parse, section.parse),
        pages=_over(defaults.pages, section.pages),
        delivery=_over(defaults.delivery, section.delivery),
        health=_over(defaults.health, section.health),
        push=_over(defaults.push, section.push),
        local=_over(defaults.local, section.local),
        log=_over(defaults.log, section.log),
        web=_over(defaults.web, section.web),
    )


def load_settings_file(directory: Path, *, environ: Mapping[str, str]) -> Settings:
    """The settings of the configuration in `directory`, its other files unread."""
    check_directory(directory)
    files = Files(directory=directory, environ=environ)
    settings = read_settings(files.read(SETTINGS), directory=directory, problems=files.problems)
    if files.problems:
        raise refusal([masked(problem, secrets_of(files.secrets)) for problem in files.problems])
    return settings


def _over(defaults: D, section: Section | None) -> D:
    """The defaults with what was written put over them; sections and settings have the same names."""
    written: dict[str, Any] = vars(section) if section else {}
    return replace(defaults, **written)  # type: ignore[type-var]  # D is one of the settings' dataclasses


def _given(value: D | None, default: D) -> D:
    return default if value is None else value
