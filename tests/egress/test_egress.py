"""Every request of the monitor, against a server that misbehaves."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from monitor.addresses import why_not_public
from monitor.egress import Egress
from monitor.egress import body as body_room
from monitor.egress.decompress import decompress
from monitor.egress.journey import Journey, parse_url
from monitor.egress.passage import DIRECT
from monitor.egress.response import Headers, Response
from monitor.egress.tls import Authorities
from monitor.errors import ForbiddenAddressError, RetrieveError
from tests.faultserver import FaultServer, rss, trusted

SOON = 0.3
"""Seconds: the deadline of the tests."""


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as server:
        yield server


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    async with Egress(timeout=60) as egress:
        yield egress


async def failure(egress: Egress, url: str, **options: float) -> RetrieveError:
    """The error that a request ends with."""
    with pytest.raises(RetrieveError) as caught:
        await egress.request("GET", url, allow_private=True, **options)  # type: ignore[arg-type]
    return caught.value


# --- what comes back ---


async def test_an_answer_comes_back_whole(server: FaultServer, egress: Egress) -> None:
    server.serve("/feed", rss("One"), headers={"X-Twice": "a", "x-twice": "b"}, etag='"1"')
    answer = await egress.request("GET", server.url("/feed"), allow_private=True)
    assert (answer.status, answer.body, answer.redirects) == (200, rss("One"), ())
    assert answer.url == server.url("/feed")
    assert answer.headers["etag"] == answer.headers["ETag"] == '"1"'
    assert answer.headers["X-TWICE"] == "a, b"
    assert "absent" not in answer.headers


async def test_a_request_says_who_asks_and_what_it_can_unpack(server: FaultServer, egress: Egress) -> None:
    await egress.request("GET", server.url("/page"), headers={"Accept": "text/html"}, allow_private=True)
    headers = server.seen[0].headers
    assert headers["user-agent"].startswith("feed-monitor/")
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert headers["accept"] == "text/html"


async def test_a_header_given_in_another_case_is_sent_once(server: FaultServer, egress: Egress) -> None:
    await egress.request("GET", server.url("/page"), headers={"user-agent": "me"}, allow_private=True)
    assert server.seen[0].headers["user-agent"] == "me"


async def test_a_body_is_posted(server: FaultServer, egress: Egress) -> None:
    await egress.request("POST", server.url("/page"), body=b"a=b", allow_private=True)
    assert (server.seen[0].method, server.seen[0].body) == ("POST", b"a=b")


async def test_an_error_is_an_answer_with_its_page(server: FaultServer, egress: Egress) -> None:
    answer = await egress.request("GET", server.url("/status/503?retry-after=9"), allow_private=True)
    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "9", b"sorry")


async def test_the_page_of_an_error_is_cut_and_not_refused(server: FaultServer, egress: Egress) -> None:
    server.serve("/big", b"x" * 5_000_000, status=500)
    answer = await egress.request("GET", server.url("/big"), allow_private=True, max_bytes=1000)
    assert answer.status == 500
    assert 0 < len(answer.body) < 200_000


@pytest.mark.parametrize("value", ["a\r\nX-Evil: b", "a\nb", "a\0b"])
async def test_no_header_can_smuggle_another(server: FaultServer, egress: Egress, value: str) -> None:
    async def refused(headers: dict[str, str], origin_headers: dict[str, str]) -> None:
        with pytest.raises(RetrieveError, match="a header can not be sent: it holds a line break") as caught:
            await egress.request(
                "GET", server.url("/page"), headers=headers, origin_headers=origin_headers, allow_private=True
            )
        assert not caught.value.retryable

    await refused({"If-None-Match": value}, {})
    await refused({}, {"X-Key": value})
    assert server.seen == []


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
async def test_a_packed_body_is_unpacked(server: FaultServer, egress: Egress, name: str) -> None:
    answer = await egress.request("GET", server.url(f"/bomb/{name}?size=100000"), allow_private=True)
    assert answer.body == bytes(100_000)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
async def test_a_large_body_is_unpacked_beside_the_loop(
    server: FaultServer, egress: Egress, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    unpacked: list[tuple[int, bool]] = []

    def watched(data: bytes, encodings: str, *, max_bytes: int) -> bytes:
        unpacked.append((max_bytes, threading.current_thread() is threading.main_thread()))
        return decompress(data, encodings, max_bytes=max_bytes)

    monkeypatch.setattr(body_room, "decompress", watched)
    answer = await egress.request("GET", server.url(f"/bomb/{name}?size=1000000"), allow_private=True)
    assert answer.body == bytes(1_000_000)
    assert [main for _, main in unpacked] == [True, False]
    assert unpacked[0][0] < 1_000_000


async def test_cookies_are_not_kept(server: FaultServer, egress: Egress) -> None:
    server.serve("/feed", rss(), headers={"Set-Cookie": "a=b"})
    for _ in range(2):
        await egress.request("GET", server.url("/feed"), allow_private=True)
    assert all("cookie" not in one.headers for one in server.seen)


async def test_the_environments_proxies_are_ignored(
    server: FaultServer, egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


async def test_a_304_with_a_body_is_a_304_and_the_next_request_is_well(
    server: FaultServer, egress: Egress
) -> None:
    answer = await egress.request("GET", server.url("/304-with-body"), allow_private=True)
    assert (answer.status, answer.body) == (304, b"")
    assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


# --- where it may go ---


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "127。0。0。1",
        "①②⑦.0.0.1",
    ],
)
async def test_no_spelling_of_a_private_address_is_connected_to(
    server: FaultServer, egress: Egress, host: str
) -> None:
    with pytest.raises(RetrieveError):
        await egress.request("GET", f"http://{host}:{server.port}/page")
    assert server.seen == []
    assert server.open_most == 0


async def test_the_refusal_says_what_the_address_is(server: FaultServer, egress: Egress) -> None:
    with pytest.raises(
        ForbiddenAddressError, match=r"127.0.0.1 is this machine .*allow_private: true"
    ) as caught:
        await egress.request("GET", server.url("/page"))
    assert not caught.value.retryable


async def test_a_name_that_leads_to_a_private_address_is_refused(server: FaultServer) -> None:
    async with Egress(lookup=lambda host: ["10.0.0.1", "127.0.0.1"]) as egress:
        with pytest.raises(ForbiddenAddressError, match=r"news\.example is this machine|a private network"):
            await egress.request("GET", server.url("/page", host="news.example"))
    assert server.open_most == 0


async def test_a_name_that_changes_its_address_is_checked_where_it_is_connected(server: FaultServer) -> None:
    """DNS rebinding: what counts is the address of this connection, not of an earlier look."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"]])
    async with Egress(lookup=lambda host: next(answers)) as egress:
        for _ in range(2):
            with pytest.raises(ForbiddenAddressError):
                await egress.request("GET", server.url("/page", host="rebind.example"))
    assert server.open_most == 0


