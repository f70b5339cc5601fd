"""Entries that were left out of parsing are in the document all the same; in doubt it is read whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.arrival import Arrival, Ingested
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.shown import READ_WHOLE
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.store import Store
from monitor.watch import Watch

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Subscription(url="https://a.example/feed")
WATCH = Watch.of([])


def entry(name: str, **facts: str) -> Entry:
    return Entry(guid=name, link=f"https://a.example/{name}", title=f"Title {name}")._replace(**facts)  # type: ignore[arg-type]


def item(name: str) -> bytes:
    """The hash of the item that an entry of this name stands in."""
    return name.encode().ljust(16)


class Desk:
    """A feed and its store. Each document is told by the names of its items; what is known is left out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        store.follow([Follow(url=FEED.url, name="", interval=HOUR)], now=NOW)
        (self.state,) = store.claim_due(now=NOW, limit=1, lease=HOUR)

    def show(self, *names: str, entries: dict[str, Entry] | None = None, whole: bool = False) -> Ingested:
        self.now += HOUR
        known = {} if whole else self.state.shown.may_leave_out(self.now)
        new = [name for name in names if item(name) not in known]
        shown = tuple((entries or {}).get(name) or entry(name) for name in new if name != "empty")
        parsed = Parsed(
            feed=Feed(),
            entries=shown,
            places=tuple(names.index(name) for name in new if name != "empty"),
        )
        arrival = Arrival(
            state=self.state,
            subscription=FEED,
            next_poll_at=self.now,
            parsed=parsed if new else None,
            items=tuple(map(item, names)),
            left_out={item(name): known[item(name)] for name in names if name not in new},
        )
        (ingested,) = ingest(self.store, [arrival], watch=WATCH, now=self.now)
        self.state = ingested.state
        return ingested

    def present(self) -> set[str]:
        """The guids of the entries that are in the feed's document now, as retention sees it."""
        self.store.forget(before=self.now + HOUR, left_before=self.now + HOUR)
        return {one.entry.guid for one in self.store.find_entries("Title")}


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = open_store(":memory:")
    yield Desk(store)
    store.close()


def told(ingested: Ingested) -> list[str]:
    return [one.entry.guid for one in ingested.entries]


def test_an_entry_that_was_left_out_is_still_in_the_document(desk: Desk) -> None:
    desk.show("a", "b")
    assert told(desk.show("c", "a", "b")) == ["c"]
    assert desk.present() == {"a", "b", "c"}


def test_an_entry_that_left_the_document_is_not(desk: Desk) -> None:
    desk.show("a", "b")
    desk.show("c", "b")
    assert desk.present() == {"b", "c"}


def test_entries_leave_a_document_without_new_items_too(desk: Desk) -> None:
    desk.show("a", "b", "c")
    assert told(desk.show("c", "a")) == []
    assert desk.present() == {"a", "c"}


def test_an_item_that_says_nothing_is_known_and_is_no_entry(desk: Desk) -> None:
    desk.show("a", "empty")
    assert told(desk.show("b", "a", "empty")) == ["b"]
    assert desk.show("b", "a", "empty").arrival.parsed is None
    assert desk.present() == {"a", "b"}


def test_an_edited_item_is_a_revision_and_known_from_then_on(desk: Desk) -> None:
    desk.show("a", "b")
    edited = desk.show("b*", "a", entries={"b*": entry("b", title="Title b, edited")})
    assert [one.revised for one in edited.entries] == [True]
    assert desk.show("b*", "a").arrival.parsed is None
    assert desk.present() == {"a", "b"}


def test_a_new_item_with_a_known_ones_guid_has_the_document_read_whole(desk: Desk) -> None:
    """By itself it would be the known entry's revision; beside it, it shows that the guid says nothing."""
    desk.show("a", "b")
    other = {"c": entry("a", link="https://a.example/c", title="Title of another story")}
    doubted = desk.show("c", "a", "b", entries=other)
    assert "shares a key" in doubted.doubt
    assert desk.present() == {"a", "b"}
    assert desk.show("c", "a", "b", entries=other, whole=True).doubt == ""
    assert len(desk.store.find_entries("Title")) == 3


def test_guids_that_change_in_a_part_of_the_items_are_judged_by_the_whole(desk: Desk) -> None:
    names = [f"n{number}" for number in range(30)]
    desk.show(*names)
    again = {f"m{number}": entry(f"n{number}", guid=f"other {number}") for number in range(4)}
    doubted = desk.show(*again, *names[4:], entries=again)
    assert "recognised by something else" in doubted.doubt
    assert desk.state.identity == "guid"
    judged = desk.show(*again, *names[4:], entries=again, whole=True)
    assert (judged.doubt, judged.state.identity) == ("", "guid")


def test_a_document_is_read_whole_once_a_day_and_after_the_clock_went_back(desk: Desk) -> None:
    shown = desk.show("a").state.shown
    at = desk.now
    assert shown.may_leave_out(at)
    assert not shown.may_leave_out(at + READ_WHOLE)
    assert not shown.may_leave_out(at - HOUR)
    desk.now += HOUR
    assert desk.show("b", "a").state.shown.whole_at == at


def test_what_was_shown_is_there_when_the_feed_is_claimed_again(desk: Desk) -> None:
    shown = desk.show("a", "b").state.shown
    (state,) = desk.store.claim_due(now=desk.now + HOUR, limit=1, lease=HOUR)
    assert state.shown == shown
    assert set(state.shown.items()) == {item("a"), item("b")}
