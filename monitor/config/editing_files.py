"""Files as edits read and write them: whole or not at all, one writer at a time, links followed.

Knows bytes and files, not what is in them.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from monitor.config.problem import Problem, refusal
from monitor.config.source import decode_source
from monitor.errors import ConfigError, EditRefusedError

WATCHLISTS = "watchlists"
LOCK_SECONDS = 10.0
"""How long one edit waits for another to end."""

_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"\w[\w .()+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A file as it stands: its bytes, None where there is none, and their text."""

    path: Path
    data: bytes | None
    text: str

    @property
    def watchlist(self) -> str:
        """The watchlist's name: what its file is called without the ending."""
        return self.path.stem

    def encoded(self, text: str) -> bytes:
        """Another text as this file holds it: with the byte order mark, if it has one."""
        mark = _BOM if (self.data or b"").startswith(_BOM) else b""
        return mark + text.encode("utf-8")


def watchlist_path(directory: Path, name: str) -> Path:
    """Where a watchlist is kept; raises ConfigError where the name can be no file's."""
    if not _NAME.fullmatch(name) or name != name.strip():
        raise ConfigError(
            f"{name!r} can not be a watchlist's name: letters, digits, `-` and `_` are expected"
        )
    return directory / WATCHLISTS / f"{name}.yaml"


def read_standing(path: Path) -> Standing:
    """The file as it stands, or that there is none; raises ConfigError where it can not be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Standing(path=path, data=None, text="")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise refusal([Problem(file=path, message=f"this file can not be read: {reason}")]) from error
    source = decode_source(path, data)
    if isinstance(source, Problem):
        raise refusal([source])
    return Standing(path=path, data=data, text=source.text)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other edits of the files in this folder out; raises EditRefusedError if one takes long."""
    try:
        folder.mkdir(exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise EditRefusedError(f"{folder} can not be used: {(error.strerror or '').lower()}") from error
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def write(standing: Standing, text: str) -> None:
    """Put a text in the place of what stands: all of it or nothing, with the same mode and owner.

    Raises EditRefusedError if the file is no longer what it was, or can not be written.
    """
    if read_standing(standing.path).data != standing.data:
        raise EditRefusedError(f"{standing.path} was changed by somebody else meanwhile; nothing was written")
    try:
        _replace(Path(os.path.realpath(standing.path)), standing.encoded(text))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise EditRefusedError(f"{standing.path} can not be written: {reason}") from error


def _lock(handle: int, folder: Path) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise EditRefusedError(f"somebody else is editing the files in {folder}") from error
            time.sleep(0.02)
        except OSError:
            return  # a file system without locks: the check before writing is left
        else:
            return


def _replace(path: Path, data: bytes) -> None:
    # Hidden and without our ending: nobody takes it for configuration.
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False) as file:
        try:
            _take_over(path, Path(file.name))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
    _sync_folder(path.parent)


def _take_over(path: Path, new: Path) -> None:
    """Give the new file the old one's mode, owner and attributes; a first file gets what the umask says."""
    try:
        found = path.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        return
    shutil.copystat(path, new)
    made = new.stat()
    if (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
        os.chown(new, found.st_uid, found.st_gid)
        new.chmod(found.st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can
            os.fsync(handle)
    finally:
        os.close(handle)
