"""Commands that look show what there is, also where nothing can be written."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store import open_store, open_to_look
from monitor.store.connection import connect
from monitor.store.sqlite import SQLiteStore
from tests.command_line import Call, Desk
from tests.small_disk import SmallDisk, small_disk

LEFT = "stories of 2 entries could not be placed: "
FULL = LEFT + "the disk is full: nothing can be stored until there is room\n"


@pytest.fixture
def disk(tmp_path: Path, desk: Desk) -> Iterator[SmallDisk]:
    """A small disk with a database in which a poll has left entries unplaced."""
    desk.store.close()
    with small_disk(tmp_path / "disk") as disk:
        shutil.copy(desk.config.settings.database, _database(disk))
        yield disk


def _database(disk: SmallDisk) -> Path:
    return disk.path / "monitor.db"


def _looked(monitor: Call, database: Path) -> str:
    """What two commands that look say on standard error, where hits are shown."""
    hits, stories = monitor("hits", "--db", database), monitor("stories", "--db", database)
    assert (hits.code, stories.code) == (0, 0)
    assert "Two warships" in hits.out
    assert "*Cuba* restores power" in hits.out
    assert stories.err in {hits.err, hits.err + "no stories\n"}
    return hits.err


def test_on_a_full_disk_hits_are_shown_and_stories_are_said_to_be_missing(
    monitor: Call, disk: SmallDisk
) -> None:
    disk.fill()
    assert _looked(monitor, _database(disk)) == FULL
    assert monitor("status", "--db", _database(disk)).err == ""
    disk.drain()
    assert _looked(monitor, _database(disk)) == ""


def test_on_a_full_disk_what_a_killed_daemon_has_logged_is_shown(
    monitor: Call, desk: Desk, tmp_path: Path
) -> None:
    written = desk.config.settings.database
    with small_disk(tmp_path / "disk") as disk:
        for name in (written.name, f"{written.name}-wal"):
            shutil.copy(written.with_name(name), disk.path)
        assert (disk.path / f"{written.name}-wal").stat().st_size
        disk.fill()
        assert _looked(monitor, _database(disk)) == FULL


def test_who_looks_on_a_full_disk_sees_nothing_change(disk: SmallDisk) -> None:
    disk.fill()
    looking, _ = open_to_look(_database(disk), patience=0)
    disk.drain()
    with pytest.raises(StoreError, match="locked"):
        connect(_database(disk), patience=0)
    assert len(looking.hits()) == 2
    looking.close()
    connect(_database(disk), patience=0).close()


def test_so_they_are_where_the_daemon_has_the_database_open(monitor: Call, disk: SmallDisk) -> None:
    daemon = open_store(_database(disk))
    daemon.hits()
    disk.fill()
    assert _looked(monitor, _database(disk)) == FULL
    assert daemon.count_unplaced() == 2
    daemon.close()


def test_so_they_are_where_the_disk_can_only_be_read(monitor: Call, disk: SmallDisk) -> None:
    disk.forbid_writing()
    said = _looked(monitor, _database(disk))
    assert said == LEFT + "the database can be read but not be written\n"


def test_on_a_full_disk_a_query_finds_what_poll_left_out_of_the_index(monitor: Call, disk: SmallDisk) -> None:
    disk.fill()
    tried = monitor("topic", "test", "Cuba", "--db", _database(disk))
    assert (tried.code, "*Cuba* restores power" in tried.out) == (0, True)


def test_what_has_to_write_says_that_it_can_not(monitor: Call, disk: SmallDisk) -> None:
    disk.forbid_writing()
    marked = monitor("hits", "mark", "1", "wrong", "--db", _database(disk))
    assert (marked.code, marked.err) == (2, "error: the database can be read but not be written\n")


def test_who_writes_for_long_is_not_waited_for_to_the_end(
    monitor: Call, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.cli.options.PATIENCE_SECONDS", 0.01)
    with desk.store.transaction():
        said = _looked(monitor, desk.config.settings.database)
        assert monitor("topic", "test", "Cuba").code == 0
    assert said == LEFT + "another program has the database locked for writing\n"
    assert _looked(monitor, desk.config.settings.database) == ""


@pytest.mark.parametrize("command", ["hits", "stories"])
def test_one_that_can_not_be_placed_is_said_once_and_hides_no_other(
    monitor: Call, desk: Desk, odd_one: str, command: str
) -> None:
    desk.store.close()
    done = monitor(command)
    assert (done.code, done.err) == (0, f"{odd_one}\n")
    assert "restores power" in done.out
    assert monitor(command).err == ""


def test_an_older_database_that_can_not_be_written_is_said_to_be_one(monitor: Call, disk: SmallDisk) -> None:
    older: SQLiteStore = open_store(_database(disk))
    older._conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm017_unplaced'")
    older.close()
    disk.forbid_writing()
    done = monitor("hits", "--db", _database(disk))
    assert (done.code, done.out) == (2, "")
    assert "was written by an older version of the monitor and can not be written now" in done.err
