"""What every store must do for notices and feeds' health: joins the contract."""

from dataclasses import replace
from datetime import timedelta

from monitor.feeds.health import Health
from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, followed, new_entry


class NoticeContract:
    """Notices and health."""

    def test_the_monitors_own_feed_is_always_the_same(self, store: Store) -> None:
        assert store.notice_feed() == store.notice_feed()

    def test_a_feed_that_was_never_polled_is_no_patient(self, store: Store) -> None:
        followed(store)
        assert store.patients() == []

    def test_a_health_comes_back_as_it_was_saved(self, store: Store) -> None:
        state = replace(followed(store), last_polled_at=NOW, failures=2, error="no such host")
        store.save_poll(state, next_poll_at=NOW)
        health = Health(
            feed_id=state.feed_id,
            failing_since=NOW,
            told="dead",
            new_at=NOW - MINUTE,
            longest=timedelta(hours=7),
            silences=12,
            gap_at=NOW - MINUTE,
        )
        store.save_healths([health])
        (patient,) = store.patients()
        assert (patient.health, patient.state, patient.name) == (health, state, "A")
        assert not patient.gone

    def test_a_feed_that_is_polled_no_more_is_gone(self, store: Store) -> None:
        state = replace(followed(store), last_polled_at=NOW, failures=1, error="410")
        store.save_poll(state, next_poll_at=None)
        assert [patient.gone for patient in store.patients()] == [True]

    def test_a_watch_without_a_break_is_one_watch(self, store: Store) -> None:
        gap = 10 * MINUTE
        assert store.watch_on(now=NOW, gap=gap) == NOW
        assert store.watch_on(now=NOW + 10 * MINUTE, gap=gap) == NOW
        assert store.watch_on(now=NOW + 21 * MINUTE, gap=gap) == NOW + 21 * MINUTE

    def test_a_clock_that_was_set_back_begins_the_watch_anew(self, store: Store) -> None:
        store.watch_on(now=NOW, gap=10 * MINUTE)
        assert store.watch_on(now=NOW - MINUTE, gap=10 * MINUTE) == NOW - MINUTE

    def test_healths_are_found_by_their_feeds(self, store: Store) -> None:
        state = followed(store)
        assert store.healths() == {}
        health = Health(feed_id=state.feed_id, told="silent", new_at=NOW)
        store.save_healths([health])
        assert store.healths() == {state.feed_id: health}

    def test_what_each_feed_has_shown_since_a_moment_is_counted(self, store: Store) -> None:
        state = followed(store)
        store.add_entries([new_entry(state.feed_id, "1")], now=NOW)
        store.add_entries([new_entry(state.feed_id, guid) for guid in "23"], now=NOW + MINUTE)
        assert store.new_counts(since=NOW + MINUTE) == {state.feed_id: 2}
