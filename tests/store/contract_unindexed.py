"""What every store must do with entries that are to be indexed later."""

from datetime import timedelta

from monitor.store.store import Store
from tests.store.contract import NOW, followed, new_entry

LATER = NOW + timedelta(days=400)


class UnindexedContract:
    """Entries that somebody else is to index: looked at as if they were found, and indexed in their order."""

    feed_id = 0

    def test_what_waits_for_the_index_is_looked_at_whatever_is_looked_for(self, store: Store) -> None:
        (found, _) = self.show(store, "spy balloon", "cuba")
        (waits,) = self.show(store, "spy balloon", later=True)
        assert store.candidates('"balloon"') == [waits, found]
        assert store.candidates('"cuba"') == [waits, found + 1]
        assert store.candidates('"balloon"', since=LATER) == []

    def test_what_is_indexed_later_is_found_by_its_words_alone(self, store: Store) -> None:
        one, two = self.show(store, "spy balloon", "cuba", later=True)
        assert [each.entry_id for each in store.unindexed(most=1)] == [one]
        store.index({one: ("spy balloon", ""), two: ("cuba", "")})
        assert store.count_unindexed() == 0
        assert store.candidates('"balloon"') == [one]

    def test_what_comes_behind_one_that_waits_waits_too(self, store: Store) -> None:
        (one,) = self.show(store, "spy balloon", later=True)
        (two,) = self.show(store, "cuba")
        assert [each.entry_id for each in store.unindexed(most=10)] == [one, two]
        assert store.candidates('"zeppelin"') == [two, one]

    def test_what_waits_between_others_of_the_same_commit_is_not_passed_over(self, store: Store) -> None:
        with store.transaction():
            (one,) = self.show(store, "cuba")
            (two,) = self.show(store, "spy balloon", later=True)
            (three,) = self.show(store, "havana")
        assert [each.entry_id for each in store.unindexed(most=10)] == [one, two, three]

    def test_an_edit_of_one_that_waits_leaves_it_waiting(self, store: Store) -> None:
        (one,) = self.show(store, "spy balloon", later=True)
        edited = new_entry(self.feed_id, "again", title="cuba", text=b"2")
        store.revise_entry(one, edited, now=NOW)
        assert [each.entry.title for each in store.unindexed(most=10)] == ["cuba"]

    def test_a_full_text_of_one_that_waits_leaves_it_waiting(self, store: Store) -> None:
        (one,) = self.show(store, "spy balloon", later=True)
        (stored,) = store.unindexed(most=1)
        store.fill_entry(
            one, stored.entry._replace(content="<p>Cuba</p>"), index_text=("spy balloon", "cuba")
        )
        assert [each.entry.content for each in store.unindexed(most=10)] == ["<p>Cuba</p>"]

    def test_forgetting_what_is_indexed_makes_none_wait(self, store: Store) -> None:
        self.show(store, "spy balloon", "cuba")
        store.mark_present(self.feed_id, (), now=NOW)
        store.forget(before=LATER, left_before=LATER)
        assert store.count_unindexed() == 0
        (new,) = store.add_entries([new_entry(self.feed_id, "cuba again", title="cuba again")], now=NOW)
        assert store.candidates('"cuba"') == [new]

    def test_one_that_waits_can_be_forgotten(self, store: Store) -> None:
        self.show(store, "spy balloon", later=True)
        store.mark_present(self.feed_id, (), now=NOW)
        store.forget(before=LATER, left_before=LATER)
        assert (store.count_entries(), store.count_unindexed()) == (0, 0)

    def show(self, store: Store, *titles: str, later: bool = False) -> list[int]:
        """Entries with these titles, in a feed of their own."""
        count = store.count_entries()
        self.feed_id = followed(store, f"https://{count}.example/feed").feed_id
        entries = [new_entry(self.feed_id, title, title=title, index_later=later) for title in titles]
        return store.add_entries(entries, now=NOW)
