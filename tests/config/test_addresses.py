"""Where the desk listens and how it is reached, as they are written."""

import pytest

from monitor.config.addresses import host_and_port, parse_address, parse_site


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8600", "127.0.0.1", 8600),
        (" localhost:0 ", "localhost", 0),
        ("[::1]:80", "::1", 80),
        (":8600", "0.0.0.0", 8600),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, host: str, port: int) -> None:
    assert host_and_port(text) == (host, port)
    assert host_and_port(parse_address(text)) == (host, port)


@pytest.mark.parametrize(
    "text", ["", "8600", "::1:80", "a:65536", "a:-1", "a:1e3", "a b:1", "http://a:1", "a@b:1", "a:١"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an address and a port"):
        parse_address(text)


def test_a_site_is_its_scheme_and_its_host() -> None:
    assert parse_site(" https://News.example.org:8443/ ") == "https://news.example.org:8443"


@pytest.mark.parametrize(
    "text",
    ["", "news.example.org", "ftp://a.example", "https://", "https://u:p@a.example", "https://a.example/x",
     "https://a.example?x", "https://a.example:99999", "https://[a"],
)  # fmt: skip
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected here"):
        parse_site(text)
