"""Ingest: what becomes of the entries of a document, in one commit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.arrival import Arrival, Ingested
from monitor.documents import document_of
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.store import Store
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CUBA = Topic(name="Cuba", query=parse("Cuba").node, watchlist="world", labels={"severity": "high"})
STRAIT = Topic(name="Strait", query=parse('"Taiwan Strait"').node)
WATCH = Watch.of([CUBA, STRAIT])
SUBSCRIPTION = Subscription(url="https://a.example/feed", name="A", labels={"severity": "low", "region": "x"})


def entry(guid: str, title: str = "A headline", **facts: object) -> Entry:
    return Entry(guid=guid, link=f"https://a.example/{guid}", title=title)._replace(**facts)  # type: ignore[arg-type]


class Desk:
    """A feed, its store, and the clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.placer = Placer()
        self.subscription = SUBSCRIPTION
        store.follow(
            [Follow(url=SUBSCRIPTION.url, name=SUBSCRIPTION.name, interval=timedelta(minutes=15))], now=NOW
        )
        (self.state,) = store.claim_due(now=NOW, limit=1, lease=HOUR)

    def show(self, *entries: Entry, watch: Watch = WATCH) -> Ingested:
        """The feed shows a document with these entries, an hour after the one before."""
        self.now += HOUR
        arrival = Arrival(
            state=self.state,
            subscription=self.subscription,
            next_poll_at=self.now,
            parsed=Parsed(feed=Feed(), entries=entries),
        )
        (ingested,) = ingest(self.store, [arrival], watch=watch, now=self.now, placer=self.placer)
        self.state = ingested.state
        return ingested


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = open_store(":memory:")
    yield Desk(store)
    store.close()


def test_the_first_document_is_stored_but_told_to_nobody(desk: Desk) -> None:
    ingested = desk.show(entry("1", "Cuba"), entry("2", "Peru"))
    assert ingested.baseline
    assert len(ingested.entries) == 2
    (hit,) = desk.store.hits()
    assert (hit.state, hit.reason) == ("kept", "baseline: it was in the feed's first document")
    assert desk.store.waiting_hits() == []


def test_of_the_first_document_only_what_a_topic_matches_is_put_into_stories(desk: Desk) -> None:
    known, other = desk.show(entry("1", "Cuba"), entry("2", "Peru")).entries
    assert [one.stored.entry_id for one in desk.store.members([known.entry_id, other.entry_id])] == [
        known.entry_id
    ]
    (news,) = desk.show(entry("3", "Lima"), entry("1", "Cuba"), entry("2", "Peru")).entries
    assert desk.store.members([news.entry_id])


def test_an_entry_of_the_first_document_that_comes_to_match_is_put_into_a_story(desk: Desk) -> None:
    desk.show(entry("1", "Peru"))
    (edited,) = desk.show(entry("1", "Cuba, and not Peru")).entries
    assert edited.revised
    (member,) = desk.store.members([edited.entry_id])
    (hit,) = desk.store.hits()
    assert hit.labels["story"] == str(member.story_id)


def test_an_entry_that_comes_after_the_first_document_is_news(desk: Desk) -> None:
    desk.show(entry("1", "Cuba"))
    desk.show(entry("2", "Cuba again"), entry("1", "Cuba"))
    (waiting,) = desk.store.waiting_hits()
    assert waiting.labels["topic"] == "Cuba"


def test_an_empty_first_document_is_a_baseline_too(desk: Desk) -> None:
    desk.show()
    desk.show(entry("1", "Cuba"))
    assert len(desk.store.waiting_hits()) == 1


def test_the_same_document_any_number_of_times_is_told_once(desk: Desk) -> None:
    desk.show()
    for _ in range(5):
        desk.show(entry("1", "Cuba"), entry("2", "Cuba"))
    assert desk.store.counts().entries == len(desk.store.waiting_hits())
    before = len(desk.store.waiting_hits())
    assert desk.show(entry("1", "Cuba"), entry("2", "Cuba")).entries == ()
    assert len(desk.store.waiting_hits()) == before


