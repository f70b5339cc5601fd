"""Ways out: proxies and client certificates, each for its own feed and no other origin."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from monitor.egress import Egress
from monitor.egress.passage import ClientCertificate, Passage
from monitor.egress.tls import Authorities
from monitor.errors import ForbiddenAddressError, RetrieveError
from tests.faultserver import FaultServer, trusted


@dataclass
class Proxy:
    """What was asked of a proxy, and with which login."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@asynccontextmanager
async def proxying() -> AsyncIterator[Proxy]:
    """A proxy on loopback that knows CONNECT and GET."""
    proxy = Proxy()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        proxy.asked.append(f"{method} {target}")
        fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
        proxy.logins.append(fields.get("proxy-authorization", ""))
        place = target if method == "CONNECT" else target.split("/")[2]
        host, _, port = place.partition(":")
        there, back = await asyncio.open_connection(host, int(port))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            path = "/" + target.split("/", 3)[3]
            back.write(head.replace(target, path, 1).encode())
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.url = f"http://me:pw@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with proxying() as proxy:
        yield proxy


async def test_a_request_goes_through_its_proxy_with_the_proxys_login(proxy: Proxy) -> None:
    async with FaultServer() as server, Egress(timeout=60) as egress:
        answer = await egress.request(
            "GET", server.url("/page"), passage=Passage(proxy=proxy.url), allow_private=True
        )
        assert answer.status == 200
        assert proxy.asked == [f"GET {server.url('/page')}"]
        assert proxy.logins == ["basic bwu6chc="]  # me:pw, in small letters


async def test_tls_goes_through_the_proxy_as_it_is(proxy: Proxy, tls: "Tls") -> None:
    async with (
        FaultServer(tls=tls.server()) as server,
        Egress(timeout=60, authorities=tls.trusted()) as egress,
    ):
        answer = await egress.request(
            "GET", server.url("/page"), passage=Passage(proxy=proxy.url), allow_private=True
        )
        assert answer.status == 200
        assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port}"]


async def test_a_proxy_may_stand_anywhere_but_does_not_open_private_networks(proxy: Proxy) -> None:
    async with FaultServer() as server, Egress(timeout=60) as egress:
        with pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.1 is this machine"):
            await egress.request("GET", server.url("/page"), passage=Passage(proxy=proxy.url))
        with pytest.raises(ForbiddenAddressError):
            await egress.request("GET", f"http://localhost:{server.port}/", passage=Passage(proxy=proxy.url))
    assert proxy.asked == []


async def test_a_proxy_that_is_not_there_has_its_words() -> None:
    async with Egress(timeout=60) as egress:
        with pytest.raises(RetrieveError, match=r"the proxy 127\.0\.0\.1: connection refused"):
            await egress.request(
                "GET", "http://93.184.216.34/", passage=Passage(proxy="http://me:pw@127.0.0.1:1")
            )


async def test_a_proxy_that_refuses_has_its_words() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server, Egress(timeout=60) as egress:
        passage = Passage(proxy=f"http://me:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(RetrieveError, match="the proxy refuses: 407") as caught:
            await egress.request("GET", "https://93.184.216.34/", passage=passage)
        assert "secret" not in str(caught.value)


# --- client certificates ---


class Tls:
    """An authority, a server that asks for a certificate, and a client that trusts it."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.folder = folder

    def server(self, *, asks: bool = False) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            self.authority.configure_trust(context)
        return context

    def trusted(self) -> Authorities:
        return trusted(self.authority, self.folder)

    def certificate(self, name: str = "me.pem") -> ClientCertificate:
        issued = self.authority.issue_cert("me@example.org")
        path = self.folder / name
        issued.private_key_and_cert_chain_pem.write_to_path(path)
        return ClientCertificate(certificate=path)


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    return Tls(tmp_path)


async def test_a_client_certificate_opens_a_server_that_asks_for_one(tls: Tls) -> None:
    passage = Passage(certificate=tls.certificate())
    async with (
        FaultServer(tls=tls.server(asks=True)) as server,
        Egress(timeout=60, authorities=tls.trusted()) as egress,
    ):
        answer = await egress.request("GET", server.url("/page"), passage=passage, allow_private=True)
        assert answer.status == 200
        with pytest.raises(RetrieveError):
            await egress.request("GET", server.url("/page"), allow_private=True)
        assert len(server.seen) == 1


async def test_a_client_certificate_does_not_cross_an_origin(tls: Tls) -> None:
    passage = Passage(certificate=tls.certificate())
    async with (
        FaultServer(tls=tls.server()) as server,
        FaultServer(tls=tls.server(asks=True)) as other,
        Egress(timeout=60, authorities=tls.trusted()) as egress,
    ):
        url = server.url(f"/redirect?to={other.url('/page')}")
        with pytest.raises(RetrieveError):
            await egress.request("GET", url, passage=passage, allow_private=True)
    assert other.seen == []


@pytest.mark.parametrize(
    "text", ["", "garbage", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]
)
async def test_a_file_that_holds_no_certificate_is_told(tls: Tls, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.pem").write_text(text)
    passage = Passage(certificate=ClientCertificate(certificate=tmp_path / "bad.pem"))
    async with Egress(timeout=60) as egress:
        with pytest.raises(RetrieveError, match=r"the client certificate can not be used: .*bad\.pem: "):
            await egress.request("GET", "https://127.0.0.1:1/", passage=passage, allow_private=True)


async def test_a_certificate_that_was_renewed_is_shown_without_a_restart(tls: Tls) -> None:
    certificate = tls.certificate()
    async with (
        FaultServer(tls=tls.server(asks=True)) as server,
        Egress(timeout=60, authorities=tls.trusted()) as egress,
    ):
        certificate.certificate.write_text("garbage")
        with pytest.raises(RetrieveError, match="can not be used"):
            await egress.request(
                "GET", server.url("/page"), passage=Passage(certificate=certificate), allow_private=True
            )
        tls.certificate()
        answer = await egress.request(
            "GET", server.url("/page"), passage=Passage(certificate=certificate), allow_private=True
        )
        assert answer.status == 200
