"""Conditional GETs, and why a feed could not be had."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from monitor.egress import Egress
from monitor.errors import ForbiddenAddressError, RetrieveError
from monitor.feeds.refusal import instead_of_a_feed, why_refused
from monitor.feeds.retrieve import Retrieved, body_hash, retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from tests.faultserver import FaultServer, rss


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as server:
        yield server


async def get(url: str, *, etag: str = "", last_modified: str = "", user_agent: str = "") -> Retrieved:
    """Retrieve a subscription's feed whose last document had these validators."""
    subscription = Subscription(url=url, allow_private=True, user_agent=user_agent, headers={"X-Key": "k"})
    state = FeedState(feed_id=1, url=url, etag=etag, last_modified=last_modified)
    async with Egress(timeout=60) as egress:
        return await retrieve(egress, subscription, state)


async def refusal(url: str, **validators: str) -> RetrieveError:
    """The error that a retrieval ends with."""
    with pytest.raises(RetrieveError) as caught:
        await get(url, **validators)
    return caught.value


async def test_a_document_comes_with_all_that_is_said_about_it(server: FaultServer) -> None:
    headers = {
        "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT",
        "Cache-Control": "max-age=60",
        "Date": "Wed, 01 Jan 2025 01:00:00 GMT",
    }
    url = server.serve("/feed", rss("One"), headers=headers, etag='W/"1"')
    assert await get(url) == Retrieved(
        url=url,
        status=200,
        body=rss("One"),
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"1"',
        last_modified="Wed, 01 Jan 2025 00:00:00 GMT",
        cache_control="max-age=60",
        server_date=datetime(2025, 1, 1, 1, tzinfo=UTC),
    )


async def test_the_request_says_who_asks_for_what(server: FaultServer) -> None:
    await get(server.serve("/feed", rss()))
    await get(server.url("/feed"), user_agent="Mozilla/5.0")
    first, second = (one.headers for one in server.seen)
    assert first["user-agent"].startswith("feed-monitor/")
    assert "application/feed+json" in first["accept"]
    assert first["x-key"] == "k"
    assert not {"if-none-match", "if-modified-since"} & set(first)
    assert second["user-agent"] == "Mozilla/5.0"


async def test_what_did_not_change_is_not_sent_again(server: FaultServer) -> None:
    url = server.serve("/feed", rss(), etag='"1"')
    retrieved = await get(url, etag='"1"', last_modified="Wed, 01 Jan 2025 00:00:00 GMT")
    assert (retrieved.not_modified, retrieved.body) == (True, None)
    assert server.seen[0].headers["if-modified-since"] == "Wed, 01 Jan 2025 00:00:00 GMT"


async def test_a_304_with_a_body_is_a_304(server: FaultServer) -> None:
    retrieved = await get(server.url("/304-with-body"), etag='"1"')
    assert (retrieved.not_modified, retrieved.body) == (True, None)


async def test_a_304_that_nobody_asked_for_is_an_error(server: FaultServer) -> None:
    assert "nobody named" in str(await refusal(server.url("/304-with-body")))


async def test_the_wrong_type_is_left_to_the_parser(server: FaultServer) -> None:
    assert (await get(server.url("/wrong-type"))).content_type == "text/html"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "401: the server wants a login"),
        (403, "403: the server forbids it"),
        (404, "404: there is nothing at this address"),
        (410, "410: the feed is gone for good"),
        (429, "429: the server was asked too often"),
        (499, "499: the server refuses"),
        (500, "500: the server failed"),
        (503, "503: the server is overloaded or being serviced"),
        (599, "599: the server failed"),
        (204, "204: an empty answer"),
        (302, "302: a redirect without a target"),
    ],
)
async def test_each_status_has_its_words(server: FaultServer, status: int, words: str) -> None:
    error = await refusal(server.url(f"/status/{status}?retry-after=120"))
    assert (str(error), error.status, error.retry_after) == (words, status, "120")
    assert error.retryable is (status != 410)


@pytest.mark.parametrize(("first", "moved"), [(301, True), (308, True), (302, False), (307, False)])
async def test_only_permanent_redirects_are_a_move(server: FaultServer, first: int, moved: bool) -> None:
    target = server.serve("/new", rss())
    retrieved = await get(server.url(f"/redirect?status={first}&to={target}"))
    assert retrieved.url == target
    assert retrieved.moved_to == (target if moved else "")


async def test_a_move_ends_where_a_temporary_redirect_begins(server: FaultServer) -> None:
    middle = server.url("/hops/1")
    assert (await get(server.url(f"/redirect?status=301&to={middle}"))).moved_to == middle


async def test_a_private_address_needs_leave(server: FaultServer) -> None:
    url = server.url("/page")
    async with Egress() as egress:
        with pytest.raises(ForbiddenAddressError):
            await retrieve(egress, Subscription(url=url), FeedState(feed_id=1, url=url))


async def test_a_bot_wall_is_called_so(server: FaultServer) -> None:
    assert str(await refusal(server.url("/bot-wall"))) == "403 from a bot wall: Cloudflare wants a browser"


async def test_a_bot_wall_with_a_good_status_is_called_so_too(server: FaultServer) -> None:
    error = await refusal(server.url("/bot-wall?status=200"))
    assert str(error) == "a bot wall in the place of the feed: Cloudflare wants a browser"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"<html><title>Just a moment...</title>", "Cloudflare wants a browser"),
        (b"<title>Attention Required! | Cloudflare</title>", "Cloudflare blocks us"),
        (b'<iframe src="/_Incapsula_Resource?x">', "Imperva wants a browser"),
        (b"<title>Access Denied</title> ... Reference&#32;&#35;18.2", "Akamai blocks us"),
        (b'<div class="g-recaptcha">', "it wants a captcha solved"),
    ],
)
def test_bot_walls_are_known_by_their_pages(page: bytes, words: str) -> None:
    assert why_refused(403, {}, page) == f"403 from a bot wall: {words}"


def test_an_error_page_with_a_captcha_is_no_bot_wall() -> None:
    assert why_refused(404, {}, b'<div class="g-recaptcha">') == "404: there is nothing at this address"


def test_a_feed_served_as_a_page_is_let_through() -> None:
    feed = b"<rss><title>Just a moment...</title></rss>"
    assert instead_of_a_feed({"Content-Type": "text/html"}, feed) == ""


def test_the_hash_of_a_body_says_how_it_was_made() -> None:
    assert body_hash(b"a") == body_hash(b"a") != body_hash(b"b")
    assert body_hash(b"a").startswith("2:")
