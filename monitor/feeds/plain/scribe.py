"""What was read so far, under feedparser's names; and how attributes and texts are read. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from monitor.feeds.plain.names import Names
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ATTRIBUTES = {f"{_XML}lang": "xml:lang", f"{_XML}base": "xml:base", f"{_RDF}about": "rdf:about"}
_READ = {
    *(
        "about",
        "base",
        "domain",
        "href",
        "ispermalink",
        "label",
        "lang",
        "lastmod",
        "length",
        "mode",
        "rel",
        "scheme",
    ),
    *("term", "text", "type", "uri", "url", "version"),
}
"""Attributes that are read; feedparser does not see of which namespace they are."""
_NONE: Mapping[str, str] = {}
_BASE = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*)*/?(?:\?[A-Za-z0-9._~%=&-]+)?"
)
"""A base that stays as it is when it is joined with itself, or with another."""
_DEEPEST = 30
"""So deep no feed is; and what reads it goes as deep itself."""
_WINDOWS_SIGN = re.compile("[\x80-\x9f]")


class Outer(NamedTuple):
    """What counts again when an element has ended."""

    depth: int
    lang: str | None
    base: str


class Scribe:
    """Writes into the feed's head, or into the newest entry; knows where in the document it is.

    `depth`, `lang` and `base` are those of the elements that are read now; `has_content` and `title_depth`
    what feedparser remembers of the elements before.
    """

    __slots__ = (
        *("base", "context", "depth", "entries", "feed", "has_content", "in_entry", "lang", "loose", "names"),
        *("title_depth", "version", "_depths", "_outer_base"),
    )

    def __init__(self, version: str, names: Names) -> None:
        self.version = version
        self.loose = not version.startswith("atom")
        self.names = names
        self.feed: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        self.context = self.feed
        self.in_entry = self.has_content = False
        self.depth, self.title_depth = 1, -1
        self.lang: str | None = None
        self.base = self._outer_base = ""
        self._depths: dict[str, int] = {}

    def enter(self, element: "Element") -> tuple[Mapping[str, str], Outer]:
        """Into an element that holds others: its attributes, and what to `leave` it with."""
        if self.depth > _DEEPEST:
            raise UnsureError("too deep")
        outer = Outer(self.depth, self.lang, self._outer_base)
        attributes = self.attributes(element)
        self.depth += 1
        self.lang = language_of(attributes, self.lang)
        self._outer_base = self.base
        return attributes, outer

    def leave(self, outer: Outer) -> None:
        """Out of it."""
        self.depth, self.lang, self._outer_base = outer
        self.end_element()

    def end_element(self) -> None:
        """Where the outer element has no base, that of the inner one stays."""
        self.base = self._outer_base or self.base

    def attributes(self, element: "Element") -> Mapping[str, str]:
        """An element's attributes by their names in lower case; its links have the base that it says."""
        if not element.attrib:
            return _NONE
        attributes = attributes_of(element)
        if base := attributes.get("xml:base"):
            if not _BASE.fullmatch(base):
                raise UnsureError("a base that is not plain")
            self.base = base
        return attributes

    def begin_entry(self, about: str) -> None:
        """An item or entry; `about` is its id in RSS 1.0."""
        self.context = {"id": about} if about else {}
        self.entries.append(self.context)
        self.in_entry = True
        self._depths = {}
        self.title_depth = -1

    def end_entry(self) -> None:
        """Back to the head."""
        self.context = self.feed
        self.in_entry = self.has_content = False

    def keep(self, key: str, text: str) -> None:
        """A text; in an entry the outermost element has the say, and of equals the last."""
        if self.in_entry:
            if self.depth > self._depths.get(key, self.depth):
                return
            self._depths[key] = self.depth
        self.context[key] = text


Reader = Callable[[Scribe, "Element"], None]
"""Writes down what an element says."""


def attributes_of(element: "Element") -> Mapping[str, str]:
    """An element's attributes by their names in lower case, without those that mean nothing."""
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = _ATTRIBUTES.get(key, "") if key[0] == "{" else key.lower()
        if not name and key.rpartition("}")[2].lower() not in _READ:
            continue
        if not name or name in found or name == "base":
            raise UnsureError("an attribute of another namespace, or twice")
        found[name] = value.lower() if name in ("rel", "type") else value
    return found


def language_of(attributes: Mapping[str, str], outer: str | None) -> str | None:
    """The language of an element within another."""
    lang = attributes.get("xml:lang", attributes.get("lang"))
    return outer if lang is None else lang or None


def text_of(element: "Element") -> str:
    """An element's text, as it stands there."""
    no_elements(element)
    return (element.text or "").strip()


def mended(text: str) -> str:
    """The text as it should have been where UTF-8 or Windows' characters were taken for Latin-1."""
    # Both have characters from U+0080 to U+00BF, all of which begin so in UTF-8.
    if text.isascii() or b"\xc2" not in text.encode():
        return text
    return _WINDOWS_SIGN.sub(_of_windows, _decoded_again(text))


def _of_windows(found: re.Match[str]) -> str:
    return found[0].encode("iso-8859-1").decode("cp1252", "ignore") or found[0]


def _decoded_again(text: str) -> str:
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text


def link_of(uri: str, base: str) -> str:
    """A link that needs no repair, made absolute where the document says by what."""
    if ":///" in uri:
        raise UnsureError("a link with a slash too many")
    if not base:
        return uri
    try:
        return urljoin(base, uri)
    except ValueError:
        return ""


def no_elements(element: "Element") -> None:
    """Unsure of an element in which there are others."""
    if len(element):
        raise UnsureError("elements where a text is expected")


def no_base(element: "Element") -> None:
    """Unsure of an element that says what its links are relative to."""
    if any(key.rpartition("}")[2].lower() == "base" for key in element.attrib):
        raise UnsureError("a base for links where we do not look for one")
