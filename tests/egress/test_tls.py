"""Whom we trust: the system's authorities, read when they are asked for, and nobody where a library looks."""

import os
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from monitor.egress import Egress
from monitor.egress.tls import authorities_unread, system_context
from tests.egress.test_egress import context_of
from tests.faultserver import FaultServer, rss


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """The one authority that this system trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
    system_context.cache_clear()
    yield authority
    system_context.cache_clear()


async def test_the_systems_authorities_are_trusted(authority: trustme.CA) -> None:
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server, Egress() as egress:
        assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


async def test_a_request_without_tls_reads_no_authorities(authority: trustme.CA) -> None:
    async with FaultServer() as server, Egress() as egress:
        await egress.request("GET", server.url("/page"), allow_private=True)
    assert system_context.cache_info().misses == 0


async def test_a_long_document_comes_whole_over_tls_in_small_pieces(authority: trustme.CA) -> None:
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server, Egress() as egress:
        plain = rss(*map(str, range(5_000)))
        assert len(plain) > 4 * SSLProtocol.max_size
        answer = await egress.request("GET", server.url("/items/5000"), allow_private=True)
    assert answer.body == plain
    assert SSLProtocol.max_size <= 64 * 1024  # bytes that each kept connection holds


def test_contexts_made_while_authorities_are_unread_trust_nobody(authority: trustme.CA) -> None:
    before = dict(os.environ)
    with authorities_unread():
        assert ssl.create_default_context().cert_store_stats()["x509"] == 0
    assert dict(os.environ) == before
    assert ssl.create_default_context().cert_store_stats()["x509"] == 1


def test_the_environment_is_as_before_where_it_named_no_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    before = dict(os.environ)
    with authorities_unread():
        pass
    assert dict(os.environ) == before
