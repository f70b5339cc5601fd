"""A document → its head and its entries, by the kind of feed that it is. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from monitor.feeds.plain.elements import image, read
from monitor.feeds.plain.names import Names
from monitor.feeds.plain.scribe import Scribe, attributes_of
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?>")
_PROLOG = re.compile(rb"(?:\s+|<\?(?!xml\s)[^<>]*\?>|<!--[^<>]*-->)*")
_ROOT = re.compile(rb"""<[A-Za-z_][^\s<>/]*(?:\s+[^\s<>=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/?>""")
_NAMESPACE = re.compile(rb"""xmlns(?::([^\s=<>"']{1,100}))?\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}


def plain(document: bytes) -> dict[str, Any]:
    """What feedparser finds in a document in UTF-8, whatever it declares; raises UnsureError."""
    declaration = _DECLARATION.match(document)
    start = declaration.end() if declaration else 0
    prolog = _PROLOG.match(document, start)
    outermost = _ROOT.match(document, prolog.end()) if prolog else None
    if outermost is None:
        raise UnsureError("something before the first element: a DOCTYPE, text, a second declaration")
    names = Names(_declared(document))
    root = _tree(document[start:])
    kind = _KINDS.get(names[root.tag])
    if kind is None:
        raise UnsureError("an outermost element that is none of a feed")
    scribe = kind(root, names, _version(outermost[0]))
    return {"feed": scribe.feed, "entries": scribe.entries, "version": scribe.version}


def _tree(document: bytes) -> "Element":
    from xml.etree import ElementTree  # not before there is a document to read

    try:
        return ElementTree.fromstring(document)  # noqa: S314 - there is no DTD, so there are no entities
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnsureError("not well-formed") from error


def _declared(document: bytes) -> Iterator[tuple[str, str]]:
    """All prefixes with their namespaces, those in texts too: more than there are do no harm."""
    at = document.find(b"xmlns")
    while at >= 0:
        if found := _NAMESPACE.match(document, at):
            uri = found[2] if found[3] is None else found[3]
            try:
                yield (found[1] or b"").decode(), uri.decode()
            except UnicodeDecodeError as error:
                raise UnsureError("not in UTF-8") from error
        at = document.find(b"xmlns", at + 5)


def _version(outermost: bytes) -> str:
    """The version that the first of the outermost element's namespaces says."""
    for prefix, uri, other_uri in _NAMESPACE.findall(outermost):
        lower = (uri or other_uri).lower()
        if lower == b"http://www.w3.org/2005/atom":
            return "atom10"
        if lower == b"http://purl.org/rss/1.0/":
            return "rss10"
        if lower == b"http://my.netscape.com/rdf/simple/0.9/" and not prefix:
            return "rss090"
    return ""


def _rss(root: "Element", names: Names, declared: str) -> Scribe:
    if declared.startswith("rss"):
        raise UnsureError("an RSS of two versions")
    said = attributes_of(root).get("version", "")
    version = _RSS_VERSIONS.get(said) or ("rss20" if said.startswith("2.") else "rss")
    scribe = Scribe(version, names)
    scribe.enter(root)
    _language_of_feed(scribe)
    if len(root) != 1 or names[root[0].tag] != "channel":
        raise UnsureError("an RSS that is not one channel")
    _channel(scribe, root[0])
    return scribe


def _rdf(root: "Element", names: Names, declared: str) -> Scribe:
    if not declared or not len(root) or names[root[0].tag] != "channel":
        raise UnsureError("an RDF that does not begin with a channel")
    scribe = Scribe(declared, names)
    scribe.enter(root)
    _channel(scribe, root[0])
    for element in root[1:]:
        match names[element.tag]:
            case "item":
                _entry(scribe, element)
            case "image":
                image(scribe, element)
            case _:
                raise UnsureError("an RDF of other things than a channel, an image and items")
    return scribe


def _feed(root: "Element", names: Names, declared: str) -> Scribe:
    if root.tag != "{http://www.w3.org/2005/Atom}feed" or declared != "atom10":
        raise UnsureError("an Atom of another version than 1.0")
    scribe = Scribe("atom10", names)
    scribe.enter(root)
    _language_of_feed(scribe)
    _children(scribe, root)
    return scribe


_KINDS = {"rss": _rss, "rdf_rdf": _rdf, "feed": _feed}


def _language_of_feed(scribe: Scribe) -> None:
    if scribe.lang:
        scribe.feed["language"] = scribe.lang.replace("_", "-")


def _channel(scribe: Scribe, channel: "Element") -> None:
    attributes, outer = scribe.enter(channel)
    _no_older(attributes)
    _children(scribe, channel)
    scribe.leave(outer)


def _children(scribe: Scribe, parent: "Element") -> None:
    names = scribe.names
    for element in parent:
        name = names[element.tag]
        if name in ("item", "entry"):
            _entry(scribe, element)
        else:
            read(scribe, element, name)


def _entry(scribe: Scribe, item: "Element") -> None:
    attributes, outer = scribe.enter(item)
    _no_older(attributes)
    scribe.begin_entry(attributes.get("rdf:about", ""))
    names = scribe.names
    for element in item:
        read(scribe, element, names[element.tag])
    scribe.end_entry()
    scribe.leave(outer)


def _no_older(attributes: Mapping[str, str]) -> None:
    """CDF, which came before RSS, has links and dates in attributes."""
    if "href" in attributes or "lastmod" in attributes:
        raise UnsureError("a link or a date in an attribute of a channel or an item")
