"""Feeds that are no address of the network: a file, or what a command prints. Both only where it is allowed.

A command runs without a shell, in a process group of its own that is killed as a whole, with little of our
environment, and with limits on its time and its output.
"""

import asyncio
import os
import shlex
import signal
import stat
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.errors import RetrieveError

SCHEMES = ("file", "exec")

_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
"""What a command is told of ours: nothing that may be a secret."""
_STDERR_END = 2_000
_CHUNK = 64 * 1024
_GRACE_SECONDS = 1.0
"""How long the pipes of a command that was killed may stay open: somebody else may hold them."""
_LOOK_SECONDS = 0.02


def scheme_of(url: str) -> str:
    """`file` or `exec`, "" for a URL of the network."""
    scheme = url.partition(":")[0].lower()
    return scheme if scheme in SCHEMES else ""


def local_fault(url: str) -> str:
    """What is wrong with the URL of a file or a command, in words; "" if nothing is."""
    try:
        _path(url) if scheme_of(url) == "file" else _command(url)
    except ValueError as error:
        return str(error)
    return ""


async def read_file(url: str, *, unless: str, max_bytes: int) -> tuple[bytes | None, str]:
    """The file's bytes, None if its state is `unless`; and its state. Raises RetrieveError."""
    try:
        return await asyncio.to_thread(_read, _path(url), unless, max_bytes)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RetrieveError(f"the file can not be read: {reason}", url=url) from error
    except ValueError as error:
        raise RetrieveError(str(error), url=url) from error


async def run_command(url: str, *, timeout: float, max_bytes: int) -> bytes:
    """What the command prints; raises RetrieveError with its exit code and the end of what it complained."""
    try:
        process = await asyncio.create_subprocess_exec(
            *_command(url),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise RetrieveError(f"the command can not be started: {reason}", url=url) from error
    return await _Run(process, url, max_bytes).result(timeout)


class _Run:
    """A command that runs: its output so far."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, max_bytes: int) -> None:
        self._process = process
        self._url = url
        self._max_bytes = max_bytes
        self._output = bytearray()
        self._complaints = b""

    async def result(self, timeout: float) -> bytes:
        """All of the output, once the command has ended well."""
        readers = [asyncio.create_task(self._read_output()), asyncio.create_task(self._read_complaints())]
        try:
            async with asyncio.timeout(timeout):
                await asyncio.gather(self._ended(), *readers)
        except TimeoutError as error:
            raise self._error(f"the command did not end within {timeout:g} s") from error
        finally:
            self._kill()
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
            await self._let_go()
        if self._process.returncode:
            raise self._error(_how_it_ended(self._process.returncode))
        return bytes(self._output)

    async def _ended(self) -> None:
        """When the command itself ends, what it left running ends too: it may hold the output open."""
        while self._process.returncode is None:  # `wait()` would wait for its pipes too
            await asyncio.sleep(_LOOK_SECONDS)
        self._kill()

    async def _let_go(self) -> None:
        """Read what it has still said: a pipe that is full and not read never ends, nor would `wait()`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                await self._process.communicate()

    async def _read_output(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        while chunk := await self._process.stdout.read(_CHUNK):
            self._output += chunk
            if len(self._output) > self._max_bytes:
                raise self._error(f"the command printed more than {self._max_bytes:,} bytes")

    async def _read_complaints(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - it was asked for
        while chunk := await self._process.stderr.read(_CHUNK):
            self._complaints = (self._complaints + chunk)[-_STDERR_END:]

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _error(self, words: str) -> RetrieveError:
        from monitor.feeds.text import line  # what cleans texts, where there is one

        said = line(self._complaints.decode(errors="replace"))[-300:]
        return RetrieveError(f"{words}: {said}" if said else words, url=self._url)


def _how_it_ended(code: int) -> str:
    if code > 0:
        return f"the command ended with exit code {code}"
    with suppress(ValueError):
        return f"the command was killed by {signal.Signals(-code).name}"
    return f"the command was killed by signal {-code}"


def _read(path: Path, unless: str, max_bytes: int) -> tuple[bytes | None, str]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("this is no file that can be read as a feed")
    state = f"{found.st_mtime_ns} {found.st_size}"
    if state == unless:
        return None, state
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ValueError(f"the file has more than {max_bytes:,} bytes")
    return data, state


def _path(url: str) -> Path:
    split = urlsplit(url)
    path = unquote(split.path)
    if split.netloc not in ("", "localhost") or not path.startswith("/") or "\0" in path:
        raise ValueError("a file's URL is written file:///path/to/feed.xml")
    return Path(path)


def _command(url: str) -> list[str]:
    try:
        words = shlex.split(url.partition(":")[2])
    except ValueError as error:
        raise ValueError(f"this command can not be read: {str(error).lower()}") from error
    if not words or "\0" in url:
        raise ValueError("a command is written exec:program argument 'another argument'")
    return words
