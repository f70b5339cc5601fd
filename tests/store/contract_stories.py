"""What every store must do with stories."""

from dataclasses import replace
from datetime import timedelta

from monitor.alerts.story import Standing
from monitor.store.records import NewHit
from monitor.store.store import Store
from monitor.store.stories import Member, NewMember
from tests.store.contract import MINUTE, NOW, entries_titled, follow, new_entry, new_hit

DAY = timedelta(days=1)


def place(
    store: Store, entry_id: int, story_id: int, *, origin: str = "A", copy_of: int | None = None
) -> None:
    new = NewMember(
        entry_id=entry_id,
        story_id=story_id,
        tie="copy" if copy_of else "happening",
        copy_of=copy_of,
        origin=origin,
        fingerprint=story_id,
        reason="so",
    )
    store.add_members([new], at=NOW + entry_id * MINUTE)


def of_story(entry_id: int, story_id: int) -> NewHit:
    hit = new_hit(entry_id)
    return replace(hit, labels={**hit.labels, "story": str(story_id)})


def facts(member: Member) -> tuple[int, int, str]:
    return member.stored.entry_id, member.story_id, member.origin


class StoriesContract:
    """Stories, their entries and what was told of them."""

    def test_an_entry_is_in_its_story(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        place(store, one, one)
        place(store, two, one, origin="B", copy_of=one)
        assert [facts(member) for member in store.members([two, one])] == [(one, one, "A"), (two, one, "B")]
        (story,) = store.stories()
        assert (story.story_id, story.copies, story.origins) == (one, 1, {"A": 1, "B": 1})
        assert (story.first_at, story.last_at) == (NOW + one * MINUTE, NOW + two * MINUTE)
        assert store.newest_member() == two

    def test_how_many_other_feeds_tell_an_entrys_story(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        store.follow([follow(url) for url in ("https://a.example/feed", "https://b.example/feed")], now=NOW)
        (other,) = [row.state for row in store.feeds() if row.state.url == "https://b.example/feed"]
        (three,) = store.add_entries([new_entry(other.feed_id, "3")], now=NOW)
        for entry_id in (one, two, three):
            place(store, entry_id, one)
        assert store.other_feeds([one, three, 99]) == {one: 1, three: 1}
        assert store.other_feeds([]) == {}

    def test_where_nothing_is_placed_there_is_nothing(self, store: Store) -> None:
        assert (store.newest_member(), store.members([1]), store.stories()) == (0, [], [])
        assert (store.first_seen([1]), store.told_stories(), store.standings([1])) == ({}, {}, {})

    def test_a_story_that_is_another_gives_it_its_entries_and_so_do_those_it_had_taken(
        self, store: Store
    ) -> None:
        ids = entries_titled(store, "One", "Two", "Three")
        for entry_id in ids:
            place(store, entry_id, entry_id)
        store.join_stories([ids[2]], into=ids[1])
        store.join_stories([ids[1]], into=ids[0])
        (story,) = store.stories()
        assert [member.stored.entry_id for member in story.members] == ids
        assert (story.first_at, story.last_at) == (NOW + ids[0] * MINUTE, NOW + ids[2] * MINUTE)

    def test_members_come_in_order_after_one_and_since_a_moment(self, store: Store) -> None:
        ids = entries_titled(store, "One", "Two", "Three")
        for entry_id in ids:
            place(store, entry_id, ids[0])
        assert [member.stored.entry_id for member in store.members_since(NOW, after=ids[0], most=9)] == ids[
            1:
        ]
        assert [member.stored.entry_id for member in store.members_since(NOW + 2 * MINUTE, most=9)] == ids[2:]

    def test_a_wording_was_first_seen_when_its_oldest_entry_was(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        place(store, two, 1)
        place(store, one, 1)
        assert store.first_seen([1, 2]) == {1: NOW}

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

    def test_stories_are_listed_by_topic_and_moment_the_last_told_first(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        place(store, one, one)
        place(store, two, two)
        store.add_hits([new_hit(one)])
        assert [story.story_id for story in store.stories()] == [two, one]
        assert [story.story_id for story in store.stories(limit=1)] == [two]
        (story,) = store.stories(topic="Cuba")
        assert (story.story_id, story.topics) == (one, ("Cuba",))
        assert [story.story_id for story in store.stories(since=NOW + two * MINUTE)] == [two]
        assert [story.story_id for story in store.stories(ids=[one, 99])] == [one]

    def test_a_story_is_forgotten_with_its_last_entry(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        place(store, one, one)
        place(store, two, one)
        feed_id = store.members([one])[0].stored.feed_id
        store.mark_present(feed_id, [one, two], now=NOW)
        store.mark_present(feed_id, [], now=NOW)
        store.forget(before=NOW + DAY, left_before=NOW + DAY)
        assert (store.stories(), store.newest_member()) == ([], 0)
