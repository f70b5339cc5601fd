"""`monitor feed add|remove`: a page's feed is found and written; the other lines stay as they are."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import Call
from tests.loopback import Loopback, loopback, rss

FEEDS = """\
# ours
defaults: {allow_private: true}

feeds:
  # the first
  - name: "Old: one"     # quoted
    url: http://127.0.0.1:1/old
    labels: {region: asia}

  - http://127.0.0.1:1/bare
"""


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as site:
        yield site


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "feeds.yaml"
    path.parent.mkdir()
    path.write_text(FEEDS)
    return path


def page(*links: str) -> bytes:
    declared = "".join(f"<link rel='alternate' type='application/rss+xml' href='{link}'>" for link in links)
    return (
        f"<!doctype html><html><head><title>News</title>{declared}</head><body>Hello</body></html>".encode()
    )


def add(monitor: Call, *arguments: str) -> tuple[int, str]:
    done = monitor("feed", "add", *arguments, "--allow-private")
    return done.code, done.out + done.err


def test_a_feeds_own_address_is_written_with_its_title_at_the_end(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    site.pages["/rss"] = rss("One", "Two")
    url = site.url("/rss")
    code, said = add(monitor, url, "--label", "region=world", "--interval", "5m")
    assert (code, "following A feed" in said) == (0, True)
    assert feeds.read_text() == FEEDS + (
        f"\n  - name: A feed\n    url: {url}\n    labels: {{region: world}}\n"
        "    interval: 5m\n    allow_private: true\n"
    )


def test_a_page_with_one_feed_is_not_taken_for_it_without_a_word(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    site.pages |= {"/": page("/rss"), "/rss": rss("One")}
    code, said = add(monitor, site.url("/"))
    assert code == 2
    assert "A feed" in said
    assert "--pick N takes one, --yes the first; nothing was written" in said
    assert feeds.read_text() == FEEDS


def test_yes_takes_the_first_and_pick_another(monitor: Call, site: Loopback, feeds: Path) -> None:
    site.pages |= {"/": page("/a", "/b"), "/a": rss("One"), "/b": rss("One", "Two")}
    assert add(monitor, site.url("/"), "--yes")[0] == 0
    assert f"url: {site.url('/a')}\n" in feeds.read_text()
    assert add(monitor, site.url("/"), "--pick", "2", "--name", "Second")[0] == 0
    assert f"- name: Second\n    url: {site.url('/b')}\n" in feeds.read_text()


def test_a_pick_beyond_what_was_found_is_refused(monitor: Call, site: Loopback, feeds: Path) -> None:
    site.pages |= {"/": page("/a"), "/a": rss("One")}
    assert add(monitor, site.url("/"), "--pick", "2") == (2, "error: --pick 2: 1 feed found\n")
    assert feeds.read_text() == FEEDS


def test_where_a_page_declares_none_the_usual_places_are_tried(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    site.pages |= {"/blog": page(), "/blog/feed": rss("One")}
    assert add(monitor, site.url("/blog"), "--yes")[0] == 0
    assert site.url("/blog/feed") in feeds.read_text()


def test_a_page_that_lists_a_sites_feeds_is_looked_at_too(monitor: Call, site: Loopback, feeds: Path) -> None:
    site.pages |= {
        "/": b"<html><a href='/about-rss'>Our RSS feeds</a></html>",
        "/about-rss": b"<html><a href='/world.rss'>World</a> <a href='/asia.rss'>Asia</a></html>",
        "/world.rss": rss("One"),
        "/asia.rss": rss("One", "Two"),
    }
    done = monitor("feed", "add", site.url("/"), "--allow-private", "--dry-run", "--json")
    assert [one["url"] for one in json.loads(done.out)["found"]] == [
        site.url("/world.rss"),
        site.url("/asia.rss"),
    ]


def test_what_is_declared_and_is_no_feed_is_left_out(monitor: Call, site: Loopback, feeds: Path) -> None:
    site.pages |= {"/": page("/gone", "/page", "/a"), "/page": page(), "/a": rss("One")}
    done = monitor("feed", "add", site.url("/"), "--allow-private", "--dry-run", "--json")
    (found,) = json.loads(done.out)["found"]
    assert (found["title"], found["url"], found["entries"]) == ("A feed", site.url("/a"), 1)
    assert feeds.read_text() == FEEDS


def test_a_page_without_any_feed_says_where_was_looked(monitor: Call, site: Loopback, feeds: Path) -> None:
    site.pages["/"] = page("/gone")
    code, said = add(monitor, site.url("/"))
    assert code == 1
    assert f"no feed at {site.url('/')}: this is an HTML page ('News'), not a feed\n" in said
    assert f"{site.url('/gone')}: 404: there is nothing at this address" in said


def test_an_address_at_which_there_is_nothing_says_so(monitor: Call, site: Loopback, feeds: Path) -> None:
    url = site.url("/nothing")
    assert add(monitor, url) == (2, f"error: {url}: 404: there is nothing at this address\n")


def test_an_address_without_a_scheme_that_answers_only_over_http_is_taken_so_and_that_is_said(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    site.pages["/rss"] = rss("One")
    code, said = add(monitor, f"{site.host}/rss")
    assert (code, f"url: {site.url('/rss')}\n" in feeds.read_text()) == (0, True)
    assert f"{site.host}/rss: nobody answers over https (TLS: " in said


def test_a_key_in_an_address_without_a_scheme_is_not_shown(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    code, said = add(monitor, f"{site.host}/rss?api_key=hunter2hunter2")
    assert (code, "hunter2" in said) == (2, False)
    assert f"https://{site.host}/rss?api_key=***: TLS: " in said


@pytest.mark.parametrize("garbage", ["http://", "ftp://example.org/x", "http://exa mple.org/", "://"])
def test_garbage_for_an_address_is_refused(monitor: Call, feeds: Path, garbage: str) -> None:
    code, said = add(monitor, garbage)
    assert code == 2
    assert said.startswith("error: ")


def test_a_private_address_is_refused_unless_it_is_allowed(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    done = monitor("feed", "add", site.url("/rss"))
    assert done.code == 2
    assert done.err.endswith("refused without `allow_private: true`\n--allow-private says so\n")


def test_a_feed_that_is_followed_already_is_not_written_twice(
    monitor: Call, site: Loopback, feeds: Path
) -> None:
    site.pages["/rss"] = rss("One")
    assert add(monitor, site.url("/rss"))[0] == 0
    code, said = add(monitor, site.url("/rss"))
    assert (code, f"is followed already: {feeds.resolve()}:12" in said.replace("\n", "")) == (2, True)


def test_a_hostile_title_becomes_a_harmless_name(monitor: Call, site: Loopback, feeds: Path) -> None:
    title = "x: &#27;[31m &#x202e;{a} # '&quot;${HOME}"
    site.pages["/rss"] = rss("One").replace(b"A feed", title.encode())
    assert add(monitor, site.url("/rss"))[0] == 0
    done = monitor("feed", "list", "--json")
    name = json.loads(done.out.splitlines()[-1])["feed"]
    assert name == "x: [31m {a} # '\"${HOME}"
    assert "\x1b" not in feeds.read_text()


def test_a_removed_feed_goes_with_its_comments_and_nothing_else(monitor: Call, feeds: Path) -> None:
    done = monitor("feed", "remove", "old: ONE")
    assert (done.code, "Old: one is followed no more" in done.out) == (0, True)
    assert feeds.read_text() == (
        "# ours\ndefaults: {allow_private: true}\n\nfeeds:\n  - http://127.0.0.1:1/bare\n"
    )


def test_a_feed_is_removed_by_its_address_too(monitor: Call, feeds: Path) -> None:
    assert monitor("feed", "remove", "HTTP://127.0.0.1:1/bare").code == 0
    assert "bare" not in feeds.read_text()


def test_a_feed_that_is_not_there_is_not_removed(monitor: Call, feeds: Path) -> None:
    done = monitor("feed", "remove", "Old one")
    assert (done.code, done.err) == (2, "error: there is no feed 'Old one'; did you mean `Old: one`?\n")
    assert feeds.read_text() == FEEDS


def test_a_removal_that_would_break_the_configuration_is_refused(monitor: Call, feeds: Path) -> None:
    feeds.write_text("- nonsense\n- http://127.0.0.1:1/bare\n")
    done = monitor("feed", "remove", "http://127.0.0.1:1/bare")
    assert done.code == 0, "what was wrong before keeps nobody from his own feed"
    assert feeds.read_text() == "- nonsense\n"
