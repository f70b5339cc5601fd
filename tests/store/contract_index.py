"""What every store must do with entries that are added and looked for."""

from contextlib import suppress

from monitor.store.store import Store
from tests.store.contract import NOW, followed, new_entry


class IndexContract:
    """The full-text index and the commits that write it."""

    def test_entries_of_several_feeds_in_one_commit_are_found(self, store: Store) -> None:
        with store.transaction():
            one = self.add(store, "https://a.example/feed", "spy balloon")
            two = self.add(store, "https://b.example/feed", "balloon race")
        assert store.candidates('"balloon"') == [two, one]

    def test_an_entry_edited_in_its_own_commit_is_found_by_what_it_says_then(self, store: Store) -> None:
        feed = followed(store)
        with store.transaction():
            (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1", title="balloon")], now=NOW)
            store.revise_entry(entry_id, new_entry(feed.feed_id, "1", title="cuba", text=b"2"), now=NOW)
        assert store.candidates('"cuba"') == [entry_id]
        assert store.candidates('"balloon"') == []

    def test_what_was_rolled_back_is_not_found_by_another_entry(self, store: Store) -> None:
        feed = followed(store)
        with suppress(RuntimeError), store.transaction():
            store.add_entries([new_entry(feed.feed_id, "1", title="balloon")], now=NOW)
            raise RuntimeError
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "2", title="cuba")], now=NOW)
        assert store.candidates('"balloon"') == []
        assert store.candidates('"cuba"') == [entry_id]

    def test_a_full_text_of_the_same_commit_is_found(self, store: Store) -> None:
        feed = followed(store)
        new = new_entry(feed.feed_id, "1")
        with store.transaction():
            (entry_id,) = store.add_entries([new], now=NOW)
            filled = new.entry._replace(content="<p>A balloon</p>")
            store.fill_entry(entry_id, filled, index_text=("a title", "a balloon"))
        assert store.candidates('"balloon"') == [entry_id]

    def add(self, store: Store, url: str, title: str) -> int:
        feed = followed(store, url)
        return store.add_entries([new_entry(feed.feed_id, title, title=title)], now=NOW)[0]
