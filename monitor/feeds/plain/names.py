"""What feedparser calls the elements: a namespace's usual prefix before the element's own name. Pure."""

from collections.abc import Iterable

from monitor.feeds.plain.unsure import UnsureError

PREFIXES = {
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
"""Namespaces in which something means something to feedparser, in lower case; others keep their prefix."""

MEANT = {
    *("abstract", "author", "body", "category", "cc_license"),
    *("channel", "cloud", "content", "content_encoded", "contributor", "copyright", "created"),
    *("creativecommons_license", "dc_author", "dc_contributor", "dc_creator", "dc_date", "dc_description"),
    *("dc_language", "dc_publisher", "dc_rights", "dc_subject", "dc_title", "dcterms_created"),
    *("dcterms_issued", "dcterms_modified", "dcterms_valid", "description", "email", "enclosure", "entry"),
    *("expirationdate", "feed", "feedburner_browserfriendly", "fullitem", "generator", "geom", "georss_box"),
    *("georss_line", "georss_point", "georss_polygon", "georss_where", "georssgeom", "gml_exterior"),
    *("gml_linearring", "gml_linestring", "gml_point", "gml_polygon", "gml_pos", "gml_poslist", "guid"),
    *("height", "homepage", "id", "image", "info", "issued", "item", "itunes_author", "itunes_block"),
    *("itunes_category", "itunes_email", "itunes_explicit", "itunes_image", "itunes_keywords"),
    *("itunes_link", "itunes_name", "itunes_owner", "itunes_subtitle", "itunes_summary", "keywords"),
    *("language", "lastbuilddate", "link", "managingeditor", "media_category", "media_content"),
    *("media_credit", "media_description", "media_group", "media_keywords", "media_license"),
    *("media_player", "media_rating", "media_restriction", "media_thumbnail", "media_title", "modified"),
    *("name", "newlocation", "psc_chapter", "psc_chapters", "pubdate", "published", "rights", "rss"),
    *("source", "subtitle", "summary", "tagline", "tags", "textinput", "title", "updated", "uri", "url"),
    *("webmaster", "where", "width", "xhtml_body"),
}
"""The elements that mean something to feedparser. All others it keeps under their names."""

WISHES = {"ttl", "sy_updateperiod", "sy_updatefrequency"}
"""Elements that mean something to us, and that it keeps under their names."""

KEYS = {
    *(
        "author_detail",
        "authors",
        "contributors",
        "publishers",
        "date",
        "date_parsed",
        "description_detail",
        "enclosures",
        "guidislink",
    ),
    *("issued_parsed", "license", "links", "modified_parsed", "published_parsed", "summary_detail"),
    *("title_detail", "updated_parsed"),
}
"""Names under which it keeps other things."""

_MEANING = {*PREFIXES.values()} - {""}


class Names(dict[str, str]):
    """The names of a document's elements by their tags.

    Raises UnsureError where what is declared, as (prefix, namespace), has no plain meaning.
    """

    def __init__(self, declared: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.uris = {"http://www.w3.org/xml/1998/namespace"}
        self._by_prefix: dict[str, str] = {}
        self._others: dict[str, str] = {}
        for prefix, uri in declared:
            if uri:
                self._declare(prefix, uri)

    def _declare(self, prefix: str, uri: str) -> None:
        if uri.split() != [uri]:
            raise UnsureError("a namespace with blanks in it")
        self.uris.add(uri.lower())
        if not prefix:
            return
        if self._by_prefix.setdefault(prefix.lower(), uri) != uri:
            raise UnsureError("a prefix of two namespaces")
        usual = _usual(uri)
        if usual is None and self._others.setdefault(uri, prefix) != prefix:
            raise UnsureError("a namespace of two prefixes")
        if usual is not None and prefix.lower() in _MEANING - {usual}:
            raise UnsureError("a common prefix of another namespace")

    def __missing__(self, tag: str) -> str:
        uri, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
        if uri and uri.lower() not in self.uris:
            raise UnsureError("a namespace that is declared in another spelling")
        prefix = _usual(uri) if uri else ""
        if prefix is None:
            prefix = self._others.get(uri, "")
        self[tag] = name = (f"{prefix}_{local}" if prefix else local).lower()
        return name


def _usual(uri: str) -> str | None:
    uri = uri.lower()
    return "" if "backend.userland.com/rss" in uri else PREFIXES.get(uri)
