"""What every store must know of how stories stand."""

from dataclasses import replace

from monitor.alerts.story import Standing
from monitor.store.records import NewHit
from monitor.store.store import Store
from tests.store.contract import NOW, entries_titled, follow, new_entry, new_hit
from tests.store.contract_stories import place


def of_story(entry_id: int, story_id: int) -> NewHit:
    hit = new_hit(entry_id)
    return replace(hit, labels={**hit.labels, "story": str(story_id)})


class StandingsContract:
    """Who tells stories, and what was told of them."""

    def test_where_nothing_is_placed_nothing_stands(self, store: Store) -> None:
        assert (store.other_feeds([1]), store.told_stories(), store.standings([1])) == ({}, {}, {})

    def test_how_many_other_feeds_tell_an_entrys_story(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        store.follow([follow(url) for url in ("https://a.example/feed", "https://b.example/feed")], now=NOW)
        (other,) = [row.state for row in store.feeds() if row.state.url == "https://b.example/feed"]
        (three,) = store.add_entries([new_entry(other.feed_id, "3")], now=NOW)
        for entry_id in (one, two, three):
            place(store, entry_id, one)
        assert store.other_feeds([one, three, 99]) == {one: 1, three: 1}
        assert store.other_feeds([]) == {}

    def test_of_the_stories_that_wait_it_is_known_from_whom_they_were_told(self, store: Store) -> None:
        one, two, three = entries_titled(store, "One", "Two", "Three")
        place(store, one, one, origin="Reuters")
        place(store, two, one, origin="CNA")
        place(store, three, three)
        first, second, _ = store.add_hits([of_story(entry_id, one) for entry_id in (one, two, three)])
        assert first is not None
        assert second is not None
        assert store.told_stories() == {}
        store.settle([first], state="told", reason="told")
        assert store.told_stories() == {(str(one), "Cuba"): {"Reuters"}}
        store.settle([second], state="kept", reason="same story: counted")
        assert store.told_stories() == {}

    def test_what_a_story_was_told_as_counts_for_the_story_that_it_turned_out_to_be(
        self, store: Store
    ) -> None:
        one, two, three = entries_titled(store, "One", "Two", "Three")
        for entry_id in (one, two, three):
            place(store, entry_id, entry_id, origin=f"of {entry_id}")
        store.join_stories([two], into=one)
        store.join_stories([three], into=one)
        told, _ = store.add_hits([of_story(two, two), of_story(three, one)])
        assert told is not None
        store.settle([told], state="told", reason="told")
        assert store.told_stories() == {(str(one), "Cuba"): {f"of {two}"}}

    def test_a_story_stands_by_its_entries_copies_and_origins(self, store: Store) -> None:
        one, two, three = entries_titled(store, "One", "Two", "Three")
        place(store, one, one, origin="Reuters")
        place(store, two, one, origin="CNA")
        place(store, three, one, origin="Reuters", copy_of=one)
        standing = Standing(copies=1, origins=("Reuters", "CNA"))
        assert store.standings([one, three, 99]) == {one: standing, three: standing}
