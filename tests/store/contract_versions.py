"""What every store must do with versions of watchlists."""

from datetime import datetime

import pytest

from monitor.store.store import Store
from monitor.store.versions import NewVersion, Who
from tests.store.contract import MINUTE, NOW


def kept(
    store: Store, watchlist: str, text: str | None, *, who: Who = "file", now: datetime = NOW, note: str = ""
) -> int | None:
    """The number of the version that a watchlist's text makes."""
    new = NewVersion(watchlist=watchlist, text=text, who=who, note=note)
    return store.add_versions([new], now=now)[0]


class VersionContract:
    """The texts of watchlists as they were."""

    def test_versions_of_a_watchlist_count_from_one_and_come_back_whole(self, store: Store) -> None:
        assert kept(store, "geo", "- Cuba\r\n- 台湾\n", who="cli", note="new") == 1
        assert kept(store, "geo", "- Cuba\n", who="page", now=NOW + MINUTE) == 2
        assert kept(store, "asia", "") == 1
        first = store.version("geo", 1)
        assert first is not None
        assert (first.text, first.who, first.at, first.note) == ("- Cuba\r\n- 台湾\n", "cli", NOW, "new")
        assert store.latest_version("geo") == store.version("geo", 2)
        assert store.version("geo", 3) is store.latest_version("nowhere") is None

    def test_the_same_text_again_is_no_new_version(self, store: Store) -> None:
        kept(store, "geo", "- Cuba\n", who="cli")
        assert kept(store, "geo", "- Cuba\n", who="file", now=NOW + MINUTE) is None
        assert [version.who for version in store.versions()] == ["cli"]

    def test_a_watchlist_that_was_removed_can_come_back_as_it_was(self, store: Store) -> None:
        assert kept(store, "geo", None) is None
        kept(store, "geo", "- Cuba\n")
        assert store.standing_watchlists() == ["geo"]
        assert kept(store, "geo", None, now=NOW + MINUTE) == 2
        assert store.standing_watchlists() == []
        assert kept(store, "geo", "- Cuba\n", now=NOW + 2 * MINUTE) == 3

    def test_versions_are_listed_the_newest_first(self, store: Store) -> None:
        for minute, name in enumerate(("geo", "asia", "geo")):
            kept(store, name, f"- {minute}\n", now=NOW + minute * MINUTE)
        listed = [(version.watchlist, version.number) for version in store.versions()]
        assert listed == [("geo", 2), ("asia", 1), ("geo", 1)]
        assert [version.number for version in store.versions(watchlist="geo", limit=1)] == [2]

    def test_a_version_is_kept_only_if_what_goes_with_it_is_done(self, store: Store) -> None:
        new = NewVersion(watchlist="geo", text="- Cuba\n", who="cli")
        with pytest.raises(ZeroDivisionError):
            store.add_versions([new], now=NOW, then=lambda: 1 / 0)
        assert store.versions() == []
