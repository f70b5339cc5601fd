"""`monitor hits star|note`: what is put on hits, where it is shown, and what is no hit or no note."""

import json

import pytest

from tests.command_line import Call, Desk


def test_a_star_finds_a_hit_again(monitor: Call, desk: Desk) -> None:
    assert monitor("hits", "star", "1").out == "1 hit with a star\n"
    (line,) = monitor("hits", "--starred", "--json").out.splitlines()
    assert (json.loads(line)["id"], json.loads(line)["starred"]) == (1, True)
    assert "★" in monitor("hits").out
    assert monitor("hits", "star", "1", "--off").out == "1 hit without a star\n"
    assert monitor("hits", "--starred").err == "no hits\n"


def test_a_note_is_shown_with_the_hit_and_where_it_is_explained(monitor: Call, desk: Desk) -> None:
    assert monitor("hits", "note", "1", "call [bold]them\x1b[31m\x00").code == 0
    for command in (("hits",), ("explain", "--hit", "1")):
        assert "call [bold]them[31m" in monitor(*command).out
    explained = json.loads(monitor("explain", "--hit", "1", "--json").out)["hit"]
    assert (explained["note"], explained["starred"]) == ("call [bold]them[31m", False)
    monitor("hits", "note", "1", "")
    assert "call" not in monitor("hits").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("star", "99"), "there is no hit 99; nothing was changed"),
        (("star", "x"), "'x': a number is expected, as the list shows it"),
        (("star", "9" * 30), "a number is expected"),
        (("note", "99", "x"), "there is no hit 99"),
        (("note", "1", "x" * 2001), "a note has 2,000 characters at the most, and this one 2,001"),
        (("mark", "1", "banana"), "'banana': a hit is marked `relevant` or `wrong`"),
        (("--topic", "Cubba"), "no topic is called 'Cubba'; did you mean `Cuba`?"),
    ],
)
def test_what_is_wrong_is_said(monitor: Call, desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    done = monitor("hits", *arguments)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())
    assert desk.store.remarks([1, 2]) == {}


def test_a_topic_without_hits_is_known(monitor: Call, desk: Desk) -> None:
    assert monitor("hits", "--topic", "Cuba", "--since", "1m").code == 0