def test_backfill_tells_the_young_entries_of_the_first_document(desk: Desk) -> None:
    desk.subscription = replace(SUBSCRIPTION, backfill=timedelta(days=2))
    desk.show(
        entry("young", "Cuba", published=NOW - timedelta(days=1)),
        entry("old", "Cuba then", published=NOW - timedelta(days=3)),
        entry("undated", "Cuba some day"),
    )
    states = {hit.entry.entry.guid: hit.state for hit in desk.store.hits()}
    assert states == {"young": "pending", "old": "kept", "undated": "pending"}


def test_an_edited_entry_is_matched_again_and_only_new_topics_are_told(desk: Desk) -> None:
    desk.show()
    desk.show(entry("1", "Cuba"))
    ingested = desk.show(entry("1", "Cuba and the Taiwan Strait"))
    assert [one.revised for one in ingested.entries] == [True]
    assert [found.hit.topic for found in ingested.hits] == ["Strait"]
    assert len(desk.store.hits()) == 2


def test_a_hit_carries_the_labels_of_feed_and_topic_and_the_topic_wins(desk: Desk) -> None:
    desk.show()
    desk.show(entry("1", "Cuba", lang="en"))
    (hit,) = desk.store.hits()
    assert hit.labels == {
        "severity": "high",
        "region": "x",
        "topic": "Cuba",
        "watchlist": "world",
        "feed": "A",
        "lang": "en",
        "story": str(hit.entry.entry_id),
        "origin": "a.example",
    }


def test_a_hit_says_which_words_matched_which_clause(desk: Desk) -> None:
    desk.show()
    desk.show(entry("1", "x", summary="<p>Ships in the <b>Taiwan</b> Strait</p>"))
    (span,) = desk.store.hits()[0].spans
    assert (span.field, span.text, span.clause) == ("summary", "Taiwan Strait", '"Taiwan Strait"')


def test_an_entry_that_left_its_feed_and_comes_back_is_not_new(desk: Desk) -> None:
    desk.show(entry("1", "Cuba"))
    desk.show()
    assert desk.show(entry("1", "Cuba")).entries == ()


def test_an_entry_whose_guid_and_link_change_one_after_the_other_is_told_once(desk: Desk) -> None:
    desk.show()
    text = "Cuba: a long text that says enough to be recognised by it whatever else becomes of the entry"
    first = entry("guid-1", text, link="https://a.example/one")
    desk.show(first)
    desk.show(first._replace(guid="guid-2"))
    desk.show(first._replace(guid="guid-2", link="https://a.example/two"))
    assert len(desk.store.hits()) == 1


def test_a_feed_whose_guids_change_at_every_poll_is_noted_once_and_tells_nothing_twice(desk: Desk) -> None:
    desk.show()
    shown = [
        [entry(f"{poll}-{n}", f"Cuba {n}", link=f"https://a.example/{n}") for n in range(9)]
        for poll in range(5)
    ]
    odd = [desk.show(*document).odd for document in shown]
    assert [bool(words) for words in odd] == [False, True, False, False, False]
    assert "guids change" in odd[1]
    assert desk.store.counts().entries == len(desk.store.hits()) == 9


def test_mark_up_is_not_searched() -> None:
    document = document_of(
        entry("1", "t", summary='<a href="https://cuba.example/cuba">x</a>', content="<p>a</p><p>b</p>"),
        feed="A",
    )
    assert document.summary == "x"
    assert document.content == "a\n\nb"
    assert document.site == "a.example"


def test_several_feeds_share_a_commit_and_one_that_has_no_news_writes_no_entries(desk: Desk) -> None:
    arrival = Arrival(state=desk.state, subscription=SUBSCRIPTION, next_poll_at=NOW)
    (ingested,) = ingest(desk.store, [arrival], watch=WATCH, now=NOW)
    assert ingested.entries == ()
    assert desk.store.counts().entries == 0
