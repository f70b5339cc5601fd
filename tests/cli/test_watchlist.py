"""`monitor watchlist new|list|import|export|log|show|restore`, on real files and a real database."""

import io
import json
import sys
from pathlib import Path

import pytest

from monitor.config import load
from tests.configs import page
from tests.edits import GEO, Home, make_home


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Home:
    return make_home(tmp_path, capsys, monkeypatch)


def text(home: Home, name: str) -> str:
    return (home.directory / "watchlists" / f"{name}.yaml").read_text()


def listed(path: Path, content: str) -> str:
    path.write_text(content)
    return str(path)


# --- making, importing, exporting ---


def test_a_new_watchlist_explains_itself_and_takes_topics(home: Home) -> None:
    said = home.monitor("watchlist", "new", "asia")
    assert (said.code, said.err) == (0, "")
    assert text(home, "asia").startswith("# asia: the topics that one desk keeps.")
    assert home.monitor("topic", "add", "Peking", "--watchlist", "asia").code == 0
    assert text(home, "asia").endswith("\ntopics:\n  - Peking\n")
    assert max(map(len, text(home, "asia").splitlines())) <= 110


def test_what_a_new_watchlist_shows_is_right(home: Home) -> None:
    home.monitor("watchlist", "new", "asia")
    path = home.directory / "watchlists" / "asia.yaml"
    example = [line[4:] for line in path.read_text().splitlines() if line.startswith("#   ")][:7]
    path.write_text("\n".join(example) + "\n")
    (home.directory / "watchlists" / "geo.yaml").unlink()
    config = load(home.directory, environ={})
    assert [topic.name for topic in config.topics] == ["Taiwan Strait", "Cuba"]
    assert config.warnings == ()


def test_a_watchlist_that_is_there_is_not_made_again(home: Home) -> None:
    said = home.monitor("watchlist", "new", "geo")
    assert (said.code, said.err) == (
        2,
        "error: there is a watchlist 'geo' already: watchlists/geo.yaml\n",
    )
    assert home.monitor("watchlist", "new", "../geo").code == 2


def test_a_list_of_queries_becomes_a_watchlist(home: Home, tmp_path: Path) -> None:
    path = listed(tmp_path / "alerts.txt", '# mine\nHaiti\n\n"Port of Spain"\nPeru | Chile\n')
    said = home.monitor("watchlist", "import", path, "--label", "desk=americas")
    assert said.code == 0, said.err
    assert said.out.startswith("3 topics imported from alerts.txt  watchlists/alerts.yaml\n")
    assert text(home, "alerts") == (
        "topics:\n"
        "  - name: Haiti\n    labels: {desk: americas}\n"
        "  - name: Port of Spain\n    labels: {desk: americas}\n"
        "  - name: Peru | Chile\n    query: Peru | Chile\n    labels: {desk: americas}\n"
    )


def test_lines_that_are_wrong_are_left_out_and_named_and_the_others_imported(
    home: Home, tmp_path: Path
) -> None:
    path = listed(tmp_path / "alerts.txt", "Haiti\nPeru OR (x\nhaiti\ncuba\n")
    said = home.monitor("watchlist", "import", path, "--name", "geo")
    assert said.code == 1
    assert said.err == (
        page(
            """
            alerts.txt:2:9: this parenthesis is not closed
                Peru OR (x
                        ^
            alerts.txt:3:1: there is a topic `haiti` already: line 1
                haiti
                ^^^^^
            alerts.txt:4:1: there is a topic `cuba` already: watchlists/geo.yaml:6
                cuba
                ^^^^
            3 lines were left out
            """
        )
        + "\n"
    )
    assert text(home, "geo") == GEO + "\n  - Haiti\n"


def test_an_import_as_json_says_what_was_left_out(home: Home, tmp_path: Path) -> None:
    path = listed(tmp_path / "alerts.txt", "Haiti\nPeru OR (x\n")
    said = home.monitor("watchlist", "import", path, "--json")
    facts = json.loads(said.out)
    assert facts["topics"] == ["Haiti"]
    assert [(one["line"], one["column"]) for one in facts["left_out"]] == [(2, 9)]


def test_what_a_dialect_loses_is_said(home: Home, tmp_path: Path) -> None:
    said = home.monitor("watchlist", "import", listed(tmp_path / "alerts.txt", "Haiti OR Peru Chile\n"))
    assert said.code == 0
    assert "warning: AND binds tighter than OR" in said.err


def test_standard_input_needs_a_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Haiti\n")))
    assert home.monitor("watchlist", "import", "-").code == 2
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"spy balloon\n")))
    assert home.monitor("watchlist", "import", "-", "--name", "desk", "--format", "phrases").code == 0
    assert text(home, "desk") == "topics:\n  - spy balloon\n"


def test_a_yaml_watchlist_is_imported_as_it_is_or_not_at_all(home: Home, tmp_path: Path) -> None:
    path = listed(tmp_path / "desk.yaml", "- Haiti   # ours\n")
    assert home.monitor("watchlist", "import", path).code == 0
    assert text(home, "desk") == "- Haiti   # ours\n"
    assert home.monitor("watchlist", "import", path).code == 2
    broken = listed(tmp_path / "bad.yaml", "- {name: a, query: 'x ('}\n")
    said = home.monitor("watchlist", "import", broken)
    assert (said.code, (home.directory / "watchlists" / "bad.yaml").exists()) == (1, False)
    assert said.err.startswith("watchlists/bad.yaml:1:23: this parenthesis is not closed\n")


