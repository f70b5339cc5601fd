"""The keeper: an edit is checked, written and kept as a version, or nothing of it happens."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config.editing import find_topic
from monitor.config.editing_splice import item_text
from monitor.config.editing_values import NewTopic
from monitor.errors import ConfigError, EditRefusedError
from monitor.keeper import (
    Keeping,
    Kept,
    add_topics,
    edit_watchlist,
    find_version,
    record_versions,
    remove_topic,
    replace_topic,
    restore,
    switch_topic,
)
from monitor.store import open_store
from monitor.store.sqlite import SQLiteStore

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "geo.yaml").write_text("- Cuba\n")
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    store = open_store(tmp_path / "monitor.db")
    yield store
    store.close()


@pytest.fixture
def keeping(directory: Path, store: SQLiteStore) -> Keeping:
    return Keeping(directory=directory, environ={}, store=store, who="cli", now=NOW)


def text(directory: Path) -> str:
    return (directory / "watchlists" / "geo.yaml").read_text()


def log(store: SQLiteStore) -> list[tuple[int, str, str]]:
    return [(one.number, one.who, one.note) for one in reversed(store.versions(watchlist="geo"))]


def test_an_edit_is_kept_as_a_version_and_so_is_what_stood_there(
    directory: Path, keeping: Keeping, store: SQLiteStore
) -> None:
    kept = add_topics("geo", [NewTopic(name="Haiti")], keeping=keeping, note="topic Haiti added")
    assert (kept.version, kept.watchlist, kept.changed) == (2, "geo", True)
    assert text(directory) == "- Cuba\n- Haiti\n"
    assert log(store) == [(1, "file", ""), (2, "cli", "topic Haiti added")]
    assert find_version(store, "geo").text == text(directory)


def test_the_daemon_then_finds_nothing_new(directory: Path, keeping: Keeping, store: SQLiteStore) -> None:
    remove_topic("cuba", keeping=keeping)
    assert record_versions(store, {"geo": text(directory)}, now=NOW) == {}
    assert log(store)[-1] == (2, "cli", "topic Cuba removed")


def test_the_daemon_keeps_what_was_edited_by_hand_and_what_is_gone(store: SQLiteStore) -> None:
    assert record_versions(store, {"geo": "- Cuba\n", "asia": ""}, now=NOW) == {"geo": 1, "asia": 1}
    assert record_versions(store, {"geo": "- Cuba\n- Peru\n"}, now=NOW) == {"geo": 2, "asia": 2}
    assert find_version(store, "asia").text is None


def test_an_edit_that_breaks_something_leaves_file_and_versions_alone(
    directory: Path, keeping: Keeping, store: SQLiteStore
) -> None:
    with pytest.raises(EditRefusedError, match=r"geo\.yaml:3:16: this parenthesis is not closed"):
        add_topics("geo", [NewTopic(name="Haiti", query="Haiti (x")], keeping=keeping)
    assert text(directory) == "- Cuba\n"
    assert store.versions() == []


def test_edits_at_the_same_time_lose_nothing(directory: Path) -> None:
    keeping = Keeping(directory=directory, environ={}, store=None, who="page", now=NOW)
    names = [f"topic {number}" for number in range(12)]

    def add(name: str) -> Kept:
        return add_topics("geo", [NewTopic(name=name)], keeping=keeping)

    with ThreadPoolExecutor(len(names)) as pool:
        assert all(kept.changed for kept in pool.map(add, names))
    assert sorted(text(directory).splitlines()) == sorted(["- Cuba", *(f"- {name}" for name in names)])


def test_a_topics_own_tests_are_run_before_it_is_written(directory: Path, keeping: Keeping) -> None:
    new = NewTopic(name="Haiti", query="Haiti", must_match=["Port-au-Prince burns"])
    with pytest.raises(EditRefusedError, match="must_match fails"):
        add_topics("geo", [new], keeping=keeping)
    assert text(directory) == "- Cuba\n"


def test_a_file_that_can_not_be_written_makes_no_version(
    directory: Path, keeping: Keeping, store: SQLiteStore
) -> None:
    def change(now: str) -> tuple[str, range]:
        (directory / "watchlists" / "geo.yaml").write_text("- by hand\n")
        return now + "- Haiti\n", range(0)

    with pytest.raises(EditRefusedError, match="changed by somebody else"):
        edit_watchlist("geo", change, keeping=keeping)
    assert text(directory) == "- by hand\n"
    assert store.versions() == []


def test_a_database_that_can_not_be_written_keeps_nobody_from_editing(
    directory: Path, keeping: Keeping, store: SQLiteStore
) -> None:
    store._conn.execute("PRAGMA query_only = ON")
    kept = add_topics("geo", [NewTopic(name="Haiti")], keeping=keeping)
    assert kept.version is None
    assert "readonly" in kept.unkept
    assert text(directory) == "- Cuba\n- Haiti\n"
    assert isinstance(store._conn, sqlite3.Connection)


def test_disabling_and_enabling_brings_the_same_bytes_back(directory: Path, keeping: Keeping) -> None:
    switch_topic("cuba", on=False, keeping=keeping)
    assert text(directory) == "- name: Cuba\n  disabled: true\n"
    assert not switch_topic("Cuba", on=False, keeping=keeping).changed
    kept = switch_topic("Cuba", on=True, keeping=keeping)
    assert (kept.topic, kept.version, text(directory)) == ("Cuba", 3, "- Cuba\n")


def test_a_broken_topic_can_be_disabled_but_not_enabled(directory: Path, keeping: Keeping) -> None:
    (directory / "watchlists" / "geo.yaml").write_text("- {name: a, query: 'x ('}\n")
    assert switch_topic("a", on=False, keeping=keeping).review.standing == ()
    with pytest.raises(EditRefusedError):
        switch_topic("a", on=True, keeping=keeping)


def test_an_edited_topic_is_put_back_only_where_it_is_what_it_was(directory: Path, keeping: Keeping) -> None:
    was = item_text(*find_topic(directory, "Cuba", environ={}))
    replace_topic("Cuba", "- Cuba\n# and\n- Haiti\n", was=was, keeping=keeping)
    assert text(directory) == "- Cuba\n# and\n- Haiti\n"
    with pytest.raises(EditRefusedError, match="changed by somebody else meanwhile"):
        replace_topic("Haiti", "- Peru\n", was="- Haiti\n", keeping=keeping)


def test_a_version_is_restored_as_a_new_one(directory: Path, keeping: Keeping, store: SQLiteStore) -> None:
    remove_topic("Cuba", keeping=keeping)
    kept = restore("geo", 1, keeping=keeping)
    assert (kept.version, text(directory)) == (3, "- Cuba\n")
    assert log(store)[-1] == (3, "cli", "version 1 restored")


def test_a_removed_watchlist_is_restored(directory: Path, keeping: Keeping, store: SQLiteStore) -> None:
    record_versions(store, {"geo": text(directory)}, now=NOW)
    (directory / "watchlists" / "geo.yaml").unlink()
    record_versions(store, {}, now=NOW)
    with pytest.raises(ConfigError, match="version 2 of 'geo' is its removal"):
        restore("geo", 2, keeping=keeping)
    assert restore("geo", 1, keeping=keeping).version == 3
    assert text(directory) == "- Cuba\n"


def test_a_version_that_would_not_be_right_today_is_not_restored(
    directory: Path, keeping: Keeping, store: SQLiteStore
) -> None:
    record_versions(store, {"geo": "- a\n- a\n"}, now=NOW)
    with pytest.raises(EditRefusedError, match="stands twice"):
        restore("geo", 1, keeping=keeping)
    assert text(directory) == "- Cuba\n"


def test_versions_that_there_are_not_are_said_in_words(store: SQLiteStore) -> None:
    with pytest.raises(ConfigError, match="no version of a watchlist 'geo'"):
        find_version(store, "geo")
    record_versions(store, {"geo": ""}, now=NOW)
    with pytest.raises(ConfigError, match="no version 7 of 'geo'; the newest is 1"):
        find_version(store, "geo", 7)
