"""Authors, and others who are passed over. Pure."""

import re
from typing import TYPE_CHECKING

from monitor.feeds.plain.names import KEYS, MEANT, WISHES
from monitor.feeds.plain.scribe import Scribe, mended, no_base, no_elements, text_of
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PARTS = {"name", "email", "uri", "url", "homepage"}
_OTHERS = (MEANT | WISHES | KEYS) - _PARTS
_MAIL = re.compile(  # feedparser's, and its name is what this leaves
    r"[a-zA-Z0-9_\-.+]+@(?:\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|(?:[a-zA-Z0-9\-]+\.)+)"
    r"(?:[a-zA-Z]{2,4}|[0-9]{1,3})\]?(?:\?subject=\S+)?"
)
_LONGEST = 300
"""Letters in which an address is looked for."""


def author(scribe: Scribe, element: "Element") -> None:
    """One more author: a text, or in parts."""
    scribe.attributes(element)
    if len(element):
        _in_parts(scribe, element)
        return
    person: dict[str, str] = {}
    scribe.context.setdefault("authors", []).append(person)
    scribe.keep("author", mended(text_of(element)))
    if text := scribe.context["author"]:
        scribe.context.setdefault("author_detail", person)
    if name := _name(text):
        person["name"] = name


def _name(text: str) -> str:
    """The name in what an author is said to be, which may hold an address too."""
    if len(text) > _LONGEST:
        raise UnsureError("a very long author")
    found = _MAIL.search(text) if "@" in text else None
    if found is None:
        return text
    for unwanted in (found[0], "()", "<>", "&lt;&gt;"):
        text = text.replace(unwanted, "")
    return text.strip().removeprefix("(").removesuffix(")").strip()


def _in_parts(scribe: Scribe, element: "Element") -> None:
    names = _names(scribe, element)
    nobody = names == [""] and len(element) == 1 and not scribe.context.get("authors") and _is_blank(element)
    if not nobody and (len(names) != 1 or not names[0]):
        raise UnsureError("an author without a name, or with several")
    # feedparser takes the first author who has a text for this one, and gives both one name
    scribe.context.setdefault("author_detail", {})["name"] = names[0]
    scribe.context.setdefault("authors", []).append({"name": names[0]})
    scribe.keep("author", "")
    scribe.context["author"] = names[0]


def _is_blank(element: "Element") -> bool:
    return not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)


def contributor(scribe: Scribe, element: "Element") -> None:
    """Somebody else."""
    scribe.attributes(element)
    _names(scribe, element)


def _names(scribe: Scribe, person: "Element") -> list[str]:
    names = []
    for child in person:
        name = scribe.names[child.tag]
        if name in _OTHERS:
            raise UnsureError("a person with other things than name, address and page")
        no_base(child)
        text = text_of(child)
        if name == "name":
            names.append(text)
    return names


def owner(scribe: Scribe, element: "Element") -> None:
    """The owner of a feed; that of an entry is an author in feedparser's eyes."""
    if scribe.in_entry:
        raise UnsureError("an owner of an entry")
    no_base(element)
    for child in element:
        no_base(child)
        no_elements(child)
        if scribe.names[child.tag] not in ("itunes_name", "itunes_email"):
            raise UnsureError("an owner with other things than name and address")
