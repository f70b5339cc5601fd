"""Secrets are masked wherever they turn up, and a URL's label reveals nothing."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.secrets import (
    feed_secrets,
    mask_feed_url,
    mask_url,
    secrets_of,
    target_key,
    target_secrets,
)


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("stdout://", "stdout://"),
        ("slack://TokenA/TokenB/TokenC/#desk", "slack://***"),
        ("tgram://123456789:abcdefg/12315544/", "tgram://***"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord://***"),
        ("https://hooks.slack.com/services/T1/B2/c3", "https://hooks.slack.com/***"),
        ("https://user:pass@example.org", "https://***@example.org"),
        ("mailtos://me:pass@example.org?to=you@example.org", "mailtos://***@example.org/***"),
        ("mailtos://example.org:587?user=me&pass=word", "mailtos://example.org:587/***"),
        ("jsons://example.org:8443/hook?+X-Token=abc", "jsons://example.org:8443/***"),
        ("json://localhost:8080/", "json://localhost:8080"),
        ("json://[::1]:8080/x", "json://[::1]:8080/***"),
        ("json://internal/x", "json://***"),
        ("ntfy://my-secret-topic", "ntfy://***"),
        ("ntfys://ntfy.sh/my-secret-topic", "ntfys://ntfy.sh/***"),
        ("pover://user@token", "pover://***"),
        ("not a url", "***"),
    ],
)
def test_a_receivers_url_shows_its_kind_and_a_server_at_most(url: str, label: str) -> None:
    assert mask_url(url) == label


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/feed?format=xml", "https://example.org/feed?format=xml"),
        ("https://me:pa:ss@example.org/feed", "https://***@example.org/feed"),
        ("https://example.org/f?a=1&api_key=abc&b=2", "https://example.org/f?a=1&api_key=***&b=2"),
        ("https://t:1@example.org/f?token=x#y", "https://***@example.org/f?token=***#y"),
        ("https://example.org/@user/feed", "https://example.org/@user/feed"),
    ],
)
def test_a_feeds_url_keeps_all_but_credentials(url: str, shown: str) -> None:
    assert mask_feed_url(url) == shown


@given(st.text(min_size=4, max_size=20).filter(lambda secret: len(secret.strip()) >= 4))
def test_a_secret_is_masked_in_every_form(secret: str) -> None:
    secrets = secrets_of([secret])
    for form in (secret, quote(secret, errors="replace"), quote(secret, safe="", errors="replace"),
                 quote_plus(secret, errors="replace"), json.dumps(secret)[1:-1]):  # fmt: skip
        assert secrets.mask(f"<{form}>") == "<***>"


def test_the_longest_secret_is_masked_first() -> None:
    assert secrets_of(["pass", "password"]).mask("my password") == "my ***"


def test_short_values_and_no_values_mask_nothing() -> None:
    assert secrets_of(["en", "", "   "]).mask("the end") == "the end"
    assert secrets_of([]).mask("x") == "x"


def test_the_parts_of_a_url_that_are_secret_anywhere() -> None:
    parts = set(target_secrets("slack://T1JJ3T3L2JJ3/A1BRTD4JD/desk-alerts/#general?x=1"))
    assert "T1JJ3T3L2JJ3" in parts
    assert "general" not in parts
    assert set(feed_secrets("https://me:p%40ss@x.org/?key=abcd&n=3")) == {"p%40ss", "p@ss", "abcd"}
    assert not set(target_secrets("stdout://"))


def test_a_targets_key_is_stable_and_names_its_receiver() -> None:
    assert target_key("desk", "slack://a/b/c") == "desk/v1-a8378aa87e0df97d"
    assert target_key("desk", "slack://a/b/d") != target_key("desk", "slack://a/b/c")


def test_secrets_do_not_show_themselves() -> None:
    assert "hunter2" not in repr(secrets_of(["hunter2"]))
