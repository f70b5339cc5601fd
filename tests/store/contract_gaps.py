"""What every store must do with gaps."""

from dataclasses import replace

from monitor.feeds.rhythm import HOURS, Rhythm
from monitor.feeds.wishes import Wishes
from monitor.store.gaps import Gap
from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, entries_titled, follow, followed


class GapsContract:
    """Windows that ran over."""

    def test_gaps_are_listed_by_their_ends_the_newest_first(self, store: Store) -> None:
        state = followed(store)
        store.add_gap(state.feed_id, from_at=NOW - 9 * MINUTE, to_at=NOW)
        store.add_gap(state.feed_id, from_at=NOW, to_at=NOW + MINUTE)
        assert store.gaps(NOW + MINUTE) == [
            Gap(feed_id=state.feed_id, feed="A", url=state.url, from_at=NOW, to_at=NOW + MINUTE)
        ]
        assert [gap.to_at for gap in store.gaps(NOW)] == [NOW + MINUTE, NOW]
        assert store.gaps(NOW + 2 * MINUTE) == []

    def test_a_gap_of_a_feed_without_a_name_is_called_by_its_url(self, store: Store) -> None:
        store.follow([follow("https://b.example/")], now=NOW)
        (state,) = store.claim_due(now=NOW, limit=1, lease=MINUTE)
        store.add_gap(state.feed_id, from_at=NOW, to_at=NOW)
        assert [gap.feed for gap in store.gaps(NOW)] == ["https://b.example/"]

    def test_old_gaps_are_forgotten(self, store: Store) -> None:
        state = followed(store)
        store.add_gap(state.feed_id, from_at=NOW, to_at=NOW)
        store.add_gap(state.feed_id, from_at=NOW, to_at=NOW + MINUTE)
        assert store.forget(before=NOW + MINUTE, left_before=NOW) == 1
        assert [gap.to_at for gap in store.gaps(NOW)] == [NOW + MINUTE]

    def test_what_was_learnt_of_a_feeds_pace_is_remembered(self, store: Store) -> None:
        state = replace(
            followed(store),
            empty_since=NOW,
            pace=MINUTE / 2,
            overrun_at=NOW + MINUTE,
            rhythm=Rhythm.of(range(HOURS), since=NOW),
            wishes=Wishes(every=MINUTE, by="ttl", skip_hours=(1, 2), skip_days=("Sunday",)),
            moved_to="https://b.example/",
            moved_times=2,
        )
        store.save_poll(state, next_poll_at=NOW)
        assert store.claim_due(now=NOW, limit=1, lease=MINUTE) == [state]

    def test_limits_are_those_that_were_followed_last(self, store: Store) -> None:
        url = followed(store).url
        limited = replace(follow(url), min_interval=MINUTE, max_interval=60 * MINUTE)
        for wanted in (limited, follow(url)):
            store.follow([wanted], now=NOW)
            (row,) = store.feeds()
            found = (row.state.interval, row.state.min_interval, row.state.max_interval)
            assert found == (wanted.interval, wanted.min_interval, wanted.max_interval)

    def test_present_says_how_many_were_there_and_how_many_stayed(self, store: Store) -> None:
        one, two, three = entries_titled(store, "one", "two", "three")
        feed_id = store.entry(one).feed_id  # type: ignore[union-attr]
        was = store.mark_present(feed_id, [two], now=NOW)
        assert (was.before, was.stayed) == (3, 1)
        was = store.mark_present(feed_id, [one, three], now=NOW)
        assert (was.before, was.stayed) == (1, 0)
