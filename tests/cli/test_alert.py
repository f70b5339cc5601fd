"""`monitor alert test|list|show|retry|drop`: trying receivers, and what is done about dead letters."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.store.records import NewDelivery
from tests.alerts.sinks import HttpSink, answers, free_port, http_sink
from tests.command_line import NOW, Call, Desk


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as sink:
        yield sink


def configure(directory: Path, *urls: str, allow_private: bool = True) -> None:
    """A receiver for each URL: one, two, …"""
    names = ["one", "two", "three"][: len(urls)]
    receivers = [
        {"name": name, "urls": [url], "allow_private": allow_private}
        for name, url in zip(names, urls, strict=True)
    ]
    (directory / "alerts.yaml").write_text(json.dumps({"route": {"receiver": "one"}, "receivers": receivers}))


def test_a_test_goes_to_every_target_and_says_what_happened(
    monitor: Call, directory: Path, sink: HttpSink
) -> None:
    configure(directory, sink.url(), f"json://127.0.0.1:{free_port()}/x")
    done = monitor("alert", "test")
    assert done.code == 1
    shown = " ".join(done.out.split())
    assert "delivered" in shown
    assert "failed for now" in shown
    assert "connection refused" in shown
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80
    assert "This is a *test* of the receiver one" in sink.last["message"]


def test_one_receiver_can_be_tried_alone(monitor: Call, directory: Path, sink: HttpSink) -> None:
    configure(directory, sink.url(), f"json://127.0.0.1:{free_port()}/x")
    done = monitor("alert", "test", "one", "--json")
    (line,) = done.out.splitlines()
    facts = json.loads(line)
    assert (done.code, facts["receiver"], facts["outcome"]) == (0, "one", "delivered")
    assert facts["alert"] in sink.last["message"]


def test_a_test_is_bound_by_the_same_rules_as_an_alert(
    monitor: Call, directory: Path, sink: HttpSink
) -> None:
    configure(directory, sink.url(), allow_private=False)
    facts = json.loads(monitor("alert", "test", "--json").out)
    assert facts["outcome"] == "permanent"
    assert "set allow_private" in facts["detail"]
    assert sink.bodies == []


def test_a_test_says_when_the_message_was_refused(monitor: Call, directory: Path, sink: HttpSink) -> None:
    sink.behave = answers(404, b'{"error": "no such hook"}')
    configure(directory, sink.url())
    done = monitor("alert", "test", "one")
    assert done.code == 1
    assert "HTTP 404 not found: no such hook" in " ".join(done.out.split())


def test_a_receiver_that_there_is_not_is_a_wrong_use(monitor: Call, directory: Path) -> None:
    configure(directory, "stdout://")
    done = monitor("alert", "test", "nobody")
    assert (done.code, done.err) == (2, "error: there is no receiver 'nobody'; there are: one\n")


def test_the_terminal_can_be_tried(monitor: Call, directory: Path) -> None:
    configure(directory, "stdout://")
    done = monitor("alert", "test")
    assert done.code == 0
    assert "Test: This is a test of the receiver one" in done.out


def made(number: int, title: str) -> Alert:
    hit = AlertHit(
        hit_id=number,
        topic="Cuba",
        labels={},
        found_at=NOW,
        headline=Marked(text=title, marks=((0, 4, "Cuba"),)),
        link="https://a.example/1",
    )
    return Alert(
        id=f"A-0000{number}-00000",
        receiver="desk",
        group_key=f"g{number}",
        group_labels={},
        created_at=NOW + timedelta(seconds=number),
        hits=(hit,),
    )


@pytest.fixture
def letters(desk: Desk) -> Desk:
    """Three alerts: 1 was delivered, 2 is a dead letter, 3 is due."""
    for number in (1, 2, 3):
        target = NewDelivery(target="desk/1", label="json://127.0.0.1/***")
        desk.store.add_alert(made(number, f"Cuba no. {number} \x1b[31m"), [target], hit_ids=[], now=NOW)
    first, second, _ = sorted(one.delivery_id for one in desk.store.deliveries())
    desk.store.save_attempt(first, state="delivered", now=NOW)
    desk.store.save_attempt(second, state="dead", now=NOW, error="refused for good: HTTP 404 not found")
    return desk


def states(desk: Desk) -> dict[str, str]:
    return {one.alert.id[6]: one.state for one in desk.store.deliveries()}


def test_alerts_are_listed_with_what_became_of_them(monitor: Call, letters: Desk) -> None:
    done = monitor("alert", "list")
    shown = done.out.splitlines()[2:]
    assert [line.split()[1] for line in shown] == ["A-00003-00000", "A-00002-00000", "A-00001-00000"]
    assert [line.split()[-1] for line in shown] == ["due", "dead", "delivered"]
    assert "\x1b" not in done.out
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80


def test_dead_letters_can_be_listed_alone(monitor: Call, letters: Desk) -> None:
    lines = monitor("alert", "list", "--state", "dead", "--json").out.splitlines()
    (facts,) = map(json.loads, lines)
    assert facts["id"] == "A-00002-00000"
    assert facts["deliveries"][0]["error"] == "refused for good: HTTP 404 not found"


def test_nothing_to_list_is_said(monitor: Call, desk: Desk) -> None:
    assert monitor("alert", "list", "--receiver", "nobody").out == "no alerts\n"


def test_an_alert_is_shown_as_the_terminal_would_get_it(monitor: Call, letters: Desk) -> None:
    done = monitor("alert", "show", "00002-00000".lower())
    assert done.code == 0
    assert "*Cuba* no. 2" in done.out
    assert "https://a.example/1" in done.out
    assert "refused for good: HTTP 404" in done.out
    assert "\x1b" not in done.out


def test_an_id_that_there_is_not_is_a_wrong_use(monitor: Call, letters: Desk) -> None:
    done = monitor("alert", "show", "A-XXXXX-XXXXX")
    assert done.code == 2
    assert "there is no alert 'A-XXXXX-XXXXX'; `monitor alert list` names them" in done.err


def test_a_dead_letter_is_sent_again(monitor: Call, letters: Desk) -> None:
    done = monitor("alert", "retry", "A-00002-00000")
    assert (done.code, done.out) == (0, "1 delivery due now\n")
    assert states(letters) == {"1": "delivered", "2": "due", "3": "due"}


def test_what_has_arrived_is_not_repeated(monitor: Call, letters: Desk) -> None:
    done = monitor("alert", "retry", "A-00001-00000", "A-00002-00000")
    assert done.out == "1 delivery due now\n"
    assert "left as it is: A-00001-00000 to desk (json://127.0.0.1/***): it is delivered" in " ".join(
        done.err.split()
    )


def test_all_dead_letters_are_dropped_at_once(monitor: Call, letters: Desk) -> None:
    assert monitor("alert", "drop", "--dead").out == "1 delivery dropped\n"
    assert states(letters) == {"1": "delivered", "2": "dropped", "3": "due"}
    assert "1 dead" not in monitor("status").out
    assert json.loads(monitor("alert", "drop", "--dead", "--json").out) == {"done": 0, "left": []}


@pytest.mark.parametrize("arguments", [[], ["A-00001-00000", "--dead"]])
def test_it_must_be_said_which(monitor: Call, letters: Desk, arguments: list[str]) -> None:
    for command in ("retry", "drop"):
        done = monitor("alert", command, *arguments)
        assert done.code == 2
        assert "Name alerts by their ids, or all dead letters with --dead" in " ".join(done.err.split())
