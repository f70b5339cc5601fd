"""feeds.yaml: what a subscription becomes, and what is wrong with one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.config.config import Config
from monitor.feeds.subscription import Subscription
from tests.configs import page

Loaded = Callable[..., Config]
Says = Callable[..., str]


def test_a_bare_list_of_urls_is_a_complete_file(loaded: Loaded) -> None:
    config = loaded(feeds="- https://example.org/a.xml\n- http://example.org/b.xml\n")
    assert config.subscriptions == (
        Subscription(url="https://example.org/a.xml"),
        Subscription(url="http://example.org/b.xml"),
    )


def test_a_subscription_says_everything_of_itself(loaded: Loaded) -> None:
    config = loaded(
        feeds="""
        feeds:
          - url: https://example.org/a.xml
            name: no
            labels: {lang: no, version: 1.10, since: 2024-01-01}
            interval: 5m
            backfill: 2d
            allow_private: true
            user_agent: me
            headers: {Authorization: "Bearer ${TOKEN}"}
        """,
        environ={"TOKEN": "abc123"},
    )
    assert config.subscriptions == (
        Subscription(
            url="https://example.org/a.xml",
            name="no",
            labels={"lang": "no", "version": "1.10", "since": "2024-01-01"},
            interval=timedelta(minutes=5),
            backfill=timedelta(days=2),
            allow_private=True,
            user_agent="me",
            headers={"Authorization": "Bearer abc123"},
        ),
    )


def test_how_often_is_said_by_label_and_a_feeds_own_words_win(loaded: Loaded) -> None:
    config = loaded(
        feeds="""
        defaults: {labels: {kind: news}}
        by_label:
          - {labels: {kind: news}, interval: 10m, max_interval: 2h}
          - {labels: {kind: government, lang: en}, interval: 1h}
          - {labels: {region: asia}, min_interval: 2m}
        feeds:
          - https://example.org/a.xml
          - {url: 'https://example.org/b.xml', labels: {region: asia}}
          - {url: 'https://example.org/c.xml', labels: {kind: government}}
          - {url: 'https://example.org/d.xml', labels: {kind: government, lang: en}, max_interval: 3h}
          - {url: 'https://example.org/e.xml', interval: 5m}
        """
    )
    minutes = [
        tuple(
            time and time / timedelta(minutes=1)
            for time in (one.min_interval, one.interval, one.max_interval)
        )
        for one in config.subscriptions
    ]
    assert minutes == [(None, 10, 120), (2, 10, 120), (None, None, None), (None, 60, 180), (None, 5, 120)]


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        (
            "- {url: https://a.example/, min_interval: 1h, max_interval: 5m}\n",
            """
            feeds.yaml:1:43: `min_interval` is longer than `max_interval`
                - {url: https://a.example/, min_interval: 1h, max_interval: 5m}
                                                          ^^
            """,
        ),
        (
            "defaults: {interval: 1h}\nfeeds: [{url: https://a.example/, max_interval: 5m}]\n",
            """
            feeds.yaml:2:49: `interval` is longer than `max_interval`
                feeds: [{url: https://a.example/, max_interval: 5m}]
                                                                ^^
            """,
        ),
        (
            "by_label: [{labels: {a: b}, min_interval: soon}]\nfeeds: []\n",
            """
            feeds.yaml:1:43: a duration is expected here (90s, 15m, 1h30m, 2d), this is `soon`
                by_label: [{labels: {a: b}, min_interval: soon}]
                                                          ^^^^
            """,
        ),
        (
            "by_label: [{interval: 5m}]\nfeeds: []\n",
            """
            feeds.yaml:1:12: `labels` is missing here
                by_label: [{interval: 5m}]
                           ^^^^^^^^^^^^^^
            """,
        ),
    ],
)
def test_what_is_wrong_with_limits(says: Says, feeds: str, message: str) -> None:
    assert says(feeds=feeds) == page(message)


def test_defaults_hold_for_all_and_a_feeds_own_words_win(loaded: Loaded) -> None:
    config = loaded(
        feeds="""
        defaults: {interval: 1h, labels: {lang: en, kind: news}, headers: {Accept: a, X: x}}
        feeds:
          - https://example.org/a.xml
          - {url: 'https://example.org/b.xml', interval: 5m, labels: {lang: es}, headers: {X: y}}
        """
    )
    a, b = config.subscriptions
    assert (a.interval, a.labels) == (timedelta(hours=1), {"lang": "en", "kind": "news"})
    assert (b.interval, b.labels) == (timedelta(minutes=5), {"lang": "es", "kind": "news"})
    assert b.headers == {"Accept": "a", "X": "y"}


def test_the_settings_allow_private_networks_where_a_feed_is_silent(loaded: Loaded) -> None:
    config = loaded(
        monitor="allow_private: true\n",
        feeds="""
        - http://127.0.0.1/a
        - {url: 'http://127.0.0.1/b', allow_private: false}
        """,
    )
    assert [subscription.allow_private for subscription in config.subscriptions] == [True, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- example.org/feed\n",
            """
            feeds.yaml:1:3: a URL is expected here
                - example.org/feed
                  ^^^^^^^^^^^^^^^^
                hint: did you mean https://example.org/feed?
            """,
        ),
        (
            "- localhost:8080/feed\n",
            """
            feeds.yaml:1:3: a URL is expected here
                - localhost:8080/feed
                  ^^^^^^^^^^^^^^^^^^^
                hint: https://…
            """,
        ),
        (
            "- ftp://example.org/feed\n",
            """
            feeds.yaml:1:3: feeds are read over http and https, not `ftp`
                - ftp://example.org/feed
                  ^^^^^^^^^^^^^^^^^^^^^^
            """,
        ),
        (
            "- https://example.org/a b\n",
            """
            feeds.yaml:1:24: a URL has no blanks
                - https://example.org/a b
                                       ^
                hint: a blank is written %20
            """,
        ),
        (
            "- https:///feed\n",
            """
            feeds.yaml:1:3: this URL has no host
                - https:///feed
                  ^^^^^^^^^^^^^
            """,
        ),
        (
            "- http://x:99999/\n",
            """
            feeds.yaml:1:3: this URL's host or port can not be read
                - http://x:99999/
                  ^^^^^^^^^^^^^^^
            """,
        ),
        (
            "- https://Example.org/feed\n- HTTPS://example.org/feed#top\n",
            """
            feeds.yaml:2:3: this feed stands twice; the first is on line 1
                - HTTPS://example.org/feed#top
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            """,
        ),
        (
            "- {name: BBC, labels: [a]}\n",
            """
            feeds.yaml:1:3: `url` is missing here
                - {name: BBC, labels: [a]}
                  ^^^^^^^^^^^^^^^^^^^^^^^^
            feeds.yaml:1:23: a mapping (`name: value`) is expected here, this is a list
                - {name: BBC, labels: [a]}
                                      ^^^
            """,
        ),
        (
            "- url:\n  name: x\n",
            """
            feeds.yaml:1:3: `url` has no value
                - url:
                  ^^^
            """,
        ),
        (
            '- url: https://example.org\n  headers: {X Y: a, Z: "a\\x07b"}\n',
            """
            feeds.yaml:2:13: this is no name of an HTTP header
                  headers: {X Y: *, Z: "******"}
                            ^^^
            feeds.yaml:2:24: a text without control characters is expected here
                  headers: {X Y: *, Z: "******"}
                                       ^^^^^^^^
            """,
        ),
        (
            "feeds: https://example.org\n",
            """
            feeds.yaml:1:8: a list is expected here, this is a text
                feeds: https://example.org
                       ^^^^^^^^^^^^^^^^^^^
                hint: write `- ` before it, or [a, b]
            """,
        ),
        (
            "https://example.org\n",
            """
            feeds.yaml:1:1: a list or a mapping (`name: value`) is expected here, this is a text
                https://example.org
                ^^^^^^^^^^^^^^^^^^^
            """,
        ),
        (
            "- https://example.org\n-\n",
            """
            feeds.yaml:2:2: a text or a mapping (`name: value`) is expected here, there is nothing
                -
                 ^
            """,
        ),
    ],
)
def test_what_is_wrong_with_a_feed(says: Says, text: str, message: str) -> None:
    assert says(feeds=text) == page(message)


def test_one_wrong_feed_hides_nothing_of_the_others(says: Says) -> None:
    said = says(
        feeds="""
        defaults: {interval: soon}
        feeds:
          - {url: 'https://example.org/a', intervall: 5m}
          - {url: 'https://example.org/b', allow_private: maybe}
          - ftp://example.org
        """
    )
    assert [line.split(": ", 1)[1] for line in said.splitlines() if line.startswith("feeds.yaml")] == [
        "a duration is expected here (90s, 15m, 1h30m, 2d), this is `soon`",
        "unknown key `intervall`",
        "true or false is expected here, this is `maybe`",
        "feeds are read over http and https, not `ftp`",
    ]


def test_files_and_commands_are_feeds_only_where_the_settings_allow_them(
    says: Callable[..., str], loaded: Callable[..., Config]
) -> None:
    feeds = "- file:///var/feeds/a.xml\n- {url: \"exec:scrape --site 'A b'\", name: Scraped}\n"
    said = says(feeds=feeds)
    assert "feeds from files are not allowed here" in said
    assert "feeds from commands are not allowed here" in said
    assert "monitor.yaml allows them by `local: {commands: true}`" in said
    said = says(monitor="local: {files: true}", feeds=feeds)
    assert "files are not allowed" not in said
    assert "commands are not allowed" in said
    file, command = loaded(monitor="local: {files: true, commands: true}", feeds=feeds).subscriptions
    assert (file.url, file.local) == ("file:///var/feeds/a.xml", True)
    assert (command.url, command.local) == ("exec:scrape --site 'A b'", True)


def test_a_feed_of_the_network_is_never_a_local_one(loaded: Callable[..., Config]) -> None:
    (feed,) = loaded(
        monitor="local: {files: true, commands: true}", feeds="- https://a.example\n"
    ).subscriptions
    assert not feed.local


def test_two_commands_differ_by_the_case_of_their_arguments(loaded: Callable[..., Config]) -> None:
    found = loaded(monitor="local: {commands: true}", feeds='- "exec:x A"\n- "exec:x a"\n').subscriptions
    assert len(found) == 2


@pytest.mark.parametrize("url", ["file:relative.xml", "exec:", "exec:a 'b"])
def test_a_file_or_command_that_can_be_none_is_said_at_its_place(says: Callable[..., str], url: str) -> None:
    said = says(monitor="local: {files: true, commands: true}", feeds=f'- "{url}"\n')
    assert "feeds.yaml:1:" in said
