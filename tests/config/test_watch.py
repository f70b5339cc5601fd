"""Changes of the configuration are told soon, everything else in its directory is not."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.config.watch import belongs, changes

LONG = 20.0
"""Seconds that no edit takes, however busy the machine is; test_daemon.py says how soon one runs."""


@asynccontextmanager
async def watching(directory: Path) -> AsyncIterator[AsyncIterator[None]]:
    """The changes of a directory that is watched by now: a first edit was told, and its echo is over."""
    telling = changes(directory)
    probe = directory / "probe.yaml"
    told = asyncio.ensure_future(anext(telling))
    while not told.done():
        probe.write_text(str(time.monotonic_ns()))
        await asyncio.wait([told], timeout=0.5)
    try:
        yield telling
    finally:
        await telling.aclose()  # type: ignore[attr-defined]


async def is_told(telling: AsyncIterator[None], within: float = LONG) -> bool:
    try:
        await asyncio.wait_for(anext(telling), within)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "path",
    ["config/feeds.yaml", "config/watchlists/new.yaml", "config/watchlists", "config/..data", "monitor.yaml"],
)
def test_what_belongs_to_the_configuration(path: str) -> None:
    assert belongs(Path(path))


@pytest.mark.parametrize(
    "path",
    ["monitor.db", "monitor.db-wal", "monitor.db.lock", ".feeds.yaml.swp", "feeds.yaml~", "4913",
     "#feeds.yaml#", ".#feeds.yaml", "feeds.yaml.tmp", "notes.txt"],
)  # fmt: skip
def test_what_does_not(path: str) -> None:
    assert not belongs(Path("config") / path)


async def test_an_edit_and_a_replaced_file_are_told(tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("[]")
    async with watching(tmp_path) as telling:
        feeds.write_text("- https://example.org\n")
        assert await is_told(telling)
        (tmp_path / ".feeds.yaml.new").write_text("[]")
        os.replace(tmp_path / ".feeds.yaml.new", feeds)
        assert await is_told(telling)


async def test_a_new_watchlist_in_a_new_folder_and_its_end_are_told(tmp_path: Path) -> None:
    async with watching(tmp_path) as telling:
        (tmp_path / "watchlists").mkdir()
        (tmp_path / "watchlists" / "a.yaml").write_text("- Cuba\n")
        assert await is_told(telling)
        (tmp_path / "watchlists" / "a.yaml").unlink()
        assert await is_told(telling)


async def test_the_database_and_editors_leftovers_are_not_told(tmp_path: Path) -> None:
    async with watching(tmp_path) as telling:
        (tmp_path / "monitor.db").write_bytes(b"x")
        (tmp_path / ".feeds.yaml.swp").write_bytes(b"x")
        assert not await is_told(telling, within=0.5)


async def test_a_directory_that_is_replaced_is_watched_on(tmp_path: Path) -> None:
    directory = tmp_path / "config"
    directory.mkdir()
    async with watching(directory) as telling:
        directory.rename(tmp_path / "old")
        directory.mkdir()
        await asyncio.wait_for(anext(telling), LONG)
        edited = asyncio.ensure_future(anext(telling))
        while not edited.done():
            (directory / "feeds.yaml").write_text(str(time.monotonic_ns()))
            await asyncio.wait([edited], timeout=0.5)
