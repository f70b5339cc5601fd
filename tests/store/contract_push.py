"""What every store must do with pacts and pushes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from monitor.feeds.offers import Offer
from monitor.feeds.state import FeedState
from monitor.feeds.websub import FAREWELLS, OPEN, Answer, Pact
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, follow, followed

SITE = "https://news.example.org"
OFFER = Offer(hub="https://hub.example/", topic="https://a.example/feed")
HOUR = timedelta(hours=1)
NEVER = NOW + timedelta(days=300)


def keys() -> Iterator[str]:
    return (f"key{number}" for number in count())


def offering(store: Store) -> FeedState:
    """A feed that was polled and offers a hub."""
    state = replace(followed(store), hub=OFFER.hub, topic=OFFER.topic, baseline_at=NOW)
    store.save_poll(state, next_poll_at=NOW + HOUR)
    return state


def agreed(store: Store, *, until: datetime = NOW + HOUR) -> Pact:
    """A pact that its hub has agreed to."""
    offering(store)
    store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
    (pact,) = store.claim_pacts(now=NOW, limit=1)
    store.save_answer(pact, Answer(verdict="agreed", until=until, next_at=NEVER), now=NOW)
    return the_pact(store)


def the_pact(store: Store) -> Pact:
    (pact,) = store.pacts()
    return pact


def next_poll_at(store: Store) -> datetime | None:
    (row,) = store.feeds()
    return row.next_poll_at


def claimed_feed(store: Store, now: datetime) -> FeedState:
    (state,) = store.claim_all(now=now, lease=LEASE)
    return state


def push(store: Store, pact: Pact, body: bytes = b"<rss/>", *, now: datetime = NOW) -> None:
    store.add_push(pact, content_type="text/xml", body=body, now=now)


def read(store: Store, *, now: datetime) -> None:
    """Read the oldest push."""
    (one,) = store.free_pushes(now=now, limit=1)
    store.save_push(one.push_id, claimed_feed(store, now), now=now)


class PushContract:
    """Pacts with hubs, and what these tell."""

    def test_what_a_poll_taught_of_a_hub_is_offered(self, store: Store) -> None:
        state = offering(store)
        (one,) = store.offerings()
        assert (one.feed_id, one.url, one.offer) == (state.feed_id, state.url, OFFER)
        assert claimed_feed(store, NOW + HOUR).hub == OFFER.hub

    def test_a_feed_without_a_hub_and_one_that_nobody_follows_offer_nothing(self, store: Store) -> None:
        offering(store)
        store.follow([follow("https://b.example/feed")], now=NOW)
        assert store.offerings() == []

    def test_a_feed_of_which_no_document_was_ingested_offers_nothing_yet(self, store: Store) -> None:
        state = replace(offering(store), baseline_at=None)
        store.save_poll(state, next_poll_at=NOW)
        assert store.offerings() == []

    def test_a_new_pact_is_due_at_once_with_keys_of_its_own(self, store: Store) -> None:
        offering(store)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        (pact,) = store.claim_pacts(now=NOW, limit=5)
        assert (pact.offer, pact.site, pact.state) == (OFFER, SITE, "due")
        assert (pact.token, pact.secret) == ("key0", "key1")
        assert (pact.asked_at, pact.attempts) == (NOW, 1)
        assert store.pact_at("key0") == the_pact(store)
        assert store.pact_at("key1") is None

    def test_a_hub_that_was_asked_and_does_not_come_back_is_asked_again(self, store: Store) -> None:
        offering(store)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        store.claim_pacts(now=NOW, limit=5)
        assert store.claim_pacts(now=NOW + OPEN - MINUTE, limit=5) == []
        (again,) = store.claim_pacts(now=NOW + OPEN, limit=5)
        assert again.attempts == 2

    def test_a_hub_is_asked_one_thing_at_a_time_and_none_that_is_busy(self, store: Store) -> None:
        urls = [f"https://{name}.example/feed" for name in "abc"]
        store.follow([follow(url) for url in urls], now=NOW)
        for state in store.claim_due(now=NOW, limit=5, lease=LEASE):
            hub = "https://other.example/" if state.url == urls[2] else OFFER.hub
            offered = replace(state, hub=hub, topic=state.url, baseline_at=NOW)
            store.save_poll(offered, next_poll_at=NOW + HOUR)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        assert [one.feed_url for one in store.claim_pacts(now=NOW, limit=5)] == [urls[0], urls[2]]
        assert store.claim_pacts(now=NOW, limit=5, busy=[OFFER.hub]) == []
        assert [one.feed_url for one in store.claim_pacts(now=NOW, limit=5)] == [urls[1]]

    def test_a_refusal_says_why_and_when_to_ask_again(self, store: Store) -> None:
        offering(store)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        (pact,) = store.claim_pacts(now=NOW, limit=5)
        store.save_refusal(pact, reason="503", next_at=NOW + MINUTE)
        assert the_pact(store).reason == "503"
        assert len(store.claim_pacts(now=NOW + MINUTE, limit=5)) == 1

    def test_a_hub_that_came_back_before_its_refusal_was_kept_has_agreed(self, store: Store) -> None:
        offering(store)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        (pact,) = store.claim_pacts(now=NOW, limit=5)
        store.save_answer(pact, Answer(verdict="agreed", until=NOW + HOUR, next_at=NEVER), now=NOW)
        store.save_refusal(pact, reason="500", next_at=NOW)
        assert (the_pact(store).reason, the_pact(store).next_at) == ("", NEVER)

    def test_a_lease_that_is_renewed_has_begun_when_it_began(self, store: Store) -> None:
        pact = agreed(store)
        assert (pact.state, pact.since, pact.until, pact.attempts) == ("live", NOW, NOW + HOUR, 0)
        answer = Answer(verdict="agreed", until=NOW + 2 * HOUR, next_at=NEVER)
        store.save_answer(pact, answer, now=NOW + MINUTE)
        assert (the_pact(store).since, the_pact(store).until) == (NOW, NOW + 2 * HOUR)
        store.save_answer(pact, replace(answer, until=NEVER), now=NOW + 3 * HOUR)
        assert the_pact(store).since == NOW + 3 * HOUR

    def test_a_feed_is_told_only_after_a_push_was_read(self, store: Store) -> None:
        pact = agreed(store)
        assert claimed_feed(store, NOW).pushed_until is None
        push(store, pact)
        read(store, now=NOW + LEASE)
        assert claimed_feed(store, NOW + LEASE).pushed_until == NOW + HOUR
        (row,) = store.feeds()
        assert row.state.pushed_until == NOW + HOUR

    def test_a_feed_is_not_told_any_more_once_a_poll_found_what_no_push_had_told(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        read(store, now=NOW + LEASE)
        store.say_missed(pact.feed_id, now=NOW + LEASE)
        assert claimed_feed(store, NOW + LEASE).pushed_until is None
        push(store, pact)
        read(store, now=NOW + 2 * LEASE)
        assert claimed_feed(store, NOW + 2 * LEASE).pushed_until == NOW + HOUR

    def test_a_feed_whose_hub_refuses_to_tell_more_is_polled_at_once(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        read(store, now=NOW + LEASE)
        assert next_poll_at(store) == NOW + HOUR
        store.save_answer(pact, Answer(verdict="denied", reason="no", next_at=NEVER), now=NOW + LEASE)
        assert next_poll_at(store) == NOW + LEASE
        assert (the_pact(store).state, the_pact(store).reason) == ("denied", "no")

    def test_a_hub_that_was_never_asked_is_told_no_farewell(self, store: Store) -> None:
        offering(store)
        store.add_pacts(store.offerings(), site=SITE, new_key=keys().__next__, now=NOW)
        store.end_pacts(store.pacts(), farewell=True, now=NOW)
        assert store.pacts() == []

    def test_a_farewell_is_due_at_once_and_given_up_after_a_few_attempts(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        store.end_pacts([pact], farewell=True, now=NOW)
        assert store.waiting_pushes(pact) == 0
        for number in range(FAREWELLS):
            (leaving,) = store.claim_pacts(now=NOW + number * MINUTE, limit=5)
            assert leaving.state == "leaving"
            store.save_refusal(leaving, reason="500", next_at=NOW + (number + 1) * MINUTE)
        assert store.pacts() == []

    def test_a_farewell_that_is_answered_is_the_end(self, store: Store) -> None:
        pact = agreed(store)
        store.end_pacts([pact], farewell=True, now=NOW)
        store.save_answer(the_pact(store), Answer(verdict="left"), now=NOW)
        assert store.pacts() == []

    def test_a_feed_may_have_a_new_pact_while_the_old_one_is_being_ended(self, store: Store) -> None:
        pact = agreed(store)
        store.end_pacts([pact], farewell=True, now=NOW)
        new = iter(["x", "y"])
        store.add_pacts(store.offerings(), site=SITE, new_key=new.__next__, now=NOW)
        assert [one.state for one in store.pacts()] == ["leaving", "due"]

    def test_where_hubs_do_not_reach_us_pacts_are_forgotten(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        store.end_pacts([pact], farewell=False, now=NOW)
        assert store.pacts() == []
        assert store.free_pushes(now=NEVER, limit=5) == []

    def test_pushes_are_read_in_turn_and_not_while_their_feed_is_polled(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact, b"one")
        push(store, pact, b"two")
        claimed_feed(store, NOW)
        assert store.free_pushes(now=NOW, limit=5) == []
        (one,) = store.free_pushes(now=NOW + LEASE, limit=5)
        assert (one.body, one.content_type, one.feed_url) == (b"one", "text/xml", pact.feed_url)
        read(store, now=NOW + LEASE)
        (two,) = store.free_pushes(now=NOW + LEASE, limit=5)
        assert two.body == b"two"

    def test_a_push_leaves_everything_as_it_was_that_only_a_poll_can_know(self, store: Store) -> None:
        pact = agreed(store)
        before = replace(
            claimed_feed(store, NOW), etag='"1"', last_modified="x", body_hash="2:ab", last_ok_at=NOW,
            last_polled_at=NOW, failures=2, error="502",
        )  # fmt: skip
        store.save_poll(before, next_poll_at=NOW + HOUR, note="why")
        push(store, pact)
        (one,) = store.free_pushes(now=NOW, limit=1)
        state = claimed_feed(store, NOW)
        changed = replace(state, etag="", body_hash="", failures=0, error="", last_new_at=NOW + MINUTE)
        store.save_push(one.push_id, changed, now=NOW)
        (row,) = store.feeds()
        assert row.state == replace(before, last_new_at=NOW + MINUTE, pushed_until=NOW + HOUR)
        assert (row.next_poll_at, row.note) == (NOW + HOUR, "why")
        assert store.claim_due(now=NOW + HOUR, limit=5, lease=LEASE) != []

    def test_a_push_that_can_not_be_read_has_its_feed_polled_soon_but_not_all_the_time(
        self, store: Store
    ) -> None:
        pact = agreed(store)
        state = replace(claimed_feed(store, NOW), last_polled_at=NOW)
        store.save_poll(state, next_poll_at=NOW + HOUR)
        push(store, pact)
        (one,) = store.free_pushes(now=NOW, limit=1)
        store.drop_push(one.push_id, pact.feed_id, now=NOW + MINUTE / 2, rest=MINUTE)
        assert next_poll_at(store) == NOW + MINUTE
        assert store.free_pushes(now=NOW, limit=1) == []

    def test_what_became_of_pushes_is_counted(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        assert store.waiting_pushes(pact) == 1
        read(store, now=NOW + LEASE)
        store.ignore_push(pact, "wrong")
        store.ignore_push(pact, "wrong")
        store.ignore_push(pact, "weak")
        assert store.push_counts() == {"read": 1, "wrong": 2, "weak": 1}
        now = the_pact(store)
        assert (now.pushes, now.ignored, now.pushed_at) == (1, 3, NOW + LEASE)

    def test_of_a_push_that_is_being_read_while_its_pact_ends_nothing_is_left(self, store: Store) -> None:
        pact = agreed(store)
        push(store, pact)
        (one,) = store.free_pushes(now=NOW, limit=1)
        state = claimed_feed(store, NOW)
        store.end_pacts([pact], farewell=False, now=NOW)
        store.save_push(one.push_id, state, now=NOW)
        assert (store.pacts(), store.free_pushes(now=NEVER, limit=1)) == ([], [])
