"""`monitor status` and `monitor health`: how the daemon, the feeds and the deliveries are."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.cli.status import daemon_state
from monitor.store.records import DaemonRow, NewDelivery
from tests.command_line import NOW, Call, Desk

BEGAN = NOW - timedelta(hours=3)


def row(**changes: Any) -> DaemonRow:
    facts: dict[str, Any] = {
        "pid": 4711, "version": "0.1.0", "started_at": BEGAN, "beat_at": datetime.now(UTC),
        "stopped_at": None, "config_loaded_at": BEGAN, "config_error": "", "config_error_since": None,
    }  # fmt: skip
    return DaemonRow(**facts | changes)


@pytest.mark.parametrize(
    ("daemon", "state", "words"),
    [
        (None, "never", "no daemon has run on this database yet"),
        (row(beat_at=NOW), "running", "running for 3 h, process 4711, version 0.1.0"),
        (row(beat_at=NOW - timedelta(seconds=60)), "running", "running for 3 h, process 4711, version 0.1.0"),
        (
            row(beat_at=NOW - timedelta(seconds=61)),
            "silent",
            "the daemon (process 4711) has not said for 61 s that it lives",
        ),
        (row(stopped_at=NOW - timedelta(minutes=3)), "stopped", "the daemon was stopped 3 min ago"),
    ],
)
def test_a_daemon_lives_as_long_as_it_says_so(daemon: DaemonRow | None, state: str, words: str) -> None:
    assert daemon_state(daemon, NOW) == (state, words)


def test_health_is_an_exit_code(monitor: Call, desk: Desk) -> None:
    assert monitor("health").code == 1
    desk.store.say_daemon(row())
    done = monitor("health")
    assert (done.code, done.out) == (0, "healthy: running for 3 h, process 4711, version 0.1.0\n")
    desk.store.say_daemon(row(beat_at=NOW - timedelta(minutes=2)))
    assert json.loads(monitor("health", "--json").out)["healthy"] is False


def test_health_needs_only_the_database_and_none_is_not_healthy(monitor: Call, desk: Desk) -> None:
    desk.store.say_daemon(row())
    path = desk.config.settings.database
    for file in path.parent.glob("*.yaml"):
        file.unlink()
    assert monitor("health", "--db", path).code == 0
    done = monitor("health", "--db", path.with_name("none.db"))
    assert done.code == 1
    assert "not healthy: there is no database at" in done.out


def alert(number: int) -> Alert:
    hit = AlertHit(
        hit_id=number, topic="Cuba", labels={}, found_at=NOW, headline=Marked(text="Cuba restores power")
    )
    return Alert(
        id=f"A-{number}",
        receiver="desk",
        group_key=f"g{number}",
        group_labels={},
        created_at=NOW,
        hits=(hit,),
    )


def fill(desk: Desk) -> None:
    """A failing feed, a delivery that is tried again and a dead letter."""
    desk.poll(feed=1, now=NOW, error="HTTP 403: a bot wall")
    for number in (1, 2):
        target = NewDelivery(target=f"desk/{number}", label="json://127.0.0.1/***")
        desk.store.add_alert(alert(number), [target], hit_ids=[], now=NOW)
    due = desk.store.claim_deliveries(now=NOW, limit=9, lease=timedelta(minutes=1))
    first, second = sorted(one.delivery_id for one in due)
    later = NOW + timedelta(minutes=9)
    desk.store.save_attempt(first, state="due", now=NOW, next_at=later, error="HTTP 500 server error")
    desk.store.save_attempt(second, state="dead", now=NOW, error="gave up: HTTP 404 not found")


def test_status_shows_what_fails_in_words(monitor: Call, desk: Desk) -> None:
    fill(desk)
    done = monitor("status")
    assert done.code == 0
    shown = " ".join(done.out.split())
    for words in (
        "no daemon has run on this database yet",
        "2 followed, 1 failing",
        "1 pending, 0 told, 1 kept",
        "1 due, 0 delivered, 1 dead",
        "HTTP 403: a bot wall",
        "Deliveries tried again",
        "HTTP 500 server error",
        "Dead letters",
        "gave up: HTTP 404 not",
    ):
        assert words in shown, words
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80


def test_status_as_json_is_one_object(monitor: Call, desk: Desk) -> None:
    fill(desk)
    desk.store.say_daemon(row())
    facts = json.loads(monitor("status", "--json").out)
    assert facts["daemon"]["state"] == "running"
    assert facts["hits"] == {"pending": 1, "told": 0, "kept": 1}
    assert facts["deliveries"] == {"due": 1, "delivered": 0, "dead": 1}
    (failing,) = facts["feeds"]["failing"]
    assert (failing["name"], failing["error"]) == ("Beta", "HTTP 403: a bot wall")
    assert [letter["alert"] for letter in facts["dead_letters"]] == ["A-2"]
    assert facts["retrying"][0]["titles"] == ["Cuba restores power"]


def test_gaps_are_shown_by_feed(monitor: Call, desk: Desk) -> None:
    alpha, beta = desk.store.feeds()
    hour = timedelta(hours=1)
    for ago, feed in ((200, alpha), (9, alpha), (3, alpha), (2, beta)):
        at = NOW - ago * hour
        desk.store.add_gap(feed.state.feed_id, from_at=at - hour, to_at=at)
    shown = " ".join(monitor("status").out.split())
    assert "Entries may be lost (7 days)" in shown
    assert re.search(r"Beta │? ?1 .*Alpha Wire │? ?2 ", shown), "the newest first; what is old is not counted"
    facts = json.loads(monitor("status", "--json").out)["feeds"]["gaps"]
    assert [gap["name"] for gap in facts] == ["Beta", "Alpha Wire", "Alpha Wire"]
    assert facts[0].keys() == {"name", "url", "from", "to"}
    assert "geheim" not in str(facts)


def test_feeds_that_have_moved_for_good_are_shown_with_their_new_addresses(monitor: Call, desk: Desk) -> None:
    for row, times in zip(desk.store.feeds(), (3, 2), strict=True):
        new = f"https://user:geheim@new.example/{times}"
        desk.store.save_poll(replace(row.state, moved_to=new, moved_times=times), next_poll_at=NOW)
    shown = " ".join(monitor("status").out.split())
    assert "Feeds that have moved for good" in shown
    assert "new.example/3" in shown
    assert "new.example/2" not in shown, "it has said so only twice"
    (moved,) = json.loads(monitor("status", "--json").out)["feeds"]["moved"]
    assert moved["name"] == "Alpha Wire"
    assert "geheim" not in shown + str(moved)


def test_no_password_of_a_feed_is_shown(monitor: Call, desk: Desk) -> None:
    fill(desk)
    for more in ([], ["--json"]):
        assert "geheim" not in monitor("status", *more).out


def test_a_refused_edit_is_shown_with_its_error_and_since_when(monitor: Call, desk: Desk) -> None:
    problem = "feeds.yaml:3:5: unknown key `intervall`\n    intervall: 5m\n    ^^^^^^^^^"
    since = datetime.now(UTC) - timedelta(minutes=12)
    desk.store.say_daemon(row(config_error=problem, config_error_since=since))
    shown = monitor("status").out
    assert "12 min ago" in " ".join(shown.split())
    assert problem in shown


def test_who_is_kept_from_hearing_is_not_forgotten(monitor: Call, desk: Desk) -> None:
    assert "silences" not in monitor("status").out
    monitor("silence", "add", "-m", "topic=Cuba", "--for", "8h")
    assert "silences    1 hold: S-1" in monitor("status").out
    assert json.loads(monitor("status", "--json").out)["silences"] == ["S-1"]


def test_a_network_that_is_down_is_said_once(monitor: Call, desk: Desk) -> None:
    desk.store.say_daemon(row())
    assert "no server can be reached" not in monitor("status").out
    desk.store.say_daemon(row(offline_since=datetime.now(UTC) - timedelta(minutes=5)))
    shown = monitor("status").out
    assert shown.count("no server can be reached") == 1
    assert "5 min ago" in shown
    assert json.loads(monitor("status", "--json").out)["daemon"]["offline_since"]
