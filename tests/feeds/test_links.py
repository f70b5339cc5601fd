"""One spelling for links that lead to the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.links import canonical, place

PAGE = "https://a.example/stories/1"


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/stories/1",
        "http://a.example/stories/1",
        "HTTPS://A.Example:443/stories/1",
        "http://a.example:80/stories/1/",
        "https://www.a.example/stories/1",
        "https://a.example/stories/1?utm_source=rss&utm_medium=feed",
        "https://a.example/stories/1?fbclid=x&at_medium=RSS&at_campaign=y&CMP=z",
        "https://a.example/stories/1?partner=rssnyt&emc=rss&smid=tw",
        "https://a.example/stories/1?source=rss&ref=feed_x",
        "https://a.example/stories/1?segmentId=776b#myft:my-news:rss",
        "https://a.example/stories/1#xtor=RSS-1",
        "https://a.example/stories/1#comments",
        "https://a.example/stories/1;jsessionid=5F?",
        " https://a.example/%73tories/1\n",
    ],
)
def test_spellings_of_one_page_are_one(link: str) -> None:
    assert canonical(link) == PAGE


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/stories/2",
        "https://a.example:8443/stories/1",
        "https://b.a.example/stories/1",
        "https://a.example/stories/1?id=2",
        "https://a.example/stories/1?source=reuters",
        "https://a.example/stories/1#1.2",
        "https://a.example/Stories/1",
        "https://a.example/stories%2F1x",
    ],
)
def test_other_pages_stay_other_pages(link: str) -> None:
    assert canonical(link) != PAGE


def test_the_order_of_parameters_does_not_matter() -> None:
    assert canonical("http://a.example/?b=2&a=1") == canonical("https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    "link", ["tag:a.example,1", "mailto:a@b", "urn:uuid:1", "12345", "http://[x", "http://"]
)
def test_what_is_no_page_stays_as_it_is(link: str) -> None:
    assert canonical(link) == link


@given(st.text())
def test_a_canonical_link_is_canonical(link: str) -> None:
    assert canonical(canonical(f"http://a.example/{link}")) == canonical(f"http://a.example/{link}")


@given(st.text())
def test_nothing_breaks_it(link: str) -> None:
    canonical(link)
    place(link)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://a.example/world/bonds-weak-d9e46e87",
            "https://a.example/economy/bonds-are-weaker-d9e46e87",
        ),
        ("https://a.example/2025/some-long-title.html", "https://a.example/asia/some-long-title"),
        ("https://a.example/a/123456", "https://a.example/b/123456?x=y"),
    ],
)
def test_an_article_keeps_its_place_when_it_moves(one: str, other: str) -> None:
    assert place(one) == place(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/claims-fell-20250101", "https://a.example/stocks-rose-20250101"),
        ("https://a.example/x/first-story", "https://a.example/x/other-story"),
    ],
)
def test_another_article_has_another_place(one: str, other: str) -> None:
    assert place(one) != place(other)


def test_a_step_that_says_too_little_is_no_place() -> None:
    assert place("https://a.example/news/1") == ""


@given(st.text(alphabet="aZ09/_.~-", max_size=20))
def test_a_path_that_can_be_spelt_in_one_way_only_stays(path: str) -> None:
    """As it does where its letters are escaped one by one, so that nothing is plain."""
    escaped = "".join(char if char == "/" else f"%{ord(char):02x}" for char in path)
    kept = f"https://a.example/{path}".rstrip("/")
    assert canonical(f"https://a.example/{path}") == canonical(f"https://a.example/{escaped}") == kept
