"""What the terminal shows: strangers' text is harmless, marks stand where they should, times read well."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.cli.console import (
    Pipe,
    ago,
    clean,
    count,
    lines_out,
    marked,
    safe_json,
    say,
    span_of,
    to_json,
    when,
    words,
)

NOW = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)


def printed(text: object, *, colour: bool = False) -> str:
    stream = io.StringIO()
    Console(
        file=stream,
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        width=80,
    ).print(text)
    return stream.getvalue()


def plain_console() -> Console:
    return Console(file=io.StringIO(), color_system=None)


def colour_console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="standard")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "·[31mred·[0m"),
        ("a\tb\nc\r", "a b c "),
        ("title\x9b2J", "title·2J"),
        ("evil\u202egnp.exe", "evil·gnp.exe"),
        ("half \ud800", "half ·"),
        ("[bold]not mark-up[/bold]", "[bold]not mark-up[/bold]"),
        ("क्‍ष و‌ 👩‍🚀 台湾海峡", "क्‍ष و‌ 👩‍🚀 台湾海峡"),
    ],
)
def test_text_from_feeds_neither_drives_the_terminal_nor_acts_as_markup(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert (
        printed(words(text)).rstrip("\n") == shown.rstrip(" ") or printed(words(text)).rstrip("\n") == shown
    )


@given(st.text())
def test_cleaning_keeps_every_character_in_its_place(text: str) -> None:
    assert len(clean(text)) == len(text)
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in clean(text))


def test_marks_are_stars_where_there_is_no_colour() -> None:
    shown = marked("in the Taiwan Strait and Cuba", [(7, 20), (25, 29)], plain_console())
    assert shown.plain == "in the *Taiwan Strait* and *Cuba*"


def test_marks_are_a_colour_where_there_is_one() -> None:
    shown = marked("in the Taiwan Strait", [(7, 20, "why")], colour_console())
    assert shown.plain == "in the Taiwan Strait"
    assert [(span.start, span.end) for span in shown.spans] == [(7, 20)]


def test_marks_are_stars_for_those_who_refuse_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), force_terminal=True)
    assert marked("Cuba", [(0, 4)], console).plain == "*Cuba*"


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_json_drives_no_terminal_and_reads_back_the_same(value: object) -> None:
    line = to_json(value)
    assert json.loads(line) == value
    assert "\n" not in line
    assert clean(line) == line


def test_json_keeps_letters_readable() -> None:
    assert to_json({"title": "台湾 – Zürich"}) == '{"title": "台湾 – Zürich"}'
    assert safe_json('"\x9b"') == '"\\u009b"'


def test_times_are_as_long_as_they_need_to_be() -> None:
    zone = timezone(timedelta(hours=2))
    assert when(NOW - timedelta(hours=1), zone=zone, now=NOW) == "13:00"
    assert when(NOW - timedelta(days=2), zone=zone, now=NOW) == "May 1 14:00"
    assert when(NOW - timedelta(days=400), zone=zone, now=NOW) == "2023-03-30"


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=26), "26 h"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_durations_are_said_in_one_unit(duration: timedelta, said: str) -> None:
    assert span_of(duration) == said


def test_a_moment_is_past_or_to_come() -> None:
    assert ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"
    assert ago(NOW + timedelta(minutes=5), NOW) == "in 5 min"


def test_counts_agree_with_their_nouns() -> None:
    assert [count(0, "feed"), count(1, "feed"), count(1200, "feed")] == ["0 feeds", "1 feed", "1,200 feeds"]
    assert count(2, "entry", "entries") == "2 entries"


def test_a_style_holds_for_its_own_words_when_texts_are_joined() -> None:
    joined_text = words("dim ", "dim") + words("plain")
    assert printed(joined_text, colour=True) == "\x1b[2mdim \x1b[0mplain\n"


@given(st.lists(st.tuples(st.text(), st.sampled_from(["", "bold", "dim", "yellow"])), min_size=1))
def test_a_pipe_shows_a_line_as_rich_does_elsewhere_than_on_a_terminal(pieces: list[tuple[str, str]]) -> None:
    text = words("")
    for piece, style in pieces:
        text += words(piece, style)
    rich, plain = io.StringIO(), io.StringIO()
    Console(file=rich, markup=False, highlight=False, emoji=False).print(text, soft_wrap=True)
    with redirect_stdout(plain):
        lines_out().print(text)
    assert plain.getvalue() == rich.getvalue()


def test_a_pipe_breaks_no_line_and_marks_by_stars(capsys: pytest.CaptureFixture[str]) -> None:
    printer = lines_out()
    assert isinstance(printer, Pipe)
    printer.print(marked("Cuba " * 50, [(0, 4)], printer), soft_wrap=False)
    assert capsys.readouterr().out == "*Cuba* " + "Cuba " * 49 + "\n"


def test_where_colours_are_forced_a_pipe_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert isinstance(lines_out(), Console)


def test_into_a_pipe_that_nobody_reads_nothing_more_is_printed() -> None:
    code = (
        "from monitor.cli.console import lines_out, words\n"
        "printer = lines_out()\n"
        "for _ in range(100_000): printer.print(words('x' * 100))\n"
        "raise SystemExit(7)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 7


@pytest.mark.parametrize(
    ("is_terminal", "lines"),
    [(True, ["error: no feed is", "called so"]), (False, ["error: no feed is called so"])],
)
def test_a_sentence_ends_its_lines_between_words_on_a_terminal_only(
    is_terminal: bool, lines: list[str]
) -> None:
    shown = io.StringIO()
    say(Console(file=shown, width=18, force_terminal=is_terminal), words("error: no feed is called so"))
    assert [line.rstrip() for line in shown.getvalue().splitlines()] == lines
