"""What a document is that is not a feed, in words. Pure."""

import re

from monitor.feeds.text import line_of_html

_READ = 8 * 1024

_BINARY = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"ID3", "a sound"),
)

_ROOTS = {
    b"opml": "an OPML list of feeds",
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"svg": "an image",
    b"opensearchdescription": "a description of a search",
}

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_PAGE = re.compile(rb"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)


def what_is(document: bytes) -> str:
    """A name for a document in which there is no feed."""
    start = document[:_READ].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return "empty" if not document else "blank" if not document.strip() else "mostly blank"
    for magic, words in _BINARY:
        if start.startswith(magic):
            return words
    if start[:1] in (b"{", b"["):
        return "JSON but not a JSON Feed"
    if start.startswith(b"<"):
        return _markup(start)
    return "binary data" if b"\x00" in start else "plain text"


def _markup(start: bytes) -> str:
    root = _ROOT.search(start)
    name = root[1].lower() if root else b""
    if name in _ROOTS:
        return _ROOTS[name]
    if _PAGE.search(start) or not name:
        return _page(start)
    return f"an XML document of another kind (<{name.decode()[:40]}>)"


def _page(start: bytes) -> str:
    title = _TITLE.search(start)
    words = line_of_html(title[1].decode(errors="replace")) if title else ""
    return f"an HTML page ({words!r})" if words else "an HTML page"
