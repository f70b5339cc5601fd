"""The meeting places of the rooms: an entry as topics see it, a hit as routes see it."""

from monitor.feeds.entry import Entry
from monitor.feeds.subscription import Subscription
from monitor.telling import Telling
from monitor.topics.document import Document, Words
from monitor.topics.markup import text_of
from monitor.topics.topic import Topic


def document_of(entry: Entry, *, feed: str, words: Words | None = None) -> Document:
    """The entry's searchable text; with its words, where they are there already."""
    return Document(
        id=entry.guid or entry.link,
        title=entry.title,
        summary=text_of(entry.summary),
        content=text_of(entry.content),
        url=entry.link,
        site=entry.site,
        feed=feed,
        author=entry.author,
        tags=entry.categories,
        lang=entry.lang,
        words=words,
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
