"""What every store must do with hits."""

from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, followed, new_alert, new_entry, new_hit, stored_hit


class HitContract:
    """Hits: listed, settled and counted."""

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

    def test_a_waiting_hit_knows_which_groups_have_told_it(self, store: Store) -> None:
        hit_id = stored_hit(store)
        assert store.waiting_hits()[0].told_groups == frozenset()
        store.add_alert(new_alert(hit_id), [], hit_ids=[hit_id], now=NOW)
        assert store.waiting_hits()[0].told_groups == {"g1"}
        assert store.group_states()["g1"].last_told_at == NOW

    def test_hits_are_counted_by_topic_since_a_moment(self, store: Store) -> None:
        stored_hit(store)
        assert store.hit_counts(since=NOW) == {"Cuba": 1}
        assert store.hit_counts(since=NOW + MINUTE) == {}
