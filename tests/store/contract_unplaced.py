"""What every store must do with entries that are to be placed in stories later."""

from monitor.store.store import Store
from tests.store.contract import NOW, entries_titled, new_entry, stored_hit


class UnplacedContract:
    """Entries that are in no story yet, and their hits."""

    def test_entries_wait_once_in_the_order_in_which_they_came(self, store: Store) -> None:
        one, two, three = entries_titled(store, "spy balloon", "cuba", "peru")
        store.leave_unplaced([two, one], owner="Group")
        store.leave_unplaced([one], owner="")
        assert store.count_unplaced() == 2
        waiting = store.unplaced(most=5)
        assert [(each.stored.entry_id, each.owner) for each in waiting] == [(one, "Group"), (two, "Group")]
        assert [each.stored.entry_id for each in store.unplaced(most=1)] == [one]
        assert three not in {each.stored.entry_id for each in waiting}

    def test_what_is_placed_waits_no_more(self, store: Store) -> None:
        one, two = entries_titled(store, "spy balloon", "cuba")
        store.leave_unplaced([one, two], owner="")
        store.end_unplaced([one])
        assert [each.stored.entry_id for each in store.unplaced(most=5)] == [two]

    def test_hits_of_entries_are_labelled_anew(self, store: Store) -> None:
        hit_id = stored_hit(store)
        (hit,) = store.hits()
        (other,) = store.add_entries([new_entry(hit.entry.feed_id, "other")], now=NOW)
        assert store.hits_of([other]) == []
        assert store.hits_of([hit.entry.entry_id, other]) == [hit]
        store.label_hits({hit_id: {**hit.labels, "story": "1"}})
        assert store.hits()[0].labels == {**hit.labels, "story": "1"}
