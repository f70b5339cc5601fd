"""The schema, as migrations that only append; each runs in one transaction. No queries here.

A migration is a file beside this one: a docstring and its SQL. Moments are integers: microseconds since 1970
in UTC (`datetime(found_at / 1e6, 'unixepoch')` reads them).
"""

from types import ModuleType

from sqlite_utils import Database, Migrations

from monitor.store.schema import (
    m001_house,
    m002_judgements,
    m003_versions,
    m004_gaps,
    m004b_cadence,
    m004e_item_hashes,
    m005_health,
    m005b_overruns,
    m006_policy,
    m007_outbox,
    m008_stories,
    m009_pages,
    m010_web,
    m011_entries_by_feed,
)

migrations = Migrations("monitor")


def _register(migration: ModuleType) -> None:
    def apply(db: Database) -> None:
        for statement in migration.SQL.split(";\n"):
            if statement.strip():
                db.conn.execute(statement)

    apply.__name__ = migration.__name__.rpartition(".")[2]
    apply.__doc__ = migration.__doc__
    migrations()(apply)


for _migration in (
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
):
    _register(_migration)