async def test_a_redirect_to_a_private_address_is_refused(
    server: FaultServer, egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 plays a public server that leads into our network."""
    judge = "monitor.egress.connect.why_not_public"
    monkeypatch.setattr(judge, lambda ip: "" if ip == "127.0.0.1" else why_not_public(ip))
    secret = server.url("/page", host="127.0.0.2")
    with pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.2 is this machine .* redirected to"):
        await egress.request("GET", server.url(f"/redirect?to={secret}"))
    assert [one.path for one in server.seen] == ["/redirect"]


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "file:///etc/passwd", "x.example", "http://", "http://[x/", ""]
)
async def test_only_http_urls_with_a_host_are_asked(egress: Egress, url: str) -> None:
    error = await failure(egress, url)
    assert str(error).startswith("not a URL: ")
    assert not error.retryable


async def test_an_international_name_is_asked_for_by_its_ascii_name(server: FaultServer) -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with Egress(lookup=lookup) as egress:
        await egress.request("GET", server.url("/page", host="bücher.example"), allow_private=True)
    assert asked == ["xn--bcher-kva.example"]


# --- redirects and secrets ---


async def test_redirects_are_followed_and_told(server: FaultServer, egress: Egress) -> None:
    answer = await egress.request("GET", server.url("/hops/2"), allow_private=True)
    assert answer.url == server.url("/hops/0")
    assert answer.redirects == ((302, server.url("/hops/1")), (302, server.url("/hops/0")))


async def test_five_redirects_are_enough(server: FaultServer, egress: Egress) -> None:
    assert (await egress.request("GET", server.url("/hops/5"), allow_private=True)).status == 200
    assert "more than 5 redirects" in str(await failure(egress, server.url("/hops/6")))


async def test_a_circle_of_redirects_is_called_one(server: FaultServer, egress: Egress) -> None:
    assert "redirects in a circle" in str(await failure(egress, server.url("/circle/a")))


@pytest.mark.parametrize("to", ["ftp://x.example/", "javascript:alert(1)", "http://[x/"])
async def test_a_redirect_to_what_is_no_http_url_is_refused(
    server: FaultServer, egress: Egress, to: str
) -> None:
    assert "a redirect to nowhere" in str(await failure(egress, server.url(f"/redirect?to={to}")))


async def test_secrets_do_not_cross_an_origin(server: FaultServer, egress: Egress) -> None:
    async with FaultServer() as other:
        await egress.request(
            "GET",
            server.url(f"/redirect?to={other.url('/page')}"),
            headers={"If-None-Match": '"1"'},
            origin_headers={"Authorization": "Bearer x", "X-Key": "y"},
            allow_private=True,
        )
    assert server.seen[0].headers["authorization"] == "Bearer x"
    assert server.seen[0].headers["x-key"] == "y"
    assert not {"authorization", "x-key"} & set(other.seen[0].headers)
    assert other.seen[0].headers["if-none-match"] == '"1"'


async def test_secrets_stay_within_an_origin(server: FaultServer, egress: Egress) -> None:
    await egress.request("GET", server.url("/hops/1"), origin_headers={"Cookie": "a=b"}, allow_private=True)
    assert [one.headers["cookie"] for one in server.seen] == ["a=b", "a=b"]


async def test_a_login_in_the_url_is_sent_as_a_header_and_shown_nowhere(
    server: FaultServer, egress: Egress
) -> None:
    url = f"http://me:s%20cret@127.0.0.1:{server.port}/page#top"
    answer = await egress.request("GET", url, allow_private=True)
    assert server.seen[0].headers["authorization"] == "Basic bWU6cyBjcmV0"
    assert answer.url == server.url("/page")
    with pytest.raises(ForbiddenAddressError) as caught:
        await egress.request("GET", url)
    assert "cret" not in f"{caught.value} {caught.value.url}"


async def test_a_posted_body_does_not_cross_an_origin(server: FaultServer, egress: Egress) -> None:
    async with FaultServer() as other:
        url = server.url(f"/redirect?status=307&to={other.url('/page')}")
        with pytest.raises(RetrieveError, match="its body must not go"):
            await egress.request("POST", url, body=b"secret", allow_private=True)
    assert other.seen == []


async def test_a_post_becomes_a_get_as_in_browsers(server: FaultServer, egress: Egress) -> None:
    url = server.url("/redirect?status=303&to=/page")
    await egress.request("POST", url, body=b"secret", allow_private=True)
    assert [(one.method, one.body) for one in server.seen] == [("POST", b"secret"), ("GET", b"")]


async def test_a_body_that_travels_is_posted_again_wherever_a_redirect_leads(
    server: FaultServer, egress: Egress
) -> None:
    async with FaultServer() as other:
        for status in (301, 302, 307, 308):
            url = server.url(f"/redirect?status={status}&to={other.url('/page')}")
            await egress.request("POST", url, body=b"form", body_travels=True, allow_private=True)
    assert [(one.method, one.body) for one in other.seen] == [("POST", b"form")] * 4


async def test_even_a_body_that_travels_is_not_sent_after_a_303(server: FaultServer, egress: Egress) -> None:
    url = server.url("/redirect?status=303&to=/page")
    await egress.request("POST", url, body=b"form", body_travels=True, allow_private=True)
    assert [(one.method, one.body) for one in server.seen] == [("POST", b"form"), ("GET", b"")]


def test_a_body_that_travels_does_not_leave_tls() -> None:
    asked = parse_url("https://a.example/hub")
    journey = Journey(
        asked=asked, method="POST", headers={}, origin_headers={}, body=b"secret", body_travels=True,
        allow_private=False, passage=DIRECT, timeout=1, max_bytes=1,
    )  # fmt: skip
    moved = Headers([("Location", "http://a.example/hub")])
    with pytest.raises(RetrieveError, match="its body must not go"):
        journey.follow(Response(url="", status=308, headers=moved))
    journey.follow(Response(url="", status=308, headers=Headers([("Location", "https://b.example/hub")])))
    assert (journey.method, journey.body) == ("POST", b"secret")


# --- faults ---


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/silent", "no answer within 0.3 s"),
        ("/drip-header", "no answer within 0.3 s"),
        ("/drip-body", "the answer did not end within 0.3 s"),
    ],
)
async def test_a_slow_server_can_not_outlive_the_deadline(
    server: FaultServer, egress: Egress, path: str, words: str
) -> None:
    began = asyncio.get_running_loop().time()
    error = await failure(egress, server.url(path), timeout=SOON)
    assert str(error) == words
    assert error.retryable
    assert asyncio.get_running_loop().time() - began < SOON + 5  # the server would take a minute


async def test_redirects_share_one_deadline(server: FaultServer, egress: Egress) -> None:
    error = await failure(egress, server.url("/redirect?to=/silent"), timeout=SOON)
    assert str(error) == f"no answer within 0.3 s (redirected to {server.url('/silent')})"


async def test_a_dead_name_server_can_not_outlive_the_deadline() -> None:
    never = asyncio.Event()
    loop = asyncio.get_running_loop()

    def lookup(host: str) -> list[str]:
        asyncio.run_coroutine_threadsafe(never.wait(), loop).result(5)
        return []

    async with Egress(lookup=lookup) as egress:
        assert str(await failure(egress, "http://x.example/", timeout=SOON)) == "no answer within 0.3 s"
    never.set()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/endless", "more than 1 MiB"),
        ("/huge-title", "more than 1 MiB"),
        ("/bomb/gzip", "more than 1 MiB"),
        ("/bomb/deflate", "more than 1 MiB"),
        ("/bomb/br", "more than 1 MiB"),
        ("/bomb/zstd", "more than 1 MiB"),
        ("/truncated", "the answer broke off"),
        ("/truncated-gzip", "the packed bytes broke off"),
        ("/reset", "reset by the server"),
        ("/reset?after=head", "the answer broke off"),
        ("/closed", "the server ended the connection without an answer"),
        ("/garbage", "not an HTTP answer"),
    ],
)
async def test_a_fault_has_its_words(server: FaultServer, egress: Egress, path: str, words: str) -> None:
    error = await failure(egress, server.url(path), max_bytes=1024 * 1024)
    assert str(error).startswith(words)
    assert error.retryable
    assert error.url == server.url(path)


async def test_a_refused_connection_has_its_words(egress: Egress) -> None:
    async with FaultServer() as server:
        url = server.url("/page")
    assert str(await failure(egress, url)) == "connection refused"


async def test_a_name_that_does_not_exist_has_its_words() -> None:
    async with Egress() as egress:
        error = await failure(egress, "http://news.invalid/")
    assert str(error).startswith("DNS: ")
    assert str(error).endswith(" news.invalid")


async def test_a_name_without_addresses_does_not_exist() -> None:
    async with Egress(lookup=lambda host: []) as egress:
        error = await failure(egress, "http://news.example/")
    assert str(error) == "DNS: no such host news.example"


async def test_no_more_than_two_connections_to_a_host(server: FaultServer, egress: Egress) -> None:
    waiting = [asyncio.create_task(failure(egress, server.url("/silent"))) for _ in range(6)]
    while len(server.seen) < 2:
        await asyncio.sleep(0)
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(server.seen) == server.open_now == 2
    for task in waiting:
        task.cancel()


async def test_who_waits_for_a_turn_loses_no_time(server: FaultServer, egress: Egress) -> None:
    waiting = [failure(egress, server.url("/silent"), timeout=0.1) for _ in range(6)]
    errors = await asyncio.gather(*waiting)
    assert {str(error) for error in errors} == {"no answer within 0.1 s"}
    assert len(server.seen) == 6


async def test_a_request_given_up_frees_its_turn(server: FaultServer, egress: Egress) -> None:
    given_up = [asyncio.create_task(failure(egress, server.url("/silent"))) for _ in range(2)]
    while len(server.seen) < 2:
        await asyncio.sleep(0)
    for task in given_up:
        task.cancel()
    answer = await egress.request("GET", server.url("/page"), allow_private=True)
    assert answer.status == 200


# --- TLS ---


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def context_of(authority: trustme.CA, *names: str, **options: object) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names, **options).configure_cert(context)  # type: ignore[arg-type]
    return context


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> Authorities:
    return trusted(authority, tmp_path)


async def test_a_good_certificate_is_accepted(authority: trustme.CA, trusting: Authorities) -> None:
    async with (
        FaultServer(tls=context_of(authority, "127.0.0.1")) as server,
        Egress(authorities=trusting) as egress,
    ):
        assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


async def test_an_expired_certificate_is_called_so(authority: trustme.CA, trusting: Authorities) -> None:
    from datetime import UTC, datetime

    expired = context_of(authority, "127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    async with FaultServer(tls=expired) as server, Egress(authorities=trusting) as egress:
        assert str(await failure(egress, server.url("/page"))) == "TLS: certificate has expired"


async def test_a_certificate_of_another_host_is_called_so(
    authority: trustme.CA, trusting: Authorities
) -> None:
    async with (
        FaultServer(tls=context_of(authority, "other.example")) as server,
        Egress(authorities=trusting) as egress,
    ):
        assert str(await failure(egress, server.url("/page"))) == "TLS: the certificate is another host's"


async def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server, Egress() as egress:
        assert str(await failure(egress, server.url("/page"))).startswith("TLS: ")


async def test_a_server_without_tls_is_called_so(server: FaultServer, egress: Egress) -> None:
    error = await failure(egress, server.url("/page").replace("http:", "https:"))
    assert str(error).startswith("TLS: ")
