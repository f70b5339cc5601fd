"""What every store must do with feeds: which are followed, due and claimed, and what their polls taught."""

from datetime import timedelta

from monitor.feeds.state import FeedState
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, claimed, follow, followed


class FeedContract:
    """Feeds: which are followed, due and claimed."""

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
