"""Reading clean documents without feedparser: exactly as it does, or not at all."""

import contextlib
import time
from typing import Any

import feedparser.mixin
import pytest
from feedparser.datetimes import _parse_date
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.found import entries_of, feed_of
from monitor.feeds.fresh import CONTENT_TYPE, Fresh
from monitor.feeds.items import cut
from monitor.feeds.parse import _feedparser, parse, parse_new
from monitor.feeds.plain import UnsureError, plain
from monitor.feeds.plain.dates import moment
from monitor.feeds.plain.elements import READERS
from monitor.feeds.plain.names import MEANT, PREFIXES, WISHES
from monitor.reading import LARGEST_HERE
from monitor.steps import in_step
from tests.examples import examples
from tests.feeds.writing_feeds import DATES, feeds

URL = "http://feed.example/dir/feed.xml"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:own="http://own.example/"'
)


def read_here(document: bytes) -> Parsed:
    """A document all of whose items are new, as it is read without a child."""
    pieces = cut(document)
    if pieces is None:
        raise UnsureError("no items")
    places = tuple(range(len(pieces.items)))
    new = Fresh(items=pieces.hashes, head=pieces.head, document=document, places=places)
    (parsed,) = in_step([parse_new(new, url=URL)])
    return parsed


def outcome(found: Any, document: bytes) -> tuple[Feed, list[tuple[int, Entry]], list[str], bool]:
    """All that comes of a document: head, entries with their places, warnings, whether it is sound."""
    said: list[str] = []
    feed = feed_of(found, document, URL)
    return feed, list(entries_of(found["entries"], feed, URL, said)), said, bool(found.get("bozo"))


def rss(item: str = "", *, head: str = "", root: str = "", prolog: str = "") -> bytes:
    return (
        f'{prolog}<rss version="2.0" {NAMESPACES} {root}><channel><title>F</title>{head}'
        f"<item>{item}</item></channel></rss>"
    ).encode()


def atom(entry: str = "", *, head: str = "", root: str = "") -> bytes:
    namespace = 'xmlns="http://www.w3.org/2005/Atom"'
    return (
        f"<feed {namespace} {NAMESPACES} {root}><title>F</title>{head}<entry>{entry}</entry></feed>".encode()
    )


def rdf(items: str, *, root: str = "") -> bytes:
    declared = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    return f"<rdf:RDF {declared} {NAMESPACES} {root}>{items}</rdf:RDF>".encode()


@examples(150, suppress_health_check=[HealthCheck.data_too_large])
@given(feeds())
def test_a_document_is_read_as_feedparser_reads_it_or_not_at_all(document: bytes) -> None:
    try:
        found = plain(document)
    except UnsureError:
        return
    assert outcome(found, document) == outcome(_feedparser(document), document)


@examples(50)
@given(
    st.sampled_from(
        [
            "",
            "<?xml version='1.0' encoding='utf-8'?>",
            " \n",
            "\ufeff",
            "\ufeff<?xml version='1.1'?>",
            "\ufeff ",
        ]
    ),
    feeds(),
)
def test_what_is_read_without_a_child_is_what_a_child_reads(start: str, document: bytes) -> None:
    """Declarations, marks and blanks before it included."""
    document = start.encode() + document
    try:
        parsed = read_here(document)
    except UnsureError:
        return
    assert parsed == parse(document, url=URL, content_type=CONTENT_TYPE)


