"""What of a document is new, without parsing it: only where that is sure, and never long."""

import time

import pytest

from monitor.feeds.fresh import CONTENT_TYPE, LARGEST, Fresh, fresh
from monitor.feeds.items import cut
from monitor.feeds.parse import parse
from tests.faultserver import rss

URL = "https://a.example/feed"


def known_of(document: bytes) -> set[bytes]:
    return set(parse(document, url=URL).items)


def seen(document: bytes, known: set[bytes], content_type: str = "application/rss+xml") -> Fresh | None:
    return fresh(document, content_type=content_type, known=known)


def test_only_the_new_items_are_in_the_document() -> None:
    known = known_of(rss("One", "Two"))
    found = seen(rss("One", "Two").replace(b"<item>", b"<item><title>Zero</title></item><item>", 1), known)
    assert found is not None
    assert found.places == (0,)
    assert b"Zero" in found.document
    assert b"One" not in found.document
    assert [one.title for one in parse(found.document, url=URL, content_type=CONTENT_TYPE).entries] == [
        "Zero"
    ]


def test_where_the_first_item_is_known_another_holds_its_place() -> None:
    found = seen(rss("One", "Two"), known_of(rss("One")))
    assert found is not None
    assert found.places == (None, 1)
    assert parse(found.document, url=URL, content_type=CONTENT_TYPE).items[0] == found.placeholder


def test_where_every_item_is_known_there_is_nothing_to_parse() -> None:
    document = rss("One", "Two", head="<lastBuildDate>today</lastBuildDate>")
    found = seen(document, known_of(rss("One", "Two")))
    assert found is not None
    assert (found.document, len(found.items)) == (b"", 2)


def test_a_byte_order_mark_and_a_declaration_do_not_matter() -> None:
    known = known_of(rss("Öne"))
    bare = rss("Öne").partition(b"?>")[2]
    for document in (b"\xef\xbb\xbf" + bare, b'\n <?xml version="1.0" encoding="UTF-8"?>\n' + bare):
        found = seen(document, known, "text/xml; charset=UTF-8")
        assert found is not None
        assert found.document == b""


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        (rss("One", "Two"), "text/xml; charset=iso-8859-1"),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + rss("One", "Two"), ""),
        (b'{"items": "' + rss("One", "Two") + b'"}', ""),
        (rss("One", "Two").replace(b"Two", b"\xff\xfe"), ""),
        (rss("One", "Two") + b"<item>", ""),
        (rss("Three", "Four"), ""),
        (rss("One", "Two", head="x" * LARGEST), ""),
        (b"", ""),
        (b"\x00\xff garbage <item", ""),
    ],
    ids=["header", "declaration", "JSON", "not UTF-8", "no end", "all new", "large", "nothing", "garbage"],
)
def test_what_is_not_sure_is_left_to_the_child(document: bytes, content_type: str) -> None:
    assert seen(document, known_of(rss("One")), content_type) is None


def test_where_nothing_is_known_nothing_is_left_out() -> None:
    assert seen(rss("One"), set()) is None


HOSTILE = {
    "items": b"<item></item>",
    "openings": b"<item>",
    "almost items": b"<items",
    "texts that end before they begin": b"]]>" * 1000 + b"<![CDATA[" * 1000,
    "texts without an end": b"<![CDATA[",
    "comments": b"<!--",
    "tags without an end": b"<a",
    "declarations": b"<?xml ",
    "encodings": b'encoding="',
    "blanks": b" ",
    "half a channel": b"<channel ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("where", ["head", "item", "tail", "alone"])
def test_no_document_takes_long(piece: bytes, where: str) -> None:
    """A mebibyte of what is slow to read for a careless pattern: an event loop waits for this."""
    filling = piece * (LARGEST // len(piece) - 100)
    head, item, tail = (filling if where == one else b"" for one in ("head", "item", "tail"))
    known = set(known_of(rss("One")))
    document = b"<rss>" + head + b"<item>" + item + b"</item>" + tail + b"</rss>"
    if where == "alone":
        document = filling
    if one := cut(b"<rss><item></item></rss>"):
        known |= {*one.hashes}
    began = time.process_time()
    seen(document, known)
    assert time.process_time() - began < 0.1
