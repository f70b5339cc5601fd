"""Which links go out, and how."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.links import safe_link


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
        ("  http://example.org  ", "http://example.org/"),
        ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/(x)[y]<z>\"'|", "https://example.org/%28x%29%5By%5D%3Cz%3E%22'%7C"),
        ("https://example.org/台湾?q=ä", "https://example.org/%E5%8F%B0%E6%B9%BE?q=%C3%A4"),
        ("https://example.org/100%25/a", "https://example.org/100%25/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_absolute_web_links_are_kept_and_encoded(url: str, link: str) -> None:
    assert safe_link(url) == link


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/relative",
        "//example.org/a",
        "example.org",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:desk@example.org",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org\\@evil.example/",
        "https://exa mple.org/",
        "https://example.org/a\nb",
        "https://example.org/a\x00b",
        "https://example.org/\u202egnp.exe",
        "https://exa\u200bmple.org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://<script>/",
        "https://example.org/" + "a" * 3000,
        "https://example.org/" + "台" * 500,
        "https://example.org/\ud800",
    ],
    ids=ascii,
)
def test_anything_else_is_no_link(url: str) -> None:
    assert safe_link(url) == ""


@given(st.text(alphabet=st.characters(), max_size=40), st.sampled_from(["", "http://", "https://h.example/"]))
def test_a_link_is_plain_ascii_that_no_markup_can_break_out_of(rest: str, start: str) -> None:
    link = safe_link(start + rest)
    assert not set(link) & set('"<>()[]{}|\\^` \n') or "[" in urlsplit(link).netloc
    assert link.isascii()
    assert safe_link(link) == link