CLEAN = {
    "an RSS": rss("<title>T</title><link>http://a.example/</link><guid>1</guid><description>D</description>"),
    "an old RSS": b"<rss version='0.91'><channel><item><title>T</title></item></channel></rss>",
    "an RSS of no version": b"<rss><channel><item><title>T</title></item></channel></rss>",
    "an RSS 1.0": rdf(
        "<channel rdf:about='http://a.example/'><title>F</title><items><rdf:Seq><rdf:li/></rdf:Seq></items>"
        "</channel><image><title>I</title></image><item rdf:about='1'><title>T</title></item>"
    ),
    "an Atom": atom(
        "<id>1</id><title type='html'>&lt;b&gt;T&lt;/b&gt;</title><link href='http://a.example/'/>"
        "<author><name>Ann</name><uri>http://ann.example/</uri></author><updated>2025-11-01T10:00:00Z</updated>"
        "<summary>S</summary><content type='html'>C</content><category term='c' label='l'/>"
    ),
    "a declaration and a style sheet": rss(
        "<title>T</title>",
        prolog="<?xml version='1.0'?>\n<?xml-stylesheet href='x.xsl'?><!-- a comment -->\n",
    ),
    "a title after its media's": rss("<media:title>M</media:title><title>T</title>"),
    "a title before its media's": rss(
        "<title>T</title><media:group><media:title>M</media:title></media:group>"
    ),
    "an empty title and its media's": rss("<title/><media:title type='html'>M</media:title>"),
    "two titles": rss("<title>One</title><title>Two</title>"),
    "a title with entities": rss("<title>Q &amp;amp; A &amp;#8217; &lt;b&gt;x&lt;/b&gt;</title>"),
    "a title decoded wrongly": rss("<title>Ã¼ber \u0093so\u0094</title>"),
    "a second description": rss("<description>D</description><media:description>M</media:description>"),
    "a summary and a description": rss("<itunes:summary>S</itunes:summary><description>D</description>"),
    "a content and a description": rss("<content:encoded>C</content:encoded><description>D</description>"),
    "a summary of the feed": rss(
        "<description>D</description><media:description>M</media:description>",
        head="<itunes:summary>S</itunes:summary><description>D</description>",
    ),
    "authors": rss("<author>a@b.example (Ann)</author><dc:creator>Bee</dc:creator><itunes:author/>"),
    "an author and one in parts": rss("<author>Ann</author><author><name>Bee</name></author>"),
    "an author in parts and one within media": rss(
        "<author><name>Ann</name></author><media:group><dc:creator>Bee</dc:creator></media:group>"
    ),
    "an author of whom nothing is said": atom("<author><name/></author>"),
    "categories": rss("<category domain='d'>a</category><category domain='d'/><category>b</category>"),
    "keywords": rss("<media:keywords>a, b,,a</media:keywords>"),
    "an enclosure": rss("<enclosure url='http://a.example/a.mp3' type='Audio/MPEG' length='12'/>"),
    "a link with a query": rss("<link>http://a.example/?a=1&amp;b=2&amp;copy;=3</link>"),
    "a link after its guid": rss("<guid>http://a.example/1</guid><link/>"),
    "a guid that is no link": rss("<guid isPermaLink='false'>1</guid>"),
    "a base for all links": atom(
        "<link href='1'/><summary>S</summary>", root="xml:base='http://b.example/d/'"
    ),
    "a base that stays": atom("<content xml:base='http://b.example/d/'>C</content><link href='1'/>"),
    "languages": atom("<title xml:lang='de'>T</title>", root="xml:lang='en-GB'"),
    "an image of the entry": rss(
        "<title>T</title><image>http://a.example/i.png</image><media:title>M</media:title>"
    ),
    "a base of media": rss("<media:group xml:base='http://a.example/'/><link>1</link>"),
    "XHTML": atom(
        "<content type='xhtml'> <div xmlns='http://www.w3.org/1999/xhtml'>a &lt; <B Class='\"&amp;'>b</B>"
        "<br/>\n</div> </content><rights type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>c</div></rights>"
    ),
    "XHTML in two parts": atom(
        "<summary type='xhtml' xmlns:h='http://www.w3.org/1999/xhtml'><h:div>a</h:div><h:div>b</h:div></summary>"
    ),
    "an image with a title": rss("<image><title>I</title><link>l</link><url>u</url></image>"),
    "elements of the entry within media": rss(
        "<media:group><media:content><title>M</title><category>c</category></media:content></media:group>"
    ),
    "elements of the entry within others": rss("<title>T</title><own:a><id>1</id><title>A</title></own:a>"),
    "what nobody reads": rss("<own:a b='1'><own:c>x</own:c></own:a><unknown>y</unknown>stray"),
    "wishes": rss(head="<ttl>5</ttl><skipHours><hour>1</hour></skipHours><language>en</language>"),
}


@pytest.mark.parametrize("document", CLEAN.values(), ids=CLEAN.keys())
def test_a_clean_document_needs_no_feedparser(document: bytes) -> None:
    assert outcome(plain(document), document) == outcome(_feedparser(document), document)


