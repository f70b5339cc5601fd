"""What the commands say of hubs: which feeds they tell of, since when, until when, and why not."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.clock import clock
from tests.command_line import Call, Desk
from tests.pacts import HUB, agree_with_hub, ask_hub, offer_hub


def url(desk: Desk) -> str:
    return desk.config.subscriptions[0].url


def facts(monitor: Call, *command: str) -> Any:
    return json.loads(monitor(*command, "--json").out.splitlines()[0])


def test_a_feed_of_which_its_hub_tells_says_since_when_and_until_when(monitor: Call, desk: Desk) -> None:
    pact = agree_with_hub(desk.store, url(desk), now=clock())
    done = monitor("feed", "health", "Alpha Wire")
    assert done.code == 0
    for words in (HUB, "it tells us", "told since", "lease until", "1 read, 1 ignored", "in 10 days"):
        assert words in done.out
    assert pact.token not in done.out
    assert pact.secret not in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_list_marks_feeds_that_are_pushed(monitor: Call, desk: Desk) -> None:
    agree_with_hub(desk.store, url(desk), now=clock())
    assert "pushed" in monitor("feed", "list").out
    said = facts(monitor, "feed", "list")["push"]
    assert (said["state"], said["hub"], said["pushes"], said["ignored"]) == ("pushed", HUB, 1, 1)
    assert datetime.fromisoformat(said["lease_until"]) > datetime.now(UTC) + timedelta(days=9)


def test_a_lease_that_has_ended_is_said(monitor: Call, desk: Desk) -> None:
    agree_with_hub(desk.store, url(desk), now=clock() - timedelta(days=11))
    assert "its lease has ended" in monitor("feed", "health", "Alpha Wire").out
    assert "pushed" not in monitor("feed", "list").out


def test_a_hub_that_refuses_says_why(monitor: Call, desk: Desk) -> None:
    pact = ask_hub(desk.store, url(desk), now=clock())
    desk.store.save_refusal(pact, reason="the hub answers 403: who are you?", next_at=clock())
    out = " ".join(monitor("feed", "health", "Alpha Wire").out.split())
    assert "it refuses, and is asked again: the hub answers 403: who are you?" in out


def test_a_hub_that_is_not_asked_says_what_is_missing(monitor: Call, desk: Desk) -> None:
    offer_hub(desk.store, url(desk), now=clock())
    assert "public_url" in monitor("feed", "health", "Alpha Wire").out
    assert facts(monitor, "feed", "health", "Alpha Wire")["push"]["state"] == "not asked"


def test_a_feed_without_a_hub_says_nothing_of_one(monitor: Call, desk: Desk) -> None:
    assert "hub" not in monitor("feed", "health", "Alpha Wire").out
    assert facts(monitor, "feed", "health", "Alpha Wire")["push"] is None


@pytest.mark.parametrize("command", ["status", "coverage"])
def test_status_and_coverage_count_the_feeds_of_which_hubs_tell(
    monitor: Call, desk: Desk, command: str
) -> None:
    assert "hubs tell" not in monitor(command).out
    agree_with_hub(desk.store, url(desk), now=clock())
    assert "hubs tell of 1" in monitor(command).out
    said = facts(monitor, command)
    assert (said["feeds"]["pushed"] if command == "status" else said["pushed"]) == 1
    if command == "status":
        assert said["pushes"] == {"read": 1, "wrong": 1}
