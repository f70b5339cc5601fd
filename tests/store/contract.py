"""What every store must do. A second store subclasses StoreContract and gives its own `store` fixture."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.feeds.entry import Entry
from monitor.feeds.state import FeedState
from monitor.store.feeds import Follow
from monitor.store.records import DaemonRow, NewEntry, NewHit
from monitor.store.store import Store
from monitor.topics.match import Span

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


def follow(url: str, *, name: str = "", interval: timedelta = 15 * MINUTE) -> Follow:
    return Follow(url=url, name=name, interval=interval)


def claimed(store: Store, *, now: datetime = NOW) -> list[str]:
    return [state.url for state in store.claim_due(now=now, limit=100, lease=LEASE)]


def followed(store: Store, url: str = "https://a.example/feed") -> FeedState:
    store.follow([follow(url, name="A")], now=NOW)
    (state,) = store.claim_due(now=NOW, limit=1, lease=LEASE)
    return state


def new_entry(
    feed_id: int, guid: str, *, title: str = "A title", text: bytes = b"text", index_later: bool = False
) -> NewEntry:
    entry = Entry(
        guid=guid,
        link=f"https://a.example/{guid}",
        title=title,
        categories=("x", "y"),
        published=NOW,
        source="https://s.example/",
    )
    return NewEntry(
        feed_id=feed_id,
        entry=entry,
        keys=(b"guid:" + guid.encode(), b"link:" + guid.encode()),
        content_hash=text,
        index_text=None if index_later else (title.lower(), ""),
    )


def new_hit(entry_id: int, *, topic: str = "Cuba", found_at: datetime = NOW) -> NewHit:
    return NewHit(
        topic=topic,
        entry_id=entry_id,
        watchlist="geopolitics",
        version="1-abc",
        spans=(Span(field="title", start=0, end=4, text="Cuba", clause="Cuba"),),
        labels={"topic": topic, "feed": "A"},
        found_at=found_at,
    )


def entries_titled(store: Store, *titles: str) -> list[int]:
    """Entries with these titles, seen a minute apart; returns their ids."""
    feed = followed(store)
    ids = []
    for number, title in enumerate(titles):
        new = new_entry(feed.feed_id, str(number), title=title)
        ids += store.add_entries([new], now=NOW + number * MINUTE)
    return ids


def stored_hit(store: Store) -> int:
    feed = followed(store)
    (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
    (hit_id,) = store.add_hits([new_hit(entry_id)])
    assert hit_id is not None
    return hit_id


def new_alert(hit_id: int, *, key: str = "A-1", at: datetime = NOW) -> Alert:
    hit = AlertHit(
        hit_id=hit_id,
        topic="Cuba",
        labels={"topic": "Cuba"},
        found_at=at,
        headline=Marked(text="Cuba 台湾", marks=((0, 4, "Cuba"),)),
        snippets=(Marked(text="…"),),
        clauses=("Cuba",),
        link="https://a.example/1",
        feed="A",
        published=at,
    )
    return Alert(
        id=key, receiver="desk", group_key="g1", group_labels={"topic": "Cuba"}, created_at=at, hits=(hit,)
    )


class StoreContract:
    """What holds whatever the subject: each has its facts in a file of its own."""

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        raise NotImplementedError

    def test_what_the_daemon_says_replaces_what_it_said_before(self, store: Store) -> None:
        assert store.daemon() is None
        row = DaemonRow(
            pid=1,
            version="1",
            started_at=NOW,
            beat_at=NOW,
            stopped_at=None,
            config_loaded_at=NOW,
            config_error="",
            config_error_since=None,
        )
        store.say_daemon(row)
        store.say_daemon(row)
        assert store.daemon() == row

    def test_a_transaction_that_fails_leaves_nothing(self, store: Store) -> None:
        feed = followed(store)
        unsound = [new_entry(feed.feed_id, "1"), new_entry(feed.feed_id + 1, "no such feed")]
        with pytest.raises(Exception, match="FOREIGN KEY"), store.transaction():
            store.add_entries(unsound, now=NOW)
        assert store.known_keys(feed.feed_id, [b"guid:1"]) == {}
        assert store.counts().entries == 0
