"""The caretaker: feeds whose health is news are told, each once, also after a restart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.caretaker import look_after
from monitor.feeds.subscription import Subscription
from monitor.store import open_store
from monitor.store.sqlite import SQLiteStore
from tests.store.contract import NOW, followed

HOUR = timedelta(hours=1)
FEED = Subscription(url="https://a.example/feed", name="A", labels={"region": "asia"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    store = open_store(tmp_path / "monitor.db")
    yield store
    store.close()


def care(
    store: SQLiteStore, now: datetime, *, every: timedelta = timedelta(minutes=30), until: timedelta
) -> list[str]:
    """Look after the feeds again and again; returns what was told."""
    end = now + until
    while now < end:
        look_after(
            store,
            subscriptions={FEED.url: FEED},
            dead_after=12 * HOUR,
            silent_at_least=24 * HOUR,
            now=now,
        )
        now += every
    return [hit.entry.entry.title for hit in store.hits(topic="_monitor")]


def fail(store: SQLiteStore) -> None:
    state = replace(followed(store), last_polled_at=NOW, last_ok_at=NOW, failures=1, error="no such host")
    store.save_poll(state, next_poll_at=NOW)


def test_a_dead_feed_is_a_hit_with_the_feeds_labels(store: SQLiteStore) -> None:
    fail(store)
    assert care(store, NOW, until=11 * HOUR) == []
    assert care(store, NOW + 11 * HOUR, until=40 * HOUR) == ["Feed dead: A"]
    (hit,) = store.hits()
    assert (hit.labels["region"], hit.labels["feed"], hit.state) == ("asia", "A", "pending")


def test_a_restart_tells_nothing_again(store: SQLiteStore, tmp_path: Path) -> None:
    fail(store)
    care(store, NOW, until=13 * HOUR)
    again = open_store(tmp_path / "monitor.db")
    assert care(again, NOW + 13 * HOUR, until=13 * HOUR) == ["Feed dead: A"]
    again.close()


def test_what_happened_while_nobody_looked_proves_nothing(store: SQLiteStore) -> None:
    fail(store)
    care(store, NOW, until=HOUR)
    assert care(store, NOW + 20 * HOUR, until=11 * HOUR) == []
    assert care(store, NOW + 31 * HOUR, until=2 * HOUR) == ["Feed dead: A"]


def test_a_feed_that_nobody_follows_any_more_is_nobodys_patient(store: SQLiteStore) -> None:
    fail(store)
    store.follow([], now=NOW)
    assert care(store, NOW, until=40 * HOUR) == []


def test_a_feed_that_is_well_is_not_even_looked_at(store: SQLiteStore) -> None:
    state = replace(followed(store), last_polled_at=NOW, last_ok_at=NOW, last_new_at=NOW - HOUR)
    store.save_poll(state, next_poll_at=NOW)
    care(store, NOW, until=HOUR)
    assert store.patients() == []


def test_a_window_that_ran_over_is_told(store: SQLiteStore) -> None:
    state = replace(followed(store), last_polled_at=NOW, last_ok_at=NOW)
    store.save_poll(state, next_poll_at=NOW)
    store.add_gap(state.feed_id, from_at=NOW - 2 * HOUR, to_at=NOW - HOUR)
    store.add_gap(state.feed_id, from_at=NOW - HOUR, to_at=NOW)
    assert care(store, NOW, until=2 * HOUR) == ["Feed overrun: A"]
    assert store.patients() == []
