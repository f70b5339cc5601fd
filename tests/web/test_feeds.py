"""Feeds: how they are, one in full, one more found at an address, one less."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.clock import clock
from tests.loopback import Loopback, loopback, rss
from tests.stocked import FEED, Stock
from tests.web.running import Running, Visitor
from tests.web.test_now import words

PAGE = b"""<!doctype html><html><head><title>News</title>
<link rel="alternate" type="application/rss+xml" href="/a.xml">
<link rel="alternate" type="application/rss+xml" href="/b.xml">
</head><body>Hello</body></html>"""
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as site:
        site.pages |= {"/": PAGE, "/a.xml": rss("One", "Two"), "/b.xml": rss("Three")}
        yield site


@pytest.fixture
def open_desk(desk: Running) -> Running:
    """A desk whose feeds may stand in a private network."""
    (desk.directory / "monitor.yaml").write_text("web: {listen: '127.0.0.1:0'}\nallow_private: true\n")
    return desk


def polled(stock: Stock, **changes: Any) -> None:
    """The feed was polled now, and this came of it."""
    (state,) = stock.store.claim_all(now=clock(), lease=timedelta(), urls=[FEED.url])
    stock.store.save_poll(replace(state, last_polled_at=clock(), **changes), next_poll_at=clock())


def feeds_yaml(desk: Running) -> str:
    return (desk.directory / "feeds.yaml").read_text()


def find(visitor: Visitor, url: str) -> tuple[int, str]:
    answer = visitor.send("/feeds/find", url=url)
    return answer.status, answer.text


def test_feeds_are_listed_with_what_is_wrong_with_them(desk: Running, stock: Stock) -> None:
    now = clock()
    polled(stock)
    stock.store.add_gap(1, from_at=now - timedelta(hours=2), to_at=now - timedelta(hours=1))
    shown = words(desk.insider().get("/feeds").text)
    assert "1 feed · 1 well" in shown
    assert "1 gap in 7 days" in shown


def test_a_feed_that_fails_comes_first_with_its_error_in_words(desk: Running, stock: Stock) -> None:
    (desk.directory / "feeds.yaml").write_text(f"- {{url: '{FEED.url}', name: A}}\n- https://b.example/rss\n")
    polled(stock, error=f"the server answers {HOSTILE}", failures=3)
    text = desk.insider().get("/feeds").text
    assert "failing 3 times" in words(text)
    assert "the server answers &lt;script&gt;" in words(text)
    assert text.index(">A</a>") < text.index("https://b.example/rss")
    assert "1 failing" in words(text)
    assert "1 not polled yet" in words(text)


def test_one_feed_is_shown_in_full(desk: Running) -> None:
    visitor = desk.insider()
    shown = words(visitor.get("/feeds/1").text)
    assert "https://a.example/feed" in shown
    assert "4 kept, 4 in the last 7 days" in shown
    assert visitor.get("/feeds/99").status == 404
    assert visitor.get("/feeds/0").status == 404


def test_the_feeds_of_a_page_are_found_and_the_one_that_is_picked_is_followed(
    open_desk: Running, site: Loopback
) -> None:
    visitor = open_desk.insider()
    status, text = find(visitor, site.url("/"))
    assert (status, text.count('action="/feeds/follow"')) == (200, 2)
    assert "2 entries" in words(text)
    assert "RSS 2.0" in words(text)
    before = feeds_yaml(open_desk)
    done = visitor.send("/feeds/follow", url=site.url("/b.xml"), name="B & B", labels="region: asia")
    assert (done.status, done.where) == (303, "/feeds?followed=B+%26+B")
    assert feeds_yaml(open_desk) == before + (
        f"- name: B & B\n  url: {site.url('/b.xml')}\n  labels: {{region: asia}}\n"
    )
    assert "B &amp; B" in visitor.get(done.where).text
    assert "followed already" in words(find(visitor, site.url("/b.xml"))[1])


def test_an_address_that_answers_only_over_http_is_said_to(open_desk: Running, site: Loopback) -> None:
    status, text = find(open_desk.insider(), f"{site.host}/b.xml")
    assert (status, "Nobody answers over https (TLS: " in words(text)) == (200, True)
    assert site.url("/b.xml") in text


def test_the_error_of_an_address_without_a_scheme_does_not_show_its_key(
    open_desk: Running, site: Loopback
) -> None:
    status, text = find(open_desk.insider(), f"{site.host}/b.xml?api_key=hunter2hunter2")
    assert (status, f"https://{site.host}/b.xml?api_key=***: TLS: " in words(text)) == (422, True)


def test_a_private_address_is_refused_with_the_reason_and_not_connected_to(
    desk: Running, site: Loopback
) -> None:
    status, text = find(desk.insider(), site.url("/"))
    assert status == 422
    assert "private" in words(text)
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    ["", "  ", "file:///etc/passwd", "exec:id", "javascript:alert(1)", "http://", "http://[", "ftp://a.example",
     HOSTILE, "a b", "\u202e", "http://a.example:0/", "x" * 3000],
)  # fmt: skip
def test_what_is_no_address_is_said(desk: Running, url: str) -> None:
    visitor = desk.insider()
    before = feeds_yaml(desk)
    for path in ("/feeds/find", "/feeds/follow"):
        answer = visitor.send(path, url=url, name=HOSTILE)
        assert answer.status == 422
        assert 'class="problem"' in answer.text
        assert HOSTILE not in answer.text
    assert (feeds_yaml(desk), desk.troubles) == (before, [])


def test_where_no_feed_is_it_is_said_what_is_there(open_desk: Running, site: Loopback) -> None:
    site.pages["/"] = b"<!doctype html><html><body>Hello</body></html>"
    status, text = find(open_desk.insider(), site.url("/"))
    assert (status, "No feed was found" in words(text)) == (200, True)
    assert "Hello" not in text


def test_a_feed_is_not_followed_twice_and_its_place_is_said(desk: Running) -> None:
    before = feeds_yaml(desk)
    answer = desk.insider().send("/feeds/follow", url="https://A.example/feed", name="x")
    assert (answer.status, feeds_yaml(desk)) == (422, before)
    assert "followed already" in words(answer.text)


def test_a_name_or_label_that_would_be_yaml_or_a_reference_stays_text(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter2hunter2")
    name = "${SECRET}: {x} # y"
    url = "https://c.example/${SECRET}"
    assert desk.insider().send("/feeds/follow", url=url, name=name).status == 303
    shown = desk.insider().get("/feeds").text
    assert "hunter2" not in shown
    assert "${SECRET}: {x} # y" in shown


def test_a_look_that_takes_long_holds_up_no_page(open_desk: Running, site: Loopback) -> None:
    site.hangs.add("/")
    visitor = open_desk.insider()
    looking = threading.Thread(target=find, args=(visitor, site.url("/")), daemon=True)
    looking.start()
    while "/" not in site.requests:
        assert open_desk.insider().get("/feeds").status == 200
    assert looking.is_alive()
    site.done.set()
    looking.join(20)
    assert not looking.is_alive()


def test_a_feed_is_removed_and_its_hits_stay(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    done = visitor.send("/feeds/1/remove")
    assert (done.status, done.where) == (303, "/feeds?removed=A")
    assert "a.example" not in feeds_yaml(desk)
    assert len(stock.store.hits()) == 2
    assert "followed no more" in words(visitor.get(done.where).text)
    assert visitor.send("/feeds/1/remove").status == 404
