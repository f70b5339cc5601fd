"""Entries that topics match → hits, and pages to read for their full text. Inside the commit of who calls."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.arrival import Arrival, FoundEntry, FoundHit
from monitor.documents import labels_of
from monitor.feeds.entry import Entry
from monitor.feeds.subscription import Subscription
from monitor.fulltext import may_wish, wish_for
from monitor.news import News, Showing, is_old, news_of
from monitor.prepared import entry_words
from monitor.records import dataclass
from monitor.store.records import NewHit, StoredEntry
from monitor.telling import Telling, told_again
from monitor.topics.match import Match
from monitor.topics.topic import Topic
from monitor.watch import Watch

if TYPE_CHECKING:
    from monitor.articles.article import Article
    from monitor.store.intake import IntakeStore
    from monitor.store.store import Store


@dataclass(frozen=True, slots=True)
class Matched:
    """A new or edited entry, and what matches it."""

    found: FoundEntry
    matches: tuple[Match, ...]


def match_all(watch: Watch, found: Sequence[FoundEntry], may_match: Sequence[bool]) -> list[Matched]:
    """What matches each entry; of most their words alone tell that nothing does."""
    percolator = watch.percolator
    return [
        Matched(one, percolator.match(one.document) if may else ())
        for one, may in zip(found, may_match, strict=True)
    ]


def store_hits(
    store: "IntakeStore",
    matched: Sequence[Matched],
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


def wish_pages(
    store: "IntakeStore",
    matched: Sequence[Matched],
    arrival: Arrival,
    *,
    watch: Watch,
    showing: Showing,
    now: datetime,
) -> int:
    """Have the pages read whose text may change the outcome; returns how many."""
    subscription = arrival.subscription
    if not may_wish(subscription, watch.full_text):
        return 0
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
    wished = [wish for wish in wishes if wish]
    if wished:
        store.whole().wish_pages(wished, now=now)
    return len(wished)


def take_page(
    store: "Store",
    stored: StoredEntry,
    article: "Article",
    *,
    topics: Collection[str] | None,
    subscription: Subscription,
    watch: Watch,
    now: datetime,
) -> tuple[FoundHit, ...]:
    """Take in the article of an entry's page: it becomes its content, and brings new hits.

    Only `topics` are matched against it, None: all. A topic that has hit the entry already hits no more. A
    page of an old date is old news, whatever date its feed gives it.
    """
    entry = _filled(stored.entry, article)
    words = entry_words(entry)
    one = FoundEntry(entry_id=stored.entry_id, entry=entry, feed=stored.feed, words=words)
    matches = [
        each for each in watch.percolator.match(one.document) if topics is None or each.topic in topics
    ]
    with store.transaction():
        store.fill_entry(stored.entry_id, entry, index_text=(words.title, words.body))
        telling = told_again(store, stored.entry_id)
        dates = [date for date in (entry.published, article.head.published) if date]
        dated = entry._replace(published=min(dates, default=None))
        hits = []
        for match in matches:
            topic, version = watch.topics[match.topic], watch.version_of(match.topic)
            labels = labels_of(topic, subscription, entry, telling)
            news = news_of(dated, topic, Showing(), subscription, revised=False, now=now)
            hits.append((one, _new_hit(one, topic, match, labels, version=version, news=news, now=now)))
        return tuple(_add_hits(store, hits))


def _filled(entry: Entry, article: "Article") -> Entry:
    """The entry with the article as its content, and what its feed left out of author, language and date."""
    head = article.head
    return entry._replace(
        content=article.html,
        author=entry.author or ", ".join(head.authors),
        lang=entry.lang or head.lang,
        published=entry.published or head.published,
    )


def _add_hits(store: "IntakeStore", hits: Sequence[tuple[FoundEntry, NewHit]]) -> list[FoundHit]:
    if not hits:
        return []
    ids = store.add_hits([hit for _, hit in hits])
    return [
        FoundHit(hit_id=hit_id, hit=hit, entry=one.entry)
        for hit_id, (one, hit) in zip(ids, hits, strict=True)
        if hit_id is not None
    ]


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
