"""Which entries' pages are worth reading."""

import pytest

from monitor.feeds.subscription import FullText, Subscription
from monitor.fulltext import SHORT, wish_for
from monitor.store.pages import Wish
from monitor.topics.document import Document
from monitor.topics.matcher import compile_topic
from monitor.topics.parser import parse
from monitor.topics.topic import Topic

CUBA = {"Cuba": compile_topic(Topic(name="Cuba", query=parse("Cuba").node, full_text=True))}
TITLE_ONLY = {"Cuba": compile_topic(Topic(name="Cuba", query=parse("title:Cuba").node, full_text=True))}
URL = "https://news.example/1"


def document(text: str = "Ships pass.", url: str = URL) -> Document:
    return Document(id="1", title="Ships", summary=text, url=url)


def wish(
    given: Document, *, full_text: FullText = "topics", matched: tuple[str, ...] = (), **kwargs: object
) -> Wish | None:
    topics = kwargs.get("topics", CUBA)
    subscription = Subscription(url="https://news.example/feed", full_text=full_text)
    return wish_for(7, given, matched=matched, subscription=subscription, topics=topics)  # type: ignore[arg-type]


def test_a_topic_that_asks_and_could_match_has_the_page_read_for_itself() -> None:
    assert wish(document()) == Wish(entry_id=7, url=URL, host="news.example", topics=("Cuba",))


def test_a_topic_that_matches_already_needs_no_page() -> None:
    assert wish(document(), matched=("Cuba",)) is None


def test_a_topic_that_no_text_could_make_match_needs_no_page() -> None:
    assert wish(document(), topics=TITLE_ONLY) is None


def test_a_feed_that_tells_all_needs_no_page() -> None:
    assert wish(document("word " * SHORT)) is None


def test_where_no_topic_asks_no_page_is_read() -> None:
    assert wish(document(), topics={}) is None


def test_a_feed_that_asks_has_pages_read_for_all_topics() -> None:
    found = wish(document("word " * SHORT), full_text="always", topics={})
    assert found is not None
    assert found.topics is None


def test_a_feed_may_ask_only_where_it_tells_little() -> None:
    assert wish(document("word " * SHORT), full_text="when_short", topics={}) is None
    assert wish(document(), full_text="when_short", topics={}) is not None


def test_a_feed_may_forbid_it() -> None:
    assert wish(document(), full_text="never") is None


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "https://[broken", "/relative", "ftp://a.example/1"]
)
def test_what_is_no_page_on_the_web_is_not_read(url: str) -> None:
    assert wish(document(url=url), full_text="always") is None
