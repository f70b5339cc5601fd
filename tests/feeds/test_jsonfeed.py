"""JSON Feed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.feeds.entry import Enclosure, Entry, Feed, Parsed
from monitor.feeds.parse import parse

URL = "https://news.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(**root: Any) -> Parsed:
    return parse(json.dumps({"version": VERSION, "items": [], **root}).encode(), url=URL)


def test_a_json_feed_is_read() -> None:
    item = {
        "id": "1",
        "url": "/stories/1",
        "title": "Strait & <b>more</b>",
        "content_html": "<p>The <a href='x'>text</a></p>",
        "summary": "1 < 2",
        "date_published": "2025-01-01T12:00:00+01:00",
        "date_modified": "2025-01-02T00:00:00Z",
        "authors": [{"name": "Ann"}, {"url": "x"}, {"name": "Bob"}],
        "tags": ["Asia", 1, "Sea"],
        "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5}, {"url": 1}],
    }
    parsed = read(
        title="Feed",
        home_page_url="https://news.example/",
        feed_url=URL,
        language="en",
        hubs=[{"type": "other"}, {"type": "WebSub", "url": "https://hub.example/"}],
        items=[item],
    )
    assert parsed.feed == Feed(
        title="Feed",
        link="https://news.example/",
        lang="en",
        version="json11",
        hub="https://hub.example/",
        self_link=URL,
    )
    assert parsed.entries == (
        Entry(
            guid="1",
            link="https://news.example/stories/1",
            title="Strait & <b>more</b>",
            author="Ann, Bob",
            categories=("Asia", "Sea"),
            summary="1 &lt; 2",
            content="<p>The <a href='https://news.example/stories/x'>text</a></p>",
            lang="en",
            published=datetime(2025, 1, 1, 11, tzinfo=UTC),
            updated=datetime(2025, 1, 2, tzinfo=UTC),
            enclosures=(Enclosure(url="https://news.example/a.mp3", type="audio/mpeg", length=5),),
        ),
    )


def test_version_1_has_one_author_and_plain_text_is_escaped() -> None:
    item = {"id": 7, "content_text": "a & b\nc", "author": {"name": "Ann"}}
    parsed = read(version="https://jsonfeed.org/version/1", items=[item])
    assert parsed.feed.version == "json1"
    (entry,) = parsed.entries
    assert (entry.guid, entry.content, entry.author) == ("7", "a &amp; b<br>c", "Ann")


@pytest.mark.parametrize(
    "root",
    [
        b"[]",
        b"{}",
        b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b'{"items": 1}',
    ],
)
def test_other_json_is_no_feed(root: bytes) -> None:
    with pytest.raises(ParseError, match="JSON but not a JSON Feed"):
        parse(root, url=URL)


@pytest.mark.parametrize("root", [b'{"version"', b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}"])
def test_broken_json_is_called_so(root: bytes) -> None:
    with pytest.raises(ParseError, match="JSON"):
        parse(root, url=URL)


def test_a_feed_that_forgot_its_version_is_read() -> None:
    assert len(read(version=None, feed_url=URL, items=[{"id": "1", "title": "T"}]).entries) == 1


def test_an_item_of_another_kind_is_left_out_with_a_warning() -> None:
    parsed = read(items=["x", {"id": "1"}, None])
    assert [entry.guid for entry in parsed.entries] == ["1"]
    assert parsed.warnings == (
        "entry 1 is not an object and was left out",
        "entry 3 is not an object and was left out",
    )


def test_fields_of_the_wrong_kind_are_not_there() -> None:
    (entry,) = read(
        items=[{"id": True, "title": ["x"], "tags": "x", "authors": "x", "date_published": 5}]
    ).entries
    assert entry == Entry()


def test_a_mark_and_bad_bytes_are_survived() -> None:
    document = (
        b'\xef\xbb\xbf {"version": "https://jsonfeed.org/version/1", "items": [{"id": "a\xff\\ud800"}]}'
    )
    (entry,) = parse(document, url=URL).entries
    assert entry.guid == "a\ufffd\ufffd"
