"""Which element is read how; links, ids, dates and categories. Pure."""

import re
from typing import TYPE_CHECKING

from monitor.feeds.plain import persons, texts
from monitor.feeds.plain.dates import moment
from monitor.feeds.plain.names import KEYS, MEANT, WISHES
from monitor.feeds.plain.scribe import (
    Reader,
    Scribe,
    link_of,
    mended,
    no_base,
    no_elements,
    text_of,
)
from monitor.feeds.plain.unsure import UnsureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PAGES = {"text/html", "html", "application/xhtml+xml", "xhtml"}
_QUERY = re.compile("&([A-Za-z0-9_]+);")
_OF_IMAGES = {"title", "link", "url", "width", "height", "description"}
_ITUNES = "http://www.itunes.com/"
_YAHOO = "http://search.yahoo.com/mrss/category_schema"
_MOST_TAGS = 300
"""Of more categories it would take long to see which are there twice."""
_Tag = dict[str, str | None]


def read(scribe: Scribe, element: "Element", name: str) -> None:
    """Write down an element of the head or of an entry, by its name."""
    reader = READERS.get(name)
    if reader is not None:
        reader(scribe, element)
    elif name in MEANT:
        raise UnsureError(f"an element that is rare: {name}")
    elif name in KEYS:
        raise UnsureError("an element with the name of something else")
    elif len(element):
        _inner(scribe, element)
    else:
        no_base(element)
    scribe.end_element()


def _inner(scribe: Scribe, element: "Element") -> None:
    """What stands in something that means nothing itself is the entry's, or the feed's."""
    _, outer = scribe.enter(element)
    for child in element:
        read(scribe, child, scribe.names[child.tag])
    scribe.leave(outer)


def image(scribe: Scribe, element: "Element") -> None:
    """A picture: nothing of it is kept, but a title before it makes way for one that follows."""
    scribe.title_depth = -1
    no_base(element)
    for child in element:
        no_base(child)
        no_elements(child)
        name = scribe.names[child.tag]
        if name not in _OF_IMAGES or (scribe.in_entry and (name == "description" or child.attrib)):
            raise UnsureError("an image with other things in it")
        if name == "title":
            _title_of_image(scribe, child)


def _title_of_image(scribe: Scribe, element: "Element") -> None:
    """In an entry it is one of the entry's, as it is deeper."""
    scribe.depth += 1
    if scribe.in_entry:
        texts.title(scribe, element)
    elif text_of(element):
        scribe.title_depth = scribe.depth
    scribe.depth -= 1


def _link(scribe: Scribe, element: "Element") -> None:
    if not element.attrib:  # as those of RSS
        scribe.context.setdefault("links", []).append(found := {"rel": "alternate", "type": "text/html"})
        _link_in_text(scribe, found, mended(_link_of_text(scribe, element)))
        return
    attributes = dict(scribe.attributes(element))
    rel = attributes.setdefault("rel", "alternate")
    kind = attributes.setdefault("type", "application/atom+xml" if rel == "self" else "text/html")
    _call_it_href(attributes)
    scribe.context.setdefault("links", []).append(attributes)
    href = attributes.get("href")
    if href is None:
        _link_in_text(scribe, attributes, mended(_link_of_text(scribe, element)))
        return
    no_elements(element)
    attributes["href"] = href = link_of(href, scribe.base)
    if rel == "alternate" and kind in _PAGES:
        scribe.context["link"] = href


def _link_of_text(scribe: Scribe, element: "Element") -> str:
    text = text_of(element)
    return link_of(text, scribe.base) if text else ""


def _link_in_text(scribe: Scribe, attributes: dict[str, str], text: str) -> None:
    if "&" in text:
        text = _QUERY.sub(r"&\1", text.replace("&amp;", "&") if scribe.in_entry else text)
    scribe.context["link"] = text
    if text or not scribe.in_entry:
        attributes["href"] = text


def _call_it_href(attributes: dict[str, str]) -> None:
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes["href"] = href


def _enclosure(scribe: Scribe, element: "Element") -> None:
    no_elements(element)
    attributes = dict(scribe.attributes(element))
    _call_it_href(attributes)
    attributes["rel"] = "enclosure"
    scribe.context.setdefault("links", []).append(attributes)


def _id(scribe: Scribe, element: "Element") -> None:
    """An id, which is a link too unless it says that it is none."""
    is_link = scribe.attributes(element).get("ispermalink", "true") == "true"
    text = mended(_link_of_text(scribe, element) if is_link else text_of(element))
    scribe.keep("id", text)
    if is_link:
        scribe.context.setdefault("link", text)


def _published(scribe: Scribe, element: "Element") -> None:
    _date(scribe, element, "published_parsed")


def _updated(scribe: Scribe, element: "Element") -> None:
    _date(scribe, element, "updated_parsed")


def _date(scribe: Scribe, element: "Element", key: str) -> None:
    scribe.attributes(element)
    text = text_of(element)
    if scribe.in_entry:  # nobody asks for a feed's own
        scribe.context[key] = moment(mended(text))


