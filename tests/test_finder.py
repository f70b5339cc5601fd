"""Which addresses are asked for feeds, https first, and how what is there is called."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from monitor.config.settings import Settings
from monitor.errors import ForbiddenAddressError, RetrieveError
from monitor.finder import Find, Found, addresses_of, look_for_feeds
from tests.egress.test_egress import context_of
from tests.faultserver import FaultServer, rss, trusted


@pytest.fixture
async def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FaultServer]:
    """A server with TLS, by an authority that is trusted here."""
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", trusted(authority, tmp_path).file)
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server:
        yield server


async def look(typed: str, *, allow_private: bool = True) -> Found:
    return await look_for_feeds(typed, settings=Settings(), allow_private=allow_private)


async def test_where_https_answers_that_is_taken(safe: FaultServer) -> None:
    safe.serve("/rss", rss("One"))
    found = await look(f"127.0.0.1:{safe.port}/rss")
    assert ([find.url for find in found.finds], found.unsafe) == ([safe.url("/rss")], "")


async def test_what_https_says_is_not_asked_of_http_too(safe: FaultServer) -> None:
    with pytest.raises(RetrieveError, match=r"^404: there is nothing at this address$"):
        await look(f"127.0.0.1:{safe.port}/nothing")
    assert safe.count("/nothing") == 1


async def test_where_nobody_answers_over_https_http_is_asked_and_why_is_said() -> None:
    async with FaultServer() as plain:
        plain.serve("/rss", rss("One"))
        found = await look(f"127.0.0.1:{plain.port}/rss")
        assert [find.url for find in found.finds] == [plain.url("/rss")]
        assert found.unsafe.startswith("TLS: ")


async def test_where_nobody_answers_at_all_both_are_told() -> None:
    async with FaultServer() as gone:
        pass
    with pytest.raises(RetrieveError, match=r"^over https: .*refused.*; over http: .*refused"):
        await look(f"127.0.0.1:{gone.port}/rss")


async def test_a_private_address_is_refused_by_either() -> None:
    async with FaultServer() as plain:
        with pytest.raises(ForbiddenAddressError):
            await look(f"127.0.0.1:{plain.port}/rss", allow_private=False)
        assert plain.seen == []


@pytest.mark.parametrize("typed", ["ann:hunter2@{host}/rss", "{host}/rss?api_key=hunter2hunter2"])
async def test_a_login_or_a_key_never_goes_over_http(typed: str) -> None:
    async with FaultServer() as plain:
        with pytest.raises(RetrieveError, match=r"^TLS: "):
            await look(typed.format(host=f"127.0.0.1:{plain.port}"))
        assert plain.seen == []


async def test_a_scheme_that_was_typed_is_the_one_that_is_asked(safe: FaultServer) -> None:
    assert addresses_of("http://a.example/x") == ("http://a.example/x",)
    with pytest.raises(RetrieveError):
        await look(safe.url("/rss").replace("https:", "http:"))
    assert safe.seen == []


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("rss20", "RSS 2.0"),
        ("rss091u", "RSS 0.91"),
        ("rss", "RSS"),
        ("atom10", "Atom 1.0"),
        ("json1", "JSON Feed 1"),
        ("json11", "JSON Feed 1.1"),
        ("cdf", ""),
        ("", ""),
    ],
)
def test_a_format_is_called_as_people_call_it(version: str, name: str) -> None:
    find = Find(url="", title="", how="itself", version=version, entries=0, newest=None)
    assert find.format == name
