"""Polls and pushes of one feed in any order: each entry once, and only polls say what is in its document."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.arrival import Arrival, Ingested
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.store import Store
from monitor.watch import Watch
from tests.examples import examples
from tests.pacts import agree_with_hub
from tests.store.contract import NOW

HOUR = timedelta(hours=1)
FEED = Subscription(url="https://a.example/feed")
WATCH = Watch.of([])

documents = st.lists(st.integers(0, 6), unique=True, min_size=1, max_size=4)
steps = st.lists(st.tuples(st.sampled_from(["poll", "push"]), documents), max_size=10)


def entry(number: int) -> Entry:
    return Entry(guid=str(number), link=f"https://a.example/{number}", title=f"Title {number}")


class Monitor:
    """A feed that was polled once, with nothing in common with what comes; its hub tells."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        store.follow([Follow(url=FEED.url, name="", interval=HOUR)], now=NOW)
        self.pact = agree_with_hub(store, FEED.url, now=NOW)
        self.poll([99])

    def poll(self, numbers: list[int]) -> Ingested:
        return self._take(numbers, push=None)

    def push(self, numbers: list[int]) -> Ingested:
        self.store.add_push(self.pact, content_type="", body=b"", now=self.now)
        (push,) = self.store.free_pushes(now=self.now, limit=1)
        return self._take(numbers, push=push.push_id)

    def _take(self, numbers: list[int], *, push: int | None) -> Ingested:
        self.now += HOUR
        (state,) = self.store.claim_all(now=self.now, lease=timedelta(), urls=[FEED.url])
        heard, state = state.last_ok_at, replace(state, last_ok_at=state.last_ok_at if push else self.now)
        arrival = Arrival(
            state=state,
            subscription=FEED,
            next_poll_at=self.now + HOUR,
            heard_at=None if push else heard,
            parsed=Parsed(feed=Feed(), entries=tuple(map(entry, numbers))),
            push=push,
        )
        (ingested,) = ingest(self.store, [arrival], watch=WATCH, now=self.now)
        return ingested

    def state(self) -> FeedState:
        (row,) = self.store.feeds()
        return row.state

    def present(self) -> set[int]:
        """What is in the feed's document, as retention sees it; this forgets the rest."""
        self.store.forget(before=self.now + HOUR, left_before=self.now + HOUR)
        return {int(one.entry.guid) for one in self.store.find_entries("Title", limit=100)}


@examples(25)
@given(steps)
def test_every_entry_is_told_once_whichever_way_it_comes(taken: list[tuple[str, list[int]]]) -> None:
    store = open_store(":memory:")
    monitor = Monitor(store)
    told: list[str] = []
    for way, numbers in taken:
        ingested = monitor.poll(numbers) if way == "poll" else monitor.push(numbers)
        told += [one.entry.guid for one in ingested.entries]
    assert sorted(told) == sorted({str(number) for _, numbers in taken for number in numbers})
    store.close()


@examples(25)
@given(steps)
def test_only_polls_say_what_is_in_the_document_and_where_a_window_ran_over(
    taken: list[tuple[str, list[int]]],
) -> None:
    store = open_store(":memory:")
    monitor = Monitor(store)
    document = [99]
    for way, numbers in taken:
        before = len(store.gaps(NOW))
        if way == "push":
            monitor.push(numbers)
            assert len(store.gaps(NOW)) == before
        else:
            known = {int(one.entry.guid) for one in store.find_entries("Title", limit=100)}
            monitor.poll(numbers)
            new = sum(number not in known for number in numbers)
            ran_over = not set(numbers) & set(document) and new * 2 > len(numbers)
            assert len(store.gaps(NOW)) == before + ran_over
            document = numbers
    assert monitor.present() == set(document)
    store.close()
