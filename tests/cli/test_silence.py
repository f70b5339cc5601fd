"""`monitor silence add|list|expire`."""

import json
from datetime import timedelta

import pytest

from monitor.dispatcher import dispatch
from monitor.setup import rules_of
from tests.command_line import NOW, Call, Desk


def test_what_a_silence_keeps_is_told_to_nobody_and_says_why(monitor: Call, desk: Desk) -> None:
    done = monitor("silence", "add", "-m", "topic=Taiwan Strait", "--for", "8h", "--comment", "drill")
    assert done.code == 0
    assert "S-1: silent until" in done.out
    assert 'topic="Taiwan Strait"' in done.out
    assert "1 hit that waited to be told will be kept" in done.out
    assert dispatch(desk.store, rules=rules_of(desk.config), now=NOW + timedelta(minutes=9)).alerts == ()
    assert "kept · silenced by S-1" in monitor("hits").out
    assert "kept, silenced by S-1" in monitor("explain", "--hit", str(desk.store.hits()[0].hit_id)).out


def test_silences_are_listed_with_what_they_mute_and_why(monitor: Call, desk: Desk) -> None:
    assert monitor("silence", "list").err.strip() == "no silences"
    monitor("silence", "add", "-m", "topic=Cuba", "-m", "feed=~A.*", "--for", "2d", "--comment", "the fair")
    done = monitor("silence", "list")
    shown = " ".join(done.out.split())
    assert "S-1" in shown
    assert '{topic="Cuba", feed=~"A.*"}' in shown
    assert "the fair" in shown
    assert max(map(len, done.out.splitlines())) <= 80
    (line,) = monitor("silence", "list", "--json").out.splitlines()
    facts = json.loads(line)
    assert (facts["id"], facts["state"], facts["matchers"]) == (
        "S-1",
        "holds",
        ['topic="Cuba"', 'feed=~"A.*"'],
    )


def test_a_silence_can_be_ended_and_is_then_listed_only_on_demand(monitor: Call, desk: Desk) -> None:
    monitor("silence", "add", "-m", "topic=Cuba", "--for", "8h")
    assert monitor("silence", "expire", "s-1").out.strip() == "S-1 ended"
    assert monitor("silence", "expire", "1").out.strip() == "S-1 was over already"
    assert json.loads(monitor("silence", "expire", "1", "--json").out) == {"ended": [], "over": ["S-1"]}
    assert monitor("silence", "list").out == ""
    assert json.loads(monitor("silence", "list", "--all", "--json").out)["state"] == "over"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["add", "-m", "topic", "--for", "8h"],
            "--matcher 'topic', column 6: =, !=, =~ or !~ is",
        ),
        (["add", "-m", "topic=~(", "--for", "8h"], "this is no regular expression"),
        (["add", "-m", "a=1", "--for", "soon"], "a duration is expected here"),
        (["add", "-m", "a=1", "--for", "0s"], "--for: a duration above zero is expected"),
        (["expire", "S-9"], "there is no silence S-9; nothing was ended"),
        (["expire", "all"], "'all': a silence like S-3 is expected"),
    ],
)
def test_what_makes_no_sense_is_said(monitor: Call, desk: Desk, arguments: list[str], says: str) -> None:
    done = monitor("silence", *arguments)
    assert done.code == 2
    assert says in " ".join(done.err.split())


def test_a_silence_of_everything_needs_at_least_one_matcher(monitor: Call, desk: Desk) -> None:
    done = monitor("silence", "add", "--for", "8h")
    assert done.code == 2
    assert "--matcher" in done.err
