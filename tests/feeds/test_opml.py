"""OPML: lists of feeds from other readers, and for them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.opml import DEEPEST, OpmlFeed, read_opml, why_not_opml, write_opml


def opml(body: str, head: str = "") -> bytes:
    return (
        f'{head}<opml version="2.0"><head><title>Mine</title></head><body>\n{body}\n</body></opml>'.encode()
    )


def feed(url: str = "https://a.example/rss", title: str = "A", *folders: str) -> OpmlFeed:
    return OpmlFeed(url=url, title=title, folders=folders)


def test_feeds_are_read_with_their_folders() -> None:
    found = read_opml(
        opml("""<outline text="World"><outline title="Asia" text="ignored">
          <outline type="rss" text="A" xmlUrl="https://a.example/rss"/>
        </outline></outline>
        <outline text="B &amp; C" xmlUrl="https://b.example/rss?x=1&amp;y=2"/>""")
    )
    assert found.feeds == (
        feed("https://a.example/rss", "A", "World", "Asia"),
        feed("https://b.example/rss?x=1&y=2", "B & C"),
    )
    assert [one.line for one in found.feeds] == [3, 5]
    assert found.skipped == ()


def test_attributes_are_read_in_any_case_and_a_title_goes_before_a_text() -> None:
    (found,) = read_opml(opml('<OUTLINE Text="b" TITLE="a" XMLURL=" https://a.example/ rss "/>')).feeds
    assert (found.title, found.url) == ("a", "https://a.example/rss")


def test_an_outline_without_an_address_is_skipped_and_named() -> None:
    (skipped,) = read_opml(opml('<outline text="a link" type="link" url="https://a.example"/>')).skipped
    assert (skipped.line, skipped.title) == (2, "a link")
    assert skipped.reason == "it has no xmlUrl, and nothing stands in it"


def test_a_feed_may_stand_inside_a_feed() -> None:
    body = '<outline text="A" xmlUrl="https://a.example"><outline text="B" xmlUrl="https://b.example"/></outline>'
    assert [one.folders for one in read_opml(opml(body)).feeds] == [(), ()]


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "x-unheard-of", "hex"])
def test_an_encoding_that_is_not_read_is_said(encoding: str) -> None:
    with pytest.raises(ParseError, match=r"can not be read|not XML"):
        read_opml(f'<?xml version="1.0" encoding="{encoding}"?><opml/>'.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_an_encoding_that_is_declared_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><body><outline text="Zürich" xmlUrl="https://a"/></body></opml>'
    (found,) = read_opml(text.encode(encoding)).feeds
    assert found.title == "Zürich"


def test_an_ampersand_that_nobody_escaped_and_names_of_html_are_read() -> None:
    (found,) = read_opml(
        opml('<outline text="R&D &nbsp;&eacute; &amp; &klingon;" xmlUrl="https://a/?x=1&y=2"/>')
    ).feeds
    assert (found.title, found.url) == ("R&D \xa0é & &klingon;", "https://a/?x=1&y=2")


def test_signs_that_nobody_escaped_in_a_value_belong_to_it() -> None:
    body = """<outline text="The "Daily" <b>News</b>" description="x "y" > z"  xmlUrl="https://a/"/>
    <outline text="B" xmlUrl="https://b/" />"""
    assert [(one.title, one.url) for one in read_opml(opml(body)).feeds] == [
        ('The "Daily" <b>News</b>', "https://a/"),
        ("B", "https://b/"),
    ]


def refusal(document: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        read_opml(document)
    return why_not_opml(document, caught.value)


def test_entities_are_refused_with_their_place() -> None:
    laughs = '<!DOCTYPE opml [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;&a;">\n]>\n'
    assert refusal(opml('<outline text="&b;" xmlUrl="https://a"/>', laughs)) == (
        "line 2, column 12: entities are not expanded here, and this one is declared: a"
    )


def test_an_external_entity_reads_no_file() -> None:
    head = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert "entities are not expanded here" in refusal(opml('<outline text="&x;"/>', head))


def test_a_list_that_is_nested_without_end_is_refused_with_its_place() -> None:
    deep = "\n".join(['<outline text="x">'] * 1000)
    assert (
        refusal(opml(deep)) == f"line {DEEPEST + 2}, column 1: outlines are nested more than {DEEPEST} deep"
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            b"",
            "this is empty, not an OPML list of feeds (line 1, column 1: this is not XML: no element found)",
        ),
        (b"\x00\x01garbage", "this is binary data, not an OPML list"),
        (b"<rss version='2.0'><channel/></rss>", "an <opml> is expected here, this is <rss>"),
        (b"<!doctype html><html><body>Log in</body></html>", "this is an HTML page, not an OPML list"),
        (b'{"version": 1}', "this is JSON"),
        (b"<opml><body>\n<outline text='a & b' <", "line 2, column 19: this is not XML: not well-formed"),
        (b"<opml><body>", "line 1, column 13: this is not XML: no element found"),
        (b"<?xml version='1.0' encoding='klingon'?><opml/>", "unknown encoding"),
    ],
)
def test_what_is_no_list_is_refused_in_words(document: bytes, said: str) -> None:
    assert said in refusal(document)


def test_control_characters_in_a_title_are_gone() -> None:
    (found,) = read_opml(opml('<outline text="a&#9;b&#x85;c" xmlUrl="https://a"/>')).feeds
    assert found.title == "a b c"


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=20).map(str.strip)
FEEDS = st.builds(
    OpmlFeed,
    url=st.from_regex(r"https://[a-z]{1,8}\.example/[a-z?&=;<>'\"]{0,12}", fullmatch=True),
    title=TEXT.filter(bool),
    folders=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
)


@given(st.lists(FEEDS, max_size=8))
def test_what_is_written_reads_the_same(feeds: list[OpmlFeed]) -> None:
    found = read_opml(write_opml(feeds, title="a < b & c").encode())
    assert sorted(found.feeds, key=repr) == sorted(feeds, key=repr)
    assert found.skipped == ()


@given(st.binary(max_size=300))
def test_garbage_is_a_list_or_refused(garbage: bytes) -> None:
    for document in (garbage, b"<opml><body><outline " + garbage + b"/></body></opml>"):
        with suppress(ParseError):
            assert all(one.url for one in read_opml(document).feeds)
