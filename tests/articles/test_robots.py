"""What a host's robots.txt lets us read."""

from datetime import timedelta

import pytest

from monitor.articles.robots import ALL_ALLOWED, SLOWEST, Robots

AGENT = "feed-monitor/1.0"


def test_a_host_without_rules_allows_everything() -> None:
    assert ALL_ALLOWED.allow("https://a.example/x", AGENT)
    assert ALL_ALLOWED.pause(AGENT) == timedelta()


def test_the_longest_rule_that_fits_decides() -> None:
    robots = Robots.read("User-agent: *\nDisallow: /news\nAllow: /news/world\n")
    assert not robots.allow("https://a.example/news/sport", AGENT)
    assert robots.allow("https://a.example/news/world/1", AGENT)


def test_rules_for_us_by_name_go_before_those_for_all() -> None:
    robots = Robots.read("User-agent: *\nDisallow:\n\nUser-agent: feed-monitor\nDisallow: /\n")
    assert not robots.allow("https://a.example/x", AGENT)
    assert robots.allow("https://a.example/x", "another/1.0")


@pytest.mark.parametrize(
    ("said", "pause"),
    [("7", timedelta(seconds=7)), ("100000", SLOWEST), ("-3", timedelta()), ("soon", timedelta())],
)
def test_a_delay_is_kept_within_reason(said: str, pause: timedelta) -> None:
    assert Robots.read(f"User-agent: *\nCrawl-delay: {said}\n").pause(AGENT) == pause


@pytest.mark.parametrize("text", ["<html><body>Not found</body></html>", "\x00\x01\x02", "Disallow: /", ""])
def test_what_are_no_rules_forbids_nothing(text: str) -> None:
    assert Robots.read(text).allow("https://a.example/x", AGENT)
