"""From what feedparser found to a Feed and its entries. Pure; does not know feedparser itself."""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

from monitor.feeds.entry import Enclosure, Entry, Feed
from monitor.feeds.offers import best_hub
from monitor.feeds.text import absolute, body, body_of_text, line, line_decoded, line_of_html

MAX_CATEGORIES = 100
MAX_ENCLOSURES = 50

_HTML = {"text/html", "application/xhtml+xml"}
_HOURS = re.compile(rb"<skipHours\b[^>]*>(.*?)</skipHours>", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(rb"<skipDays\b[^>]*>(.*?)</skipDays>", re.IGNORECASE | re.DOTALL)
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def feed_of(found: Any, start: bytes, url: str) -> Feed:
    """What the document says of itself; `start` is its start, with the head in it."""
    head = found["feed"]
    links = [one for one in head.get("links", ()) if isinstance(one, dict)]
    hours, days = _skipped(start)
    return Feed(
        title=_title(head, found.get("version", "")),
        link=absolute(_str(head, "link"), url),
        lang=_lang(_str(head, "language")),
        version=found.get("version", "") or "",
        ttl=_number(_str(head, "ttl")),
        skip_hours=hours,
        skip_days=days,
        update_period=line(_str(head, "sy_updateperiod")).lower(),
        update_frequency=_number(_str(head, "sy_updatefrequency")),
        hub=best_hub(_links_of(links, "hub", url)),
        self_link=next(_links_of(links, "self", url), ""),
    )


def _skipped(start: bytes) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """skipHours and skipDays; feedparser keeps only the last of each."""
    hours, days = _HOURS.search(start), _DAYS.search(start)
    numbers = {int(hour) % 24 for hour in re.findall(rb">\s*(\d{1,2})\s*<", hours[0])} if hours else set()
    names = (
        {name.decode().capitalize() for name in re.findall(rb">\s*([A-Za-z]+)\s*<", days[0])}
        if days
        else set()
    )
    return tuple(sorted(numbers)), tuple(day for day in _WEEK if day in names)


def _links_of(links: list[Any], rel: str, url: str) -> Iterator[str]:
    return (absolute(_str(link, "href"), url) for link in links if link.get("rel") == rel)


def entries_of(
    found: Sequence[Any], feed: Feed, url: str, warnings: list[str]
) -> Iterator[tuple[int, Entry]]:
    """The entries that can be read and say something, with their places; of the others the warnings tell."""
    empty = 0
    for number, one in enumerate(found):
        try:
            entry = _entry(one, feed, url)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            warnings.append(f"entry {number + 1} can not be read and was left out: {line(str(error))[:200]}")
            continue
        if entry.guid or entry.link or entry.title or entry.summary or entry.content:
            yield number, entry
        else:
            empty += 1
    if empty:
        warnings.append(f"{empty} empty {'entry was' if empty == 1 else 'entries were'} left out")


def _entry(found: Any, feed: Feed, url: str) -> Entry:
    link = _link(found, url)
    base = link or url
    summary, content = _bodies(found, base)
    return Entry(
        guid=line(_str(found, "id")),
        link=link,
        title=_title(found, feed.version),
        author=_author(found),
        categories=_categories(found),
        summary=summary,
        content=content,
        lang=_entry_lang(found) or feed.lang,
        published=_moment(found, "published_parsed"),
        updated=_moment(found, "updated_parsed"),
        enclosures=_enclosures(found, base),
        source=_source(found, url),
    )


def _link(found: Any, url: str) -> str:
    """The entry's link; a guid that only claims to be one is none."""
    link = _str(found, "link")
    if link == _str(found, "id") and "://" not in link:
        return ""
    if not link:
        alternates = (one for one in found.get("links", ()) if one.get("rel") == "alternate")
        link = next((_str(one, "href") for one in alternates), "")
    return absolute(link, url)


def _title(found: Any, version: str) -> str:
    """Plain text: HTML where the feed says so, entities that it left decoded where its format is loose."""
    text = _str(found, "title")
    detail = found.get("title_detail") or {}
    if detail.get("type") in _HTML:
        return line_of_html(text)
    return line(text) if version.startswith("atom") else line_decoded(text)


def _author(found: Any) -> str:
    authors = found.get("authors")
    names = [_str(one, "name") for one in authors if isinstance(one, dict)] if authors else []
    author = ", ".join(dict.fromkeys(filter(None, names))) or _str(found, "author")
    return line(unescape(author)) if author else ""


def _categories(found: Any) -> tuple[str, ...]:
    tags = [one for one in found.get("tags", ()) if isinstance(one, dict)]
    if not tags:
        return ()
    terms = [line(unescape(_str(tag, "label") or _str(tag, "term"))) for tag in tags[:MAX_CATEGORIES]]
    return tuple(dict.fromkeys(filter(None, terms)))


def _bodies(found: Any, base: str) -> tuple[str, str]:
    """Summary and content as HTML; feedparser shows a lone content as a summary too."""
    summary = _html(found.get("summary_detail") or {}, _str(found, "summary"), base)
    contents = [one for one in found.get("content", ()) if isinstance(one, dict)]
    if not contents:
        return summary, ""
    ranked = sorted(contents, key=lambda one: one.get("type") not in _HTML)
    texts = (_html(one, _str(one, "value"), base) for one in ranked if _is_text(one))
    content = next((text for text in texts if text), "")
    if "summary_detail" not in found:
        summary = ""
    return ("" if summary == content else summary), content


def _is_text(detail: Any) -> bool:
    kind = detail.get("type") or "text/html"
    return kind in _HTML or kind.startswith("text")


def _html(detail: Any, value: str, base: str) -> str:
    if detail.get("type") == "text/plain":
        return body_of_text(value)
    said = detail.get("base")
    return body(value, (absolute(said, base) if said else "") or base)


def _entry_lang(found: Any) -> str:
    details = (found.get("title_detail"), found.get("summary_detail"), *found.get("content", ())[:1])
    languages = [_str(detail, "language") for detail in details if isinstance(detail, dict)]
    return _lang(_str(found, "language") or next(filter(None, languages), ""))


def _lang(text: str) -> str:
    return line(text).replace("_", "-")[:35] if text else ""


def _moment(found: Any, key: str) -> datetime | None:
    """A date in UTC. Not by `.get`: feedparser would show another date in the place of a missing one."""
    moment = dict.get(found, key)
    if not moment:
        return None
    if isinstance(moment, datetime):  # not feedparser's, but read plainly
        return moment
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _enclosures(found: Any, base: str) -> tuple[Enclosure, ...]:
    links = [one for one in found.get("links", ()) if one.get("rel") == "enclosure"]
    if not links:
        return ()
    enclosures = [_enclosure(link, base) for link in links[:MAX_ENCLOSURES]]
    return tuple([one for one in enclosures if one.url])


def _enclosure(link: Any, base: str) -> Enclosure:
    url = absolute(_str(link, "href"), base)
    return Enclosure(url=url, type=line(_str(link, "type")), length=_number(_str(link, "length")))


def _source(found: Any, url: str) -> str:
    source = found.get("source")
    return absolute(_str(source, "href") or _str(source, "link"), url) if isinstance(source, dict) else ""


def _str(found: Any, key: str) -> str:
    """A text; feedparser's own shapes may stand in its place."""
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _number(text: str) -> int | None:
    """A number that a database can hold."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
