"""`monitor feed list|health|poll`: the feeds, how they are, and one polled now."""

import json
from datetime import timedelta
from pathlib import Path

from monitor.caretaker import look_after
from tests.command_line import NOW, Call, Desk
from tests.loopback import loopback, rss


def test_feeds_are_listed_without_their_secrets(monitor: Call, desk: Desk) -> None:
    done = monitor("feed", "list")
    assert done.code == 0
    assert "Alpha Wire" in done.out
    assert "geheim" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_feeds_are_chosen_by_all_their_labels(monitor: Call, directory: Path) -> None:
    (directory / "feeds.yaml").write_text(
        "defaults: {labels: {lang: en}}\n"
        "feeds:\n"
        "  - {url: 'https://a.example', name: A, labels: {region: asia}}\n"
        "  - {url: 'https://b.example', name: B, labels: {region: asia, lang: de}}\n"
        "  - {url: 'https://c.example', name: C}\n"
    )
    done = monitor("feed", "list", "--label", "region=asia", "--label", "lang=en", "--json")
    assert [json.loads(line)["feed"] for line in done.out.splitlines()] == ["A"]


def test_a_label_that_is_none_is_refused(monitor: Call, directory: Path) -> None:
    assert monitor("feed", "list", "--label", "asia").code == 2


def test_before_anything_ran_all_feeds_are_new(monitor: Call, directory: Path) -> None:
    done = monitor("feed", "list", "--json")
    assert {json.loads(line)["state"] for line in done.out.splitlines()} == {"new"}
    assert monitor("feed", "health").code == 0


def test_health_shows_those_that_need_care_and_says_so_by_its_exit_code(monitor: Call, desk: Desk) -> None:
    desk.poll(feed=1, error="403 from a bot wall: Cloudflare wants a browser")
    done = monitor("feed", "health")
    assert done.code == 1
    assert "Alpha Wire" not in done.out
    assert "bot wall" in done.out
    assert "failing" in done.out
    assert "Alpha Wire" in monitor("feed", "health", "--all").out


def test_where_all_are_well_health_says_that(monitor: Call, desk: Desk) -> None:
    done = monitor("feed", "health")
    assert (done.code, done.out) == (0, "")
    assert done.err == "2 feeds, and none is known to fail (1 not polled yet)\n"


def test_a_dead_feed_is_called_dead(monitor: Call, desk: Desk) -> None:
    desk.poll(feed=1, error="no such host")
    for hours in range(13):
        look_after(
            desk.store,
            subscriptions={},
            dead_after=timedelta(hours=12),
            silent_at_least=timedelta(days=1),
            now=NOW + timedelta(hours=hours),
        )
    (line,) = monitor("feed", "health", "--json").out.splitlines()
    assert json.loads(line)["state"] == "dead"
    assert "_monitor" in monitor("hits", "--topic", "_monitor").out


def test_of_one_feed_all_is_told(monitor: Call, desk: Desk) -> None:
    done = monitor("feed", "health", "alpha wire")
    assert done.code == 0
    for word in ("address", "last good", "next poll", "2 kept, 2 in the last 7 days"):
        assert word in done.out


def test_a_feed_that_nobody_follows_has_no_health(monitor: Call, desk: Desk) -> None:
    done = monitor("feed", "health", "Gamma")
    assert (done.code, "'Gamma' is no feed of this configuration" in done.err) == (2, True)


def test_one_feed_is_polled_now_and_shows_what_came(monitor: Call, directory: Path) -> None:
    with loopback() as site:
        site.pages["/rss"] = rss("Cuba restores power", "Another \x9b31m headline")
        (directory / "feeds.yaml").write_text(
            f"- {{url: '{site.url('/rss')}', name: A, allow_private: true}}\n- http://127.0.0.1:1/never\n"
        )
        done = monitor("feed", "poll", "A")
        assert done.code == 0
        assert "A: 2 new entries, 0 edited, 1 hit (its first document: nobody is told)" in done.out
        assert "new     Cuba restores power" in done.out
        assert "\x9b" not in done.out
        assert "nothing changed since the last poll" in monitor("feed", "poll", "A").out
        site.pages["/rss"] = rss("Cuba restores power", "Another headline", "A third")
        facts = json.loads(monitor("feed", "poll", "A", "--json").out)
        assert ("A third", False) in [(one["title"], one["revised"]) for one in facts["entries"]]


def test_a_poll_that_fails_says_why_and_exits_with_1(monitor: Call, directory: Path) -> None:
    done = monitor("feed", "poll", "Beta")
    assert done.code == 1
    assert "refused without `allow_private: true`" in done.err
    assert "geheim" not in done.err + done.out
