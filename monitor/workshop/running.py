"""The topics that run, or ran at a moment: read from the versions of the watchlists that the store keeps."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from monitor.config import load
from monitor.config.config import Config
from monitor.config.files import WATCHLISTS, watchlist_files
from monitor.errors import StoreError
from monitor.store.store import Store

ALL = 1_000_000_000


def running_config(
    store: Store, directory: Path, *, environ: Mapping[str, str], at: datetime | None = None
) -> Config:
    """The configuration as it is with the watchlists that took effect last, or had by a moment.

    Raises StoreError where none had, and ConfigError.
    """
    texts = running_texts(store, at=at)
    if not texts:
        raise StoreError(
            "the database knows of no watchlist that ran"
            + (" at that moment" if at else ": the monitor keeps them when it starts")
        )
    nothing = dict.fromkeys(watchlist_files(directory), "")
    standing = {directory / WATCHLISTS / f"{name}.yaml": text for name, text in texts.items()}
    return load(directory, environ=environ, tolerant=True, instead=nothing | standing)


def running_texts(store: Store, *, at: datetime | None = None) -> dict[str, str]:
    """What each watchlist says, or said at a moment, by name; "" where it was removed."""
    texts: dict[str, str] = {}
    for version in store.versions(limit=ALL):
        if at is None or version.at <= at:
            texts.setdefault(version.watchlist, version.text or "")
    return texts
