"""A page's bytes → its article, through trafilatura: the one file that knows it.

    decode ─ tree ─ head ─ quick extraction ─ enough? ─ article
                                └── little: the thorough one, or the text that the page carries as data

Runs in a child of the sandbox: pages exist that keep a parser busy for long, or use up all memory.
"""

import logging
import re
from email.message import Message
from typing import TYPE_CHECKING

from monitor.articles.article import Article
from monitor.articles.head import head_of
from monitor.errors import ArticleError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ENOUGH = 1_500
"""Characters; a quick extraction that found fewer may have missed the article, and is not trusted alone."""
TEASER = 300
"""Characters; a text that is no longer is not much to compare with."""
MUCH_MORE = 1.3
"""So many times as long the text that the page carries as data must be, to count before what is seen."""
MOST_CHARACTERS = 500_000

_HTML = re.compile(rb"<(?:!doctype|html|head|body|div|p|article|section|main)\b", re.IGNORECASE)


def warm_up() -> None:
    """Load what extracting needs: the sandbox does so once for all its children."""
    import trafilatura  # noqa: F401

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract(page: bytes, *, url: str, content_type: str = "") -> Article:
    """Read the article of a page that came from `url`.

    Of a page that is not for everybody the article is what it shows to all. Raises ArticleError, saying why,
    where there is no article in the page.
    """
    if b"\x00" in page[:1024] or not _HTML.search(page[:65536]):
        raise ArticleError("this is not an HTML page")
    decoded = _decoded(page, content_type)
    tree = _tree(decoded)
    head = head_of(tree, url=url)
    text = _extracted(tree, is_quick=True)
    if len(text) < ENOUGH:
        text = max(text, _extracted(_tree(decoded), is_quick=False), key=len)
    if len(head.body) > MUCH_MORE * max(len(text), TEASER):
        text = head.body
    if not text.strip():
        raise ArticleError("the article is behind a paywall" if head.is_paid else "there is no article in it")
    return Article(text=text[:MOST_CHARACTERS], head=head)


def _extracted(tree: "HtmlElement", *, is_quick: bool) -> str:
    """What the library finds; it spoils the tree."""
    import trafilatura

    return trafilatura.extract(tree, fast=is_quick, include_comments=False, include_tables=True) or ""


def _tree(page: bytes | str) -> "HtmlElement":
    from trafilatura.utils import load_html

    tree = load_html(page)
    if tree is None:
        raise ArticleError("this is not an HTML page")
    _part_links(tree)
    return tree


def _part_links(tree: "HtmlElement") -> None:
    """Put a blank where a link touches a word: careless editors forget it, and no word is half a link."""
    for link in tree.iter("a"):
        text, tail = link.text_content(), link.tail or ""
        if text[-1:].isalnum() and tail[:1].isalnum():
            link.tail = f" {tail}"
        previous, parent = link.getprevious(), link.getparent()
        before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
        if before[-1:].isalnum() and text[:1].isalnum():
            if previous is not None:
                previous.tail = f"{before} "
            else:
                parent.text = f"{before} "


def _decoded(page: bytes, content_type: str) -> bytes | str:
    """The page as its header declares it; bytes, to be guessed by the library, where that is no help."""
    header = Message()
    header["Content-Type"] = content_type or "text/html"
    charset = header.get_param("charset")
    if isinstance(charset, str):
        try:
            return page.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return page
