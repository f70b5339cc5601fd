"""Who signed a push: its `X-Hub-Signature` against the secret that only the hub and we know. Pure."""

import hmac
from collections.abc import Iterator
from typing import Literal

Signed = Literal["good", "missing", "wrong", "weak"]

STRONG = ("sha256", "sha384", "sha512")
WEAK = ("sha1",)
"""Allowed only where somebody says so."""
_MOST = 8
"""Signatures in one header that are looked at: honest ones have one."""


def signed(header: str, body: bytes, *, secret: str, allow_sha1: bool = False) -> Signed:
    """Whether the hub has signed this body: `method=hexadecimal`, one or several of them.

    "weak" is signed rightly, and only in a way that is not allowed.
    """
    methods = STRONG + (WEAK if allow_sha1 else ())
    found = "missing" if not header.strip() else "wrong"
    for method, digest in _signatures(header):
        if method in STRONG + WEAK and _is_right(method, digest, body, secret):
            if method in methods:
                return "good"
            found = "weak"
    return found  # type: ignore[return-value]  # one of three


def _signatures(header: str) -> Iterator[tuple[str, str]]:
    for part in header.split(",")[:_MOST]:
        method, _, digest = part.strip().partition("=")
        yield method.lower(), digest.lower()


def _is_right(method: str, digest: str, body: bytes, secret: str) -> bool:
    """In constant time, whatever was sent."""
    expected = hmac.digest(secret.encode(), body, method).hex()
    return hmac.compare_digest(expected.encode(), digest.encode("utf-8", "replace"))
