"""`monitor token` and `monitor web password`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.acting import open_link, signer
from monitor.alerts.act import Act
from monitor.clock import clock
from monitor.store import open_store
from monitor.web.doors import PASSWORD
from monitor.web.keys import digest_of
from monitor.web.passwords import fits
from tests.command_line import Call


def test_a_token_is_shown_once_and_kept_as_a_hash(monitor: Call, directory: Path) -> None:
    done = monitor("token", "add", "grafana")
    key = done.out.strip()
    assert done.code == 0
    store = open_store(directory / "monitor.db")
    token = store.token(digest_of(key))
    assert token is not None
    assert (token.name, token.scopes) == ("grafana", ("read",))
    assert key not in "".join(map(str, store._conn.iterdump()))
    store.close()
    listed = monitor("token", "list")
    assert "grafana" in listed.out
    assert key not in listed.out


def test_tokens_are_listed_and_revoked(monitor: Call, directory: Path) -> None:
    monitor("token", "add", "one", "--scope", "write")
    (fact,) = json.loads(monitor("token", "list", "--json").out)["tokens"]
    assert (fact["name"], fact["scopes"], fact["used_at"]) == ("one", ["write"], None)
    assert monitor("token", "revoke", "one").out == "revoked one (scope write)\n"
    assert monitor("token", "revoke", "one").code == 1
    assert "no tokens" in monitor("token", "list").err


def test_a_token_may_be_good_for_several_things(monitor: Call, directory: Path) -> None:
    made = monitor("token", "add", "both", "--scope", "feeds", "--scope", "read")
    assert "(scope read, feeds)" in made.err
    assert f"http://127.0.0.1:8600/out/{made.out.strip()}/hits.atom" in made.err
    assert "read, feeds" in monitor("token", "list").out
    assert monitor("token", "add", "none", "--scope", "everything").code == 2


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 80])
def test_a_name_that_is_none_is_refused(monitor: Call, directory: Path, name: str) -> None:
    assert monitor("token", "add", name).code == 2


def test_a_second_token_of_a_name_is_refused(monitor: Call, directory: Path) -> None:
    monitor("token", "add", "one")
    assert "already" in monitor("token", "add", "one").err


def test_the_password_is_set_from_a_pipe(monitor: Call, directory: Path) -> None:
    done = monitor("web", "password", stdin=b"correct horse battery\nmore\n")
    assert done.code == 0
    store = open_store(directory / "monitor.db")
    stored = store.secret(PASSWORD)
    assert fits("correct horse battery", stored)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,"), "guessing takes 64 MiB and three rounds each"
    store.close()


def test_a_new_password_ends_all_sessions(monitor: Call, directory: Path) -> None:
    store = open_store(directory / "monitor.db")
    store.add_session(b"x", who="ann", now=clock())
    monitor("web", "password", stdin=b"correct horse battery\n")
    assert store.session(b"x") is None
    store.close()


def test_links_that_were_sent_are_worthless_when_they_are_revoked(monitor: Call, directory: Path) -> None:
    store = open_store(directory / "monitor.db")
    before = signer(store, "https://news.example.org", now=clock())
    assert before
    link = before.path(Act(verb="ack", alert_id="A-1", hit_id=0, until=clock() + timedelta(days=1)))
    assert open_link(store, link.rpartition("/")[2], now=clock()) == "gone"  # good, but of no alert
    assert monitor("web", "revoke-links").code == 0
    assert open_link(store, link.rpartition("/")[2], now=clock()) == "forged"
    after = signer(store, "https://news.example.org", now=clock())
    assert after
    assert after.key not in (b"", before.key)
    store.close()


@pytest.mark.parametrize("word", [b"", b"short\n", b"aaaaaaaaaaaa\n"])
def test_a_password_that_is_no_good_is_refused(monitor: Call, directory: Path, word: bytes) -> None:
    done = monitor("web", "password", stdin=word)
    assert done.code == 2
    assert "can not be the password" in done.err
