"""What a hit or an entry looks like on a page: marked words, a stretch of text, a link that is safe. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.links import safe_link
from monitor.documents import document_of
from monitor.store.records import Hit, StoredEntry
from monitor.topics.document import Document
from monitor.topics.match import Span
from monitor.topics.snippets import Snippet, snippets, whole

SNIPPETS = 2
BODY = ("summary", "content")
STANDS_FOR = ("severity", "topic", "feed", "watchlist")
"""Labels that a page shows in a way of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """An entry as a line of a list."""

    headline: Snippet
    snippets: tuple[Snippet, ...]
    link: str
    feed: str
    at: datetime
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """A hit as a line of a list. `labels` are those that have no place of their own."""

    hit: Hit
    entry: ShownEntry
    verdict: str
    severity: str
    labels: tuple[tuple[str, str], ...]


def shown_hits(hits: Iterable[Hit], verdicts: dict[int, str]) -> list[ShownHit]:
    """Hits with what was said of them."""
    return [shown_hit(hit, verdicts.get(hit.hit_id, "")) for hit in hits]


def shown_hit(hit: Hit, verdict: str) -> ShownHit:
    """A hit with what was said of it."""
    labels = tuple((name, value) for name, value in hit.labels.items() if name not in STANDS_FOR)
    severity = hit.labels.get("severity", "")
    entry = shown_entry(hit.entry, hit.spans)
    return ShownHit(hit=hit, entry=entry, verdict=verdict, severity=severity, labels=labels)


def shown_entry(stored: StoredEntry, spans: Sequence[Span], document: Document | None = None) -> ShownEntry:
    """An entry with the words marked that were found in it."""
    text = document or document_of(stored.entry, feed=stored.feed)
    title = [span for span in spans if span.field == "title"]
    return ShownEntry(
        headline=whole(text.title or "(without a title)", title if text.title else ()),
        snippets=_snippets(text, spans),
        link=safe_link(stored.entry.link),
        feed=stored.feed,
        at=stored.seen_at,
        clauses=tuple(dict.fromkeys(span.clause for span in spans)),
    )


def _snippets(document: Document, spans: Sequence[Span]) -> tuple[Snippet, ...]:
    """Where words were found in the text, else how it begins."""
    found = [
        snippet
        for field in BODY
        if (here := [span for span in spans if span.field == field])
        for snippet in snippets(getattr(document, field), here, width=220, most=SNIPPETS)
    ]
    return tuple(found[:SNIPPETS]) or _beginning(document.summary or document.content)


def _beginning(text: str) -> tuple[Snippet, ...]:
    start = " ".join(text[:400].split())
    if not start:
        return ()
    return (Snippet(text=start if len(start) <= 220 else start[:219].rsplit(" ", 1)[0] + "…"),)
