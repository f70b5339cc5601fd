"""A configuration directory to write into, and what loading it says."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.config import Config
from monitor.config.source import Source
from monitor.errors import ConfigError

Write = Callable[..., Path]
Says = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files by name (`feeds` is feeds.yaml, `watch` watchlists/watch.yaml); gives their directory."""

    def write_files(**files: str | bytes) -> Path:
        for name, text in files.items():
            path = tmp_path / (f"{name}.yaml" if name in MAIN_FILES else f"watchlists/{name}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return tmp_path

    return write_files


@pytest.fixture
def says(write: Write) -> Says:
    """All that loading these files has to say, as a user reads it; nothing if all is well."""

    def say(*, environ: dict[str, str] | None = None, **files: str | bytes) -> str:
        directory = write(**files)
        try:
            problems: tuple[object, ...] = load(directory, environ=environ or {}).warnings
        except ConfigError as error:
            problems = error.problems
        text = "\n".join(str(problem) for problem in problems)
        return text.replace(f"{directory}/", "").replace(str(directory), "DIR")

    return say


@pytest.fixture
def loaded(write: Write) -> Callable[..., Config]:
    """The configuration that these files make; they must be right."""
    return lambda *, environ=None, **files: load(write(**files), environ=environ or {})


@pytest.fixture
def source() -> Callable[[str], Source]:
    return lambda text: Source(path=Path("file.yaml"), text=text)


MAIN_FILES = ("monitor", "feeds", "alerts")
