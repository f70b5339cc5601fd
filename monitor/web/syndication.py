"""Hits as a feed that other readers follow: Atom, RSS and JSON Feed. Pure.

https://www.rfc-editor.org/rfc/rfc4287 · https://www.rssboard.org/rss-specification · https://jsonfeed.org/version/1.1
The feed's own address stands in none of them: there is a key in it, and feeds are passed on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from monitor.alerts.markup import PLAIN
from monitor.cli.console import to_json
from monitor.feeds.text import clean
from monitor.store.records import Hit
from monitor.topics.snippets import Snippet
from monitor.web.clean import plain
from monitor.web.show import shown_entry

GENERATOR = "feed-monitor"
ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A hit as an item of a feed. All text is plain but `html`, which is ours and escaped."""

    id: str
    title: str
    link: str
    html: str
    author: str
    tags: tuple[str, ...]
    found_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A feed: what it is called, the page that shows the same, its items, the newest first."""

    id: str
    title: str
    home: str
    items: tuple[Item, ...]

    @property
    def updated_at(self) -> datetime:
        """When its newest hit was found; a feed that does not change says the same every time."""
        return max((item.found_at for item in self.items), default=NEVER)


def outgoing(hits: Iterable[Hit], *, title: str, site: str, asked: str) -> Outgoing:
    """The feed of these hits: what was asked for of a site, as an address says it."""
    items = tuple(_item(hit, site) for hit in hits)
    return Outgoing(id=_urn("feed", asked), title=_text(title), home=f"{site}/?{asked}", items=items)


def atom(feed: Outgoing) -> bytes:
    """As Atom."""
    root = ElementTree.Element("feed", xmlns=ATOM)
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    _put(root, "updated", feed.updated_at.isoformat())
    _put(root, "link", rel="alternate", type="text/html", href=feed.home)
    _put(root, "generator", GENERATOR)
    for item in feed.items:
        _atom_entry(_put(root, "entry"), item)
    return _document(root)


def rss(feed: Outgoing) -> bytes:
    """As RSS 2.0."""
    root = ElementTree.Element("rss", {"version": "2.0", "xmlns:dc": DC})
    channel = _put(root, "channel")
    _put(channel, "title", feed.title)
    _put(channel, "link", feed.home)
    _put(channel, "description", feed.title)
    _put(channel, "lastBuildDate", format_datetime(feed.updated_at, usegmt=True))
    _put(channel, "generator", GENERATOR)
    for item in feed.items:
        _rss_item(_put(channel, "item"), item)
    return _document(root)


def json_feed(feed: Outgoing) -> bytes:
    """As JSON Feed 1.1."""
    facts = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "items": [_json_item(item) for item in feed.items],
    }
    return to_json(facts).encode()


WRITERS: Mapping[str, tuple[Callable[[Outgoing], bytes], str]] = {
    "atom": (atom, "application/atom+xml"),
    "rss": (rss, "application/rss+xml"),
    "json": (json_feed, "application/feed+json"),
}
"""What each kind is written by, and what it is called on the wire."""


def _item(hit: Hit, site: str) -> Item:
    """A hit whose feed gives no link to follow leads to its page on the desk."""
    shown, entry = shown_entry(hit.entry, hit.spans), hit.entry.entry
    severity = hit.labels.get("severity", "")
    return Item(
        id=_urn("hit", hit.entry.feed_url, entry.guid or entry.link or str(hit.entry.entry_id), hit.topic),
        title=_text(shown.headline.text),
        link=shown.link or f"{site}/hits/{hit.hit_id}",
        html="\n".join(_paragraphs(hit, shown.snippets, shown.clauses)),
        author=_text(shown.feed),
        tags=tuple(_text(tag) for tag in (hit.topic, severity) if tag),
        found_at=hit.found_at.astimezone(UTC),
        published_at=entry.published.astimezone(UTC) if entry.published else None,
    )


def _paragraphs(hit: Hit, snippets: Iterable[Snippet], clauses: Iterable[str]) -> Iterator[str]:
    yield from (f"<p>{_marked(one)}</p>" for one in snippets)
    why = "; ".join(f"<code>{_escaped(clause)}</code>" for clause in clauses)
    facts = (hit.topic, hit.entry.feed, hit.labels.get("severity", ""))
    said = " · ".join(_escaped(one) for one in facts if one)
    yield f"<p>{said}{' · matched ' if why else ''}{why}</p>"


def _marked(snippet: Snippet) -> str:
    pieces, done = [], 0
    for start, end, _ in snippet.marks:
        pieces += [_escaped(snippet.text[done:start]), f"<mark>{_escaped(snippet.text[start:end])}</mark>"]
        done = end
    return "".join((*pieces, _escaped(snippet.text[done:])))


def _atom_entry(entry: ElementTree.Element, item: Item) -> None:
    _put(entry, "id", item.id)
    _put(entry, "title", item.title, type="text")
    _put(entry, "link", rel="alternate", href=item.link)
    if item.published_at:
        _put(entry, "published", item.published_at.isoformat())
    _put(entry, "updated", item.found_at.isoformat())
    _put(_put(entry, "author"), "name", item.author)
    for tag in item.tags:
        _put(entry, "category", term=tag)
    _put(entry, "content", item.html, type="html")


def _rss_item(element: ElementTree.Element, item: Item) -> None:
    # RSS does not say whether this is text or mark-up: no tag can be read out of it either way.
    _put(element, "title", PLAIN.escape(item.title))
    _put(element, "link", item.link)
    _put(element, "guid", item.id, isPermaLink="false")
    _put(element, "pubDate", format_datetime(item.found_at, usegmt=True))
    _put(element, "dc:creator", PLAIN.escape(item.author))
    for tag in item.tags:
        _put(element, "category", tag)
    _put(element, "description", item.html)


def _json_item(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_html": item.html,
        "authors": [{"name": item.author}],
        "tags": list(item.tags),
        "date_published": (item.published_at or item.found_at).isoformat(),
        "date_modified": item.found_at.isoformat(),
    }


def _put(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _document(root: ElementTree.Element) -> bytes:
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _text(text: str) -> str:
    """A stranger's text without what XML may not hold, or drives a terminal, or reorders a line."""
    return plain(clean(text))


def _escaped(text: str) -> str:
    return escape(_text(text))


def _urn(*parts: str) -> str:
    """The same for the same parts, and without a site that may change."""
    return uuid5(NAMESPACE_URL, "\n".join((GENERATOR, *parts)).encode(errors="replace").decode()).urn
