"""`monitor route test`: the way down the tree, who would hear, and when."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.route import Matcher
from tests.command_line import NOW, Call, Desk

ALERTS = """\
route:
  receiver: desk
  routes:
    - {matchers: [severity = high], receiver: phone, group_wait: 0s, continue: true}
    - {matchers: [topic = Cuba], receiver: desk, digest: "08:00"}
    - {matchers: [kind = state], store_only: true}
receivers:
  - {name: desk, urls: ["json://user:geheim@127.0.0.1:1/alerts"]}
  - {name: phone, urls: ["stdout://"]}
"""


@pytest.fixture(autouse=True)
def routed(directory: Path) -> None:
    (directory / "alerts.yaml").write_text(ALERTS)


def test_the_way_down_says_at_each_route_which_matcher_failed_or_that_it_took_the_hit(monitor: Call) -> None:
    done = monitor("route", "test", "--labels", "topic=Cuba,severity=high")
    assert done.code == 0
    lines = [line.rstrip() for line in done.out.splitlines()]
    assert lines[:5] == [
        '{topic="Cuba", severity="high"}',
        "  ○ 0 desk  the root takes every hit",
        '    ● 0.0 phone  severity="high" holds',
        '    ● 0.1 desk  topic="Cuba" holds',
        "    ○ 0.2 desk  not asked: 0.1 took the hit and does not continue",
    ]
    assert max(map(len, lines)) <= 80


def test_it_says_who_hears_when_and_where_without_secrets(monitor: Call) -> None:
    out = monitor("route", "test", "-l", "topic=Cuba", "-l", "severity=high").out
    assert "phone hears at" in out
    assert 'at once, with others of {topic="Cuba"}' in out
    assert "in the digest of 08:00" in out
    assert "geheim" not in out


def test_nobody_hears_is_exit_code_1_with_the_reason(monitor: Call) -> None:
    done = monitor("route", "test", "-l", "kind=state")
    assert done.code == 1
    assert "nobody hears: store_only: route 0.2" in done.out


def test_a_stored_hit_can_be_asked_for_and_a_silence_counts(monitor: Call, desk: Desk) -> None:
    (strait, _) = desk.store.hits()
    done = monitor("route", "test", "--hit", str(strait.hit_id), "--json")
    facts = json.loads(done.out)
    assert facts["labels"]["topic"] == "Taiwan Strait"
    assert [(one["route"], one["hears"]) for one in facts["way"]] == [
        ("0", True),
        ("0.0", False),
        ("0.1", False),
        ("0.2", False),
    ]
    assert [one["receiver"] for one in facts["hears"]] == ["desk"]
    matcher = Matcher(label="topic", op="=~", value="Taiwan.*")
    desk.store.add_silence(
        [matcher], starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1), comment="", who=""
    )
    done = monitor("route", "test", "--hit", str(strait.hit_id))
    assert (done.code, "nobody hears: silenced by S-1" in done.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which hit?"),
        (["-l", "topic=Cuba", "--hit", "1"], "which hit?"),
        (["-l", "Cuba"], "'Cuba': a label is written name=value"),
        (["-l", "a b=1"], "'a b=1': a label is written name=value"),
        (["-l", ""], "a label is written name=value"),
        (["--hit", "1"], "there is no database"),
    ],
)
def test_what_makes_no_sense_is_said(monitor: Call, arguments: list[str], says: str) -> None:
    done = monitor("route", "test", *arguments)
    assert done.code == 2
    assert says in done.err


def test_a_hit_that_there_is_not_is_said(monitor: Call, desk: Desk) -> None:
    done = monitor("route", "test", "--hit", "99")
    assert (done.code, "there is no hit 99" in done.err) == (2, True)


def test_a_value_may_have_commas_and_signs_of_equality(monitor: Call) -> None:
    facts = json.loads(monitor("route", "test", "-l", "feed=News, all of it", "-l", "x=a=b", "--json").out)
    assert facts["labels"] == {"feed": "News, all of it", "x": "a=b"}
