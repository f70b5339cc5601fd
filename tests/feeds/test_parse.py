"""RSS, Atom and what only claims to be them."""

import gzip
from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError, SandboxTimeoutError
from monitor.feeds import parse as parsing
from monitor.feeds.entry import Enclosure, Entry, Feed, Parsed
from monitor.feeds.parse import parse
from monitor.sandbox import Sandbox
from tests.faultserver import rss

URL = "http://news.example/dir/feed.xml"


def read(text: str, *, content_type: str = "") -> Parsed:
    return parse(text.encode(), url=URL, content_type=content_type)


def item(inner: str, *, head: str = "", root: str = "") -> Entry:
    """The entry of an RSS document with one item."""
    (entry,) = read(f'<rss version="2.0" {root}><channel>{head}<item>{inner}</item></channel></rss>').entries
    return entry


def atom(inner: str, *, root: str = "") -> Entry:
    """The entry of an Atom document with one entry."""
    namespace = 'xmlns="http://www.w3.org/2005/Atom"'
    (entry,) = read(f"<feed {namespace} {root}><title>F</title><entry>{inner}</entry></feed>").entries
    return entry


# --- formats ---

RSS_2 = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>The &lt;b&gt;News&lt;/b&gt; &amp;amp; more</title>
  <link>http://news.example/</link>
  <atom:link rel="self" href="http://news.example/dir/feed.xml"/>
  <atom:link rel="hub" href="http://hub.example/"/>
  <language>en-us</language>
  <ttl>30</ttl>
  <skipHours><hour>3</hour><hour> 1 </hour><hour>24</hour></skipHours>
  <skipDays><day>sunday</day><day>Saturday</day><day>Caturday</day></skipDays>
  <sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
  <item>
    <title>Strait</title>
    <link>/stories/1</link>
    <guid isPermaLink="false">story-1</guid>
    <dc:creator>Ann &amp;amp; Bob</dc:creator>
    <category>Asia</category><category>Sea</category><category>Asia</category>
    <pubDate>Wed, 01 Jan 2025 12:00:00 +0100</pubDate>
    <description>A &lt;i&gt;summary&lt;/i&gt;</description>
    <content:encoded><![CDATA[<p>The <a href="/x">text</a></p>]]></content:encoded>
    <enclosure url="/a.mp3" type="audio/mpeg" length="123"/>
  </item>
