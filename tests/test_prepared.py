"""A first document: what a child prepares of it is what ingest would make itself."""

import pickle
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.arrival import Arrival
from monitor.feeds.entry import Enclosure, Entry, Parsed
from monitor.feeds.retrieve import Retrieved
from monitor.ingest import ingest
from monitor.prepared import Prepared, parse_first
from monitor.reading import read
from monitor.sandbox import Sandbox
from monitor.store import open_store
from tests.test_ingest import NOW, SUBSCRIPTION, WATCH, Desk

URL = "https://a.example/feed"
ITEM = "<item><guid>{}</guid><title>{}</title><link>{}</link><description>{}</description></item>"
ITEMS = (
    ("1", "Cuba", "https://a.example/1", "&lt;p&gt;A balloon&lt;/p&gt;&lt;p&gt;over Havana&lt;/p&gt;"),
    ("2", "The CubaThe", "https://a.example/2?utm_source=rss", "in 2019The Journalreported on Cuba"),
    ("3", "Тайвань", "https://a.example/3", "台湾海峡 &amp;amp; Zürich &lt;b&gt;café&lt;/b&gt;"),
    ("3", "Another story of the same guid", "https://a.example/4", ""),
    ("5", "Cuba", "https://a.example/1", "&lt;p&gt;A balloon&lt;/p&gt;&lt;p&gt;over Havana&lt;/p&gt;"),
    ("", "", "", "&lt;script&gt;Taiwan Strait&lt;/script&gt;"),
    ("7", "Taiwan  Strait", "", "plain\n\ntext"),
)


def document(items: Sequence[tuple[str, str, str, str]]) -> bytes:
    body = "".join(ITEM.format(*item) for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{body}</channel></rss>'.encode()


def stored(parsed: Parsed, prepared: Prepared | None) -> list[str]:
    """Everything that is in the database afterwards."""
    store = open_store(":memory:")
    arrival = Arrival(
        state=Desk(store).state,
        subscription=SUBSCRIPTION,
        next_poll_at=NOW,
        parsed=parsed,
        prepared=prepared,
        items=parsed.items,
    )
    ingest(store, [arrival], watch=WATCH, now=NOW)
    rows = [row for row in store._conn.iterdump() if not row.startswith('INSERT INTO "_sqlite_migrations"')]
    store.close()
    return rows


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1, preload=("monitor.prepared",)) as sandbox:
        yield sandbox


async def test_a_first_document_comes_back_with_what_is_made_of_each_entry(sandbox: Sandbox) -> None:
    body = document(ITEMS)
    reading = await read(sandbox, Retrieved(url=URL, status=200, body=body), known={}, is_first=True)
    assert (reading.parsed, reading.prepared) == parse_first(body, url=URL).unpacked()
    assert len(reading.items) == len(ITEMS)


async def test_of_another_document_nothing_is_made_in_advance(sandbox: Sandbox) -> None:
    reading = await read(sandbox, Retrieved(url=URL, status=200, body=document(ITEMS)), known={})
    assert reading.prepared is None


@given(st.lists(st.sampled_from(ITEMS), max_size=8))
def test_what_is_stored_is_the_same_with_what_was_prepared_and_without(
    items: list[tuple[str, str, str, str]],
) -> None:
    """Guids and texts that several share included, scripts of all kinds, words that were glued together."""
    parsed, prepared = parse_first(document(items), url=URL).unpacked()
    assert len(prepared.keys) == len(prepared.words.words()) == len(parsed.entries)
    assert stored(parsed, prepared) == stored(parsed, None)


TEXT = st.text(max_size=9)
MOMENTS = st.none() | st.datetimes(timezones=st.just(NOW.tzinfo))


@given(
    st.builds(
        Entry,
        **dict.fromkeys(("guid", "link", "title", "author", "summary", "content", "lang"), TEXT),
        categories=st.lists(TEXT).map(tuple),
        published=MOMENTS,
        updated=MOMENTS,
        enclosures=st.lists(st.builds(Enclosure, url=TEXT, length=st.none() | st.integers())).map(tuple),
    )
)
def test_an_entry_comes_back_from_a_child_as_it_was(entry: Entry) -> None:
    assert pickle.loads(pickle.dumps(entry)) == entry
