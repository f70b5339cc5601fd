"""`monitor init` and `monitor check`: a configuration to start from, and everything that is wrong in one."""

import json
from pathlib import Path

from tests.command_line import Call


def test_init_writes_a_configuration_that_is_all_good(monitor: Call, tmp_path: Path) -> None:
    done = monitor("init")
    assert done.code == 0
    assert "written  config/feeds.yaml" in done.out
    assert "monitor check" in done.out
    done = monitor("check")
    assert done.code == 0
    assert "3 topics in 1 watchlist" in done.out
    assert done.out.endswith(": all good\n")


def test_init_leaves_alone_what_is_there(monitor: Call, tmp_path: Path) -> None:
    folder = tmp_path / "my config"
    folder.mkdir()
    (folder / "feeds.yaml").write_text("feeds: []\n", encoding="utf-8")
    done = monitor("init", folder)
    assert f"kept     {folder / 'feeds.yaml'} (it was there already)" in done.out
    assert (folder / "feeds.yaml").read_text(encoding="utf-8") == "feeds: []\n"
    assert f"  monitor run --config '{folder}'\n" in done.out


def test_init_says_where_it_can_not_write(monitor: Call, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = monitor("init", "taken/config")
    assert done.code == 2
    assert done.err.startswith("error: taken")
    assert "can not be written" in done.err


def test_check_shows_all_problems_at_once_with_carets(monitor: Call, directory: Path) -> None:
    (directory / "feeds.yaml").write_text("feeds:\n  - {url: http://a.example, intervall: 5m}\n", "utf-8")
    (directory / "watchlists" / "news.yaml").write_text("topics:\n  - query: a AND\n    name: b\n", "utf-8")
    done = monitor("check")
    assert done.code == 1
    lines = done.out.splitlines()
    feeds = lines.index(f"{directory / 'feeds.yaml'}:2:29: unknown key `intervall`")
    assert lines[feeds + 2].strip() == "^" * len("intervall")
    assert "news.yaml:2:14:" in done.out
    assert lines[-1] == "2 errors"


def test_check_runs_the_watchlists_own_tests(monitor: Call, directory: Path) -> None:
    path = directory / "watchlists" / "news.yaml"
    path.write_text("topics:\n  - name: Cuba\n    must_match: [Haiti]\n", encoding="utf-8")
    done = monitor("check")
    assert done.code == 1
    assert "Haiti" in done.out


def test_check_looks_at_the_receivers_urls_and_shows_no_secret(monitor: Call, directory: Path) -> None:
    (directory / "alerts.yaml").write_text(
        "receivers:\n  - {name: desk, urls: ['nonsense://geheim@example.org']}\nroute: {receiver: desk}\n",
        "utf-8",
    )
    done = monitor("check")
    assert done.code == 1
    assert "alerts.yaml:2:" in done.out
    assert "geheim" not in done.out


def test_check_as_json_is_one_object(monitor: Call, directory: Path) -> None:
    facts = json.loads(monitor("check", "--json").out)
    assert (facts["ok"], facts["feeds"], facts["topics"], facts["receivers"]) == (True, 2, 2, 1)
    (directory / "feeds.yaml").write_text("feeds:\n  - {url: http://a.example, intervall: 5m}\n", "utf-8")
    done = monitor("check", "--json")
    assert done.code == 1
    facts = json.loads(done.out)
    (problem,) = facts["problems"]
    assert facts["ok"] is False
    assert (problem["line"], problem["column"], problem["severity"]) == (2, 29, "error")
    assert "interval" in problem["hint"]


def test_warnings_are_shown_and_are_no_errors(monitor: Call, directory: Path) -> None:
    path = directory / "watchlists" / "news.yaml"
    path.write_text("topics:\n  - {name: a, query: oil OR gas AND Cuba}\n", encoding="utf-8")
    done = monitor("check")
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith(": good, 1 warning")