</channel></rss>"""


def test_rss_2_is_read() -> None:
    parsed = read(RSS_2)
    assert parsed.feed == Feed(
        title="The News & more",
        link="http://news.example/",
        lang="en-us",
        version="rss20",
        ttl=30,
        skip_hours=(0, 1, 3),
        skip_days=("Saturday", "Sunday"),
        update_period="hourly",
        update_frequency=2,
        hub="http://hub.example/",
        self_link="http://news.example/dir/feed.xml",
    )
    assert parsed.entries == (
        Entry(
            guid="story-1",
            link="http://news.example/stories/1",
            title="Strait",
            author="Ann & Bob",
            categories=("Asia", "Sea"),
            summary="A <i>summary</i>",
            content='<p>The <a href="http://news.example/x">text</a></p>',
            lang="en-us",
            published=datetime(2025, 1, 1, 11, tzinfo=UTC),
            enclosures=(Enclosure(url="http://news.example/a.mp3", type="audio/mpeg", length=123),),
        ),
    )
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("source", "read_as"),
    [
        ("<source url='https://www.one.example'>One</source>", "https://www.one.example"),
        ("<source url='one.xml'/>", "http://news.example/dir/one.xml"),
        ("<source url='javascript:alert(1)'>One</source>", ""),
        ("<source url='http://[::1'>One</source>", ""),
        ("<source>One</source>", ""),
        ("<source url='https://a.example/'/><source url='https://b.example/'/>", "https://b.example/"),
        ("", ""),
    ],
)
def test_where_an_entry_says_it_was_taken_from_is_read(source: str, read_as: str) -> None:
    item = f"<item><title>A</title>{source}</item>"
    (entry,) = read(f"<rss version='2.0'><channel><title>N</title>{item}</channel></rss>").entries
    assert entry.source == read_as


def test_of_a_source_in_atom_its_page_is_read() -> None:
    source = "<source><id>x</id><title>S</title><link href='https://s.example/'/></source>"
    entry = f"<entry><id>1</id><title>A</title>{source}</entry>"
    (read_entry,) = read(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title>{entry}</feed>").entries
    assert (read_entry.source, read_entry.link) == ("https://s.example/", "")


def test_atom_is_read() -> None:
    parsed = read("""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="http://base.example/">
      <title type="text">Feed</title><link href="/home"/>
      <entry><id>tag:x,1</id><title>Eins</title><link rel="alternate" href="eins"/>
        <link rel="enclosure" href="eins.pdf" type="application/pdf"/>
        <author><name>A</name></author><author><name>B</name></author>
        <published>2025-01-01T00:00:00Z</published><updated>2025-01-02T00:00:00+02:00</updated>
        <category term="c" label="Label"/>
        <summary>1 &lt; 2

        und mehr</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>T &amp; <b>X</b></p></div>
        </content>
      </entry></feed>""")
    assert parsed.feed == Feed(title="Feed", link="http://base.example/home", lang="de", version="atom10")
    assert parsed.entries == (
        Entry(
            guid="tag:x,1",
            link="http://base.example/eins",
            title="Eins",
            author="A, B",
            categories=("Label",),
            summary="<p>1 &lt; 2</p><p>und mehr</p>",
            content="<p>T &amp; <b>X</b></p>",
            lang="de",
            published=datetime(2025, 1, 1, tzinfo=UTC),
            updated=datetime(2025, 1, 1, 22, tzinfo=UTC),
            enclosures=(Enclosure(url="http://base.example/eins.pdf", type="application/pdf"),),
        ),
    )


@pytest.mark.parametrize(
    ("document", "version"),
    [
        ('<rss version="0.91"><channel><item><title>T</title></item></channel></rss>', "rss091u"),
        (
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
            '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
            '<rss version="0.91"><channel><item><title>T</title></item></channel></rss>',
            "rss091n",
        ),
        ('<rss version="0.92"><channel><item><title>T</title></item></channel></rss>', "rss092"),
        ('<rss version="0.93"><channel><item><title>T</title></item></channel></rss>', "rss093"),
        ('<rss version="0.94"><channel><item><title>T</title></item></channel></rss>', "rss094"),
        ('<rss version="2.0"><channel><item><title>T</title></item></channel></rss>', "rss20"),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title></entry></feed>',
            "atom03",
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title></entry></feed>',
            "atom10",
        ),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "T"}]}', "json1"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "T"}]}', "json11"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            "<channel><title>F</title></channel><item><title>T</title></item></rdf:RDF>",
            "rss10",
        ),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://my.netscape.com/rdf/simple/0.9/">'
            "<channel><title>F</title></channel><item><title>T</title></item></rdf:RDF>",
            "rss090",
        ),
    ],
)
def test_every_format_and_version_is_read(document: str, version: str) -> None:
    parsed = read(document)
    assert parsed.feed.version == version
    assert [entry.title for entry in parsed.entries] == ["T"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read('<rss version="2.0"><channel><title>F</title></channel></rss>').entries == ()


def test_a_feed_that_was_packed_as_a_file_is_unpacked() -> None:
    assert len(parse(gzip.compress(rss("One")), url=URL).entries) == 1


# --- titles are plain text ---


@pytest.mark.parametrize(
    ("xml", "title"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("1 &lt; 2", "1 < 2"),
        ("1 &amp;lt; 2", "1 < 2"),
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
        ("one&lt;br/&gt;two&amp;nbsp;three &lt;/b&gt;", "one two\xa0three"),
        ("bal&lt;b&gt;loon&lt;/b&gt;", "balloon"),
        ("<![CDATA[Caf&eacute; & more]]>", "Café & more"),
        ("Using &lt;script&gt; &amp;amp; more", "Using <script> & more"),
        ("It&amp;#8217;s", "It’s"),
        ("  two\n   lines ", "two lines"),
        ("a  b", "a  b"),
    ],
)
def test_titles_of_rss_are_decoded_as_its_writers_mean_them(xml: str, title: str) -> None:
    assert item(f"<title>{xml}</title>").title == title


@pytest.mark.parametrize(
    ("kind", "xml", "title"),
    [
        ("text", "AT&amp;amp;T &lt;b&gt;", "AT&amp;T <b>"),
        ("html", "AT&amp;amp;T &lt;b&gt;x&lt;/b&gt;", "AT&T x"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;c&gt;</div>', "a b <c>"),
    ],
)
def test_titles_of_atom_are_what_their_type_says(kind: str, xml: str, title: str) -> None:
    assert atom(f'<title type="{kind}">{xml}</title>').title == title


def test_a_title_is_cut_where_no_honest_one_ends() -> None:
    assert len(item(f"<title>{'x' * 100_000}</title>").title) == 2000


# --- bodies are HTML ---


def test_a_lone_content_is_no_summary() -> None:
    entry = atom('<title>T</title><content type="html">&lt;p&gt;x&lt;/p&gt;</content>')
    assert (entry.summary, entry.content) == ("", "<p>x</p>")


def test_plain_text_is_escaped() -> None:
    assert (
        atom("<title>T</title><summary>a &lt;b&gt; &amp;amp; c</summary>").summary
        == "a &lt;b&gt; &amp;amp; c"
    )


def test_relative_links_in_a_body_lead_from_the_entry() -> None:
    entry = item(
        "<title>T</title><link>http://other.example/a/b</link>"
        "<description><![CDATA[<img src='c.png'> <a href=\"#top\">x</a> <a href='http://x.example/'>y</a>]]></description>"
    )
    assert "src='http://other.example/a/c.png'" in entry.summary
    assert 'href="#top"' in entry.summary
    assert "href='http://x.example/'" in entry.summary


# --- guids, links, dates ---


def test_a_permalink_is_the_link() -> None:
    entry = item("<title>T</title><guid>http://news.example/1</guid>")
    assert entry.link == entry.guid == "http://news.example/1"


def test_a_guid_that_only_claims_to_be_a_link_is_none() -> None:
    entry = item("<title>T</title><guid>12345</guid>")
    assert (entry.guid, entry.link) == ("12345", "")


def test_a_guid_does_not_depend_on_where_the_feed_was_found() -> None:
    document = rss("One").replace(b"<guid>http://news.example/0", b"<guid>/relative")
    guids = {parse(document, url=url).entries[0].guid for url in ("http://a.example/", "http://b.example/")}
    assert guids == {"/relative"}


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http://[x"]
)
def test_a_link_that_leads_to_no_page_is_none(link: str) -> None:
    assert item(f"<title>T</title><link>{link}</link>").link == ""


@pytest.mark.parametrize("date", ["", "soon", "Wed, 32 Foo 2025"])
def test_an_unreadable_date_is_none(date: str) -> None:
    entry = item(f"<title>T</title><pubDate>{date}</pubDate>")
    assert (entry.published, entry.updated) == (None, None)


def test_a_missing_date_is_not_made_up_of_another() -> None:
    entry = item("<title>T</title><pubDate>Wed, 01 Jan 2025 12:00:00 GMT</pubDate>")
    assert entry.published is not None
    assert entry.updated is None


# --- encodings ---


@pytest.mark.parametrize(
    ("codec", "declared", "content_type"),
    [
        ("utf-8", "", ""),
        ("koi8-r", "koi8-r", ""),
        ("koi8-r", "utf-8", "application/rss+xml; charset=koi8-r"),
        ("koi8-r", "", "text/xml; charset=koi8-r"),
        ("utf-16", "utf-16", ""),
        ("utf-8-sig", "utf-8", "application/xml"),
        ("utf-8", "", "text/xml"),
    ],
)
def test_encodings_are_found_by_header_mark_declaration_or_guess(
    codec: str, declared: str, content_type: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    document = f'{declaration}<rss version="2.0"><channel><item><title>Жёлтый</title></item></channel></rss>'
    parsed = parse(document.encode(codec), url=URL, content_type=content_type)
    assert [entry.title for entry in parsed.entries] == ["Жёлтый"]


def test_a_wrong_declaration_is_told() -> None:
    document = '<?xml version="1.0" encoding="utf-8"?>' + rss("caf\xe9").decode().partition("?>")[2]
    parsed = parse(document.encode("windows-1252"), url=URL)
    assert parsed.entries[0].title == "café"
    assert "declared as utf-8, but parsed as" in parsed.warnings[0]  # as what, its guesser of the day says


# --- what is no feed ---


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b"", "empty"),
        (b" \n\t ", "blank"),
        (b"<!DOCTYPE html><html><head><title>Sorry &amp; bye</title>", "an HTML page ('Sorry & bye')"),
        (b"<HTML><body>x</body></HTML>", "an HTML page"),
        (b'{"a": 1}', "JSON but not a JSON Feed"),
        (b"<opml version='2.0'><body><outline/></body></opml>", "an OPML list of feeds"),
        (b"<?xml version='1.0'?><urlset></urlset>", "a sitemap"),
        (b"<soap:Envelope xmlns:soap='x'/>", "an XML document of another kind (<envelope>)"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"\x89PNG\r\n", "an image"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"Not found", "plain text"),
        (b"\x00\x01\x02", "binary data"),
    ],
)
def test_what_is_no_feed_is_called_by_its_name(document: bytes, what: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document, url=URL, content_type="application/rss+xml")
    assert what in str(caught.value)


def test_a_broken_archive_is_called_so() -> None:
    with pytest.raises(ParseError, match="gzip archive"):
        parse(b"\x1f\x8b\x08\x00garbage", url=URL)


# --- tolerance: the smallest thing fails ---


def test_a_broken_document_gives_what_it_has_and_a_warning() -> None:
    parsed = parse(rss("One", "Two & Three", "Four")[:-30], url=URL)
    assert [entry.title for entry in parsed.entries] == ["One", "Two & Three", "Four"]
    assert "not well-formed" in parsed.warnings[0]


def test_an_empty_item_is_left_out_with_a_warning() -> None:
    parsed = read('<rss version="2.0"><channel><item/><item><title>T</title></item></channel></rss>')
    assert [entry.title for entry in parsed.entries] == ["T"]
    assert parsed.warnings == ("1 empty entry was left out",)


def test_an_item_that_is_too_much_for_the_parser_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = parsing._ask_feedparser

    def fussy(utf8: bytes) -> object:
        if b"Two" in utf8:
            raise AttributeError("feedparser fell over")
        return ask(utf8)

    monkeypatch.setattr(parsing, "_ask_feedparser", fussy)
    parsed = parse(rss("One", "Two", "Three", head="<textInput/>"), url=URL)
    assert [entry.title for entry in parsed.entries] == ["One", "Three"]
    assert parsed.warnings == ("1 entry could not be read",)


def test_a_clean_document_is_read_without_feedparser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(parsing, "_ask_feedparser")
    assert [entry.title for entry in parse(rss("One", "Two"), url=URL).entries] == ["One", "Two"]


def test_blank_lines_before_the_declaration_do_not_matter() -> None:
    assert parse(b"\n \n" + rss("One"), url=URL).warnings == ()


# --- hostile documents ---


def test_external_entities_are_not_fetched() -> None:
    """No file is read, no request is made."""
    doctype = (
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://127.0.0.1:9/x">]>'
    )
    document = rss("one &a;", "two &b;").replace(b"?><rss", b"?>" + doctype.encode() + b"<rss")
    titles = " ".join(entry.title for entry in parse(document, url=URL).entries)
    assert "root" not in titles


def test_entities_that_multiply_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{entities}]>'
    document = rss("&l9;").replace(b"?><rss", b"?>" + doctype.encode() + b"<rss")
    assert "lollol" not in parse(document, url=URL).entries[0].title


@pytest.mark.parametrize(
    ("reference", "title"),
    [("&#xD800;", "a\ufffdb"), ("&#1114112;", "a\ufffdb"), ("&#0;", "ab"), ("\x01", "ab"), ("&#x9f;", "aŸb")],
)
def test_characters_that_nobody_can_store_are_replaced(reference: str, title: str) -> None:
    entry = item(f"<title>a{reference}b</title>")
    assert entry.title == title
    assert entry.title.encode()


def test_deep_nesting_is_survived() -> None:
    deep = "&lt;b&gt;" * 5_000 + "deep" + "&lt;/b&gt;" * 5_000
    assert len(item(f"<title>T</title><description>{deep}</description>").summary) > 30_000


def test_too_many_items_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_ENTRIES", 10)
    parsed = parse(rss(*map(str, range(30))), url=URL)
    assert [entry.title for entry in parsed.entries] == [str(number) for number in range(10)]
    assert parsed.warnings == ("only the first 10 of 30 entries were read",)
    assert len(parsed.items) == 10


async def test_a_document_that_keeps_the_parser_busy_is_killed() -> None:
    busy = b"<?" + b'encoding="' * 20_000
    with Sandbox(1, preload=("monitor.feeds.parse",)) as sandbox:
        with pytest.raises(SandboxTimeoutError):
            await sandbox.run(parse, busy, url=URL, timeout=0.2)
        parsed = await sandbox.run(parse, rss("One"), url=URL, timeout=30)
    assert len(parsed.entries) == 1


# --- only what is new ---


def test_known_items_are_left_out() -> None:
    first = parse(rss("One", "Two", "Three"), url=URL)
    assert len(first.items) == 3
    again = parse(rss("One", "Two", "Three", "Four"), url=URL, known=first.items)
    assert [entry.title for entry in again.entries] == ["Four"]
    assert again.left_out == 3
    assert again.items[:3] == first.items


def test_a_known_item_that_was_edited_is_read_again() -> None:
    first = parse(rss("One", "Two", "Three"), url=URL)
    again = parse(rss("One", "Edited", "Three"), url=URL, known=first.items)
    assert [entry.title for entry in again.entries] == ["Edited"]


def test_where_all_items_are_known_the_head_is_still_read() -> None:
    document = rss("One", head="<ttl>5</ttl>")
    again = parse(document, url=URL, known=parse(document, url=URL).items)
    assert (again.entries, again.left_out, again.feed.ttl) == ((), 1, 5)


def test_a_document_that_is_not_well_formed_is_always_read_whole() -> None:
    document = rss("One", "Two & a half")
    first = parse(document, url=URL)
    assert first.items == ()
    assert len(parse(document, url=URL, known=first.items).entries) == 2


def test_where_parser_and_cut_disagree_the_whole_document_is_read() -> None:
    """The second item is in a comment: the cut does not know that."""
    document = (
        rss("One", "Two")
        .replace(b"</item><item>", b"</item><!-- <item>")
        .replace(b"</item></channel>", b"</item> --></channel>")
    )
    assert parse(document, url=URL).items == ()
