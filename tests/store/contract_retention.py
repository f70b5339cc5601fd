"""What every store must do with what is old."""

from dataclasses import replace

from monitor.store.feeds import Follow
from monitor.store.records import NewDelivery
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, followed, new_alert, new_entry, stored_hit


class RetentionContract:
    """What is forgotten, and what is not."""

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
