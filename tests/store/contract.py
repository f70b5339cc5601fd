"""What every store must do. A second store subclasses StoreContract and gives its own `store` fixture."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.feeds.entry import Entry
from monitor.feeds.state import FeedState
from monitor.store.feeds import Follow
from monitor.store.records import DaemonRow, NewDelivery, NewEntry, NewHit
from monitor.store.store import Store
from monitor.store.versions import NewVersion, Who
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


def new_entry(feed_id: int, guid: str, *, title: str = "A title", text: bytes = b"text") -> NewEntry:
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
        index_text=(title.lower(), ""),
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


def kept(
    store: Store, watchlist: str, text: str | None, *, who: Who = "file", now: datetime = NOW, note: str = ""
) -> int | None:
    """The number of the version that a watchlist's text makes."""
    new = NewVersion(watchlist=watchlist, text=text, who=who, note=note)
    return store.add_versions([new], now=now)[0]


class StoreContract:
    """The facts, one test each."""

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        raise NotImplementedError

    # feeds

    def test_a_new_feed_is_due_at_once(self, store: Store) -> None:
        store.follow([follow("https://a.example/feed")], now=NOW)
        assert claimed(store) == ["https://a.example/feed"]

    def test_a_claimed_feed_is_nobody_elses_until_its_lease_ends(self, store: Store) -> None:
        store.follow([follow("https://a.example/feed")], now=NOW)
        claimed(store)
        assert claimed(store, now=NOW + LEASE - MINUTE) == []
        assert claimed(store, now=NOW + LEASE) == ["https://a.example/feed"]

    def test_a_poll_ends_the_lease_and_says_when_the_next_is_due(self, store: Store) -> None:
        state = followed(store)
        store.save_poll(state, next_poll_at=NOW + 15 * MINUTE)
        assert claimed(store, now=NOW + 14 * MINUTE) == []
        assert claimed(store, now=NOW + 15 * MINUTE) == [state.url]

    def test_the_longest_due_feed_is_claimed_first(self, store: Store) -> None:
        urls = [f"https://{name}.example/" for name in "abc"]
        store.follow([follow(url) for url in urls], now=NOW)
        states = store.claim_due(now=NOW, limit=9, lease=LEASE)
        for state, minutes in zip(states, (3, 1, 2), strict=True):
            store.save_poll(state, next_poll_at=NOW + minutes * MINUTE)
        order = claimed(store, now=NOW + 10 * MINUTE)
        assert order == [states[1].url, states[2].url, states[0].url]

    def test_a_feed_that_is_gone_is_claimed_no_more(self, store: Store) -> None:
        store.save_poll(followed(store), next_poll_at=None)
        assert claimed(store, now=NOW + timedelta(days=999)) == []

    def test_a_feed_that_is_no_longer_wanted_is_not_polled(self, store: Store) -> None:
        state = followed(store)
        store.save_poll(state, next_poll_at=NOW)
        store.follow([], now=NOW)
        assert claimed(store) == []
        assert store.feeds() == []

    def test_a_feed_that_comes_back_is_due_at_once_and_keeps_its_baseline(self, store: Store) -> None:
        state = followed(store)
        learned = FeedState(feed_id=state.feed_id, url=state.url, baseline_at=NOW, interval=state.interval)
        store.save_poll(learned, next_poll_at=NOW + timedelta(days=1))
        store.follow([], now=NOW)
        assert followed(store).baseline_at == NOW

    def test_a_shorter_interval_brings_the_next_poll_forward(self, store: Store) -> None:
        state = followed(store)
        polled = FeedState(feed_id=state.feed_id, url=state.url, last_polled_at=NOW, interval=state.interval)
        store.save_poll(polled, next_poll_at=NOW + 60 * MINUTE)
        store.follow([follow(state.url, name="A", interval=10 * MINUTE)], now=NOW + MINUTE)
        assert claimed(store, now=NOW + 9 * MINUTE) == []
        assert claimed(store, now=NOW + 10 * MINUTE) == [state.url]

    def test_following_the_same_feeds_again_changes_nothing(self, store: Store) -> None:
        state = followed(store)
        store.save_poll(state, next_poll_at=NOW + 15 * MINUTE)
        store.follow([follow(state.url, name="A")], now=NOW)
        assert claimed(store, now=NOW + 14 * MINUTE) == []

    def test_what_a_poll_taught_comes_back_whole(self, store: Store) -> None:
        state = followed(store)
        learned = FeedState(
            feed_id=state.feed_id,
            url=state.url,
            host=state.host,
            etag='"x"',
            last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
            body_hash="1-abc",
            baseline_at=NOW,
            last_polled_at=NOW,
            last_ok_at=NOW - MINUTE,
            last_new_at=NOW - 2 * MINUTE,
            failures=3,
            error="refused",
            identity="link",
            interval=state.interval,
        )
        store.save_poll(learned, next_poll_at=NOW)
        assert store.claim_due(now=NOW, limit=1, lease=LEASE) == [learned]

    def test_every_feed_can_be_claimed_due_or_not(self, store: Store) -> None:
        store.save_poll(followed(store), next_poll_at=NOW + timedelta(days=1))
        assert [state.url for state in store.claim_all(now=NOW, lease=LEASE)] == ["https://a.example/feed"]
        assert store.claim_all(now=NOW, lease=LEASE) == []

    # entries

    def test_a_key_is_known_once_its_entry_is_stored(self, store: Store) -> None:
        feed = followed(store)
        assert store.known_keys(feed.feed_id, [b"guid:1"]) == {}
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        known = store.known_keys(feed.feed_id, [b"guid:1", b"link:1", b"guid:2"])
        assert {key: one.entry_id for key, one in known.items()} == {b"guid:1": entry_id, b"link:1": entry_id}
        assert known[b"guid:1"].content_hash == b"text"

    def test_a_key_of_one_feed_means_nothing_in_another(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        assert store.known_keys(feed.feed_id + 1, [b"guid:1"]) == {}

    def test_thousands_of_keys_can_be_asked_at_once(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, str(number)) for number in range(2000)], now=NOW)
        keys = [b"guid:%d" % number for number in range(3000)]
        assert len(store.known_keys(feed.feed_id, keys)) == 2000

    def test_any_number_of_entries_is_added_at_once(self, store: Store) -> None:
        """Many go into one statement, in statements of few lengths."""
        feed = followed(store)
        for count in (0, 1, 7, 30, 33, 100):
            new = [new_entry(feed.feed_id, f"{count}-{number}") for number in range(count)]
            ids = store.add_entries(new, now=NOW)
            known = store.known_keys(feed.feed_id, [key for one in new for key in one.keys])
            assert [known[one.keys[0]].entry_id for one in new] == ids
            assert [stored.entry for stored in store.entries_of(ids)] == [one.entry for one in new]

    def test_an_entry_comes_back_whole(self, store: Store) -> None:
        feed = followed(store)
        new = new_entry(feed.feed_id, "1")
        (entry_id,) = store.add_entries([new], now=NOW)
        stored = store.entry(entry_id)
        assert stored is not None
        assert (stored.entry, stored.seen_at, stored.feed) == (new.entry, NOW, "A")

    def test_an_edited_entry_keeps_its_id_and_its_old_keys(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        edited = new_entry(feed.feed_id, "2", title="Another title", text=b"other")
        store.revise_entry(entry_id, edited, now=NOW + MINUTE)
        stored = store.entry(entry_id)
        assert stored is not None
        assert (stored.entry.title, stored.revised_at) == ("Another title", NOW + MINUTE)
        known = store.known_keys(feed.feed_id, [b"guid:1", b"guid:2"])
        assert {one.entry_id for one in known.values()} == {entry_id}
        assert {one.content_hash for one in known.values()} == {b"other"}

    def test_an_entry_can_be_known_by_a_further_key(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        store.add_keys(feed.feed_id, entry_id, [b"link:moved"])
        assert store.known_keys(feed.feed_id, [b"link:moved"])[b"link:moved"].entry_id == entry_id

    def test_an_entry_is_found_by_its_link_or_by_part_of_its_title(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, "1", title="Havana without light")], now=NOW)
        assert [one.entry.guid for one in store.find_entries("https://a.example/1")] == ["1"]
        assert [one.entry.guid for one in store.find_entries("WITHOUT")] == ["1"]
        assert store.find_entries("nowhere") == []

    # hits

    def test_an_entry_is_hit_by_a_topic_only_once(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        first = store.add_hits([new_hit(entry_id)])
        assert first[0] is not None
        again = store.add_hits([new_hit(entry_id), new_hit(entry_id, topic="Havana")])
        assert (again[0], again[1] is not None) == (None, True)

    def test_a_hit_comes_back_whole(self, store: Store) -> None:
        hit_id = stored_hit(store)
        (hit,) = store.hits()
        assert (hit.hit_id, hit.topic, hit.state, hit.found_at) == (hit_id, "Cuba", "pending", NOW)
        assert hit.spans == new_hit(1).spans
        assert hit.entry.entry.guid == "1"

    def test_hits_are_listed_by_topic_and_since_a_moment(self, store: Store) -> None:
        feed = followed(store)
        ids = store.add_entries([new_entry(feed.feed_id, str(number)) for number in range(3)], now=NOW)
        store.add_hits([new_hit(key, found_at=NOW + number * MINUTE) for number, key in enumerate(ids)])
        store.add_hits([new_hit(ids[0], topic="Taiwan Strait")])
        assert len(store.hits(topic="Cuba")) == 3
        assert [hit.found_at for hit in store.hits(since=NOW + MINUTE)] == [NOW + 2 * MINUTE, NOW + MINUTE]
        assert len(store.hits(limit=2)) == 2

    def test_the_hits_of_one_entry_can_be_asked_for(self, store: Store) -> None:
        feed = followed(store)
        ids = store.add_entries([new_entry(feed.feed_id, str(number)) for number in range(2)], now=NOW)
        store.add_hits([new_hit(ids[0]), new_hit(ids[1]), new_hit(ids[1], topic="Havana")])
        assert {hit.topic for hit in store.hits(entry_id=ids[1])} == {"Cuba", "Havana"}
        assert len(store.hits(entry_id=ids[1], topic="Havana")) == 1

    def test_a_settled_hit_waits_no_more(self, store: Store) -> None:
        hit_id = stored_hit(store)
        assert [hit.hit_id for hit in store.waiting_hits()] == [hit_id]
        store.settle([hit_id], state="kept", reason="store_only: route 0")
        assert store.waiting_hits() == []
        assert store.hits()[0].reason == "store_only: route 0"

    # alerts and deliveries

    def test_a_waiting_hit_knows_which_groups_have_told_it(self, store: Store) -> None:
        hit_id = stored_hit(store)
        assert store.waiting_hits()[0].told_groups == frozenset()
        store.add_alert(new_alert(hit_id), [], hit_ids=[hit_id], now=NOW)
        assert store.waiting_hits()[0].told_groups == {"g1"}
        assert store.group_states()["g1"].last_told_at == NOW

    def test_an_alert_comes_back_whole(self, store: Store) -> None:
        alert = new_alert(stored_hit(store))
        store.add_alert(alert, [], hit_ids=[], now=NOW)
        assert store.alert("A-1") == alert
        assert store.alert("A-2") is None

    def test_a_delivery_is_due_at_once_and_claimed_once(self, store: Store) -> None:
        alert = new_alert(stored_hit(store))
        store.add_alert(alert, [NewDelivery(target="t1", label="json://***")], hit_ids=[], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert (delivery.alert, delivery.target, delivery.attempts) == (alert, "t1", 0)
        assert store.claim_deliveries(now=NOW, limit=9, lease=LEASE) == []
        assert len(store.claim_deliveries(now=NOW + LEASE, limit=9, lease=LEASE)) == 1

    def test_a_target_gets_one_delivery_at_a_time_the_oldest_first(self, store: Store) -> None:
        hit_id = stored_hit(store)
        for key in ("A-1", "A-2"):
            targets = [NewDelivery(target=target, label="") for target in ("t1", "t2")]
            store.add_alert(new_alert(hit_id, key=key), targets, hit_ids=[hit_id], now=NOW)
        first = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert [(one.alert.id, one.target) for one in first] == [("A-1", "t1"), ("A-1", "t2")]
        store.save_attempt(first[0].delivery_id, state="delivered", now=NOW)
        second = store.claim_deliveries(now=NOW, limit=9, lease=LEASE)
        assert [(one.alert.id, one.target) for one in second] == [("A-2", "t1")]

    def test_a_failed_delivery_is_due_again_when_it_is_said(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(
            delivery.delivery_id, state="due", now=NOW, next_at=NOW + 2 * MINUTE, error="refused"
        )
        assert store.claim_deliveries(now=NOW + MINUTE, limit=1, lease=LEASE) == []
        (again,) = store.claim_deliveries(now=NOW + 2 * MINUTE, limit=1, lease=LEASE)
        assert (again.attempts, again.first_at, again.error) == (1, NOW, "refused")

    def test_a_dead_letter_stays_to_be_seen(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(delivery.delivery_id, state="dead", now=NOW + MINUTE, error="gave up")
        (dead,) = store.deliveries(state="dead")
        assert (dead.error, dead.ended_at) == ("gave up", NOW + MINUTE)
        assert store.counts().deliveries == {"dead": 1}

    def test_a_delivery_that_was_in_flight_when_its_daemon_died_may_repeat(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        assert not delivery.may_repeat
        store.release_leases()
        (again,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        assert again.may_repeat

    def test_a_new_daemon_takes_over_what_a_killed_one_had_claimed(self, store: Store) -> None:
        state = followed(store)
        store.release_leases()
        assert claimed(store) == [state.url]

    # forgetting

    def test_what_is_old_and_told_is_forgotten(self, store: Store) -> None:
        hit_id = stored_hit(store)
        feed_id = store.hits()[0].entry.feed_id
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        (delivery,) = store.claim_deliveries(now=NOW, limit=1, lease=LEASE)
        store.save_attempt(delivery.delivery_id, state="delivered", now=NOW)
        store.settle([hit_id], state="told", reason="told")
        store.mark_present(feed_id, [], now=NOW)
        later = NOW + MINUTE
        assert store.forget(before=later, left_before=later) == 3
        counts = store.counts()
        assert (counts.entries, counts.hits, counts.alerts, counts.deliveries) == (0, {}, 0, {})
        assert store.known_keys(feed_id, [b"guid:1"]) == {}

    def test_what_waits_or_is_still_in_its_feed_is_not_forgotten(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.add_alert(new_alert(hit_id), [NewDelivery(target="t1", label="")], hit_ids=[hit_id], now=NOW)
        assert store.forget(before=NOW + MINUTE, left_before=NOW + MINUTE) == 0

    def test_a_feed_that_is_followed_no_more_is_forgotten_and_begins_anew_if_it_comes_back(
        self, store: Store
    ) -> None:
        state = followed(store)
        polled = replace(state, etag='"1"', baseline_at=NOW, last_polled_at=NOW)
        store.save_poll(polled, next_poll_at=NOW, note="")
        store.add_entries([new_entry(state.feed_id, "1")], now=NOW)
        store.follow([], now=NOW)
        assert store.forget(before=NOW + MINUTE, left_before=NOW) == 0
        assert store.forget(before=NOW + MINUTE, left_before=NOW + MINUTE) == 1
        store.follow([Follow(url=state.url, name="", interval=MINUTE)], now=NOW + MINUTE)
        (again,) = store.claim_due(now=NOW + MINUTE, limit=1, lease=LEASE)
        assert (again.baseline_at, again.etag) == (None, "")

    # judgements

    def test_a_judgement_knows_its_hits_topic_version_and_entry(self, store: Store) -> None:
        hit_id = stored_hit(store)
        assert store.judge([hit_id], verdict="relevant", who="ann", note="a visit", now=NOW + MINUTE) == []
        (judgement,) = store.judgements()
        assert (judgement.topic, judgement.version, judgement.hit_id) == ("Cuba", "1-abc", hit_id)
        assert (judgement.verdict, judgement.who, judgement.note) == ("relevant", "ann", "a visit")
        assert (judgement.found_at, judgement.judged_at) == (NOW, NOW + MINUTE)
        assert store.hits(ids=[hit_id])[0].entry.entry_id == judgement.entry_id

    def test_a_change_of_mind_replaces_what_was_said_before(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.judge([hit_id], verdict="relevant", now=NOW)
        store.judge([hit_id], verdict="wrong", now=NOW + MINUTE)
        assert [judgement.verdict for judgement in store.judgements()] == ["wrong"]

    def test_nothing_is_judged_where_a_hit_is_missing(self, store: Store) -> None:
        hit_id = stored_hit(store)
        assert store.judge([hit_id, 99, 98], verdict="wrong", now=NOW) == [98, 99]
        assert store.judgements() == []

    def test_judgements_can_be_asked_by_topic_and_come_in_the_order_of_their_hits(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        found = [
            new_hit(entry_id, topic=topic, found_at=NOW + minutes * MINUTE)
            for topic, minutes in (("Cuba", 3), ("Spy", 2), ("Peru", 1))
        ]
        ids = [hit_id for hit_id in store.add_hits(found) if hit_id is not None]
        store.judge(ids, verdict="relevant", now=NOW)
        assert [judgement.topic for judgement in store.judgements()] == ["Peru", "Spy", "Cuba"]
        assert [judgement.topic for judgement in store.judgements(topic="Spy")] == ["Spy"]

    def test_a_judgement_outlives_its_hit(self, store: Store) -> None:
        hit_id = stored_hit(store)
        store.judge([hit_id], verdict="wrong", now=NOW)
        store.settle([hit_id], state="kept", reason="test")
        assert store.forget(before=NOW + MINUTE, left_before=NOW) == 1
        (judgement,) = store.judgements(topic="Cuba")
        assert (judgement.verdict, judgement.hit_id, judgement.entry_id) == ("wrong", None, None)

    # looking back

    def test_candidates_are_what_the_index_finds_the_newest_first(self, store: Store) -> None:
        one, two, three = entries_titled(store, "spy balloon", "cuba", "balloon race")
        assert store.candidates('"balloon"') == [three, one]
        assert store.candidates('"spy" OR "cuba"') == [two, one]
        assert store.candidates(None) == [three, two, one]
        assert store.candidates('"peru"') == []

    def test_candidates_can_be_asked_since_a_moment(self, store: Store) -> None:
        _, two, three = entries_titled(store, "balloon", "balloon", "balloon")
        assert store.candidates('"balloon"', since=NOW + MINUTE) == [three, two]
        assert store.candidates(None, since=NOW + MINUTE) == [three, two]
        assert store.candidates(None, since=NOW + 9 * MINUTE) == []

    def test_an_entry_seen_by_a_clock_set_back_is_older_all_the_same(self, store: Store) -> None:
        feed = followed(store)
        (one,) = store.add_entries([new_entry(feed.feed_id, "1", title="balloon")], now=NOW + 9 * MINUTE)
        store.add_entries([new_entry(feed.feed_id, "2", title="balloon")], now=NOW)
        assert store.candidates('"balloon"', since=NOW + MINUTE) == [one]
        assert store.candidates(None, since=NOW + MINUTE) == [one]

    def test_entries_come_in_the_order_asked_without_those_that_are_forgotten(self, store: Store) -> None:
        one, two = entries_titled(store, "spy balloon", "cuba")
        found = list(store.entries_of([two, 99, one]))
        assert [(stored.entry_id, stored.entry.title) for stored in found] == [
            (two, "cuba"),
            (one, "spy balloon"),
        ]

    def test_thousands_of_entries_can_be_asked_for(self, store: Store) -> None:
        ids = entries_titled(store, *["cuba"] * 1001)
        assert len(list(store.entries_of(ids))) == 1001

    def test_words_are_counted_by_entry(self, store: Store) -> None:
        entries_titled(store, "spy balloon balloon", "balloons", "балкон")
        assert store.word_counts(["balloon", "балкон", "peru"]) == {"balloon": 1, "балкон": 1}
        assert store.words_beginning("ball") == {"balloon": 1, "balloons": 1}
        assert store.words_beginning("балк") == {"балкон": 1}

    def test_what_the_index_finds_can_be_counted(self, store: Store) -> None:
        entries_titled(store, "spy balloon", "balloon spy", "cuba")
        assert store.count_entries('"spy balloon"') == 1
        assert store.count_entries() == 3

    # versions of watchlists

    def test_versions_of_a_watchlist_count_from_one_and_come_back_whole(self, store: Store) -> None:
        assert kept(store, "geo", "- Cuba\r\n- 台湾\n", who="cli", note="new") == 1
        assert kept(store, "geo", "- Cuba\n", who="page", now=NOW + MINUTE) == 2
        assert kept(store, "asia", "") == 1
        first = store.version("geo", 1)
        assert first is not None
        assert (first.text, first.who, first.at, first.note) == ("- Cuba\r\n- 台湾\n", "cli", NOW, "new")
        assert store.latest_version("geo") == store.version("geo", 2)
        assert store.version("geo", 3) is store.latest_version("nowhere") is None

    def test_the_same_text_again_is_no_new_version(self, store: Store) -> None:
        kept(store, "geo", "- Cuba\n", who="cli")
        assert kept(store, "geo", "- Cuba\n", who="file", now=NOW + MINUTE) is None
        assert [version.who for version in store.versions()] == ["cli"]

    def test_a_watchlist_that_was_removed_can_come_back_as_it_was(self, store: Store) -> None:
        assert kept(store, "geo", None) is None
        kept(store, "geo", "- Cuba\n")
        assert store.standing_watchlists() == ["geo"]
        assert kept(store, "geo", None, now=NOW + MINUTE) == 2
        assert store.standing_watchlists() == []
        assert kept(store, "geo", "- Cuba\n", now=NOW + 2 * MINUTE) == 3

    def test_versions_are_listed_the_newest_first(self, store: Store) -> None:
        for minute, name in enumerate(("geo", "asia", "geo")):
            kept(store, name, f"- {minute}\n", now=NOW + minute * MINUTE)
        listed = [(version.watchlist, version.number) for version in store.versions()]
        assert listed == [("geo", 2), ("asia", 1), ("geo", 1)]
        assert [version.number for version in store.versions(watchlist="geo", limit=1)] == [2]

    def test_a_version_is_kept_only_if_what_goes_with_it_is_done(self, store: Store) -> None:
        new = NewVersion(watchlist="geo", text="- Cuba\n", who="cli")
        with pytest.raises(ZeroDivisionError):
            store.add_versions([new], now=NOW, then=lambda: 1 / 0)
        assert store.versions() == []

    def test_hits_are_counted_by_topic_since_a_moment(self, store: Store) -> None:
        stored_hit(store)
        assert store.hit_counts(since=NOW) == {"Cuba": 1}
        assert store.hit_counts(since=NOW + MINUTE) == {}

    # the daemon, transactions

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
