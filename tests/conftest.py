"""For all tests: few examples of each property, new databases that are copies, garbage looked for rarely."""

import gc
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hatch_build import stale
from monitor.__main__ import GARBAGE_AFTER
from monitor.sandbox import Sandbox
from monitor.store import connection, schema
from monitor.topics import ARE_PARTS_OLDER
from monitor.topics.compiled import OLDER
from tests.examples import usual


def pytest_configure() -> None:
    """What pytest holds of thousands of tests would be looked through again and again."""
    usual()
    gc.set_threshold(GARBAGE_AFTER)
    if ARE_PARTS_OLDER:
        raise pytest.UsageError(OLDER)
    if old := stale(Path(__file__).parent.parent):
        raise pytest.UsageError(
            f"compiled of other sources: {', '.join(map(str, old))}; run make .venv/.installed"
        )


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """A new database is a copy of one: migrations for each would take a fifth of the processor's time."""
    migrate = connection._migrate
    made = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(connection.connect(":memory:")) as migrated:
        migrated.backup(made)

    def copy_or_migrate(conn: sqlite3.Connection) -> None:
        if schema.applied(conn):
            migrate(conn)
        else:
            made.backup(conn)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_migrate", copy_or_migrate)
        yield
    made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readers() -> AsyncIterator[Sandbox]:
    """A child that reads documents, for all tests of a file: to start one takes longer than most of these."""
    with Sandbox(1, preload=("monitor.feeds.parse",)) as sandbox:
        yield sandbox


class _Kept(Sandbox):
    """Children that stay when those who began them have gone."""

    def close(self) -> None:
        """Not yet."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept_children() -> AsyncIterator[None]:
    """The children of a monitor are those of the tests before it in the file, where there were any."""
    kept: dict[tuple[str, ...], _Kept] = {}

    def begin(workers: int, *, preload: tuple[str, ...], **how: Any) -> Sandbox:
        return kept.setdefault(preload, _Kept(workers, preload=preload, **how))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.parts.Sandbox", begin)
        patch.setattr("monitor.senders.Sandbox", begin)
        yield
    for children in kept.values():
        Sandbox.close(children)
