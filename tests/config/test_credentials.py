"""Credentials of feeds: what is written becomes headers and a way out, and is shown nowhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config.config import Config
from monitor.feeds.subscription import Subscription

Says = Callable[..., str]
Loaded = Callable[..., Config]


@pytest.fixture
def feed(loaded: Loaded) -> Callable[..., Subscription]:
    """The one feed that is written so."""

    def load(text: str, **environ: str) -> Subscription:
        (found,) = loaded(feeds=f"- url: https://a.example/rss\n{text}", environ=environ).subscriptions
        return found

    return load


def test_a_login_is_sent_as_basic(feed: Callable[..., Subscription]) -> None:
    found = feed("  login: {user: me, password: 's cret:é'}\n")
    assert found.headers == {"Authorization": "Basic bWU6cyBjcmV0OsOp"}


def test_a_login_in_the_url_becomes_a_header_and_leaves_the_url(loaded: Loaded) -> None:
    (found,) = loaded(feeds="- https://me:s%20cret@a.example:8443/rss?x=@y\n").subscriptions
    assert found.url == "https://a.example:8443/rss?x=@y"
    assert found.headers == {"Authorization": "Basic bWU6cyBjcmV0"}


def test_a_token_is_sent_as_bearer_and_may_come_from_a_file(
    feed: Callable[..., Subscription], tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("abc.def\n")
    assert feed("  token: ${file:token}\n").headers == {"Authorization": "Bearer abc.def"}


def test_cookies_are_one_header_beside_the_others(feed: Callable[..., Subscription]) -> None:
    found = feed("  cookies: {session: '${S}', lang: en}\n  headers: {X-Key: k}\n", S="abc=1")
    assert found.headers == {"Cookie": "session=abc=1; lang=en", "X-Key": "k"}


def test_a_proxy_may_stand_in_the_defaults(loaded: Loaded) -> None:
    first, second = loaded(
        feeds="""
        defaults: {proxy: "http://me:pw@proxy.example:3128"}
        feeds:
          - https://a.example/rss
          - {url: "https://b.example/rss", proxy: "https://other.example"}
        """
    ).subscriptions
    assert first.passage.proxy == "http://me:pw@proxy.example:3128"
    assert second.passage.proxy == "https://other.example"
    assert "pw" not in repr(first)


def test_a_client_certificate_is_found_beside_the_configuration(
    feed: Callable[..., Subscription], tmp_path: Path
) -> None:
    (tmp_path / "both.pem").touch()
    (tmp_path / "key.pem").touch()
    alone = feed("  client_certificate: both.pem\n").passage.certificate
    assert alone is not None
    assert (alone.certificate, alone.key) == (tmp_path / "both.pem", None)
    apart = feed(
        "  client_certificate: {certificate: both.pem, key: key.pem, password: pw123}\n"
    ).passage.certificate
    assert apart is not None
    assert (apart.key, apart.password) == (tmp_path / "key.pem", "pw123")
    assert "pw123" not in repr(apart)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("login: {user: me}", "`password` is missing here"),
        ("login: me", "a mapping (`name: value`) is expected here"),
        ("login: {user: 'a:b', password: c}", "a user's name has no colon"),
        ("token: 'a b'", "a token has ASCII characters only, and no blanks"),
        ("cookies: {'a b': c}", "this is no name of a cookie"),
        ("cookies: {a: 'b;c'}", "a cookie's value has ASCII characters only"),
        ("cookies: [a]", "a mapping (`name: value`) is expected here"),
        ("proxy: socks5://127.0.0.1:9050", "a proxy's URL begins with http:// or https://"),
        ("proxy: proxy.example:3128", "a proxy's URL begins with http:// or https://"),
        ("proxy: http://:3128", "this proxy's host or port can not be read"),
        ("proxy: http://a:99999", "this proxy's host or port can not be read"),
        ("client_certificate: nowhere.pem", "there is no such file"),
        ("{token: a, login: {user: b, password: c}}", "a feed has one login"),
        ("{token: a, headers: {authorization: b}}", "this header stands here, and is made of"),
        ("{cookies: {a: b}, headers: {COOKIE: c}}", "this header stands here, and is made of"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(says: Says, text: str, said: str) -> None:
    pairs = text[1:-1] if text.startswith("{") else text
    assert said in says(feeds=f"- {{url: 'https://a.example/rss', {pairs}}}\n")


def test_a_login_in_the_url_and_another_are_one_too_many(says: Says) -> None:
    assert "a feed has one login" in says(feeds="- {url: 'https://a:b@c.example', token: d}\n")


def test_the_same_feed_with_and_without_a_login_stands_twice(says: Says) -> None:
    assert "this feed stands twice" in says(feeds="- https://a:b@c.example/x\n- https://c.example/x\n")


SECRETS = """\
- url: https://a.example/rss
  login: {user: me, password: hunter-one}
  unknown: x
- {url: 'https://b.example/rss', token: hunter-two, unknown: x}
- {url: 'https://c.example/rss', cookies: {sid: hunter-three}, unknown: x}
- {url: 'https://d.example/rss', proxy: 'http://me:hunter-four@p.example', unknown: x}
- {url: 'https://e.example/rss', client_certificate: {certificate: x, password: hunter-five}}
"""


def test_no_credential_is_quoted_in_a_problem(says: Says) -> None:
    said = says(feeds=SECRETS)
    assert said.count("unknown key") == 4
    assert "hunter" not in said


def test_credentials_are_masked_in_all_that_is_said(loaded: Loaded) -> None:
    config = loaded(
        feeds="""
        - {url: 'https://a.example/rss', login: {user: me, password: hunter-one}}
        - {url: 'https://b.example/rss', token: '${TOKEN}'}
        - {url: 'https://c.example/rss', cookies: {sid: hunter-three}}
        - {url: 'https://d.example/rss', proxy: 'http://me:hunter-four@p.example'}
        """,
        environ={"TOKEN": "hunter-two"},
    )
    sent = [value for one in config.subscriptions for value in one.headers.values()]
    said = config.secrets.mask(" ".join([*sent, "hunter-one", "hunter-four"]))
    assert said == "Basic *** Bearer *** sid=*** *** ***"


def test_a_feed_whose_url_holds_a_secret_is_called_by_it_without(loaded: Loaded) -> None:
    first, second = loaded(
        feeds="- https://a.example/rss?key=abcdefg\n- https://b.example/${TOKEN}/rss\n",
        environ={"TOKEN": "hunter-two"},
    ).subscriptions
    assert (first.name, second.name) == ("https://a.example/rss?key=***", "https://b.example/***/rss")
