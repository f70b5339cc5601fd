"""Whom we trust: the system's authorities, or those that the environment names."""

import subprocess
from pathlib import Path

import pytest
import trustme

from monitor.egress import Egress
from monitor.egress.tls import Authorities, system_authorities
from monitor.errors import RetrieveError
from tests.egress.test_egress import context_of
from tests.faultserver import FaultServer, rss, trusted


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The one authority that this system trusts."""
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", trusted(authority, tmp_path).file)
    return authority


async def test_the_systems_authorities_are_trusted(authority: trustme.CA) -> None:
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server, Egress() as egress:
        assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


async def test_a_folder_of_authorities_is_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True)
    trust = Authorities(folder=str(tmp_path))
    async with (
        FaultServer(tls=context_of(authority, "127.0.0.1")) as server,
        Egress(authorities=trust) as egress,
    ):
        assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


async def test_authorities_that_are_not_there_are_called_so(tmp_path: Path) -> None:
    trust = Authorities(file=str(tmp_path / "none.pem"))
    async with FaultServer() as server, Egress(authorities=trust) as egress:
        with pytest.raises(RetrieveError, match=r"^TLS: .*none\.pem"):
            await egress.request("GET", server.url("/page").replace("http:", "https:"), allow_private=True)
        assert (await egress.request("GET", server.url("/page"), allow_private=True)).status == 200


def test_where_there_is_no_file_of_authorities_the_folder_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert system_authorities() == Authorities(folder=str(tmp_path))


async def test_a_long_document_comes_whole_over_tls(authority: trustme.CA) -> None:
    async with FaultServer(tls=context_of(authority, "127.0.0.1")) as server, Egress() as egress:
        answer = await egress.request("GET", server.url("/items/5000"), allow_private=True)
    assert answer.body == rss(*map(str, range(5_000)))
