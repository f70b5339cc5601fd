"""Feeds of hits: other readers read them back as they were meant, whatever stands in a title."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry
from monitor.store.records import Hit, StoredEntry
from monitor.topics.match import Span
from monitor.web.syndication import NEVER, WRITERS, outgoing

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
SITE = "https://news.example.org"
HOME = f"{SITE}/?topic=Cuba&q=a+b"


def hit(title: str = "Spy base near Havana", *, number: int = 1, **changes: Any) -> Hit:
    entry = {"guid": f"g{number}", "link": "https://a.example/1?x=1&y=2", "title": title, **changes}
    start = title.find("Havana")
    spans = (
        (Span(field="title", start=start, end=start + 6, text="Havana", clause="Havana"),)
        if start >= 0
        else ()
    )
    return Hit(
        hit_id=number,
        topic="Cuba",
        watchlist="mine",
        version="1",
        spans=spans,
        labels={"topic": "Cuba", "severity": "high"},
        found_at=NOON + timedelta(minutes=number),
        state="told",
        reason="told",
        entry=StoredEntry(
            entry_id=number,
            feed_id=1,
            feed=changes.get("author") or "World News",
            feed_url="https://a.example/feed",
            entry=Entry(**entry),
            seen_at=NOON,
        ),
    )


def written(kind: str, *hits: Hit, title: str = "Cuba") -> bytes:
    write, _ = WRITERS[kind]
    return write(outgoing(hits, title=title, site=SITE, asked="topic=Cuba&q=a+b"))


def read(kind: str, *hits: Hit, title: str = "Cuba") -> Any:
    return feedparser.parse(
        written(kind, *hits, title=title), sanitize_html=False, resolve_relative_uris=False
    )


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_reader_reads_back_what_was_meant(kind: str) -> None:
    known = read(
        kind, hit(published=NOON - timedelta(hours=1), summary="The base near <b>Havana</b> & more.")
    )
    assert (known.bozo, known.version) == (False, {"atom": "atom10", "rss": "rss20"}[kind])
    assert (known.feed.title, known.feed.link) == ("Cuba", HOME)
    (entry,) = known.entries
    assert (entry.title, entry.link) == ("Spy base near Havana", "https://a.example/1?x=1&y=2")
    assert (entry.author, [tag.term for tag in entry.tags]) == ("World News", ["Cuba", "high"])
    html = entry.content[0].value if kind == "atom" else entry.summary
    assert "The base near Havana &amp; more." in html
    assert "matched <code>Havana</code>" in html
    assert entry.id.startswith("urn:uuid:")


def test_json_feed_says_the_same() -> None:
    feed = json.loads(written("json", hit()))
    (item,) = feed["items"]
    assert (feed["version"], feed["home_page_url"]) == ("https://jsonfeed.org/version/1.1", HOME)
    assert (item["url"], item["title"]) == ("https://a.example/1?x=1&y=2", "Spy base near Havana")
    assert item["date_modified"] == "2026-03-05T12:01:00+00:00"
    assert (item["authors"], item["tags"]) == ([{"name": "World News"}], ["Cuba", "high"])


def test_matched_words_are_marked_in_the_text() -> None:
    body = "The base near Havana grows"
    spans = (Span(field="summary", start=14, end=20, text="Havana", clause="Havana"),)
    made = hit("Spy base", summary=body)
    made = Hit(**{name: getattr(made, name) for name in Hit.__slots__} | {"spans": spans})
    assert "near <mark>Havana</mark> grows" in json.loads(written("json", made))["items"][0]["content_html"]


def test_the_same_hit_has_the_same_id_in_every_kind_and_every_feed() -> None:
    ids = {kind: read(kind, hit()).entries[0].id for kind in ("atom", "rss")}
    ids["json"] = json.loads(written("json", hit(), hit(number=2), title="Other"))["items"][0]["id"]
    assert len(set(ids.values())) == 1
    assert len({entry.id for entry in read("atom", hit(), hit(number=2)).entries}) == 2


def test_a_feed_that_does_not_change_is_the_same_byte_for_byte() -> None:
    assert written("atom", hit()) == written("atom", hit())
    assert read("atom").feed.updated == NEVER.isoformat()


HOSTILE = {
    "<script>alert(1)</script> Havana": "<script>alert(1)</script> Havana",
    "]]></title><script>x</script>": "]]></title><script>x</script>",
    "a & b < c > d \"e\" 'f'": "a & b < c > d \"e\" 'f'",
    "&lt;b&gt; &amp;amp; &#x3c;": "&lt;b&gt; &amp;amp; &#x3c;",
    "\x00\x07\x1b[31m\ud800\ufffe red": "[31m\ufffd\ufffd red",
    "\u202ereversed\u202c \u200b.": "·reversed· \u200b.",
    "<!--#exec--> <?php ?> <!DOCTYPE x [<!ENTITY a 'b'>]>&a;": (
        "<!--#exec--> <?php ?> <!DOCTYPE x [<!ENTITY a 'b'>]>&a;"
    ),
    "哈瓦那 🛰️ İstanbul": "哈瓦那 🛰️ İstanbul",
}
"""Titles, and what a reader of Atom shows."""


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title: str) -> None:
    known = read("atom", hit(title, author=title), title=title)
    (entry,) = known.entries
    assert (known.bozo, entry.link) == (False, "https://a.example/1?x=1&y=2")
    assert (entry.title, entry.title_detail.type) == (HOSTILE[title], "text/plain")
    assert entry.author == known.feed.title == HOSTILE[title]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_tag_can_be_read_out_of_a_title_in_rss(title: str) -> None:
    known = read("rss", hit(title, author=title))
    (entry,) = known.entries
    assert (known.bozo, entry.link) == (False, "https://a.example/1?x=1&y=2")
    assert not re.search(r"<[a-z/!?]", entry.title + entry.author, re.IGNORECASE)


@given(st.text(), st.text(), st.sampled_from(sorted(WRITERS)))
def test_whatever_a_feed_says_the_document_is_well_formed(title: str, text: str, kind: str) -> None:
    made = written(kind, hit(title, summary=text, link=text, guid=text), title=title)
    if kind == "json":
        assert len(json.loads(made)["items"]) == 1
    else:
        assert not feedparser.parse(made).bozo


def test_mark_up_of_a_feed_is_text_in_what_goes_out() -> None:
    html = json.loads(written("json", hit("x", summary="1 &lt;img src=x onerror=alert(1)&gt; 2")))["items"][0]
    assert "<img" not in html["content_html"]
    assert "&lt;img" in html["content_html"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://user:secret@a.example/", "file:///etc/passwd", ""]
)
def test_where_there_is_no_link_to_follow_a_hit_leads_to_its_page_on_the_desk(link: str) -> None:
    page = f"{SITE}/hits/1"
    assert json.loads(written("json", hit(link=link)))["items"][0]["url"] == page
    assert [read(kind, hit(link=link)).entries[0].link for kind in ("atom", "rss")] == [page, page]
