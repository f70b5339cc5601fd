"""Entries that a poll leaves out of the full-text index: found all the same, and indexed later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.indexing import index_all, index_some
from monitor.notice import Notice
from monitor.noticing import ingest_notices
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.sqlite import SQLiteStore
from monitor.topics.narrowing import narrowing
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from tests.test_unplaced import TEXTS, Polls

FERRY = narrowing(Topic(name="Ferry", query=parse("ferry").node))
ABSENT = narrowing(Topic(name="Absent", query=parse("zeppelin").node))


@pytest.fixture
def polls(tmp_path: Path) -> Iterator[Polls]:
    store = open_store(tmp_path / "monitor.db")
    yield Polls(store)
    store.close()


def found(store: SQLiteStore) -> list[int]:
    return store.candidates(FERRY)


def test_what_waits_is_looked_at_for_any_words_until_it_is_indexed(polls: Polls) -> None:
    polls.show_all()
    assert len(polls.store.candidates(ABSENT)) == len(TEXTS)
    index_all(polls.store)
    assert polls.store.candidates(ABSENT) == []


def test_what_is_indexed_later_is_found_as_if_it_had_been_at_once(polls: Polls, tmp_path: Path) -> None:
    polls.show_all()
    while not index_some(polls.store, most=3):
        pass
    at_once = Polls(open_store(tmp_path / "at_once.db"))
    at_once.show_all(placer=Placer())
    assert found(polls.store) == found(at_once.store) != []
    at_once.store.close()


def test_a_commit_of_who_stays_indexes_what_waits_before_its_own(polls: Polls) -> None:
    polls.show_all()
    polls.show("A zeppelin", "over the strait", site="last.example", placer=Placer())
    assert polls.store.count_unindexed() == 0
    assert polls.store.candidates(ABSENT) == [polls.store.count_entries()]


def test_an_entry_edited_before_it_is_indexed_is_found_by_what_it_says_now(polls: Polls) -> None:
    polls.show("A boat", "on the river", site="a.example")
    polls.show("A ferry", "on the river", site="a.example")
    assert polls.store.count_entries() == 1
    index_all(polls.store)
    assert found(polls.store) == [1]
    assert polls.store.candidates(narrowing(Topic(name="Boat", query=parse("boat").node))) == []


def test_an_edit_by_a_poll_of_an_indexed_entry_is_found_at_once(polls: Polls) -> None:
    polls.show("A boat", "on the river", site="a.example", placer=Placer())
    polls.show("A ferry", "on the river", site="a.example")
    assert found(polls.store) == [1]
    assert polls.store.count_unindexed() == 0


def test_what_the_monitor_says_of_itself_is_not_found_either_when_it_had_to_wait(polls: Polls) -> None:
    polls.show("A boat", "on the river", site="a.example")
    notice = Notice(key="1", kind="dead", title="A ferry", text="A ferry is late")
    with polls.store.transaction():
        ingest_notices(polls.store, [notice], now=polls.now)
    assert polls.store.count_unindexed() == 2
    index_all(polls.store)
    assert found(polls.store) == []
