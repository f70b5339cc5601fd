"""A configuration to edit from the command line, and a running monitor to tell of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli import kept
from monitor.cli.program import run
from monitor.store import open_store
from monitor.store.records import DaemonRow

GEO = """\
# Geo
topics:
  - Taiwan Strait   # as a phrase

  # about Cuba
  - name: Cuba
    query: Cuba NOT libre
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A configuration with one watchlist, `geo`, and the command line on it."""

    directory: Path
    capsys: pytest.CaptureFixture[str]

    def monitor(self, *words: str) -> Said:
        """Run a command on this configuration."""
        code = run([*words, "--config", str(self.directory)])
        said = self.capsys.readouterr()
        return Said(code=code, out=self._short(said.out), err=self._short(said.err))

    def geo(self) -> str:
        """The text of the watchlist."""
        return (self.directory / "watchlists" / "geo.yaml").read_text()

    def keep_database(self) -> None:
        """Make the database: from now on versions are kept."""
        open_store(self.directory / "monitor.db").close()

    def say(self, **changes: object) -> None:
        """Let the monitor say of itself what a running one does, but for these facts."""
        now = datetime.now(UTC)
        row = DaemonRow(
            pid=1,
            version="1",
            started_at=now - timedelta(hours=1),
            beat_at=now,
            stopped_at=None,
            config_loaded_at=now - timedelta(hours=1),
            config_error="",
            config_error_since=None,
        )
        store = open_store(self.directory / "monitor.db")
        store.say_daemon(replace(row, **changes))  # type: ignore[arg-type]  # facts by their names
        store.close()

    def _short(self, text: str) -> str:
        return text.replace(f"{self.directory}/", "")


def make_home(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Home:
    """A configuration in an empty folder, and a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "geo.yaml").write_text(GEO)
    return Home(directory=tmp_path, capsys=capsys)


def while_waiting(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let this happen in the place of the first pause of a command that waits; then time has run out."""
    clock = [0.0]

    def pause(seconds: float) -> None:
        happens() if not clock[0] else None
        clock[0] += kept.PATIENCE_SECONDS + seconds

    monkeypatch.setattr("monitor.cli.kept.time.sleep", pause)
    monkeypatch.setattr("monitor.cli.kept.time.monotonic", lambda: clock[0])
