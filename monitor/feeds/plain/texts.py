"""Titles, summaries and contents: texts that may be HTML. Pure."""

import re
from html.entities import entitydefs
from typing import TYPE_CHECKING, Any

from monitor.feeds.plain.markup import XHTML, markup_of
from monitor.feeds.plain.scribe import Scribe, language_of, mended, no_elements, text_of
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS = {
    **dict.fromkeys(["text", "plain", "text/plain"], "text/plain"),
    **dict.fromkeys(["html", "text/html"], "text/html"),
    **dict.fromkeys(["xhtml", XHTML], XHTML),
}
_MARKUP = re.compile(r"</\w+>|&#?\w+;")
_TAG = re.compile(r"</?(\w+)")
_ENTITY = re.compile(r"&(\w+);")
_INLINE = {
    "a",
    "b",
    "br",
    "cite",
    "code",
    "em",
    "i",
    "img",
    "p",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
}
"""Tags that make a text HTML for feedparser, which knows more of them."""


def title(scribe: Scribe, element: "Element") -> None:
    """A title, which goes before those that are as deep or deeper and come after it."""
    text, detail = _detail(scribe, element, "text/plain")
    if not -1 < scribe.title_depth <= scribe.depth:
        scribe.keep("title", text)
        scribe.context["title_detail"] = detail
    if text:
        scribe.title_depth = scribe.depth


def media_title(scribe: Scribe, element: "Element") -> None:
    """A title that goes before no other."""
    before = scribe.title_depth
    title(scribe, element)
    scribe.title_depth = before


def description(scribe: Scribe, element: "Element") -> None:
    """A summary; or a content where there is a summary but no content. A feed's is kept elsewhere."""
    if "summary" in scribe.context and not scribe.has_content:
        content(scribe, element)
        return
    text, detail = _detail(scribe, element, "text/html")
    if scribe.in_entry:
        scribe.keep("summary", text)
        scribe.context["summary_detail"] = detail


def summary(scribe: Scribe, element: "Element") -> None:
    """The same, of plain text, and a feed's too."""
    if "summary" in scribe.context and not scribe.has_content:
        content(scribe, element)
        return
    text, detail = _detail(scribe, element, "text/plain")
    scribe.keep("summary", text)
    scribe.context["summary_detail"] = detail


def content(scribe: Scribe, element: "Element") -> None:
    """A content, which is a summary too where there is none yet."""
    _content(scribe, element, "text/plain")


def content_encoded(scribe: Scribe, element: "Element") -> None:
    """The same, of HTML."""
    _content(scribe, element, "text/html")


def _content(scribe: Scribe, element: "Element", kind: str) -> None:
    scribe.has_content = True
    text, detail = _detail(scribe, element, kind)
    if scribe.in_entry:
        detail["value"] = text
        scribe.context.setdefault("content", []).append(detail)
    scribe.context.setdefault("summary", text)


def unread(scribe: Scribe, element: "Element") -> None:
    """A text that nobody asks for."""
    kind = scribe.attributes(element).get("type", "")
    if _KINDS.get(kind) == XHTML and not scribe.loose:
        markup_of(scribe, element)
    else:
        no_elements(element)


def _detail(scribe: Scribe, element: "Element", kind: str) -> tuple[str, dict[str, Any]]:
    """A text and what it is: `kind` where nothing else is said."""
    attributes, lang = scribe.attributes(element), scribe.lang
    if attributes:
        lang = language_of(attributes, lang)
        kind = _KINDS.get(attributes.get("type", kind), "")
        if not kind or "mode" in attributes or (kind == XHTML and scribe.loose):
            raise UnsureError("a text of another type than text or HTML")
    text = markup_of(scribe, element) if kind == XHTML else text_of(element)
    if kind == "text/plain" and scribe.loose and _looks_like_html(text):
        kind = "text/html"
    detail = {"type": kind, "language": lang and lang.replace("_", "-"), "base": scribe.base}
    return mended(text), detail


def _looks_like_html(text: str) -> bool:
    if ("<" not in text and "&" not in text) or not _MARKUP.search(text):
        return False
    if not all(tag.lower() in _INLINE for tag in _TAG.findall(text)):
        raise UnsureError("a text with tags that may be HTML's")
    return all(entity in entitydefs for entity in _ENTITY.findall(text))
