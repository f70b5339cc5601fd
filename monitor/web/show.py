"""What hits and entries look like on a page: marked words, stretches of text, safe links, stories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.links import safe_link
from monitor.alerts.mute import muted_stories
from monitor.alerts.silence import Silence
from monitor.alerts.story import Standing
from monitor.documents import document_of
from monitor.store.desk import StorySum
from monitor.store.records import Hit, StoredEntry
from monitor.store.remarks import NO_REMARK, Remark
from monitor.store.store import Store
from monitor.topics.document import Document
from monitor.topics.match import Span
from monitor.topics.snippets import Snippet, fitting, snippets, whole

SNIPPETS = 2
BODY = ("summary", "content")


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
    """A hit as a line of a list."""

    hit: Hit
    entry: ShownEntry
    verdict: str
    remark: Remark
    severity: str
    story: StorySum | None
    muted: Silence | None

    @property
    def origins(self) -> str:
        """Who told its story: `single source: Reuters`, `2 origins: Reuters, CNA`."""
        return str(Standing(copies=0, origins=self.story.origins)) if self.story else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStory:
    """Hits of one story, or of one entry where it is in none: the newest, and the others below it."""

    lead: ShownHit
    others: tuple[ShownHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of hits besides themselves. Stories by their entries, silences by the story they mute."""

    verdicts: Mapping[int, str]
    remarks: Mapping[int, Remark]
    stories: Mapping[int, StorySum]
    muted: Mapping[str, Sequence[Silence]]


def known_of(store: Store, hits: Sequence[Hit], *, now: datetime) -> Known:
    """What the store knows of hits."""
    ids = [hit.hit_id for hit in hits]
    return Known(
        verdicts=store.verdicts(ids),
        remarks=store.remarks(ids),
        stories=store.story_sums([hit.entry.entry_id for hit in hits]),
        muted=muted_stories(store.silences(since=now), now=now),
    )


def shown_stories(hits: Iterable[Hit], known: Known) -> list[ShownStory]:
    """Hits, those of one story together, in the order of the first of each."""
    together: dict[tuple[str, int], list[ShownHit]] = {}
    for hit in hits:
        shown, entry = shown_hit(hit, known), hit.entry.entry_id
        key = ("story", shown.story.story_id) if shown.story else ("entry", entry)
        together.setdefault(key, []).append(shown)
    return [ShownStory(lead=first, others=tuple(rest)) for first, *rest in together.values()]


def shown_hit(hit: Hit, known: Known) -> ShownHit:
    """A hit with what is known of it."""
    story = known.stories.get(hit.entry.entry_id)
    silences = known.muted.get(str(story.story_id)) if story else None
    return ShownHit(
        hit=hit,
        entry=shown_entry(hit.entry, hit.spans),
        verdict=known.verdicts.get(hit.hit_id, ""),
        remark=known.remarks.get(hit.hit_id, NO_REMARK),
        severity=hit.labels.get("severity", ""),
        story=story,
        muted=silences[-1] if silences else None,
    )


def shown_entry(stored: StoredEntry, spans: Sequence[Span], document: Document | None = None) -> ShownEntry:
    """An entry with the words marked that were found in it."""
    text = document or document_of(stored.entry, feed=stored.feed)
    standing = fitting(text, spans)
    title = [span for span in standing if span.field == "title"]
    return ShownEntry(
        headline=whole(text.title or "(without a title)", title if text.title else ()),
        snippets=_snippets(text, standing),
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
