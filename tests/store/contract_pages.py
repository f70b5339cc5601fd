"""What every store must do with pages."""

from datetime import timedelta

from monitor.articles.article import Head
from monitor.articles.reading import READ, Verdict, unreadable
from monitor.store.pages import Wish
from monitor.store.store import Store
from tests.store.contract import LEASE, MINUTE, NOW, entries_titled


def wish(entry_id: int, *, host: str = "a.example", again: bool = False) -> Wish:
    return Wish(entry_id=entry_id, url=f"https://{host}/{entry_id}", host=host, topics=("Cuba",), again=again)


def claimed(store: Store, *, after: timedelta = timedelta()) -> list[int]:
    return [page.entry_id for page in store.claim_pages(now=NOW + after, limit=10, lease=LEASE)]


def keep(store: Store, entry_id: int, verdict: Verdict, *, pause: timedelta = timedelta()) -> None:
    page = store.page(entry_id)
    assert page
    store.save_page(page, verdict, head=Head(url="https://a.example/c"), pause=pause, now=NOW)


class PagesContract:
    """Pages that are read for their full text."""

    def test_a_page_that_is_wished_for_is_due_at_once(self, store: Store) -> None:
        (one,) = entries_titled(store, "One")
        store.wish_pages([wish(one)], now=NOW)
        (page,) = store.claim_pages(now=NOW, limit=10, lease=LEASE)
        assert (page.entry_id, page.topics, page.state, page.attempts) == (one, ("Cuba",), "due", 0)

    def test_of_a_host_one_page_is_read_at_a_time(self, store: Store) -> None:
        one, two, three = entries_titled(store, "One", "Two", "Three")
        store.wish_pages([wish(one), wish(two), wish(three, host="b.example")], now=NOW)
        assert claimed(store) == [one, three]
        assert claimed(store) == []
        keep(store, one, READ)
        assert claimed(store) == [two]

    def test_a_host_is_left_alone_for_a_while(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        store.wish_pages([wish(one), wish(two)], now=NOW)
        claimed(store)
        keep(store, one, READ, pause=MINUTE)
        assert claimed(store) == []
        assert claimed(store, after=MINUTE) == [two]

    def test_a_lease_that_ended_frees_the_page(self, store: Store) -> None:
        (one,) = entries_titled(store, "One")
        store.wish_pages([wish(one)], now=NOW)
        claimed(store)
        assert claimed(store, after=LEASE) == [one]

    def test_a_page_is_read_again_only_where_its_entry_was_edited(self, store: Store) -> None:
        (one,) = entries_titled(store, "One")
        store.wish_pages([wish(one)], now=NOW)
        keep(store, one, READ)
        store.wish_pages([wish(one)], now=NOW)
        assert claimed(store) == []
        store.wish_pages([wish(one, again=True)], now=NOW)
        assert claimed(store) == [one]

    def test_an_attempt_leaves_its_reason_and_the_next_time(self, store: Store) -> None:
        (one,) = entries_titled(store, "One")
        store.wish_pages([wish(one)], now=NOW)
        keep(store, one, Verdict(state="due", reason="refused", next_at=NOW + MINUTE))
        page = store.page(one)
        assert page
        assert (page.state, page.reason, page.attempts, page.next_at) == ("due", "refused", 1, NOW + MINUTE)
        assert store.next_page_at(now=NOW) == NOW + MINUTE

    def test_pages_are_counted_by_state(self, store: Store) -> None:
        one, two = entries_titled(store, "One", "Two")
        store.wish_pages([wish(one), wish(two)], now=NOW)
        keep(store, one, unreadable("gone"))
        assert store.page_counts() == {"due": 1, "unreadable": 1}

    def test_a_full_text_becomes_the_entrys_content_and_is_found(self, store: Store) -> None:
        (one,) = entries_titled(store, "One")
        before = store.entry(one)
        assert before
        filled = before.entry._replace(content="<p>spy station</p>", author="Ann Lee", lang="en")
        store.fill_entry(one, filled, index_text=("one", "spy station"))
        entry = store.entry(one)
        assert entry
        assert (entry.entry, entry.revised_at) == (filled, None)
        assert store.candidates("body:station") == [one]
