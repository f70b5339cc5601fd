"""XHTML that stands in an Atom document as elements → the text that feedparser makes of it. Pure."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from monitor.feeds.plain.scribe import Scribe
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XHTML = "application/xhtml+xml"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_XLINK = "http://www.w3.org/1999/xlink"
_OTHERS = {"body", "svg", "math"}
"""Elements of which feedparser makes something else."""
_DEEPEST = 100


def markup_of(scribe: Scribe, element: "Element") -> str:
    """What stands in an element, without the `div` around it."""
    if _XLINK in scribe.names.uris:
        raise UnsureError("XHTML with links of another kind")
    pieces = list(_pieces(element, 0))
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    return "".join(pieces[1:-1] if _is_one_div(pieces) else pieces).strip()


def _is_one_div(pieces: list[str]) -> bool:
    if not pieces or pieces[-1] != "</div>" or not (pieces[0] == "<div>" or pieces[0].startswith("<div ")):
        return False
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return False
        elif piece.startswith("<"):
            depth += 1
    return True


def _pieces(element: "Element", depth: int) -> Iterator[str]:
    """Tags and texts, one by one."""
    if depth > _DEEPEST:
        raise UnsureError("too deep")
    if element.text:
        yield escape(element.text, quote=False)
    for child in element:
        name = child.tag.removeprefix(_XHTML)
        if name[0] == "{" or name == child.tag or name.lower() in _OTHERS:
            raise UnsureError("XHTML with something else in it")
        yield f"<{name.lower()}{''.join(_attributes(child))}>"
        yield from _pieces(child, depth + 1)
        yield f"</{name.lower()}>"
        if child.tail:
            yield escape(child.tail, quote=False)


def _attributes(element: "Element") -> Iterator[str]:
    if len({key.lower() for key in element.attrib}) < len(element.attrib):
        raise UnsureError("XHTML with an attribute twice")
    for key, value in element.attrib.items():
        name = key.lower()
        if name[0] == "{" or name == "base":
            raise UnsureError("XHTML with an attribute of another kind")
        shown = value.lower() if name in ("rel", "type") else value
        yield f' {name}="{_quoted(shown)}"'


def _quoted(text: str) -> str:
    """Without html.escape's sign for an apostrophe, which feedparser leaves as it is."""
    return escape(text, quote=False).replace('"', "&quot;")
