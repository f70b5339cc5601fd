"""Notices: what the monitor says of itself goes the way of all hits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.alerts.pending import Rules
from monitor.alerts.route import Matcher, Receiver, Route, Target
from monitor.dispatcher import dispatch
from monitor.notice import Notice
from monitor.noticing import ingest_notices
from monitor.store import open_store
from monitor.store.sqlite import SQLiteStore
from tests.test_ingest import NOW

DAY = timedelta(days=1)
MATCHER = Matcher(label="topic", op="=", value="_monitor")
OPS = Route(receiver="ops", path="0.0", group_wait=timedelta(), matchers=(MATCHER,))
ROOT = Route(receiver="desk", routes=(OPS,))
RECEIVERS = {"ops": Receiver(name="ops", targets=(Target(key="ops", url="stdout://"),))}
RULES = Rules(root=ROOT, receivers=RECEIVERS)


@pytest.fixture
def store() -> Iterator[SQLiteStore]:
    store = open_store(":memory:")
    yield store
    store.close()


def notice(
    key: str = "dead:1", title: str = "Feed dead: A", text: str = "404 <since> Monday & later"
) -> Notice:
    return Notice(key=key, kind="dead", title=title, text=text, labels={"feed": "A"})


def test_a_notice_becomes_a_hit_of_its_topic_that_waits_to_be_told(store: SQLiteStore) -> None:
    (hit_id,) = ingest_notices(store, [notice()], now=NOW)
    (hit,) = store.hits(topic="_monitor")
    assert (hit.hit_id, hit.state) == (hit_id, "pending")
    assert hit.labels == {"topic": "_monitor", "kind": "dead", "severity": "warning", "feed": "A"}
    assert hit.entry.feed == "feed-monitor"


def test_the_same_happening_is_told_once(store: SQLiteStore) -> None:
    ingest_notices(store, [notice(), notice()], now=NOW)
    assert ingest_notices(store, [notice(title="in other words")], now=NOW + DAY) == ()
    assert len(store.hits()) == 1


def test_two_happenings_that_read_the_same_are_two(store: SQLiteStore) -> None:
    assert len(ingest_notices(store, [notice("a"), notice("b")], now=NOW)) == 2


def test_nothing_to_say_writes_nothing(store: SQLiteStore) -> None:
    before = store._conn.total_changes
    assert ingest_notices(store, [], now=NOW) == ()
    assert store._conn.total_changes == before


def test_it_is_routed_by_its_labels_and_told_with_its_whole_text(store: SQLiteStore) -> None:
    ingest_notices(store, [notice()], now=NOW)
    (alert,) = dispatch(store, rules=RULES, now=NOW).alerts
    assert alert.receiver == "ops"
    (hit,) = alert.hits
    assert hit.headline.text == "Feed dead: A"
    assert [snippet.text for snippet in hit.snippets] == ["404 <since> Monday & later"]


def test_no_query_and_no_list_of_feeds_shows_it(store: SQLiteStore) -> None:
    ingest_notices(store, [notice()], now=NOW)
    assert store.candidates(None) == []
    assert store.candidates('"dead"') == []
    assert store.feeds() == []
    assert store.claim_all(now=NOW, lease=DAY) == []


def test_it_is_forgotten_in_its_time(store: SQLiteStore) -> None:
    ingest_notices(store, [notice()], now=NOW)
    (hit,) = store.hits()
    store.settle([hit.hit_id], state="kept", reason="store_only")
    later = NOW + 400 * DAY
    assert store.forget(before=later, left_before=later) == 2
    assert store.counts().entries == 0
