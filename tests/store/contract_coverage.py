"""What every store must do for coverage: joins the contract."""

from monitor.notice import Notice
from monitor.noticing import ingest_notices
from monitor.store.store import Store
from tests.store.contract import MINUTE, NOW, entries_titled


class CoverageContract:
    """What was looked at."""

    def test_entries_are_counted_from_a_moment_on_and_notices_are_none(self, store: Store) -> None:
        entries_titled(store, "one", "two", "three")  # a minute apart
        ingest_notices(store, [Notice(key="k", kind="x", title="t")], now=NOW + 9 * MINUTE)
        assert [store.entries_read(NOW + minutes * MINUTE) for minutes in (0, 1, 3)] == [3, 2, 0]

    def test_who_watches_is_known_since_the_last_break(self, store: Store) -> None:
        assert store.watched() is None
        for minutes in (0, 1, 5, 6):
            store.watch_on(now=NOW + minutes * MINUTE, gap=2 * MINUTE)
        assert store.watched() == (NOW + 5 * MINUTE, NOW + 6 * MINUTE)
