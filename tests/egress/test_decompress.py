"""Unpacking what servers send, never beyond a limit."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from monitor.egress.decompress import BrokenError, TooLargeError, decompress

TEXT = b"<rss>" + b"Taiwan Strait " * 5_000 + b"</rss>"


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=1)),
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("name", PACKERS)
def test_what_was_packed_comes_back(name: str) -> None:
    assert decompress(PACKERS[name](TEXT), name, max_bytes=100_000) == TEXT


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_stopped_at_the_limit(name: str) -> None:
    bomb = PACKERS[name](bytes(50_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(TooLargeError):
        decompress(bomb, name, max_bytes=1_000_000)


@pytest.mark.parametrize("name", PACKERS)
def test_exactly_the_limit_is_allowed(name: str) -> None:
    assert decompress(PACKERS[name](TEXT), name, max_bytes=len(TEXT)) == TEXT


@pytest.mark.parametrize("name", PACKERS)
def test_what_broke_off_is_broken(name: str) -> None:
    with pytest.raises(BrokenError):
        decompress(PACKERS[name](TEXT)[:-9], name, max_bytes=100_000)


@pytest.mark.parametrize("name", ["deflate", "br", "zstd"])
def test_what_was_never_packed_is_broken(name: str) -> None:
    with pytest.raises(BrokenError):
        decompress(b"<rss>" * 10, name, max_bytes=100_000)


def test_a_plain_body_that_claims_to_be_gzip_is_taken_as_it_is() -> None:
    assert decompress(TEXT, "gzip", max_bytes=100_000) == TEXT


def test_bare_deflate_is_understood() -> None:
    assert decompress(bare_deflate(TEXT), "deflate", max_bytes=100_000) == TEXT


def test_several_members_or_frames_are_one_body() -> None:
    assert decompress(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", max_bytes=9) == b"ab"
    assert decompress(zstandard.compress(b"a") + zstandard.compress(b"b"), "zstd", max_bytes=9) == b"ab"


def test_layers_are_unpacked_from_the_last_to_the_first() -> None:
    assert decompress(gzip.compress(zlib.compress(TEXT)), "deflate, gzip", max_bytes=100_000) == TEXT


def test_an_empty_body_needs_no_unpacking() -> None:
    assert decompress(b"", "gzip", max_bytes=9) == b""


@pytest.mark.parametrize("encodings", ["", "identity", "Identity , "])
def test_no_encoding_leaves_the_body_alone(encodings: str) -> None:
    assert decompress(TEXT, encodings, max_bytes=9) == TEXT


@pytest.mark.parametrize("encodings", ["compress", "gzip, gzip, gzip, gzip"])
def test_unknown_and_endless_encodings_are_refused(encodings: str) -> None:
    with pytest.raises(BrokenError):
        decompress(TEXT, encodings, max_bytes=100_000)
