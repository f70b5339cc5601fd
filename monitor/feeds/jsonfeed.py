"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → entries. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.errors import ParseError
from monitor.feeds.entry import Enclosure, Entry, Feed, Parsed
from monitor.feeds.offers import best_hub
from monitor.feeds.sniff import what_is
from monitor.feeds.text import absolute, body, body_of_text, line

_Object = Mapping[str, Any]
_VERSION = "jsonfeed.org/version/1"
_BOM = b"\xef\xbb\xbf"


def looks_like_json(document: bytes) -> bool:
    """Whether the document can be nothing but JSON."""
    return document.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")


def parse_json(document: bytes, *, url: str, most: int) -> Parsed:
    """Read a JSON Feed, as far as its first `most` entries; raises ParseError for other JSON."""
    root = _load(document)
    if not _is_feed(root):
        raise ParseError(f"this is {what_is(document)}")
    items = root["items"]
    warnings: list[str] = []
    if len(items) > most:
        warnings.append(f"only the first {most} of {len(items)} entries were read")
    entries = tuple(_entries(items[:most], _text(root, "language"), url, warnings))
    return Parsed(feed=_feed(root, url), entries=entries, warnings=tuple(warnings))


def _load(document: bytes) -> Any:
    try:
        return json.loads(document.removeprefix(_BOM))
    except UnicodeDecodeError:
        return _load(document.decode("utf-8", "replace").encode())
    except (ValueError, RecursionError) as error:
        raise ParseError(f"this is JSON that can not be read: {error}") from error


def _is_feed(root: Any) -> bool:
    if not isinstance(root, dict) or not isinstance(root.get("items"), list):
        return False
    return _VERSION in str(root.get("version", "")) or "feed_url" in root or "home_page_url" in root


def _feed(root: _Object, url: str) -> Feed:
    version = str(root.get("version", ""))
    hubs = (hub for hub in _objects(root, "hubs") if _text(hub, "type").lower() == "websub")
    return Feed(
        title=line(_text(root, "title")),
        link=absolute(_text(root, "home_page_url"), url),
        lang=line(_text(root, "language")),
        version="json11" if version.endswith("1.1") else "json1",
        hub=best_hub(absolute(_text(hub, "url"), url) for hub in hubs),
        self_link=absolute(_text(root, "feed_url"), url),
    )


def _entries(items: list[Any], lang: str, url: str, warnings: list[str]) -> Iterator[Entry]:
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield _entry(item, lang, url)
        else:
            warnings.append(f"entry {number} is not an object and was left out")


def _entry(item: _Object, lang: str, url: str) -> Entry:
    link = absolute(_text(item, "url") or _text(item, "external_url"), url)
    base = link or url
    html, text = _text(item, "content_html"), _text(item, "content_text")
    return Entry(
        guid=line(_id(item)),
        link=link,
        title=line(_text(item, "title")),
        author=line(", ".join(_authors(item))),
        categories=tuple(line(str(tag)) for tag in _list(item, "tags") if isinstance(tag, str)),
        summary=body_of_text(_text(item, "summary")),
        content=body(html, base) if html else body_of_text(text),
        lang=line(_text(item, "language") or lang),
        published=_moment(_text(item, "date_published")),
        updated=_moment(_text(item, "date_modified")),
        enclosures=tuple(_enclosures(item, base)),
    )


def _authors(item: _Object) -> Iterator[str]:
    authors = _objects(item, "authors") or [one for one in [item.get("author")] if isinstance(one, dict)]
    return (name for name in (_text(author, "name") for author in authors) if name)


def _enclosures(item: _Object, base: str) -> Iterator[Enclosure]:
    for attachment in _objects(item, "attachments"):
        if url := absolute(_text(attachment, "url"), base):
            size = attachment.get("size_in_bytes")
            length = int(size) if isinstance(size, int | float) and 0 <= size < 1 << 62 else None
            yield Enclosure(url=url, type=line(_text(attachment, "mime_type")), length=length)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _id(item: _Object) -> str:
    """The id, which the standard wants to be a text and writers like to be a number."""
    found = item.get("id")
    number = isinstance(found, int | float) and not isinstance(found, bool)
    return str(found) if number else _text(item, "id")


def _text(value: _Object, key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _list(value: _Object, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _objects(value: _Object, key: str) -> list[_Object]:
    return [one for one in _list(value, key) if isinstance(one, dict)]
