"""What every store must do with entries: which are known, and finding them again."""

from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, followed, new_entry


class EntryContract:
    """Entries and the keys that they are known by."""

    def test_a_key_is_known_once_its_entry_is_stored(self, store: Store) -> None:
        feed = followed(store)
        assert store.known_keys(feed.feed_id, [b"guid:1"]) == {}
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        known = store.known_keys(feed.feed_id, [b"guid:1", b"link:1", b"guid:2"])
        assert {key: one.entry_id for key, one in known.items()} == {b"guid:1": entry_id, b"link:1": entry_id}
        assert known[b"guid:1"].content_hash == b"text"

    def test_a_key_of_one_feed_means_nothing_in_another(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        assert store.known_keys(feed.feed_id + 1, [b"guid:1"]) == {}

    def test_thousands_of_keys_can_be_asked_at_once(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, str(number)) for number in range(2000)], now=NOW)
        keys = [b"guid:%d" % number for number in range(3000)]
        assert len(store.known_keys(feed.feed_id, keys)) == 2000

    def test_any_number_of_entries_is_added_at_once(self, store: Store) -> None:
        """Many go into one statement, in statements of few lengths."""
        feed = followed(store)
        for count in (0, 1, 7, 30, 33, 100):
            new = [new_entry(feed.feed_id, f"{count}-{number}") for number in range(count)]
            ids = store.add_entries(new, now=NOW)
            known = store.known_keys(feed.feed_id, [key for one in new for key in one.keys])
            assert [known[one.keys[0]].entry_id for one in new] == ids
            assert [stored.entry for stored in store.entries_of(ids)] == [one.entry for one in new]

    def test_an_entry_comes_back_whole(self, store: Store) -> None:
        feed = followed(store)
        new = new_entry(feed.feed_id, "1")
        (entry_id,) = store.add_entries([new], now=NOW)
        stored = store.entry(entry_id)
        assert stored is not None
        assert (stored.entry, stored.seen_at, stored.feed) == (new.entry, NOW, "A")

    def test_an_edited_entry_keeps_its_id_and_its_old_keys(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        edited = new_entry(feed.feed_id, "2", title="Another title", text=b"other")
        store.revise_entry(entry_id, edited, now=NOW + MINUTE)
        stored = store.entry(entry_id)
        assert stored is not None
        assert (stored.entry.title, stored.revised_at) == ("Another title", NOW + MINUTE)
        known = store.known_keys(feed.feed_id, [b"guid:1", b"guid:2"])
        assert {one.entry_id for one in known.values()} == {entry_id}
        assert {one.content_hash for one in known.values()} == {b"other"}

    def test_an_entry_can_be_known_by_a_further_key(self, store: Store) -> None:
        feed = followed(store)
        (entry_id,) = store.add_entries([new_entry(feed.feed_id, "1")], now=NOW)
        store.add_keys(feed.feed_id, entry_id, [b"link:moved"])
        assert store.known_keys(feed.feed_id, [b"link:moved"])[b"link:moved"].entry_id == entry_id

    def test_an_entry_is_found_by_its_link_or_by_part_of_its_title(self, store: Store) -> None:
        feed = followed(store)
        store.add_entries([new_entry(feed.feed_id, "1", title="Havana without light")], now=NOW)
        assert [one.entry.guid for one in store.find_entries("https://a.example/1")] == ["1"]
        assert [one.entry.guid for one in store.find_entries("WITHOUT")] == ["1"]
        assert store.find_entries("nowhere") == []