def test_an_empty_list_and_a_missing_one_are_wrong_uses(home: Home, tmp_path: Path) -> None:
    assert home.monitor("watchlist", "import", listed(tmp_path / "a.txt", "# none\n")).code == 2
    assert "can not be read" in home.monitor("watchlist", "import", str(tmp_path / "b.txt")).err


def test_a_watchlist_is_exported_as_it_stands_as_lines_and_as_json(home: Home) -> None:
    (home.directory / "watchlists" / "geo.yaml").write_text(
        "aliases: {c: [Cuba, Kuba]}\n"
        "topics:\n- Taiwan Strait\n- {name: C, query: '@c NOT libre'}\n- {name: D, disabled: true}\n"
    )
    assert home.monitor("watchlist", "export", "geo").out == home.geo()
    lines = home.monitor("watchlist", "export", "geo", "--format", "lines").out
    assert lines == '"Taiwan Strait"\n(Cuba OR Kuba) NOT libre\n'
    facts = json.loads(home.monitor("watchlist", "export", "geo", "--format", "json").out)
    assert [topic["topic"] for topic in facts["topics"]] == ["Taiwan Strait", "C"]
    assert home.monitor("watchlist", "export", "nowhere").code == 2


def test_exported_lines_are_imported_as_what_they_were(home: Home, tmp_path: Path) -> None:
    lines = home.monitor("watchlist", "export", "geo", "--format", "lines").out
    (home.directory / "watchlists" / "geo.yaml").unlink()
    assert home.monitor("watchlist", "import", listed(tmp_path / "again.txt", lines)).code == 0
    assert text(home, "again") == (
        "topics:\n  - Taiwan Strait\n  - name: Cuba NOT libre\n    query: Cuba NOT libre\n"
    )


def test_watchlists_are_listed(home: Home) -> None:
    home.monitor("topic", "disable", "Cuba")
    (row,) = map(json.loads, home.monitor("watchlist", "list", "--json").out.splitlines())
    assert row == {
        "watchlist": "geo", "file": "watchlists/geo.yaml", "topics": 2, "disabled": 1, "version": None,
    }  # fmt: skip
    assert "geo" in home.monitor("watchlist", "list").out


# --- versions ---


@pytest.fixture
def edited(home: Home) -> Home:
    """Two edits after the first version."""
    home.keep_database()
    home.monitor("topic", "add", "Haiti")
    home.monitor("topic", "remove", "Cuba")
    return home


def test_the_log_says_who_did_what(edited: Home) -> None:
    said = edited.monitor("watchlist", "log", "geo", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [(row["version"], row["who"], row["note"], row["added"], row["removed"]) for row in rows] == [
        (3, "cli", "topic Cuba removed", 0, 4),
        (2, "cli", "topic Haiti added", 2, 0),
        (1, "file", "", 7, 0),
    ]
    shown = edited.monitor("watchlist", "log").out
    assert "topic Cuba removed" in shown
    assert "+0 −4" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_version_is_shown_to_the_byte(edited: Home) -> None:
    assert edited.monitor("watchlist", "show", "geo", "--version", "1").out == GEO
    assert edited.monitor("watchlist", "show", "geo").out == edited.geo()
    assert edited.monitor("watchlist", "show", "geo", "--version", "9").code == 2


def test_a_version_is_shown_against_the_one_before(edited: Home) -> None:
    assert edited.monitor("watchlist", "show", "geo", "--diff", "-v", "2").out == (
        "--- geo version 1\n+++ geo version 2\n@@ -5,3 +5,5 @@\n"
        "   # about Cuba\n   - name: Cuba\n     query: Cuba NOT libre\n+\n+  - Haiti\n"
    )


def test_an_earlier_version_is_restored_as_a_new_one(edited: Home) -> None:
    said = edited.monitor("watchlist", "restore", "geo", "--version", "1")
    assert said.out.startswith("watchlist geo: version 1 restored  watchlists/geo.yaml, version 4\n")
    assert edited.geo() == GEO
    assert "nothing had to be changed" in edited.monitor("watchlist", "restore", "geo", "--version", "1").out


def test_a_version_that_would_break_something_is_not_restored(edited: Home) -> None:
    (edited.directory / "watchlists" / "other.yaml").write_text("- Cuba\n")
    before = edited.geo()
    said = edited.monitor("watchlist", "restore", "geo", "--version", "1")
    assert (said.code, edited.geo()) == (1, before)
    assert "the topic `Cuba` stands twice" in said.err


def test_without_a_database_there_are_no_versions(home: Home) -> None:
    for words in (("log",), ("show", "geo"), ("restore", "geo", "--version", "1")):
        said = home.monitor("watchlist", *words)
        assert (said.code, said.out) == (2, "")
        assert "there is no database" in said.err


@pytest.mark.parametrize("command", ["new", "list", "import", "export", "log", "show", "restore"])
def test_every_command_has_help_with_an_example(home: Home, command: str) -> None:
    said = home.monitor("watchlist", command, "--help")
    assert "Examples" in said.out
    assert f"monitor watchlist {command}" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
