"""The lock that keeps a second daemon out."""

import fcntl
import os
from pathlib import Path
from typing import IO

from monitor.errors import DatabaseInUseError


class DaemonLock:
    """Keeps a second daemon out: flock on a file beside the database, free at once after a kill."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock; raises DatabaseInUseError, naming the holder, when another process has it."""
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            message = f"another monitor (process {holder or 'unknown'}) is running on this database"
            raise DatabaseInUseError(message) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