UNSURE = {
    "something before the first element": [
        rss(prolog="<!DOCTYPE rss>"),
        rss(prolog="<!DOCTYPE rss [<!ENTITY a 'b'>]>"),
        rss(prolog="<!-- <rss> -->"),
        rss(prolog="text"),
        rss(prolog="<?xml version='1.0'?><?xml version='1.0'?>"),
        b"",
        b"\x00\xff garbage",
        b"<",
    ],
    "not well-formed": [
        rss("<title>&nbsp;</title>"),
        rss("<title>T"),
        rss("<title>a & b</title>"),
        rss("<no:prefix/>"),
        rss("\x01"),
        rss() + b"more",
        rss("<title>T</title>").replace(b"T", b"\xff"),
        b"<rss/><rss/>",
    ],
    "none of a feed": [b"<html/>", b"<opml version='2.0'/>", b"<RSS2/>"],
    "not one channel": [b"<rss/>", b"<rss><channel/><item/></rss>", b"<rss><item/></rss>"],
    "another version than 1.0": [b"<feed xmlns='http://purl.org/atom/ns#' version='0.3'/>", b"<feed/>"],
    "does not begin with a channel": [rdf("<item/>"), rdf("")],
    "other things than a channel": [rdf("<channel/><textinput/>")],
    "an RSS of two versions": [rss(root="xmlns:r='http://purl.org/rss/1.0/'")],
    "a prefix of two namespaces": [rss("<own:a xmlns:own='http://other.example/'/>")],
    "a namespace of two prefixes": [rss("<o:a xmlns:o='http://own.example/'/>")],
    "a common prefix of another namespace": [
        b"<rss xmlns:media='http://purl.org/dc/elements/1.1/'><channel/></rss>"
    ],
    "blanks in it": [rss(root="xmlns:b=' http://b.example/'")],
    "another spelling": [rss("<b:a/>", root="xmlns:b='http://&#98;.example/'")],
    "elements where a text is expected": [
        rss("<title>a <b>bold</b> word</title>"),
        rss("<guid><b/></guid>"),
        rss("<link href='h'><title>T</title></link>"),
        rss("<rights type='xhtml'><div/></rights>"),
        rss("<enclosure url='u'><title>T</title></enclosure>"),
    ],
    "another type than text or HTML": [
        rss("<description type='xhtml'>D</description>"),
        atom("<content type='application/json'>e30=</content>"),
        rss("<description mode='base64'>QQ==</description>"),
    ],
    "XHTML with something else": [
        atom("<content type='xhtml'><div/></content>"),
        atom("<content type='xhtml'><h:svg xmlns:h='http://www.w3.org/1999/xhtml'/></content>"),
    ],
    "XHTML with an attribute": [
        atom("<content type='xhtml'><h:a own:b='' xmlns:h='http://www.w3.org/1999/xhtml'/></content>"),
        atom("<content type='xhtml'><h:a base='' xmlns:h='http://www.w3.org/1999/xhtml'/></content>"),
        atom("<content type='xhtml'><h:a b='' B='' xmlns:h='http://www.w3.org/1999/xhtml'/></content>"),
    ],
    "XHTML with links of another kind": [
        atom("<content type='xhtml' xmlns:x='http://www.w3.org/1999/xlink'>C</content>")
    ],
    "tags that may be HTML's": [rss("<title>&lt;i&gt;x&lt;/i&gt; &lt;bdo&gt;</title>")],
    "a date in another form": [
        rss("<pubDate>yesterday</pubDate>"),
        rss("<pubDate>Sam, 01 Nov 2025 10:00:00 GMT</pubDate>"),
        atom("<updated>2025-11-01T10:00:00+0100</updated>"),
    ],
    "a date that does not exist": [
        rss("<pubDate>Sat, 31 Feb 2025 10:00:00 GMT</pubDate>"),
        atom("<updated>2025-11-01T24:00:00Z</updated>"),
        atom("<updated>0001-01-01T00:00:00+01:00</updated>"),
    ],
    "a slash too many": [rss("<link>http:///a.example/</link>"), atom("<link href='http:///a'/>")],
    "a base that is not plain": [
        atom("<title xml:base='d/'>T</title>"),
        atom(root="xml:base='http://a/b/../'"),
    ],
    "a base for links": [
        rss("<own:a base='http://a.example/'/>"),
        atom("<author><name xml:base='http://a.example/'>Ann</name></author>"),
    ],
    "an attribute of another namespace": [
        rss("<title base='http://a.example/'>T</title>"),
        rss("<enclosure own:url='u'/>"),
        rdf("<channel/><item own:about='1'/>"),
        rss("<title lang='a' LANG='b'>T</title>"),
    ],
    "an attribute of a channel or an item": [
        b"<rss><channel href='h'/></rss>",
        b"<rss><channel><item lastmod='2025-11-01'/></channel></rss>",
    ],
    "an author without a name": [
        atom("<author><email>a@b.example</email></author>"),
        atom("<author><name>Ann</name><name>Bee</name></author>"),
        atom("<author><name/><email>a@b.example</email></author>"),
        atom("<author>Ann<name/></author>"),
    ],
    "a great many categories": [rss("".join(f"<category>{number}</category>" for number in range(400)))],
    "a very long author": [rss(f"<author>{'x' * 301}</author>")],
    "an element that is rare": [
        rss("<item/>"),
        rss("<own:a><item/></own:a>"),
        rss("<georss:point>1 2</georss:point>"),
        rss(head="<textInput/>"),
        rss("<body>B</body>"),
    ],
    "a person with other things": [
        atom("<author><title>Dr</title><name>Ann</name></author>"),
        atom("<author><name>Ann</name><ttl>5</ttl></author>"),
        atom("<author><name>Ann</name><links>l</links></author>"),
    ],
    "an owner of an entry": [rss("<itunes:owner/>")],
    "an owner with other things": [rss(head="<itunes:owner><title>T</title></itunes:owner>")],
    "an image with other things": [
        rss("<image><description>D</description></image>"),
        rss("<image><link href='h'/></image>"),
        rss(head="<image><own:a/><title>I</title></image>"),
    ],
    "a category with other things": [rss(head="<itunes:category><title>T</title></itunes:category>")],
    "keywords with attributes": [rss("<media:keywords a='1'>a</media:keywords>")],
    "the name of something else": [
        rss("<links>l</links>"),
        rss("<contributors>c</contributors><contributor><name>Ann</name></contributor>"),
        rss("<published_parsed>p</published_parsed>"),
    ],
    "too deep": [rss("<own:a>" * 50 + "</own:a>" * 50), rss("<media:group>" * 50 + "</media:group>" * 50)],
}