def _category(scribe: Scribe, element: "Element") -> None:
    found = scribe.attributes(element)
    tag = _tag(found.get("term"), scheme=found.get("scheme", found.get("domain")), label=found.get("label"))
    _tagged(scribe, element, tag)


def _media_category(scribe: Scribe, element: "Element") -> None:
    found = scribe.attributes(element)
    tag = _tag(found.get("term"), scheme=found.get("scheme", _YAHOO), label=found.get("label"))
    _tagged(scribe, element, tag)


def _itunes_category(scribe: Scribe, element: "Element") -> None:
    found = scribe.attributes(element)
    if scribe.in_entry:
        _tagged(scribe, element, _tag(found.get("text"), scheme=_ITUNES))
        return
    for child in element:  # those of a feed stand within each other
        if scribe.names[child.tag] != "itunes_category" or len(child):
            raise UnsureError("a category with other things in it")
        no_base(child)


def _tagged(scribe: Scribe, element: "Element", tag: _Tag) -> None:
    tags = _add(scribe, tag)
    text = mended(text_of(element))
    if text and tags and not tags[-1]["term"]:
        tags[-1]["term"] = text
    elif text:
        _add(scribe, _tag(text))


def _tag(term: str | None, *, scheme: str | None = None, label: str | None = None) -> _Tag:
    return {"term": term, "scheme": scheme, "label": label}


def _add(scribe: Scribe, tag: _Tag) -> list[_Tag]:
    if not scribe.in_entry:  # nobody asks for a feed's
        return []
    tags: list[_Tag] = scribe.context.setdefault("tags", [])
    if len(tags) > _MOST_TAGS:
        raise UnsureError("a great many categories")
    if any(tag.values()) and tag not in tags:
        tags.append(tag)
    return tags


def _keywords(scribe: Scribe, element: "Element") -> None:
    if element.attrib:
        raise UnsureError("keywords with attributes")
    scheme = _ITUNES if scribe.names[element.tag] == "itunes_keywords" else None
    for term in mended(text_of(element)).split(","):
        if term.strip():
            _add(scribe, _tag(term.strip(), scheme=scheme))


def _language(scribe: Scribe, element: "Element") -> None:
    scribe.attributes(element)
    scribe.keep("language", mended(text_of(element)))


def _wish(scribe: Scribe, element: "Element") -> None:
    """How often to poll; where it has an attribute feedparser keeps that instead."""
    scribe.attributes(element)
    scribe.keep(scribe.names[element.tag], "" if element.attrib else mended(text_of(element)))


def _source(scribe: Scribe, element: "Element") -> None:
    attributes = scribe.attributes(element)
    no_elements(element)
    scribe.context["source"] = {"href": attributes["url"]} if "url" in attributes else {}
    scribe.title_depth = -1


def _unread(scribe: Scribe, element: "Element") -> None:
    """What feedparser keeps where we do not look."""
    scribe.attributes(element)
    no_elements(element)


READERS: dict[str, Reader] = {
    **dict.fromkeys(["title", "dc_title"], texts.title),
    "media_title": texts.media_title,
    **dict.fromkeys(["description", "dc_description", "media_description"], texts.description),
    **dict.fromkeys(["summary", "itunes_summary"], texts.summary),
    "content": texts.content,
    "content_encoded": texts.content_encoded,
    "link": _link,
    "enclosure": _enclosure,
    **dict.fromkeys(["guid", "id"], _id),
    **dict.fromkeys(["published", "pubdate", "issued", "dcterms_issued"], _published),
    **dict.fromkeys(["updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"], _updated),
    **dict.fromkeys(["author", "dc_author", "dc_creator", "itunes_author", "managingeditor"], persons.author),
    "contributor": persons.contributor,
    "itunes_owner": persons.owner,
    **dict.fromkeys(["category", "keywords", "dc_subject"], _category),
    "media_category": _media_category,
    "itunes_category": _itunes_category,
    **dict.fromkeys(["media_keywords", "itunes_keywords"], _keywords),
    **dict.fromkeys(["language", "dc_language"], _language),
    **dict.fromkeys(WISHES, _wish),
    "source": _source,
    "image": image,
    **dict.fromkeys(["media_group", "media_content"], _inner),
    **dict.fromkeys(["rights", "copyright", "dc_rights", "subtitle", "tagline"], texts.unread),
    **dict.fromkeys(["itunes_subtitle", "info", "feedburner_browserfriendly"], texts.unread),
    **dict.fromkeys(
        [
            *("generator", "webmaster", "dc_publisher", "dc_contributor", "created", "dcterms_created"),
            *("expirationdate", "dcterms_valid", "cloud", "cc_license", "media_rating", "media_credit"),
            *("media_restriction", "media_license", "media_thumbnail", "media_player", "itunes_image"),
            *("itunes_link", "itunes_block", "itunes_explicit"),
        ],
        _unread,
    ),
}
"""The elements that are read as feedparser reads them, and those that can be left unread."""
