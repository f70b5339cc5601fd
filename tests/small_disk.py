"""A disk of its own for a test, as small as it says, that can be filled or made to be read only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A file system in memory, mounted at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Take all the room that is left."""
        state = os.statvfs(self.path)
        with (self.path / "filling").open("wb", buffering=0) as file:
            os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize)

    def drain(self) -> None:
        """Give the room back."""
        (self.path / "filling").unlink()

    def forbid_writing(self) -> None:
        """Let it be read only from now on."""
        _mount("-o", "remount,ro", str(self.path))


@contextmanager
def small_disk(path: Path, *, megabytes: int = 3) -> Iterator[SmallDisk]:
    """A small disk at `path`, until the end of the test; the test is skipped where none can be mounted."""
    path.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