@pytest.mark.parametrize(
    ("reason", "document"),
    [(reason, document) for reason, documents in UNSURE.items() for document in documents],
)
def test_what_is_not_plain_is_left_to_feedparser_with_a_reason(reason: str, document: bytes) -> None:
    with pytest.raises(UnsureError, match=reason):
        plain(document)


@pytest.mark.parametrize("date", ["Sat, 01 Nov 2025 10:00:00 GMT", "2025-11-01T10:00:00Z", "2025-11-01"])
def test_a_common_date_is_read(date: str) -> None:
    assert moment(date) is not None


@given(
    st.one_of(
        DATES,
        st.lists(
            st.sampled_from(
                [
                    "Sat, ",
                    "1",
                    "31",
                    " Nov ",
                    " Febx ",
                    "2025",
                    "99",
                    " ",
                    "10:00",
                    ":59",
                    ".5",
                    "Z",
                    "T",
                    "-",
                    "+01:00",
                ]
            ),
            max_size=9,
        ).map("".join),
    )
)
def test_a_date_is_read_as_feedparser_reads_it_or_not_at_all(text: str) -> None:
    try:
        at = moment(text)
    except UnsureError:
        return
    theirs = _parse_date(text)
    assert (at and at.timetuple()[:6]) == (theirs and tuple(theirs)[:6])


def test_the_names_that_mean_something_are_those_of_feedparser() -> None:
    """Whatever it learns to read some day must be looked at here."""
    handlers = (
        name for name in dir(feedparser.mixin._FeedParserMixin) if name.startswith(("_start_", "_end_"))
    )
    assert {name.split("_", 2)[2].lower() for name in handlers} == MEANT
    assert READERS.keys() - MEANT == WISHES


def test_the_namespaces_that_mean_something_are_those_of_feedparser() -> None:
    theirs = {
        uri.lower(): prefix.lower() for uri, prefix in feedparser.mixin._FeedParserMixin.namespaces.items()
    }
    meaning = {name.partition("_")[0] for name in MEANT | {"sy_"} if "_" in name} | {"", "rdf", "xml"}
    ours = {**PREFIXES, "": "", "http://backend.userland.com/rss": ""}
    assert {uri: prefix for uri, prefix in theirs.items() if prefix in meaning} == ours


HOSTILE = {
    "namespaces": ("", "<a xmlns:{}='u'/>"),
    "prefixes that never end": ("", "xmlns:"),
    "declarations that never end": ("", "xmlns='"),
    "elements": ("", "<a/>"),
    "items": ("", "</item><item>"),
    "items with a title": ("", "</item><item><title>a</title>"),
    "depth": ("", "<a>"),
    "media": ("", "<media:group><media:content/></media:group>"),
    "authors": ("", "<author>" + "a" * 299 + "@</author>"),
    "tags": ("", "<category>{}</category>"),
    "titles": ("title", "&lt;/"),
    "entities": ("title", "&amp;a"),
    "a query": ("link", "&amp;a"),
    "a date": ("pubDate", "1 "),
    "references": ("title", "&#195;"),
    "comments in a title": ("media:title", "&lt;/b&gt;&lt;!--"),
    "links in a text": ("description", "&lt;a href='#"),
    "line breaks": ("title", "&#8232; "),
}


def quickest(document: bytes) -> float:
    """Seconds of the processor that a document takes, in the best of three times."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        with contextlib.suppress(UnsureError):
            read_here(document)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize(("name", "piece"), HOSTILE.values(), ids=HOSTILE.keys())
def test_no_document_takes_much_longer_than_many_small_items(name: str, piece: str) -> None:
    """What is slow for a careless reader, as much of it as the event loop reads itself."""
    filling = "".join(piece.format(number) for number in range(LARGEST_HERE // len(piece)))
    document = rss(f"<{name}>{filling}</{name}>" if name else filling)
    small = "</item><item><title>a</title>"
    assert quickest(document) < 10 * quickest(rss(small * (LARGEST_HERE // len(small))))
