"""What came in the place of a feed is called by its name, with what helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.diagnose import not_a_feed
from monitor.feeds.refusal import why_refused

URL = "https://news.example.org/rss"


def page(title: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def test_a_page_says_who_can_look_for_its_feed() -> None:
    assert not_a_feed(page("News"), url=URL) == (
        "this is an HTML page ('News'), not a feed; `monitor feed add` can look for its feed"
    )


def test_a_page_that_names_its_feed_is_quoted() -> None:
    link = "<link rel=alternate type=application/rss+xml href=/new.rss>"
    said = not_a_feed(page("News", link), url=URL)
    assert said == "this is an HTML page ('News'), not a feed; it names https://news.example.org/new.rss"


@pytest.mark.parametrize(
    "document",
    [
        page("example.org", "This domain is for sale!"),
        page("example.org", "<script src='//www.sedoparking.com/x.js'></script>"),
        page("x", "<script>window.park = 'abc'</script>"),
        page("x", "The domain has expired."),
        page("x", "Diese Domain steht zum Verkauf"),
    ],
)
def test_a_parked_domain_is_called_one(document: bytes) -> None:
    assert not_a_feed(document, url=URL).startswith("this is the page of a parked domain")


@pytest.mark.parametrize("title", ["Log in", "Sign-in | Example", "Anmelden", "Connexion", "Iniciar sesión"])
def test_a_login_page_is_called_one_by_its_title(title: str) -> None:
    assert not_a_feed(page(title), url=URL) == (
        f"this is a login page ({title!r}), not a feed: it may want `login`, `token` or `cookies`"
    )


def test_a_login_page_is_called_one_by_where_the_feed_led() -> None:
    assert "a login page" in not_a_feed(page("Example"), url="https://example.org/login?next=/rss")


def test_a_page_with_a_field_for_logging_in_is_still_a_page() -> None:
    said = not_a_feed(page("News", "<form><input type=password></form> <a>Log in</a>"), url=URL)
    assert said.startswith("this is an HTML page ('News')")


def test_a_wall_of_consent_is_called_one() -> None:
    said = not_a_feed(page("Before you continue"), url="https://consent.example.com/x")
    assert said.startswith("this is a page that wants consent to cookies")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (page("Welcome to nginx!"), "a server's first page"),
        (page("Apache2 Ubuntu Default Page: It works"), "a server's first page"),
        (page("Account Suspended"), "the page of a suspended account"),
    ],
)
def test_what_a_dead_site_shows_is_called_so(document: bytes, said: str) -> None:
    assert said in not_a_feed(document, url=URL)


def test_what_is_no_page_is_only_named() -> None:
    assert not_a_feed(b"%PDF-1.7", url=URL) == "this is a PDF, not a feed"
    assert not_a_feed(b"", url=URL) == "this is empty, not a feed"


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        ({"server": "AkamaiGHost"}, b"<h1>Access Denied</h1>", "Akamai blocks us"),
        ({"x-datadome": "protected"}, b"", "DataDome wants a browser"),
        ({"x-kpsdk-ct": "1"}, b"", "Kasada wants a browser"),
        ({"x-iinfo": "1"}, b"", "Imperva wants a browser"),
        ({}, b"error code: 1020", "Cloudflare blocks us"),
        ({}, b"<p>Please enable JS and disable any ad blocker</p>", "DataDome wants a browser"),
        ({}, b"<h1>Access to this page has been denied</h1>", "PerimeterX wants a browser"),
        ({}, b"<script src='https://x.awswaf.com/challenge.js'>", "AWS WAF wants a browser"),
        (
            {},
            b"The requested URL was rejected. Please consult with your administrator.",
            "F5 blocks us",
        ),
        ({}, b"<title>Making sure you&#39;re not a bot!</title>", "Anubis wants a browser"),
    ],
)
def test_bot_walls_are_known(headers: dict[str, str], body: bytes, said: str) -> None:
    assert why_refused(403, headers, body) == f"403 from a bot wall: {said}"


def test_a_server_of_cloudflare_that_forbids_is_no_bot_wall() -> None:
    assert why_refused(403, {"server": "cloudflare"}, b"<p>Members only</p>") == "403: the server forbids it"


@given(st.binary(max_size=300))
def test_whatever_came_is_called_something(document: bytes) -> None:
    assert not_a_feed(b"<html>" + document, url=URL).startswith("this is ")
