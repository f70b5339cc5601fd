"""What every store must do for the desk."""

from dataclasses import replace
from datetime import timedelta

from monitor.store.desk import Became, HitQuery, StorySum
from monitor.store.store import Store
from monitor.store.stories import NewMember
from tests.store.contract import NOW, entries_titled, followed, new_entry, new_hit

HOUR = timedelta(hours=1)


def hits_on(store: Store, *topics: str) -> list[int]:
    """An entry and a hit for each topic, an hour apart; returns the hits' ids."""
    entries = entries_titled(store, *(f"about {topic.lower()}" for topic in topics))
    news = [
        replace(new_hit(entry, topic=topic, found_at=NOW + number * HOUR), labels={"severity": topic[0]})
        for number, (entry, topic) in enumerate(zip(entries, topics, strict=True))
    ]
    return [hit_id for hit_id in store.add_hits(news) if hit_id is not None]


def asked(store: Store, query: HitQuery, **places: int) -> list[str]:
    """The topics of the hits that a query finds."""
    return [hit.topic for hit in store.desk_hits(query, limit=10, **places)]


class DeskContract:
    """Hits as the desk asks for them."""

    def test_the_desk_lists_the_newest_hits_first(self, store: Store) -> None:
        assert store.newest_hit_id() == 0
        ids = hits_on(store, "Cuba", "Taiwan")
        assert asked(store, HitQuery()) == ["Taiwan", "Cuba"]
        assert store.newest_hit_id() == ids[-1]
        assert len(store.desk_hits(HitQuery(), limit=1)) == 1

    def test_the_desk_lists_the_hits_of_one_watchlist(self, store: Store) -> None:
        first, second = entries_titled(store, "one", "two")
        store.add_hits(
            [replace(new_hit(first, topic="Cuba"), watchlist="asia"), new_hit(second, topic="Peru")]
        )
        assert asked(store, HitQuery(watchlist="asia")) == ["Cuba"]

    def test_the_desk_goes_on_before_and_after_a_hit(self, store: Store) -> None:
        _, second, _ = hits_on(store, "Cuba", "Taiwan", "Peru")
        assert asked(store, HitQuery(), before=second) == ["Cuba"]
        assert asked(store, HitQuery(), after=second) == ["Peru"]

    def test_the_desk_filters_by_topic_feed_severity_and_words(self, store: Store) -> None:
        hits_on(store, "Cuba", "Taiwan", "Chile")
        assert asked(store, HitQuery(topic="Cuba")) == ["Cuba"]
        assert asked(store, HitQuery(severity="C")) == ["Chile", "Cuba"]
        assert asked(store, HitQuery(severity="C", expression='"taiwan"')) == []
        assert asked(store, HitQuery(expression='"taiwan"')) == ["Taiwan"]
        assert len(asked(store, HitQuery(feed="A"))) == 3
        assert asked(store, HitQuery(feed="B")) == []

    def test_hits_are_counted_by_steps(self, store: Store) -> None:
        hits_on(store, "Cuba", "Taiwan", "Chile")
        assert store.rhythm(HitQuery(), since=NOW, step=2 * HOUR) == {0: 2, 1: 1}
        assert store.rhythm(HitQuery(topic="Chile"), since=NOW + HOUR, step=HOUR) == {1: 1}
        words = HitQuery(expression='"taiwan" OR "chile"')
        assert store.rhythm(words, since=NOW + HOUR, step=HOUR) == {0: 1, 1: 1}

    def test_a_hit_whose_entry_waits_for_the_index_may_hold_any_words(self, store: Store) -> None:
        feed = followed(store, "https://later.example/feed")
        (entry,) = store.add_entries([new_entry(feed.feed_id, "1", index_later=True)], now=NOW)
        store.add_hits([new_hit(entry, topic="Cuba")])
        assert asked(store, HitQuery(expression='"zeppelin"')) == ["Cuba"]
        assert store.rhythm(HitQuery(expression='"zeppelin"'), since=NOW, step=HOUR) == {0: 1}

    def test_the_last_word_on_a_hit_is_its_verdict(self, store: Store) -> None:
        first, second = hits_on(store, "Cuba", "Taiwan")
        store.judge([first], verdict="wrong", now=NOW)
        store.judge([first], verdict="relevant", now=NOW)
        assert store.verdicts([first, second]) == {first: "relevant"}

    def test_the_desk_sums_up_the_stories_of_entries(self, store: Store) -> None:
        first, copy, other, alone = entries_titled(store, "one", "two", "three", "four")
        tell(store, first, story=first, origin="Reuters")
        tell(store, copy, story=first, origin="Reuters", tie="copy")
        tell(store, other, story=first, origin="CNA")
        sums = store.story_sums([copy, other, alone])
        assert sums == {
            entry: StorySum(story_id=first, entries=3, copies=1, origins=("Reuters", "CNA"))
            for entry in (copy, other)
        }

    def test_the_desk_finds_the_hits_of_a_story_also_by_the_name_that_it_had(self, store: Store) -> None:
        first, second, alone = entries_titled(store, "one", "two", "three")
        for entry in (first, second):
            tell(store, entry, story=entry, origin="A")
        store.add_hits([new_hit(entry) for entry in (first, second, alone)])
        assert entries_asked(store, HitQuery(story=second)) == [second]
        store.join_stories([second], into=first)
        for name in (first, second):
            assert entries_asked(store, HitQuery(story=name)) == [second, first]

    def test_what_has_become_of_hits_is_asked_for_by_their_ids(self, store: Store) -> None:
        first, _, third = hits_on(store, "Cuba", "Taiwan", "Peru")
        store.settle([third], state="kept", reason="store_only: route 0")
        assert store.became_of([third, first, 99]) == [
            Became(hit_id=first, state="pending", reason=""),
            Became(hit_id=third, state="kept", reason="store_only: route 0"),
        ]
        assert store.became_of([]) == []


def tell(store: Store, entry: int, *, story: int, origin: str, tie: str = "first") -> None:
    """Place an entry in a story."""
    new = NewMember(
        entry_id=entry, story_id=story, tie=tie, copy_of=None, origin=origin, fingerprint=None, reason=""
    )
    store.add_members([new], at=NOW)


def entries_asked(store: Store, query: HitQuery) -> list[int]:
    """The entries of the hits that a query finds."""
    return [hit.entry.entry_id for hit in store.desk_hits(query, limit=10)]
