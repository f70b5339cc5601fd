"""For all tests: few examples of each property, new databases that are copies, garbage looked for rarely."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from monitor.__main__ import GARBAGE_AFTER
from monitor.store import connection, schema
from tests.examples import usual


def pytest_configure() -> None:
    """What pytest holds of thousands of tests would be looked through again and again."""
    usual()
    gc.set_threshold(GARBAGE_AFTER)


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
