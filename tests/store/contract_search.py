"""What every store must do with looking back."""

from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, entries_titled, followed, new_entry


class SearchContract:
    """Looking back over all entries."""

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
