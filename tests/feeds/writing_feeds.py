"""Feeds of all sorts of elements, clean and odd, for comparing two ways to read them."""

from html import escape

from hypothesis import strategies as st

PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "own": "http://own.example/ns",
}
ROOTS = {
    "rss": ("<rss version='2.0' {0}><channel {1}>", "</channel></rss>", "item"),
    "old": ("<rss version='0.91' {0}><channel {1}>", "</channel></rss>", "item"),
    "atom": ("<feed xmlns='http://www.w3.org/2005/Atom' {0} {1}>", "</feed>", "entry"),
    "rdf": (
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/' {0}><channel rdf:about='http://a.example/' {1}>",
        "",
        "item",
    ),
}

TEXTS = st.one_of(
    st.text("ab é\u2019\u0085\x93<&>'\"\n\t\u3000", max_size=12),
    st.text(max_size=8),
    st.sampled_from(
        [
            "",
            "A title",
            "Q&amp;A",
            "Q &#8217; A",
            "a <b>bold</b> word",
            "<p>One</p><p>Two <a href='/rel'>x</a></p>",
            "a </nothtml> word",
            "1 < 2 && 3 > 2",
            "&nosuch; entity &copy;",
            "Ã¼ber",
            "Caf\x92s",
            "x" * 400,
            "a@b.example (Ann Bee)",
            "ann@bee.example",
            "Ann &amp; Bee",
            "one, two,, three",
            "daily",
            "60",
            "2",
        ]
    ),
)
LINKS = st.sampled_from(
    [
        "http://a.example/1",
        "https://a.example/1?a=1&b=2",
        "https://a.example/?x=1&copy;=2",
        "/relative",
        "  http://a.example/blank  ",
        "tag:a.example,2026:1",
        "urn:uuid:1",
        "http://[bad/",
        "http://é.example/ü",
        "",
    ]
)
DATES = st.one_of(
    st.sampled_from(
        [
            "Sat, 01 Nov 2025 10:00:00 GMT",
            "Sat, 1 Nov 2025 10:00:00 +0530",
            "Sat, 01 Nov 25 10:00 EST",
            "01 Nov 2025 10:00:00 -0000",
            "Saturday, 01 November 2025 24:00:00 Z",
            "Sam, 01 Nov 2025 10:00:00 GMT",
            "Sat, 31 Feb 2025 10:00:00 GMT",
            "2025-11-01T10:00:00Z",
            "2025-11-01T10:00:00.999-03:30",
            "2025-11-01T10:00:00",
            "2025-11-01",
            "2025-11-01T10:00",
            "2025-11-01 10:00:00",
            "2025-11-01T25:00:00Z",
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59-05:00",
            "1 Nov",
            "yesterday",
            "",
        ]
    ),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S +0100")),
)


def _rarely(*odd: str, of: int = 60) -> st.SearchStrategy[str]:
    """One of these in some of so many cases, else nothing."""
    return st.integers(0, of - 1).map(lambda number: odd[number] if number < len(odd) else "")


