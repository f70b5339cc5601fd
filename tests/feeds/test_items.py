"""Cutting a document into its items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.items import cut
from tests.faultserver import rss


def wrap(inner: bytes) -> bytes:
    return b"<rss><channel><title>F</title>" + inner + b"</channel></rss>"


def test_the_pieces_are_the_document() -> None:
    document = rss("One", "Two")
    pieces = cut(document)
    assert pieces is not None
    assert pieces.document([0, 1]) == document
    assert pieces.items[0].startswith(b"<item><title>One")
    assert pieces.items[1].endswith(b"</item>")


def test_some_of_the_items_make_a_smaller_document() -> None:
    pieces = cut(wrap(b"<item>1</item> <item>2</item>\n<item>3</item>"))
    assert pieces is not None
    assert pieces.document([0]) == wrap(b"<item>1</item>")
    assert pieces.document([2, 0]) == wrap(b"<item>1</item><item>3</item>")


def test_an_empty_item_stands_for_a_first_one_that_is_not_wanted() -> None:
    pieces = cut(wrap(b"<item>1</item><item>2</item>"))
    assert pieces is not None
    assert pieces.document([1]) == wrap(b"<item></item><item>2</item>")


def test_what_stands_between_items_stays() -> None:
    pieces = cut(wrap(b"<item>1</item><image>x</image><item>2</item>"))
    assert pieces is not None
    assert b"<image>x</image>" in pieces.document([1])


def test_entries_of_atom_are_cut_too() -> None:
    pieces = cut(b"<feed><entry\n a='b'>1</entry><entry>2</entry></feed>")
    assert pieces is not None
    assert len(pieces.items) == 2


@pytest.mark.parametrize(
    "inner",
    [
        b"",
        b"<items><li/></items>",
        b"<item>1",
        b"<item>1</item><item>2",
        b"<item>1<item>2</item></item>",
        b"<item><![CDATA[ </item> ]]></item>",
        b"<item><!-- </item> --></item>",
    ],
)
def test_where_it_is_not_sure_there_is_no_cut(inner: bytes) -> None:
    assert cut(wrap(inner)) is None


def test_a_comment_that_a_text_leaves_open_does_not_matter() -> None:
    assert cut(wrap(b"<item><![CDATA[<!-- <!-- x -->]]></item>")) is not None


def test_what_only_begins_like_an_item_is_none() -> None:
    pieces = cut(wrap(b"<items/><item>1<itemid/></item><items/><item >2</item>"))
    assert pieces is not None
    assert pieces.items == (b"<item>1<itemid/></item>", b"<item >2</item>")


def test_the_same_item_has_the_same_hash_wherever_it_stands() -> None:
    one, other = cut(wrap(b"<item>1</item><item>2</item>")), cut(wrap(b"<x/><item>2</item>"))
    assert one is not None
    assert other is not None
    assert one.hashes[1] == other.hashes[0] != one.hashes[0]


def test_the_outermost_tags_are_part_of_the_hash() -> None:
    one, other = cut(b"<rss a='1'><item>1</item></rss>"), cut(b"<rss a='2'><item>1</item></rss>")
    assert one is not None
    assert other is not None
    assert one.hashes != other.hashes


@given(
    st.lists(
        st.sampled_from([b"<item>", b"</item>", b"<item/>", b"<items>", b"x", b"<![CDATA[", b"]]>", b"<!--"])
    )
)
def test_whatever_comes_the_cut_ends_and_loses_nothing(pieces: list[bytes]) -> None:
    document = b"<rss>" + b"".join(pieces) + b"</rss>"
    found = cut(document)
    if found is not None:
        assert (
            found.document(range(len(found.items))).replace(b"x", b"") == document.replace(b"x", b"")
            or found.between
        )
