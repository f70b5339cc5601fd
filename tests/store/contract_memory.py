"""What every store must do with the stories' memory."""

from datetime import timedelta

from monitor.store.store import Store
from monitor.store.story_memory import Memory
from tests.store.contract import NOW, entries_titled
from tests.store.contract_stories import place


class MemoryContract:
    """The stories' memory."""

    def test_a_memory_is_kept_whole_and_in_place_of_the_one_before(self, store: Store) -> None:
        assert store.memory() is None
        store.keep_memory([b"one", b"two", b"three"], newest=3)
        store.keep_memory((part for part in (b"\0", b"")), newest=5)
        assert store.memory() == Memory(newest=5, parts=(b"\0", b""))

    def test_stories_that_turned_out_to_be_another_are_known_with_it(self, store: Store) -> None:
        one, two, three = entries_titled(store, "One", "Two", "Three")
        for entry_id in (one, two, three):
            place(store, entry_id, entry_id)
        store.join_stories([three], into=two)
        store.join_stories([two], into=one)
        assert store.merged_stories(since=NOW) == {two: one, three: one}
        assert store.merged_stories(since=NOW + timedelta(days=9)) == {}
