"""A web page → the feeds that it may have: those it declares, those it links to, the usual places. Pure.

Says where a feed may be; whether one is there is for who retrieves it. Runs in a child of the sandbox: a page
is as hostile as a feed.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

from monitor.feeds.text import absolute, line
from monitor.records import dataclass

How = Literal["itself", "declared", "linked", "usual place"]

MOST = 12
"""So many candidates of each kind; a page with a feed for every tag has hundreds."""

_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x-rss+xml",
    "application/x-atom+xml",
    "text/rss+xml",
    "text/atom+xml",
}
_VAGUE_TYPES = {"application/json", "application/xml", "text/xml"}
"""Types that say feed only where the address does too."""

_FEED_ADDRESS = re.compile(r"(?:^|[/._?=&-])(?:rss2?|atom|feeds?|rdf)(?=$|[/._?=&-])", re.IGNORECASE)
_FEED_WORDS = re.compile(r"\b(?:RSS|Atom|feed)\b")
_NO_FEED = re.compile(
    r"sitemap|opensearch|oembed|wp-json|/comments?/feed|\.(?:png|jpe?g|gif|svg|css|js)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)

_USUAL_NEAR = ("feed", "rss", "rss.xml", "feed.xml", "index.xml", "atom.xml", "feed.json")
_USUAL_AT_ROOT = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/index.xml",
    "/atom.xml",
    "/feed.json",
    "/feeds/",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Where a feed may be, what the page calls it, and how it was found."""

    url: str
    title: str = ""
    how: How

    @property
    def is_of_comments(self) -> bool:
        """Whether it seems to be what readers wrote below the articles."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS.search(urlsplit(self.url).path))


def candidates(page: bytes, *, url: str) -> tuple[Candidate, ...]:
    """The feeds that a page declares, then those that it links to, each address once, comments last."""
    reader = _Reader(url)
    reader.feed(page.decode("utf-8", errors="replace"))
    found: dict[str, Candidate] = {}
    for candidate in (*reader.declared[:MOST], *reader.linked[:MOST]):
        found.setdefault(candidate.url, candidate)
    found.pop(url, None)
    return tuple(sorted(found.values(), key=lambda one: one.is_of_comments))


def usual_places(url: str) -> tuple[Candidate, ...]:
    """Where a site's feed often is: beside the page, and at the site's root."""
    split = urlsplit(url)
    folder = urlunsplit((split.scheme, split.netloc, split.path.rstrip("/") + "/", "", ""))
    near = (urljoin(folder, name) for name in _USUAL_NEAR)
    root = (urljoin(url, path) for path in _USUAL_AT_ROOT)
    return tuple(Candidate(url=place, how="usual place") for place in dict.fromkeys((*near, *root)))


class _Reader(HTMLParser):
    """Collects what a page says of feeds; whatever is wrong with its mark-up, it goes on."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = url
        self._anchor: tuple[str, list[str]] | None = None
        self.declared: list[Candidate] = []
        self.linked: list[Candidate] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self._base = absolute(given["href"], self._base) or self._base
        elif tag == "link":
            self.declared += _declared(given, self._base)
        elif tag == "a":
            self._anchor = (given.get("href", ""), [given.get("title", "")])

    def handle_data(self, data: str) -> None:
        if self._anchor is not None:
            self._anchor[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._anchor is not None:
            href, words = self._anchor
            self._anchor = None
            self.linked += _linked(href, line(" ".join(words)), self._base)


def _declared(given: dict[str, str], base: str) -> Iterator[Candidate]:
    rel = given.get("rel", "").lower().split()
    kind = given.get("type", "").partition(";")[0].strip().lower()
    url = absolute(given.get("href", ""), base)
    if not url or not {"alternate", "feed"} & set(rel) or "stylesheet" in rel or _NO_FEED.search(url):
        return
    vague = kind in _VAGUE_TYPES and _FEED_ADDRESS.search(url)
    if kind in _TYPES or vague or "feed" in rel:
        yield Candidate(url=url, title=line(given.get("title", "")), how="declared")


def _linked(href: str, words: str, base: str) -> Iterator[Candidate]:
    url = absolute(href, base).partition("#")[0]
    split = urlsplit(url) if url else None
    if split is None or _NO_FEED.search(url):
        return
    address = f"{split.path}?{split.query}"
    looks = split.path.lower().endswith((".rss", ".atom", ".rdf", ".xml")) or _FEED_ADDRESS.search(address)
    if looks or _FEED_WORDS.search(words[:80]):
        yield Candidate(url=url, title=words[:80], how="linked")
