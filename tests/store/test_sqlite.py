"""The SQLite store: the contract, and what is its own: files, locks, versions."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest

from monitor.errors import DatabaseInUseError, NewerDatabaseError, StoreError
from monitor.store import open_store
from monitor.store.connection import connect
from monitor.store.feeds import FEEDS
from monitor.store.lock import DaemonLock
from monitor.store.schema import IN_ORDER, m012b_scopes
from monitor.store.store import Store
from tests.store.contract import NOW, StoreContract, follow, followed, new_entry
from tests.store.contract_access import AccessContract
from tests.store.contract_acts import ActContract
from tests.store.contract_alerts import AlertContract
from tests.store.contract_claims import ClaimContract
from tests.store.contract_coverage import CoverageContract
from tests.store.contract_desk import DeskContract
from tests.store.contract_entries import EntryContract
from tests.store.contract_feeds import FeedContract
from tests.store.contract_gaps import GapsContract
from tests.store.contract_hits import HitContract
from tests.store.contract_index import IndexContract
from tests.store.contract_judgements import JudgementContract
from tests.store.contract_memory import MemoryContract
from tests.store.contract_notices import NoticeContract
from tests.store.contract_outbox import OutboxContract
from tests.store.contract_pages import PagesContract
from tests.store.contract_policy import PolicyContract
from tests.store.contract_push import PushContract
from tests.store.contract_remarks import RemarksContract
from tests.store.contract_retention import RetentionContract
from tests.store.contract_search import SearchContract
from tests.store.contract_standings import StandingsContract
from tests.store.contract_stories import StoriesContract
from tests.store.contract_unindexed import UnindexedContract
from tests.store.contract_unplaced import UnplacedContract
from tests.store.contract_versions import VersionContract


class Contract(
    StoreContract,
    FeedContract,
    EntryContract,
    HitContract,
    AlertContract,
    RetentionContract,
    JudgementContract,
    SearchContract,
    VersionContract,
    NoticeContract,
    GapsContract,
    PagesContract,
    UnplacedContract,
    IndexContract,
    UnindexedContract,
    StoriesContract,
    StandingsContract,
    ClaimContract,
    OutboxContract,
    CoverageContract,
    PolicyContract,
    AccessContract,
    DeskContract,
    MemoryContract,
    RemarksContract,
    ActContract,
    PushContract,
):
    """All that a store must do, subject by subject."""


class TestSQLiteInMemory(Contract):
    """The contract, in memory."""

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        store = open_store(":memory:")
        yield store
        store.close()


class TestSQLiteFile(Contract):
    """The contract, in a file."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(tmp_path / "monitor.db")
        yield store
        store.close()


def test_the_file_is_written_ahead_and_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path / "monitor.db")
    assert store._conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._conn.execute("PRAGMA synchronous").fetchone() == (2,)


def test_what_is_stored_is_there_after_opening_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "monitor.db")
    state = followed(store)
    store.add_entries([new_entry(state.feed_id, "1")], now=NOW)
    store.close()
    again = open_store(tmp_path / "monitor.db")
    assert again.counts().entries == 1


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    open_store(path).close()
    conn = sqlite3.connect(path)
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('monitor', 'm999_x', '')"
    )
    conn.commit()
    conn.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="m999_x"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_token_of_an_older_version_is_good_for_what_it_was(tmp_path: Path) -> None:
    conn = sqlite3.connect(":memory:")
    for migration in takewhile(lambda one: one is not m012b_scopes, IN_ORDER):
        conn.executescript(migration.SQL)
    conn.execute("INSERT INTO web_tokens (name, digest, scope, made_at) VALUES ('ci', x'01', 'write', 7)")
    conn.executescript(m012b_scopes.SQL)
    rows = conn.execute("SELECT name, digest, scopes, made_at, used_at FROM web_tokens").fetchall()
    assert rows == [("ci", b"\x01", "write", 7, None)]


def test_the_full_text_index_of_an_older_version_merges_less_often_from_now_on(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    store = open_store(path)
    (entry_id,) = store.add_entries([new_entry(followed(store).feed_id, "1", title="balloon")], now=NOW)
    store.close()
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("INSERT INTO entries_fts (entries_fts, rank) VALUES ('automerge', 4)")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm016_index_merging'")
    store = open_store(path)
    assert store.candidates('"balloon"') == [entry_id]
    merges = store._conn.execute("SELECT v FROM entries_fts_config WHERE k = 'automerge'").fetchone()
    assert merges == (16,)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(path)


def test_a_database_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        open_store(tmp_path / "monitor.db", must_exist=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can not open"):
        open_store(tmp_path / "missing" / "monitor.db")


def test_a_second_lock_is_refused_and_names_the_holder(tmp_path: Path) -> None:
    import os

    first, second = DaemonLock(tmp_path / "monitor.db"), DaemonLock(tmp_path / "monitor.db")
    first.acquire()
    with pytest.raises(DatabaseInUseError, match=str(os.getpid())):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_two_connections_take_turns_to_write(tmp_path: Path) -> None:
    """A command beside the daemon waits for its short transaction instead of failing."""
    first, second = open_store(tmp_path / "monitor.db"), open_store(tmp_path / "monitor.db")
    first.follow([follow("https://a.example/")], now=NOW)
    second.follow([follow("https://a.example/"), follow("https://b.example/")], now=NOW)
    assert len(first.feeds()) == 2


def test_the_full_text_index_finds_whole_tokens_of_any_script(tmp_path: Path) -> None:
    store = open_store(":memory:")
    state = followed(store)
    new = new_entry(state.feed_id, "1")
    object.__setattr__(new, "index_text", ("u.s. c++ 台 湾 海 峡", "covid-19 اليمن"))
    store.add_entries([new], now=NOW)

    def found(query: str) -> int:
        sql = "SELECT count(*) FROM entries_fts WHERE entries_fts MATCH ?"
        return int(store._conn.execute(sql, (query,)).fetchone()[0])

    assert found('"u.s."') == found('"台 湾"') == found('"covid-19"') == found('"اليمن"') == 1
    assert found('"u"') == found('"covid"') == found('"湾 台"') == 0


def test_counting_the_entries_of_feeds_reads_an_index_only() -> None:
    """With a million entries `status` must not read each of them once a feed."""
    conn = connect(":memory:")
    plan = " ".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {FEEDS}"))
    assert "COVERING INDEX entries_feed" in plan
