"""The schema, as migrations that only append; each runs in one transaction. No queries here.

A migration is a file beside this one: a docstring and its SQL. Moments are integers: microseconds since 1970
in UTC (`datetime(found_at / 1e6, 'unixepoch')` reads them).
"""

import sqlite3
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from monitor.store.schema import (
    m001_house,
    m002_judgements,
    m003_versions,
    m004_gaps,
    m004b_cadence,
    m004e_item_hashes,
    m004f_hosts,
    m005_health,
    m005b_overruns,
    m006_policy,
    m007_outbox,
    m008_stories,
    m009_pages,
    m010_web,
    m011_entries_by_feed,
    m012_acts,
    m012b_scopes,
    m013_remarks,
    m014_push,
    m015_start,
    m016_index_merging,
    m017_unplaced,
    m018_source,
)

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

IN_ORDER = (
    m001_house,
    m002_judgements,
    m003_versions,
    m005_health,
    m011_entries_by_feed,
    m004_gaps,
    m007_outbox,
    m004e_item_hashes,
    m009_pages,
    m005b_overruns,
    m008_stories,
    m006_policy,
    m004b_cadence,
    m010_web,
    m004f_hosts,
    m013_remarks,
    m012_acts,
    m012b_scopes,
    m014_push,
    m015_start,
    m016_index_merging,
    m017_unplaced,
    m018_source,
)


SET = "monitor"
"""The name of this set of migrations in the library's table."""


def known() -> set[str]:
    """The names of all migrations."""
    return {_name_of(migration) for migration in IN_ORDER}


def applied(conn: sqlite3.Connection) -> set[str]:
    """The names of the migrations that were applied to a database; only reads."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"
    return {name for (name,) in conn.execute(sql, (SET,))}


def apply(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date; the library for that is slow to import, and hardly ever needed."""
    from sqlite_utils import Database

    _migrations().apply(Database(conn))


def _migrations() -> "Migrations":
    from sqlite_utils import Migrations

    migrations = Migrations(SET)
    for migration in IN_ORDER:
        migrations()(_step(migration))
    return migrations


def _step(migration: ModuleType) -> "Callable[[Database], None]":
    def step(db: "Database") -> None:
        for statement in migration.SQL.split(";\n"):
            if statement.strip():
                db.conn.execute(statement)

    step.__name__ = _name_of(migration)
    step.__doc__ = migration.__doc__
    return step


def _name_of(migration: ModuleType) -> str:
    return migration.__name__.rpartition(".")[2]
