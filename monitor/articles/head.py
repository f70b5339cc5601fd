"""What a page says of itself for machines: JSON-LD (schema.org), Open Graph and plain HTML. Pure.

Pages lie and contradict themselves: what is not well-formed counts as not said, and JSON-LD, which editors'
own software writes, goes before the others.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from monitor.articles.article import Head

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_SCRIPTS = 20
_MOST_AUTHORS = 20
_MOST_CHARACTERS = 500_000
_DEPTH = 12
_ARTICLE = re.compile(r"(Article|BlogPosting|Report|Review)$")
_LANG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_TAG = re.compile(r"<[^<>]{0,500}>")
_PUBLISHED = ("article:published_time", "og:article:published_time", "datePublished", "date", "pubdate")
_AUTHOR = ("author", "article:author", "byl", "dc.creator")


def head_of(tree: "HtmlElement", *, url: str) -> Head:
    """What the page says of itself; `url` is where it came from, for its relative links."""
    said = _json_article(tree)
    meta = _metas(tree)
    moments = (_moment(said.get("datePublished")), *(_moment(meta.get(name)) for name in _PUBLISHED))
    authors = _names(said.get("author")) or _names([meta[name] for name in _AUTHOR if name in meta])
    return Head(
        url=_canonical(tree, meta, url),
        lang=_lang(tree, said, meta),
        title=_line(said.get("headline")) or _line(meta.get("og:title")),
        authors=tuple(dict.fromkeys(authors))[:_MOST_AUTHORS],
        published=next((moment for moment in moments if moment), None),
        body=_plain(said.get("articleBody")),
        is_paid=_is_false(said.get("isAccessibleForFree")),
    )


def _json_article(tree: "HtmlElement") -> dict[str, Any]:
    """The JSON-LD object that describes an article, the one with the longest text if there are several."""
    found = [
        one
        for script in tree.xpath("//script[@type='application/ld+json']")[:_MOST_SCRIPTS]
        for one in _objects(_json(script.text), _DEPTH)
        if any(_ARTICLE.search(kind) for kind in _kinds(one))
    ]
    return max(found, key=lambda one: len(str(one.get("articleBody", ""))), default={})


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "", strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        value = [one for one in value.values() if isinstance(one, dict | list)]
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth - 1)


def _kinds(one: dict[str, Any]) -> list[str]:
    kinds = one.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _metas(tree: "HtmlElement") -> dict[str, str]:
    """Every <meta> by its name, property or itemprop; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name:
            found.setdefault(name, meta.get("content"))
    return found


def _canonical(tree: "HtmlElement", meta: dict[str, str], url: str) -> str:
    links = tree.xpath("//link[@rel='canonical']/@href")
    for said in (*links, meta.get("og:url")):
        if said and (address := _address(url, said)):
            return address
    return ""


def _address(base: str, link: str) -> str:
    """The absolute address, "" where it is none that a reader may be sent to."""
    try:
        absolute = urljoin(base, link.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    return absolute if parts.scheme in ("http", "https") and parts.hostname else ""


def _lang(tree: "HtmlElement", said: dict[str, Any], meta: dict[str, str]) -> str:
    for lang in (tree.get("lang"), said.get("inLanguage"), meta.get("og:locale")):
        if isinstance(lang, str) and _LANG.fullmatch(lang.strip()):
            return lang.strip().replace("_", "-")
    return ""


def _names(value: Any) -> list[str]:
    """The names of people, given as text, as an object with a name, or as a list of such."""
    if isinstance(value, list):
        return [name for one in value[:_MOST_AUTHORS] for name in _names(one) if not isinstance(one, list)]
    if isinstance(value, dict):
        return _names(value.get("name"))
    name = _line(value)
    return [name] if name and "://" not in name else []


def _line(value: Any) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def _plain(value: Any) -> str:
    """The text without the tags that some leave in it."""
    return _TAG.sub(" ", value[:_MOST_CHARACTERS]).strip() if isinstance(value, str) else ""


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _moment(value: Any) -> datetime | None:
    """A moment in ISO 8601; without a zone it is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
