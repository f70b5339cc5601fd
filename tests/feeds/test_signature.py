"""Who signed a push."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.signature import signed

SECRET, BODY = "a secret", b"<rss/>"


def by(method: str, secret: str = SECRET, body: bytes = BODY) -> str:
    return f"{method}={hmac.digest(secret.encode(), body, method).hex()}"


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_a_right_signature_is_good(method: str) -> None:
    assert signed(by(method), BODY, secret=SECRET) == "good"
    assert signed(by(method).upper(), BODY, secret=SECRET) == "good"


def test_a_right_signature_by_sha1_is_weak_unless_it_is_allowed() -> None:
    assert signed(by("sha1"), BODY, secret=SECRET) == "weak"
    assert signed(by("sha1"), BODY, secret=SECRET, allow_sha1=True) == "good"


def test_of_several_signatures_one_that_is_good_is_enough() -> None:
    assert signed(f"{by('sha1')}, {by('sha256')}", BODY, secret=SECRET) == "good"


@pytest.mark.parametrize(
    "header",
    [
        by("sha256", secret="another"),
        by("sha1", secret="another"),
        by("sha256", body=b"<rss />"),
        by("md5"),
        by("sha256")[:-1],
        by("sha256") + "0",
        by("sha256").replace("=", ":"),
        "sha256=",
        "sha256",
        "=",
        "sha256=\u00e9\ud800",
        "," * 100_000,
    ],
)
def test_anything_else_is_wrong(header: str) -> None:
    assert signed(header, BODY, secret=SECRET, allow_sha1=True) == "wrong"


@pytest.mark.parametrize("header", ["", "  "])
def test_no_signature_is_missing(header: str) -> None:
    assert signed(header, BODY, secret=SECRET) == "missing"


@given(st.binary(max_size=200), st.text(min_size=1, max_size=50), st.sampled_from(["sha256", "sha512"]))
def test_whoever_knows_the_secret_can_sign_anything(body: bytes, secret: str, method: str) -> None:
    if secret.encode("utf-8", "ignore"):
        secret = secret.encode("utf-8", "ignore").decode()
        assert signed(by(method, secret, body), body, secret=secret) == "good"
