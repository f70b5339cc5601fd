"""No published attack on mark-up, links or text does anything on a page but be shown."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest

from monitor.acting import signer
from monitor.alerts.act import ON_HITS, acts_of, acts_on
from monitor.alerts.mute import LASTS, story_matcher
from monitor.cli.facts import CSV_COLUMNS
from monitor.clock import clock
from monitor.dispatcher import alert_hit
from monitor.feeds.entry import Entry
from monitor.store import open_store
from monitor.store.records import Hit, NewEntry, NewHit
from monitor.store.remarks import LONGEST_NOTE, note_of
from monitor.store.stories import NewMember
from monitor.topics.match import Span
from monitor.web.syndication import WRITERS, outgoing
from tests.alerts.examples import alert
from tests.corpora.test_alerts_torture import vectors
from tests.stocked import Stock
from tests.web.browser import browser, inside, needs_browser
from tests.web.running import Running, running

TORTURE = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "torture"
pytestmark = pytest.mark.skipif(not TORTURE.is_dir(), reason="needs the torture collections")

TOPIC = "Torture"
INERT = {"href", "title", "colspan", "rowspan", "rel"}
"""Attributes that a stranger's mark-up may bring."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk on which every vector stands wherever a stranger may write."""
    stock = Stock(tmp_path_factory.mktemp("torture"), now=clock())
    directory = stock.write("- name: Torture\n  query: anything\n")
    (directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\ndatabase: ../monitor.db\n")
    with stock.store.transaction():
        for number, vector in enumerate(vectors()):
            add(stock, number, vector)
    with running(directory, stock.path) as served:
        yield served
    stock.store.close()


def add(stock: Stock, number: int, vector: str) -> None:
    """An entry that is nothing but this vector, and its hit; the middle of it is marked."""
    text = vector.encode("utf-8", "replace").decode()
    entry = Entry(
        guid=str(number), link=text, title=text, author=text, summary=text, content="", lang=text[:20]
    )
    new = NewEntry(
        feed_id=1, entry=entry, keys=(b"%d" % number,), content_hash=b"%d" % number, index_text=("", "")
    )
    (entry_id,) = stock.store.add_entries([new], now=clock())
    third = len(text) // 3
    marked = (Span(field="title", start=third, end=2 * third, text=text[third : 2 * third], clause=text),)
    hit = NewHit(
        topic=TOPIC,
        entry_id=entry_id,
        watchlist=text[:50],
        version="1-x",
        spans=marked if third else (),
        labels={"topic": TOPIC, "severity": text[:50], text[:30]: text},
        found_at=clock(),
        reason=text,
    )
    (hit_id,) = stock.store.add_hits([hit])
    assert hit_id is not None
    stock.store.note(hit_id, note_of(text[:LONGEST_NOTE]), who=text, now=clock())
    place(stock, entry_id, text)


def place(stock: Stock, entry_id: int, text: str) -> None:
    """The entry in a story of ten, told by whom the vector names; every tenth story is muted by him."""
    story = entry_id - (entry_id - 1) % 10
    member = NewMember(
        entry_id=entry_id,
        story_id=story,
        tie="first",
        copy_of=None,
        origin=text,
        fingerprint=None,
        reason=text,
    )
    stock.store.add_members([member], at=clock())
    if story == entry_id and story % 100 == 1:
        stock.store.add_silence(
            [story_matcher(story)], starts_at=clock(), ends_at=clock() + LASTS, comment=text, who=text
        )


class Seen(HTMLParser):
    """Every tag of a page that could do something, with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.strange = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.strange = self.strange or given.get("class") == "strange"
        if any(name.startswith("on") or name in ("style", "srcdoc") for name in given):
            self.wrong.append(f"<{tag} {attrs}>")
        if tag in ("iframe", "object", "embed", "base", "style", "frame", "portal", "math"):
            self.wrong.append(f"<{tag}>")
        if self.strange and tag not in ("article", "section", "main", "body", "html") and set(given) - INERT:
            self.wrong.append(f"<{tag} {attrs}> in a feed's text")
        for name in ("href", "src", "action", "formaction"):
            if (target := given.get(name)) and not re.match(r"https?://|/(?![/\\])|#", target):
                self.wrong.append(f"{name}={target}")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.wrong.append(f"<script {attrs}>")
        if (
            tag == "a"
            and str(given.get("href")).startswith("http")
            and "noreferrer" not in str(given.get("rel"))
        ):
            self.wrong.append(f"a link that tells where from: {attrs}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.strange = False


def wrong_on(text: str) -> list[str]:
    seen = Seen()
    seen.feed(text)
    seen.close()
    return seen.wrong


@pytest.mark.slow
def test_the_page_of_every_vector_holds_only_what_the_desk_put_there(desk: Running) -> None:
    visitor = desk.insider()
    for number in range(1, len(vectors()) + 1):
        answer = visitor.get(f"/hits/{number}")
        assert answer.status == 200, vectors()[number - 1]
        assert wrong_on(answer.text) == [], vectors()[number - 1]
    assert desk.troubles == []


def all_hits(desk: Running) -> list[Hit]:
    store = open_store(desk.database)
    hits = store.hits(limit=10_000)
    store.close()
    assert len(hits) == len(vectors())
    return hits


@pytest.mark.slow
def test_links_of_messages_lead_to_pages_that_hold_only_what_the_desk_put_there(desk: Running) -> None:
    store, hits, visitor = open_store(desk.database), all_hits(desk), desk.visitor()
    signs = signer(store, "https://desk.example", now=clock())
    assert signs
    for at in range(0, len(hits), 25):
        told = alert(*map(alert_hit, hits[at : at + 25]))
        made = replace(told, id=f"A-{at}", created_at=clock(), receiver=hits[at].labels["severity"])
        store.add_alert(made, [], hit_ids=[], now=clock())
        for act in (*acts_of(made), *acts_on(made, made.hits[0], ON_HITS)):
            answer = visitor.get(signs.path(act))
            assert (answer.status, wrong_on(answer.text)) == (200, [])
    store.close()
    assert desk.troubles == []


def test_feeds_of_every_vector_are_read_back_as_text(desk: Running) -> None:
    hits = all_hits(desk)
    feed = outgoing(hits, title=TOPIC, site="https://desk.example", asked="")
    for kind in ("atom", "rss"):
        known = feedparser.parse(WRITERS[kind][0](feed), sanitize_html=False, resolve_relative_uris=False)
        assert (known.bozo, len(known.entries)) == (False, len(hits))
        for entry in known.entries:
            assert re.match(r"https?://", entry.link)
            html = entry.content[0].value if kind == "atom" else entry.summary
            assert set(re.findall(r"<(\w+)[^>]*>", html)) <= {"p", "code", "mark"}
    assert len(json.loads(WRITERS["json"][0](feed))["items"]) == len(hits)


def test_no_cell_of_every_vector_is_a_formula(desk: Running) -> None:
    rows = csv.reader(io.StringIO(desk.insider().get("/hits.csv").text, newline=""))
    cells = [cell for row in rows for cell in row]
    assert len(cells) == (len(vectors()) + 1) * len(CSV_COLUMNS)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell]


@pytest.mark.slow
@needs_browser()
def test_in_a_browser_no_script_runs_and_no_request_leaves(desk: Running) -> None:
    """The lists with every vector, and the page of every fortieth."""
    asked: list[str] = []
    acted: list[str] = []
    with browser() as chromium:
        page = inside(chromium, desk)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: acted.append(dialog.message))
        page.on("popup", lambda popup: acted.append(popup.url))
        page.on("pageerror", lambda error: acted.append(str(error)))
        before = len(vectors()) + 1
        while before > 1:
            page.goto(f"/?before={before}", wait_until="load")
            assert page.locator(".hit").count() == min(50, before - 1)
            before -= 50
        for number in range(1, len(vectors()), 40):
            page.goto(f"/hits/{number}", wait_until="load")
        for path in (
            "/feeds/opml",
            "/alerts",
            "/feeds",
            "/silences",
            "/topics",
            "/topics/edit?watchlist=watch&topic=Torture",
        ):
            page.goto(path, wait_until="load")
        assert page.title().startswith("Torture")
    assert acted == []
    assert {re.sub(r"^http://127\.0\.0\.1:\d+", "", url)[:1] for url in asked} == {"/"}
