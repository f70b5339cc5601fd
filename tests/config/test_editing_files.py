"""Watchlist files: written whole or not at all, one writer at a time, everything else about them kept."""

import fcntl
import os
from pathlib import Path

import pytest

from monitor.config import editing_files
from monitor.config.editing_files import WATCHLISTS, locked, read_standing, watchlist_path, write
from monitor.errors import ConfigError, EditRefusedError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "watchlists" / "geo.yaml"
    path.parent.mkdir()
    path.write_bytes(b"- Cuba\n")
    return path


def test_a_text_is_put_in_the_place_of_another_and_nothing_is_left_beside_it(path: Path) -> None:
    write(read_standing(path), "- 台湾\n")
    assert path.read_text() == "- 台湾\n"
    assert list(path.parent.iterdir()) == [path]


def test_mode_and_byte_order_mark_and_line_ends_are_kept(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf- Cuba\r\n")
    path.chmod(0o640)
    standing = read_standing(path)
    assert standing.text == "- Cuba\r\n"
    write(standing, standing.text + "- Haiti\r\n")
    assert path.read_bytes() == b"\xef\xbb\xbf- Cuba\r\n- Haiti\r\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(path: Path) -> None:
    os.chown(path, 1234, 1235)
    write(read_standing(path), "- Haiti\n")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235)


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.yaml"
    path.rename(target)
    path.symlink_to("../elsewhere.yaml")
    write(read_standing(path), "- Haiti\n")
    assert path.is_symlink()
    assert target.read_text() == "- Haiti\n"


def test_a_new_file_is_one_that_the_daemon_may_read(path: Path) -> None:
    new = path.with_name("new.yaml")
    mask = os.umask(0o022)
    try:
        write(read_standing(new), "- Haiti\n")
    finally:
        os.umask(mask)
    assert new.stat().st_mode & 0o777 == 0o644


def test_what_somebody_else_wrote_meanwhile_is_not_lost(path: Path) -> None:
    standing = read_standing(path)
    path.write_text("- Cuba\n- by hand\n")
    with pytest.raises(EditRefusedError, match="changed by somebody else"):
        write(standing, "- Haiti\n")
    assert path.read_text() == "- Cuba\n- by hand\n"
    new = read_standing(path.with_name("new.yaml"))
    new.path.write_text("- first\n")
    with pytest.raises(EditRefusedError, match="changed by somebody else"):
        write(new, "- second\n")


def test_a_write_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(EditRefusedError, match="no space left"):
        write(read_standing(path), "- Haiti\n")
    assert path.read_text() == "- Cuba\n"
    assert list(path.parent.iterdir()) == [path]


def test_two_edits_take_turns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing_files, "LOCK_SECONDS", 0.0)
    directory = path.parent.parent
    with locked(directory / WATCHLISTS):
        handle = os.open(path.parent, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        second = locked(directory / WATCHLISTS)
        with pytest.raises(EditRefusedError, match="somebody else is editing"), second:
            pass
        os.close(handle)
    with locked(directory / WATCHLISTS):
        pass


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "../a", "a\n", " a", "-x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="can not be a watchlist's name"):
        watchlist_path(tmp_path, name)


def test_a_name_may_be_of_any_script(tmp_path: Path) -> None:
    assert watchlist_path(tmp_path, "geo-2 台湾") == tmp_path / "watchlists" / "geo-2 台湾.yaml"


def test_a_file_that_is_no_text_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe-\x00")
    with pytest.raises(ConfigError, match="UTF-16"):
        read_standing(path)
