"""Parsed entries → new entries + hits, in one commit. Polls, pushes and replays end here.

    which ids are known     store.known_keys → identity.recognise
    place                   the entry's story and origin
    percolate               document_of(entry) → matches
    ONE COMMIT              entries + revisions + stories + hits + feed states, validators with their entries

Does not decide when a feed is polled again, what is news (news.py), nor who hears of a hit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from monitor.articles.article import Article
from monitor.articles.extract import as_html
from monitor.feeds.cadence import sooner, tightened
from monitor.feeds.entry import Entry, Parsed
from monitor.feeds.identity import Recognised, keys_of, recognise
from monitor.feeds.overrun import lost_words, ran_over
from monitor.feeds.rhythm import Rhythm, learnt
from monitor.feeds.shown import NO_ENTRY, Shown
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.feeds.wishes import wishes_of
from monitor.fulltext import wish_for
from monitor.news import News, Showing, is_old, news_of, showing_of
from monitor.placer import Placer, Telling, told_again
from monitor.presence import doubt, shown_now, still_there
from monitor.store.records import NewEntry, NewHit, StoredEntry
from monitor.store.store import Store
from monitor.topics.document import Document
from monitor.topics.markup import text_of
from monitor.topics.match import Match
from monitor.topics.matcher import CompiledTopic, compile_topic
from monitor.topics.percolator import Percolator, version_of
from monitor.topics.text import index_text
from monitor.topics.topic import Topic


class Watch:
    """The topics that run. What takes a while to build is built when it is first asked for."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = {topic.name: topic for topic in topics}
        self._versions: dict[str, str] = {}

    @classmethod
    def of(cls, topics: Iterable[Topic]) -> "Watch":
        """A watch over these topics."""
        return cls(topics)

    @cached_property
    def percolator(self) -> Percolator:
        """All topics, built when first asked for."""
        return Percolator(self.topics.values())

    @cached_property
    def full_text(self) -> Mapping[str, CompiledTopic]:
        """Those that ask for full text."""
        broken = self.percolator.broken
        asking = (topic for topic in self.topics.values() if topic.full_text and topic.name not in broken)
        return {topic.name: compile_topic(topic) for topic in asking}

    def version_of(self, topic: str) -> str:
        """The version of a topic's query; of a large one it takes a while to say."""
        if topic not in self._versions:
            self._versions[topic] = version_of(self.topics[topic])
        return self._versions[topic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a poll, a push or a replay brought: what it taught of the feed and, if any, a document.

    `heard_at` is when the feed was heard before, None where that was never or does not matter.
    `items` are the hashes of all the document's items, `left_out` those that are known and were not parsed,
    and the entries that they are. Where that is all there is, nothing was `parsed`.
    """

    state: FeedState
    subscription: Subscription
    next_poll_at: datetime | None
    parsed: Parsed | None = None
    heard_at: datetime | None = None
    items: tuple[bytes, ...] = ()
    left_out: Mapping[bytes, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    """A new or edited entry, as ingested."""

    entry_id: int
    entry: Entry
    document: Document
    revised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    """A new hit, as ingested."""

    hit_id: int
    hit: NewHit
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of an arrival; `state` is the feed's state as it stands in the store now.

    `wished` counts the pages that are to be read; `lost` is the time from which entries may be missing, None
    where there is none; `odd` is what was found out about the feed's identifiers. Where there is a `doubt`
    nothing is stored: it says why the document must be read whole.
    """

    arrival: Arrival
    state: FeedState
    baseline: bool = False
    wished: int = 0
    lost: timedelta | None = None
    odd: str = ""
    doubt: str = ""
    entries: tuple[FoundEntry, ...] = field(default=())
    hits: tuple[FoundHit, ...] = field(default=())


def ingest(
    store: Store, arrivals: Sequence[Arrival], *, watch: Watch, now: datetime, placer: Placer | None = None
) -> tuple[Ingested, ...]:
    """Take in what arrived, of one feed or of several, in one commit.

    Who ingests again and again has a `placer`: a new one must read the window's entries first.
    """
    placer = placer or Placer()
    with store.transaction():
        return tuple(_ingest_one(store, arrival, watch=watch, placer=placer, now=now) for arrival in arrivals)


def document_of(entry: Entry, *, feed: str) -> Document:
    """The entry's searchable text."""
    return Document(
        id=entry.guid or entry.link,
        title=entry.title,
        summary=text_of(entry.summary),
        content=text_of(entry.content),
        url=entry.link,
        site=site_of(entry.link),
        feed=feed,
        author=entry.author,
        tags=entry.categories,
        lang=entry.lang,
    )


def site_of(url: str) -> str:
    """The host that a URL names, "" where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _ingest_one(store: Store, arrival: Arrival, *, watch: Watch, placer: Placer, now: datetime) -> Ingested:
    if arrival.parsed is None:
        return _nothing_new(store, arrival, now=now)
    state, parsed = arrival.state, arrival.parsed
    keys = {key for entry in parsed.entries for key in keys_of(entry).all}
    known = store.known_keys(state.feed_id, keys)
    recognition = recognise(parsed.entries, known, state.identity)
    if why := doubt(recognition, known, identity=state.identity, left_out=arrival.left_out):
        return Ingested(arrival=arrival, state=state, doubt=why)
    lost = _lost(store, arrival, recognition.items, now=now)
    placed, found = _store_entries(store, state.feed_id, recognition.items, feed=feed_name(arrival), now=now)
    showing = showing_of(state, heard_at=arrival.heard_at, now=now)
    matched = [_Matched(one, watch.percolator.match(one.document)) for one in found]
    tellings = _place(store, found, arrival, placer=placer, now=now)
    hits = _store_hits(store, matched, arrival, watch=watch, showing=showing, tellings=tellings, now=now)
    wished = _wish_pages(store, matched, arrival, watch=watch, showing=showing, now=now)
    learned = replace(
        state,
        identity=recognition.identity,
        baseline_at=state.baseline_at or now,
        last_new_at=now if any(not one.revised for one in found) else state.last_new_at,
        empty_since=(state.empty_since or now) if _is_empty(parsed) else None,
        shown=state.shown if _is_empty(parsed) else _shown(store, arrival, parsed, placed, now=now),
        wishes=wishes_of(parsed.feed),
        rhythm=_rhythm(state, showing, found, now=now),
    )
    if lost:
        learned = tightened(learned, lost, now=now)
    store.save_poll(
        learned,
        next_poll_at=sooner(arrival.next_poll_at, state, learned, now=now),
        note=recognition.note or (lost_words(lost) if lost else arrival.note),
    )
    return Ingested(
        arrival=arrival,
        state=learned,
        baseline=showing.baseline,
        entries=tuple(found),
        hits=tuple(hits),
        wished=wished,
        lost=lost,
        odd=recognition.note,
    )


def _lost(store: Store, arrival: Arrival, items: Sequence[Recognised], *, now: datetime) -> timedelta | None:
    """Say which entries are in the document; from how long entries may be missing, None for none."""
    parsed, feed_id = arrival.parsed, arrival.state.feed_id
    if parsed is None or _is_empty(parsed):  # it says nothing: what was in the one before may come again
        return None
    seen = (item.entry_id or NO_ENTRY for item in items)
    present = {*arrival.left_out.values(), *seen} - {NO_ENTRY}
    was = store.mark_present(feed_id, present, now=now)
    new = sum(item.entry_id is None for item in items)
    shown = len(present) + new
    if not arrival.heard_at or not ran_over(before=was.before, stayed=was.stayed, shown=shown, new=new):
        return None
    store.add_gap(feed_id, from_at=arrival.heard_at, to_at=now)
    return now - arrival.heard_at


def _rhythm(state: FeedState, showing: Showing, found: Sequence[FoundEntry], *, now: datetime) -> Rhythm:
    """A first document, and what has heaped up while nobody looked, say nothing of a rhythm."""
    says = not showing.baseline and not showing.silence
    return learnt(state.rhythm, sum(not one.revised for one in found) if says else 0, at=now)


def _is_empty(parsed: Parsed) -> bool:
    return not parsed.entries and not parsed.left_out


def _nothing_new(store: Store, arrival: Arrival, *, now: datetime) -> Ingested:
    """No document, or one in which every item is known."""
    state = still_there(store, arrival.state, arrival.left_out, now=now)
    store.save_poll(state, next_poll_at=arrival.next_poll_at, note=arrival.note)
    return Ingested(arrival=arrival, state=state)


def _shown(
    store: Store, arrival: Arrival, parsed: Parsed, placed: Sequence[tuple[Recognised, int]], *, now: datetime
) -> Shown:
    before = arrival.state.shown
    shown = shown_now(before, parsed, placed, items=arrival.items, left_out=arrival.left_out, now=now)
    store.keep_shown(arrival.state.feed_id, shown)
    return shown


def feed_name(arrival: Arrival) -> str:
    """How the feed is called: the subscription's name, or its URL."""
    return arrival.subscription.name or arrival.subscription.url


def _store_entries(
    store: Store, feed_id: int, items: Sequence[Recognised], *, feed: str, now: datetime
) -> tuple[list[tuple[Recognised, int]], list[FoundEntry]]:
    """Store what is new or edited of these; all of them with their entries' ids, and what was stored."""
    documents = {
        at: document_of(item.entry, feed=feed) for at, item in enumerate(items) if item.verdict != "seen"
    }
    rows = {at: _new_entry(feed_id, items[at], document) for at, document in documents.items()}
    ids = iter(store.add_entries([row for at, row in rows.items() if items[at].entry_id is None], now=now))
    placed = [(item, next(ids) if item.entry_id is None else item.entry_id) for item in items]
    for at, (item, entry_id) in enumerate(placed):
        if item.verdict == "revised":
            store.revise_entry(entry_id, rows[at], now=now)
        elif item.verdict == "seen" and item.new_keys:
            store.add_keys(feed_id, entry_id, item.new_keys)
    found = [
        FoundEntry(
            entry_id=placed[at][1],
            entry=items[at].entry,
            document=document,
            revised=items[at].verdict == "revised",
        )
        for at, document in documents.items()
    ]
    return placed, found


def _place(
    store: Store, found: Sequence[FoundEntry], arrival: Arrival, *, placer: Placer, now: datetime
) -> dict[int, Telling]:
    """The story and the origin of each entry; an edited one stays where it is."""
    tellings: dict[int, Telling] = {}
    for one in found:
        if not one.revised:
            owner = arrival.subscription.owner
            tellings[one.entry_id] = placer.place(
                store, one.entry_id, one.entry, one.document, owner=owner, now=now
            )
        elif telling := told_again(store, one.entry_id):
            tellings[one.entry_id] = telling
    return tellings


def _new_entry(feed_id: int, item: Recognised, document: Document) -> NewEntry:
    return NewEntry(
        feed_id=feed_id,
        entry=item.entry,
        keys=item.keys,
        content_hash=item.content_hash,
        index_text=index_text(document),
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    """A new or edited entry, and what matches it."""

    found: FoundEntry
    matches: tuple[Match, ...]


def _wish_pages(
    store: Store,
    matched: Sequence[_Matched],
    arrival: Arrival,
    *,
    watch: Watch,
    showing: Showing,
    now: datetime,
) -> int:
    """Have the pages read whose text may change the outcome; returns how many."""
    subscription = arrival.subscription
    wishes = [
        wish_for(
            one.found.entry_id,
            one.found.document,
            matched={match.topic for match in one.matches},
            subscription=subscription,
            topics=watch.full_text,
            again=one.found.revised,
        )
        for one in matched
        if not is_old(one.found.entry, showing, subscription, now=now)
    ]
    store.wish_pages([wish for wish in wishes if wish], now=now)
    return sum(wish is not None for wish in wishes)


def _store_hits(
    store: Store,
    matched: Sequence[_Matched],
    arrival: Arrival,
    *,
    watch: Watch,
    showing: Showing,
    tellings: Mapping[int, Telling],
    now: datetime,
) -> list[FoundHit]:
    hits: list[tuple[FoundEntry, NewHit]] = []
    for each in matched:
        one = each.found
        for match in each.matches:
            topic, version = watch.topics[match.topic], watch.version_of(match.topic)
            telling = tellings.get(one.entry_id)
            labels = labels_of(topic, arrival.subscription, one.entry, telling)
            news = news_of(
                one.entry,
                topic,
                showing,
                arrival.subscription,
                revised=one.revised,
                now=now,
                first_seen=telling.first_seen if telling else None,
            )
            hits.append((one, _new_hit(one, topic, match, labels, version=version, news=news, now=now)))
    return _add_hits(store, hits)


def _add_hits(store: Store, hits: Sequence[tuple[FoundEntry, NewHit]]) -> list[FoundHit]:
    ids = store.add_hits([hit for _, hit in hits])
    return [
        FoundHit(hit_id=hit_id, hit=hit, entry=one.entry)
        for hit_id, (one, hit) in zip(ids, hits, strict=True)
        if hit_id is not None
    ]


def take_page(
    store: Store,
    stored: StoredEntry,
    article: Article,
    *,
    topics: Collection[str] | None,
    subscription: Subscription,
    watch: Watch,
    now: datetime,
) -> tuple[FoundHit, ...]:
    """Take in the article of an entry's page: it becomes its content, and brings new hits.

    Only `topics` are matched against it, None: all. A topic that has hit the entry already hits no more.
    """
    entry = _filled(stored.entry, article)
    document = document_of(entry, feed=stored.feed)
    one = FoundEntry(entry_id=stored.entry_id, entry=entry, document=document)
    matches = [each for each in watch.percolator.match(document) if topics is None or each.topic in topics]
    with store.transaction():
        store.fill_entry(stored.entry_id, entry, index_text=index_text(document))
        telling = told_again(store, stored.entry_id)
        hits = []
        for match in matches:
            topic, version = watch.topics[match.topic], watch.version_of(match.topic)
            labels = labels_of(topic, subscription, entry, telling)
            hits.append((one, _new_hit(one, topic, match, labels, version=version, news=News(), now=now)))
        return tuple(_add_hits(store, hits))


def _filled(entry: Entry, article: Article) -> Entry:
    """The entry with the article as its content, and what its feed left out of author, language and date."""
    head = article.head
    return replace(
        entry,
        content=as_html(article.text),
        author=entry.author or ", ".join(head.authors),
        lang=entry.lang or head.lang,
        published=entry.published or head.published,
    )


def _new_hit(
    one: FoundEntry,
    topic: Topic,
    match: Match,
    labels: Mapping[str, str],
    *,
    version: str,
    news: News,
    now: datetime,
) -> NewHit:
    return NewHit(
        topic=topic.name,
        entry_id=one.entry_id,
        watchlist=topic.watchlist,
        version=version,
        spans=match.spans,
        labels={**labels, **news.labels},
        found_at=now,
        state=news.state,
        reason=news.reason,
        again=one.revised and news.state == "pending",
    )


def labels_of(
    topic: Topic, subscription: Subscription, entry: Entry, telling: Telling | None = None
) -> dict[str, str]:
    """What routes see of a hit: the feed's labels, the topic's over them, and what is always there."""
    always = {"topic": topic.name, "watchlist": topic.watchlist, "lang": entry.lang}
    feed = {"feed": subscription.name or subscription.url}
    told = telling.labels if telling else {}
    said = {key: val for key, val in always.items() if val}
    return {**subscription.labels, **topic.labels, **feed, **said, **told}
