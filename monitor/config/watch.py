"""Tells when the configuration directory changed. The only file that knows watchfiles.

Says that something changed, not what: reading it again is cheap. Does not read anything itself.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

DEBOUNCE_MS = 1000
"""A burst of changes is told after this long at the latest ..."""

STEP_MS = 150
"""... or when it has been quiet for this long: editors write, rename and delete for one saving."""

CHECK_MS = 2000
"""How often it is checked whether the directory itself was replaced by another of its name."""


async def changes(directory: Path, *, polling: bool | None = None) -> AsyncIterator[None]:
    """Yields once for every burst of changes to files that belong to the configuration. Never ends.

    `polling` looks at the files instead of waiting for the system's word (None: where it must).
    """
    while True:
        watched = _identity(directory)
        if watched is not None:
            async for changed in _batches(directory, polling):
                if changed:
                    yield
                if _identity(directory) != watched:
                    break
        yield
        # A directory that was moved away is watched again, whatever comes in its place.
        while _identity(directory) is None:
            await asyncio.sleep(CHECK_MS / 1000)


def belongs(path: Path) -> bool:
    """Whether a changed path may be part of the configuration.

    The database lies beside the files and changes all the time; editors leave `.name.swp`, `name~`,
    `#name#` and `4913`; templates have names of any kind. `..data` is the link that is swapped where a
    cluster mounts configuration; a directory that is moved here brings its watchlists unannounced.
    """
    if path.name in ("..data", "watchlists", "templates"):
        return True
    if path.parent.name == "templates":
        return not path.name.startswith((".", "#")) and not path.name.endswith("~")
    return path.suffix == ".yaml" and not path.name.startswith((".", "#"))


async def _batches(directory: Path, polling: bool | None) -> AsyncIterator[bool]:
    """True for a burst of changes that belong to us, False when there was none for a while."""
    from watchfiles import awatch

    watching = awatch(
        directory,
        watch_filter=lambda _, path: belongs(Path(path)),
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        rust_timeout=CHECK_MS,
        yield_on_timeout=True,
        force_polling=polling,
    )
    async for changed in watching:
        yield bool(changed)


def _identity(directory: Path) -> tuple[int, int] | None:
    """What tells this directory from another of the same name; None if there is none."""
    try:
        found = directory.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
