"""What every store must do with judgements."""

from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, followed, new_entry, new_hit, stored_hit


class JudgementContract:
    """What was said of hits."""

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