LANGUAGES = _rarely(" xml:lang='en_US'", " xml:lang=''", " lang='de'", of=20)
BASES = _rarely(" xml:base='http://base.example/dir/'", " xml:base=''", " xml:base='/rel'", of=120)
KINDS = _rarely(
    " type='html'", " type='text'", " type='text/html'", " type='TEXT'", " type='xhtml'", " mode='x'", of=18
)
ODDITIES = _rarely(" own:x='1'", " xml:space='preserve'", " own:href='h'", of=60)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A text as it stands in a document: escaped, in a CDATA section, with a comment or a command within."""
    text = "".join(
        one for one in draw(TEXTS) if one in "\t\n\r" or " " <= one < "\ud800" or "\ue000" <= one < "\ufffe"
    )
    way = draw(st.sampled_from(["escaped", "escaped", "cdata", "comment", "command", "twice", "references"]))
    if way == "cdata" and "]]>" not in text:
        return f"<![CDATA[{text}]]>"
    if way == "references":
        return "".join(f"&#{ord(one)};" if one.isalpha() else escape(one) for one in text)
    text = escape(text, quote=False)
    if way == "comment":
        return f" \n{text}<!-- a comment -->{text} "
    if way == "command":
        return f"{text}<?php echo ?>{text}"
    return escape(text, quote=False) if way == "twice" else text


def element(
    name: str, inner: st.SearchStrategy[str], *attributes: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """An element with a text and some attributes."""
    said = st.tuples(LANGUAGES, BASES, *attributes).map("".join)
    return st.tuples(said, inner).map(lambda parts: f"<{name}{parts[0]}>{parts[1]}</{name}>")


def _escaped(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return values.map(lambda value: escape(value, quote=True))


def _attribute(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), _escaped(values).map(lambda value: f" {name}='{value}'"))


def _people() -> st.SearchStrategy[str]:
    part = st.sampled_from(["name", "name", "email", "uri", "own:image"])
    parts = st.lists(st.tuples(part, _escaped(TEXTS_IN_XML)), max_size=3)
    return parts.map(lambda found: "".join(f"<{name}>{text}</{name}>" for name, text in found))


TEXTS_IN_XML = st.sampled_from(["Ann", "Bee", "", "é", "a@b.example", " Cee "])
_LINK = element(
    "link",
    st.one_of(st.just(""), _escaped(LINKS)),
    _attribute("href", LINKS),
    _attribute("rel", st.sampled_from(["alternate", "self", "hub", "enclosure", "Alternate", "replies"])),
    _attribute("type", st.sampled_from(["text/html", "html", "audio/mpeg", "application/atom+xml"])),
    ODDITIES,
)
_ATOM_LINK = _LINK.map(lambda text: text.replace("<link", "<atom:link").replace("</link", "</atom:link"))
_TEXTS_OF_ENTRIES = [
    *("title", "description", "summary", "content", "content:encoded", "media:title", "media:description"),
    *("dc:title", "dc:description", "itunes:summary", "itunes:subtitle", "rights", "subtitle"),
]
_PLAIN = [
    *("author", "dc:creator", "itunes:author", "language", "dc:language", "comments", "slash:comments"),
    *("own:thing", "unknown", "media:keywords", "itunes:keywords", "source", "ttl", "media:credit"),
    *(
        "sy:updatePeriod",
        "sy:updateFrequency",
        "generator",
        "dc:publisher",
        "image",
        "itunes:explicit",
        "Title",
    ),
]
_DATED = [
    "pubDate",
    "published",
    "updated",
    "dc:date",
    "lastBuildDate",
    "dcterms:modified",
    "dcterms:issued",
    "created",
]
_CATEGORY = element(
    "category",
    written(),
    _attribute("term", TEXTS_IN_XML),
    _attribute("domain", TEXTS_IN_XML),
    _attribute("label", TEXTS_IN_XML),
    ODDITIES,
)
_ENCLOSURE = element(
    "enclosure",
    st.just(""),
    _attribute("url", LINKS),
    _attribute("href", LINKS),
    _attribute("type", st.sampled_from(["audio/mpeg", "Audio/MPEG"])),
    _attribute("length", st.sampled_from(["1", "x", ""])),
)
_SOURCE = element("source", written(), _attribute("url", LINKS), ODDITIES)
_GUID = element(
    "guid",
    st.one_of(_escaped(LINKS), written()),
    _attribute("isPermaLink", st.sampled_from(["true", "false", "True"])),
)
_ID = element("id", st.one_of(_escaped(LINKS), written()))
_PERSON = st.sampled_from(["author", "contributor"]).flatmap(lambda name: element(name, _people()))
_INNER = st.sampled_from(
    [
        *("media:title", "media:description", "media:thumbnail", "media:keywords", "media:category"),
        *("title", "category", "guid", "link", "author", "description", "language", "source", "own:thing"),
    ]
)
_GROUP = st.sampled_from(["media:group", "media:content", "own:group"]).flatmap(
    lambda name: element(
        name,
        st.lists(_INNER.flatmap(lambda inner: element(inner, written(), KINDS)), max_size=3).map("".join),
        _attribute("url", LINKS),
    )
)
_TAGS = st.sampled_from(
    ["<p>", "<b class='c'>", "<a href='http://a.example/?a&amp;b' REL='X'>", "<br title='&quot;'>", "<div>"]
)
_XHTML = st.tuples(
    st.sampled_from(["title", "summary", "content", "rights", "subtitle"]),
    st.recursive(
        written(),
        lambda inner: st.lists(
            st.tuples(_TAGS, inner, st.sampled_from(["", " ", "x"])).map(
                lambda one: f"{one[0]}{one[1]}</{one[0][1:-1].split()[0]}>{one[2]}"
            ),
            max_size=3,
        ).map("".join),
        max_leaves=4,
    ),
    st.sampled_from([" ", "", "\n\n", "stray"]),
).map(
    lambda parts: (
        f"<{parts[0]} type='xhtml'>{parts[2]}<div xmlns='http://www.w3.org/1999/xhtml'>{parts[1]}</div>"
        f"{parts[2]}</{parts[0]}>"
    )
)
ELEMENTS = st.one_of(
    _XHTML,
    st.sampled_from(_TEXTS_OF_ENTRIES).flatmap(lambda name: element(name, written(), KINDS, ODDITIES)),
    st.sampled_from(_TEXTS_OF_ENTRIES).flatmap(lambda name: element(name, written())),
    st.sampled_from(_PLAIN).flatmap(lambda name: element(name, written())),
    st.sampled_from(_DATED).flatmap(lambda name: element(name, _escaped(DATES))),
    _LINK,
    _ATOM_LINK,
    _CATEGORY,
    _ENCLOSURE,
    _SOURCE,
    _GUID,
    _ID,
    _PERSON,
    _GROUP,
    _rarely(
        "<itunes:owner><itunes:name>Ann</itunes:name></itunes:owner>",
        "<image><url>http://a.example/i.png</url><title>Image</title><link>http://i.example/</link></image>",
        of=6,
    ),
    st.just("<own:outer><own:inner a='1'>x</own:inner>text</own:outer>"),
    st.just("stray text"),
)
ITEMS = st.tuples(LANGUAGES, BASES, st.lists(ELEMENTS, max_size=7)).map(
    lambda parts: (parts[0] + parts[1], "".join(parts[2]))
)


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """A whole document."""
    opening, closing, item = ROOTS[draw(st.sampled_from(list(ROOTS)))]
    prefixes = " ".join(f"xmlns:{prefix}='{uri}'" for prefix, uri in PREFIXES.items())
    opening = opening.format(prefixes, draw(LANGUAGES) + draw(BASES))
    head = "".join(draw(st.lists(ELEMENTS, max_size=4)))
    items = "".join(f"<{item}{said}>{inner}</{item}>" for said, inner in draw(st.lists(ITEMS, max_size=3)))
    tail = "".join(draw(st.lists(ELEMENTS, max_size=1)))
    if not closing:
        return f"{opening}{head}</channel>{items}</rdf:RDF>".encode()
    return f"{opening}{head}{items}{tail}{closing}".encode()
