"""Pages are read for their full text: what the feed's summary hides is found, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.once import poll_once
from monitor.pages import PageReport
from monitor.parts import load_config
from monitor.reports import Report
from monitor.store import open_store
from monitor.store.records import Hit
from tests.articles.pages import PARAGRAPHS, page
from tests.loopback import Loopback, loopback

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("kept_children")]

TOPIC = "- {name: Cuba, query: '\"spy station\" NEAR/5 Cuba', full_text: true}\n- Frigates\n"


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        yield state


class Home:
    """A feed of summaries on loopback, with a page for each entry."""

    def __init__(self, directory: Path, server: Loopback) -> None:
        self.directory, self.server = directory, server
        self.database = directory / "monitor.db"
        self.says(feeds="", topics=TOPIC)
        (directory / "monitor.yaml").write_text("allow_private: true\npages: {pause: 0s}\n")
        (directory / "alerts.yaml").write_text(
            "route: {receiver: desk}\nreceivers: [{name: desk, urls: 'stdout://'}]\n"
        )
        self.publish(0)

    def says(self, *, feeds: str, topics: str = TOPIC) -> None:
        """Configure the feed further, and the topics."""
        (self.directory / "feeds.yaml").write_text(f"- url: {self.server.url('/feed')}\n{feeds}")
        (self.directory / "watchlists").mkdir(exist_ok=True)
        (self.directory / "watchlists" / "one.yaml").write_text(topics)

    def publish(self, count: int, summary: str = "Frigates pass, a ministry says.") -> None:
        """The feed shows so many entries, each with a page; the first document shows none."""
        items = "".join(
            f"<item><guid>{n}</guid><title>Entry {n}</title><link>{self.server.url(f'/page/{n}')}</link>"
            f"<description>{summary}</description></item>"
            for n in range(count)
        )
        self.server.pages["/feed"] = (
            f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()
        )
        for n in range(count):
            self.server.pages.setdefault(f"/page/{n}", page().encode())

    async def poll(self) -> list[PageReport]:
        """Poll once; returns what came of the pages."""
        reports: list[Report] = []
        await poll_once(load_config(self.directory), self.database, on_report=reports.append)
        return [report for report in reports if isinstance(report, PageReport)]

    def hits(self) -> list[Hit]:
        store = open_store(self.database)
        hits = store.hits()
        store.close()
        return hits


@pytest_asyncio.fixture(loop_scope="module")
async def home(tmp_path: Path, server: Loopback) -> Home:
    """A feed whose baseline is behind it."""
    home = Home(tmp_path, server)
    await home.poll()
    return home


async def test_what_stands_only_in_the_page_is_a_hit_with_its_place(home: Home) -> None:
    home.publish(1)
    (report,) = await home.poll()
    assert report.verdict.state == "read"
    by_topic = {hit.topic: hit for hit in home.hits()}
    assert set(by_topic) == {"Cuba", "Frigates"}
    assert {span.field for span in by_topic["Cuba"].spans} == {"content"}
    assert by_topic["Cuba"].state == "pending"
    assert PARAGRAPHS[2] in by_topic["Cuba"].entry.entry.content


async def test_what_the_page_says_of_itself_fills_what_the_feed_left_out(home: Home) -> None:
    home.publish(1)
    author = '<meta name="author" content="Ann Lee">'
    home.server.pages["/page/0"] = page(head=author, lang="en-GB").encode()
    await home.poll()
    entry = home.hits()[0].entry.entry
    assert (entry.author, entry.lang) == ("Ann Lee", "en-GB")


async def test_a_page_of_an_old_date_is_old_news(home: Home) -> None:
    home.publish(1)
    dated = '<meta property="article:published_time" content="2020-03-01">'
    home.server.pages["/page/0"] = page(head=dated).encode()
    await home.poll()
    kept = {hit.topic: (hit.state, hit.reason) for hit in home.hits()}["Cuba"]
    assert kept == ("kept", "recycled: published 2020-03-01")


async def test_of_a_paid_page_it_is_said_that_not_all_was_read(home: Home) -> None:
    home.publish(1)
    paid = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>'
    home.server.pages["/page/0"] = page(head=paid).encode()
    (report,) = await home.poll()
    assert report.verdict.state == "read"
    assert "paywall" in report.verdict.reason


async def test_a_hit_of_the_feeds_own_text_stays_single(home: Home) -> None:
    home.says(feeds="  full_text: true\n")
    home.publish(1)
    await home.poll()
    assert sorted(hit.topic for hit in home.hits()) == ["Cuba", "Frigates"]


async def test_a_page_is_read_once_however_often_the_feed_shows_its_entry(
    home: Home, server: Loopback
) -> None:
    home.publish(1)
    await home.poll()
    home.publish(2)
    await home.poll()
    assert server.requests.count("/page/0") == 1


async def test_an_edited_entry_has_its_page_read_again(home: Home, server: Loopback) -> None:
    home.publish(1)
    await home.poll()
    home.publish(1, summary="Frigates pass, two ministries say.")
    await home.poll()
    assert server.requests.count("/page/0") == 2


async def test_only_topics_that_ask_are_matched_against_the_page(home: Home) -> None:
    home.says(feeds="", topics=f"{TOPIC}- Fishermen\n")
    home.publish(1)
    await home.poll()
    assert "Fishermen" not in {hit.topic for hit in home.hits()}


async def test_a_feed_that_asks_has_all_topics_matched_against_its_pages(home: Home) -> None:
    home.says(feeds="  full_text: when_short\n", topics="- Fishermen\n")
    home.publish(1)
    await home.poll()
    assert {hit.topic for hit in home.hits()} == {"Fishermen"}


async def test_a_first_document_has_no_pages_read(tmp_path: Path, server: Loopback) -> None:
    home = Home(tmp_path, server)
    home.publish(3)
    assert await home.poll() == []


async def test_robots_txt_is_asked_once_and_respected(home: Home, server: Loopback) -> None:
    server.pages["/robots.txt"] = b"User-agent: *\nDisallow: /page/0\n"
    home.publish(2)
    verdicts = {report.page.url[-1]: report.verdict for report in await home.poll()}
    assert (verdicts["0"].state, verdicts["1"].state) == ("unreadable", "read")
    assert "robots.txt" in verdicts["0"].reason
    assert server.requests.count("/robots.txt") == 1
    assert "/page/0" not in server.requests


@pytest.mark.parametrize(
    ("body", "words"),
    [(None, "404"), (b"%PDF-1.7", "not an HTML page"), (b"<html><body></body></html>", "no article")],
)
async def test_a_page_that_can_not_be_read_leaves_its_reason_and_the_entry_as_it_was(
    home: Home, server: Loopback, body: bytes | None, words: str
) -> None:
    home.publish(1)
    del server.pages["/page/0"]
    if body is not None:
        server.pages["/page/0"] = body
    (report,) = await home.poll()
    assert report.verdict.state == "unreadable"
    assert words in report.verdict.reason
    assert {hit.topic for hit in home.hits()} == {"Frigates"}


async def test_a_page_that_hangs_is_tried_again_later_and_holds_up_no_other_host(
    home: Home, server: Loopback
) -> None:
    server.hangs.add("/page/0")
    (home.directory / "monitor.yaml").write_text("allow_private: true\npages: {timeout: 1s, pause: 0s}\n")
    home.publish(1)
    (report,) = await home.poll()
    assert report.verdict.state == "due"
    assert report.verdict.next_at is not None


async def test_a_damaged_copy_still_matches(home: Home, server: Loopback) -> None:
    """Words glued at a link's borders, odd quotes, and a footer with the source's link."""
    glued = (
        PARAGRAPHS[2]
        .replace("spy station in Cuba", "<a href='/x'>spy station</a>in ‚Cuba‘")
        .replace(", three", ",three")
    )
    home.publish(1)
    server.pages["/page/0"] = page(paragraphs=(*PARAGRAPHS[:2], glued, "Source link")).encode()
    await home.poll()
    assert "Cuba" in {hit.topic for hit in home.hits()}
