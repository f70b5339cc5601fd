"""Discovery: where a page says that its feeds are, whatever else it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.discover import MOST, candidates, usual_places

URL = "https://news.example.org/world/index.html"


def found(page: str) -> list[tuple[str, str, str]]:
    return [(one.url, one.title, one.how) for one in candidates(page.encode(), url=URL)]


@pytest.mark.parametrize(
    "type_",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "Application/RSS+XML; charset=utf-8",
    ],
)
def test_a_declared_feed_is_found_by_its_type(type_: str) -> None:
    page = f'<link rel="alternate" type="{type_}" title="World &amp; more" href="/world.rss">'
    assert found(page) == [("https://news.example.org/world.rss", "World & more", "declared")]


def test_a_relative_address_is_relative_to_the_pages_base() -> None:
    page = '<base href="https://cdn.example.net/x/"><link rel=alternate type=application/rss+xml href=feed>'
    assert found(page) == [("https://cdn.example.net/x/feed", "", "declared")]


def test_an_alternate_of_another_kind_is_no_feed() -> None:
    assert found('<link rel="alternate" hreflang="de" href="/de/">') == []
    assert found('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">') == []
    assert found('<link rel="alternate stylesheet" type="text/xml" href="/feed.xsl">') == []
    assert found('<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">') == []


def test_a_vague_type_says_feed_where_the_address_does() -> None:
    assert found('<link rel="alternate" type="text/xml" href="/rss/all">')[0][2] == "declared"
    assert found('<link rel="alternate" type="text/xml" href="/articles">') == []


def test_links_that_look_like_feeds_come_after_declared_ones() -> None:
    page = """
    <a href="/about">About</a> <a href="/rss.xml"><img alt=""> All news</a> <a href="/abonnement">Our RSS</a>
    <link rel="alternate" type="application/rss+xml" href="/declared">
    """
    assert [(url, how) for url, _, how in found(page)] == [
        ("https://news.example.org/declared", "declared"),
        ("https://news.example.org/rss.xml", "linked"),
        ("https://news.example.org/abonnement", "linked"),
    ]


@pytest.mark.parametrize(
    "href", ["/sitemap.xml", "/feedback", "/img/rss.png", "mailto:rss@example.org", "javascript:rss"]
)
def test_a_link_that_only_resembles_one_is_none(href: str) -> None:
    assert found(f'<a href="{href}">more</a>') == []


def test_each_address_is_named_once_and_comments_come_last() -> None:
    page = """
    <link rel="alternate" type="application/rss+xml" title="A » Comments Feed" href="/comments.rss">
    <link rel="alternate" type="application/rss+xml" title="A" href="/feed">
    <a href="/feed#top">RSS</a>
    """
    assert [title for _, title, _ in found(page)] == ["A", "A » Comments Feed"]


def test_a_page_that_names_itself_is_not_asked_again() -> None:
    assert found(f'<link rel="alternate" type="application/rss+xml" href="{URL}">') == []


def test_of_hundreds_only_the_first_are_named() -> None:
    page = "".join(f'<link rel=alternate type=application/rss+xml href="/{n}">' for n in range(500))
    assert len(found(page)) == MOST


def test_the_usual_places_are_beside_the_page_and_at_the_root() -> None:
    places = [one.url for one in usual_places("https://a.example/blog")]
    assert "https://a.example/blog/feed" in places
    assert "https://a.example/rss.xml" in places
    assert len(places) == len(set(places))


@given(st.binary(max_size=400))
def test_no_page_is_too_broken(page: bytes) -> None:
    for one in candidates(b"<a href=/feed>" + page + b"<link rel=alternate href=", url=URL):
        assert one.url.startswith(("http://", "https://"))
