"""What every store must do with claims of feeds and with what their documents showed."""

from dataclasses import replace

from monitor.feeds.shown import Shown
from monitor.store.feeds import PutOff
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, follow, followed


class ClaimContract:
    """Feeds by their hosts, and the items of their last documents."""

    def test_feeds_of_busy_hosts_stay(self, store: Store) -> None:
        store.follow(
            map(follow, ["https://a.example/1", "https://b.example/1", "http://a.example:8/2"]), now=NOW
        )
        (state,) = store.claim_due(now=NOW, limit=9, lease=LEASE, busy=["a.example"])
        assert (state.url, state.host) == ("https://b.example/1", "b.example")
        assert len(store.claim_due(now=NOW, limit=9, lease=LEASE)) == 2

    def test_what_is_no_address_takes_turns_of_its_own(self, store: Store) -> None:
        store.follow(map(follow, ["http://[", "file:///a.xml"]), now=NOW)
        assert {state.host for state in store.claim_due(now=NOW, limit=9, lease=LEASE)} == {
            "http://[",
            "file:///a.xml",
        }

    def test_all_that_is_followed_is_listed_the_oldest_first(self, store: Store) -> None:
        store.follow(map(follow, ["https://b.example/", "https://a.example/"]), now=NOW)
        assert store.followed() == ["https://b.example/", "https://a.example/"]
        store.follow([follow("https://a.example/")], now=NOW)
        assert store.followed() == ["https://a.example/"]

    def test_what_a_document_showed_comes_back_with_the_feed(self, store: Store) -> None:
        state = followed(store)
        assert state.shown == Shown()
        for items in ({b"a" * 16: 1, b"b" * 16: 2}, {b"b" * 16: 2}):
            store.keep_shown(state.feed_id, Shown.of(items, whole_at=NOW))
            store.save_poll(state, next_poll_at=NOW)
            (state,) = store.claim_due(now=NOW + MINUTE, limit=1, lease=LEASE)
            assert (state.shown.items(), state.shown.whole_at) == (items, NOW)

    def test_what_was_due_before_a_moment_is_overdue_and_can_be_put_off(self, store: Store) -> None:
        store.follow(
            map(follow, ["https://new.example/", "https://a.example/", "https://b.example/"]), now=NOW
        )
        one, other = store.claim_all(now=NOW, lease=LEASE, urls=["https://a.example/", "https://b.example/"])
        for state, due in ((one, NOW + MINUTE), (other, NOW + 2 * MINUTE)):
            store.save_poll(replace(state, last_polled_at=NOW), next_poll_at=due)
        (overdue,) = store.overdue(before=NOW + 2 * MINUTE)
        assert (overdue.feed_id, overdue.url, overdue.interval) == (one.feed_id, one.url, one.interval)
        store.put_off([PutOff(feed_id=one.feed_id, next_poll_at=NOW + 9 * MINUTE, note="later")])
        assert [each.url for each in store.overdue(before=NOW + 5 * MINUTE)] == [other.url]
        assert {row.state.url: (row.next_poll_at, row.note) for row in store.feeds()}[
            "https://a.example/"
        ] == (
            NOW + 9 * MINUTE,
            "later",
        )
