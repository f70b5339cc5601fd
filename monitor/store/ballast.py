"""A file to let go of when the disk is full: SQLite needs room even to delete."""

import os
from pathlib import Path

SIZE = 8 * 1024 * 1024
"""Bytes: room for the write-ahead log of some commits of ours."""
ROOM = 4 * SIZE
"""Bytes that must be free before the ballast is taken again."""


class Ballast:
    """The file beside the database; `hold` takes the room, `release` gives it to the database."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".ballast")

    def hold(self) -> None:
        """Take the room where there is plenty; a disk that is nearly full keeps what it has."""
        if self.path.exists() or _free(self.path.parent) < ROOM:
            return
        with self.path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, SIZE)

    def release(self) -> bool:
        """Give the room back; returns whether there was any."""
        existed = self.path.exists()
        self.path.unlink(missing_ok=True)
        return existed


def _free(directory: Path) -> int:
    state = os.statvfs(directory)
    return state.f_bavail * state.f_frsize
