"""What every store must do with stories."""

from datetime import timedelta

from monitor.store.store import Store
from monitor.store.stories import Member, NewMember
from tests.store.contract import MINUTE, NOW, entries_titled, new_hit

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


def facts(member: Member) -> tuple[int, int, str]:
    return member.stored.entry_id, member.story_id, member.origin


class StoriesContract:
    """Stories and their entries."""

    def test_an_entry_is_in_its_story(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        place(store, one, one)
        place(store, two, one, origin="B", copy_of=one)
        assert [facts(member) for member in store.members([two, one])] == [(one, one, "A"), (two, one, "B")]
        (story,) = store.stories()
        assert (story.story_id, story.copies, story.origins) == (one, 1, {"A": 1, "B": 1})
        assert (story.first_at, story.last_at) == (NOW + one * MINUTE, NOW + two * MINUTE)
        assert store.newest_member() == two

    def test_where_nothing_is_placed_there_is_nothing(self, store: Store) -> None:
        assert (store.newest_member(), store.members([1]), store.stories()) == (0, [], [])
        assert store.first_seen([1]) == {}

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
