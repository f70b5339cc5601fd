"""No published attack does anything as a feed's name, folder, address, error or title, nor in a list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from monitor.alerts.mute import LASTS
from monitor.clock import clock
from monitor.config.editing_values import NewFeed
from monitor.config.importing_feeds import feed_name
from monitor.feedkeeper import add_feeds
from monitor.feeds.opml import OpmlFeed, write_opml
from monitor.feeds.text import clean
from monitor.keeper import Keeping
from monitor.store.feeds import Follow
from tests.corpora.test_alerts_torture import TORTURE, vectors
from tests.corpora.test_web_torture import wrong_on
from tests.loopback import loopback
from tests.stocked import Stock
from tests.web.browser import browser, inside, needs_browser
from tests.web.running import Running, running
from tests.web.test_now import words
from tests.web.test_opml import take_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TORTURE.is_dir(), reason="needs the torture collections"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    """A desk that follows some vectors."""
    stock = Stock(tmp_path, now=clock())
    directory = stock.write("- name: Torture\n  query: anything\n")
    (directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\ndatabase: ../monitor.db\n")
    follow(stock, directory)
    with running(directory, stock.path) as served:
        yield served
    stock.store.close()


def follow(stock: Stock, directory: Path) -> None:
    """Some vectors as feeds, with what a poll may say of them."""
    chosen = vectors()[::40]
    feeds = [
        NewFeed(url=f"https://{number}.example/", name=feed_name(one)) for number, one in enumerate(chosen)
    ]
    keeping = Keeping(directory=directory, environ={}, store=None, who="page", now=clock())
    add_feeds(feeds, keeping=keeping)
    follows = [Follow(url=feed.url, name=feed.name, interval=LASTS) for feed in feeds]
    stock.store.follow(follows, now=clock())
    states = {state.url: state for state in stock.store.claim_all(now=clock(), lease=LASTS)}
    for feed, vector in zip(feeds, chosen, strict=True):
        text = vector.encode("utf-8", "replace").decode()
        state = replace(states[feed.url], error=text, failures=1, last_polled_at=clock())
        stock.store.save_poll(state, next_poll_at=None if len(text) % 2 else clock(), note=text)


def opml(pairs: Iterable[tuple[str, str]]) -> bytes:
    """A list of feeds, each in a folder that is called like it."""
    lists = [OpmlFeed(url=url, title=title, folders=(title[:50],)) for url, title in pairs]
    return write_opml(lists, title="torture").encode("utf-8", "replace")


def feed_titled(title: str) -> bytes:
    """A feed with this title, and one entry."""
    text = clean(title.encode("utf-8", "replace").decode())
    channel = f"<title>{escape(text)}</title><item><title>{escape(text)}</title><guid>1</guid></item>"
    return f"<rss version='2.0'><channel>{channel}</channel></rss>".encode()


def test_lists_and_pages_of_feeds_hold_only_what_the_desk_put_there(desk: Running) -> None:
    """Every fourth vector as a feed's title and folder in a list, and as its address."""
    visitor, before = desk.insider(), (desk.directory / "feeds.yaml").read_text()
    for start in range(0, len(vectors()), 4000):
        some = vectors()[start : start + 4000 : 4]
        new = opml((f"https://{number}.example/new", one) for number, one in enumerate(some))
        for content in (new, opml((one, one) for one in some)):
            answer = take_in(visitor, content)
            assert answer.status == 200, words(answer.text)[:500]
            assert wrong_on(answer.text) == []
            assert wrong_on(visitor.get("/feeds").text) == []
        (desk.directory / "feeds.yaml").write_text(before)
    for feed in range(2, len(vectors()[::40]) + 2):
        answer = visitor.get(f"/feeds/{feed}")
        assert (answer.status, wrong_on(answer.text)) == (200, [])
    assert desk.troubles == []


def test_what_is_found_and_followed_holds_only_what_the_desk_put_there(desk: Running) -> None:
    """Some vectors as the titles of feeds that are found, and typed as an address, a name and labels."""
    visitor = desk.insider()
    settings = (desk.directory / "monitor.yaml").read_text()
    (desk.directory / "monitor.yaml").write_text(settings + "allow_private: true\n")
    with loopback() as site:
        for start in range(0, len(vectors()), 400):
            some = vectors()[start : start + 400 : 40]
            site.pages = {f"/{number}": feed_titled(one) for number, one in enumerate(some)}
            links = [f"<link rel=alternate type=application/rss+xml href=/{one}>" for one in range(len(some))]
            site.pages["/"] = f"<!doctype html><html><head>{''.join(links)}</head></html>".encode()
            answer = visitor.send("/feeds/find", url=site.url("/"))
            assert (answer.status, wrong_on(answer.text)) == (200, []), some
            assert 'class="offer"' in answer.text
    for vector in vectors()[::40]:
        answer = visitor.send("/feeds/follow", url=vector, name=vector, labels=vector)
        page = visitor.get(answer.where) if answer.status == 303 else answer
        assert wrong_on(page.text) == [], vector
    assert desk.troubles == []


@needs_browser()
def test_in_a_browser_no_script_runs_and_no_request_leaves(desk: Running, tmp_path: Path) -> None:
    """The list of feeds, the first pages of feeds, and what a list came to."""
    asked: list[str] = []
    acted: list[str] = []
    file = tmp_path / "list.opml"
    file.write_bytes(
        opml((f"https://{number}.example/new", one) for number, one in enumerate(vectors()[::40]))
    )
    with browser() as chromium:
        page = inside(chromium, desk)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: acted.append(dialog.message))
        page.on("popup", lambda popup: acted.append(popup.url))
        page.on("pageerror", lambda error: acted.append(str(error)))
        for path in ("/feeds", *(f"/feeds/{number}" for number in range(2, 12))):
            page.goto(path, wait_until="load")
        page.goto("/feeds/opml", wait_until="load")
        page.get_by_label("A list that another reader").set_input_files(file)
        page.get_by_role("button", name="Take them in").click()
        page.get_by_text("followed from now on").wait_for()
        page.goto("/feeds", wait_until="load")
        assert page.locator(".feeds tr").count() > len(vectors()[::40])
    assert acted == []
    assert {re.sub(r"^http://127\.0\.0\.1:\d+", "", url)[:1] for url in asked} == {"/"}
