"""`monitor hits`: what was found and what became of it, for people, programs and spreadsheets."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.command_line import NOW, Call, Desk, entry


def test_hits_are_listed_with_their_state_and_reason_and_marked_words(monitor: Call, desk: Desk) -> None:
    done = monitor("hits")
    assert done.code == 0
    shown = " ".join(done.out.split())
    assert "Taiwan Strait Two warships [bold]·[31m pass" in shown
    assert "They crossed the *Taiwan Strait*." in shown
    assert "Alpha Wire · pending" in shown
    assert "*Cuba* restores power" in shown
    assert "Alpha Wire · kept · baseline: it was in the feed's first document" in shown
    assert max(map(len, done.out.splitlines())) <= 80
    assert "\x1b" not in done.out


def test_the_newest_hit_comes_first_and_the_limit_holds(monitor: Call, desk: Desk) -> None:
    topics = [json.loads(line)["topic"] for line in monitor("hits", "--json").out.splitlines()]
    assert topics == ["Taiwan Strait", "Cuba"]
    assert len(monitor("hits", "--json", "--limit", "1").out.splitlines()) == 1


def test_hits_can_be_narrowed_by_topic_and_time(monitor: Call, desk: Desk) -> None:
    assert json.loads(monitor("hits", "--json", "--topic", "Cuba").out)["title"] == "Cuba restores power"
    assert json.loads(monitor("hits", "--json", "--since", "1h").out)["topic"] == "Taiwan Strait"
    since = (NOW - timedelta(hours=1)).isoformat()
    assert json.loads(monitor("hits", "--json", "--since", since).out)["topic"] == "Taiwan Strait"
    assert len(monitor("hits", "--json", "--since", "2020-01-01").out.splitlines()) == 2


def test_a_hit_as_json_has_everything(monitor: Call, desk: Desk) -> None:
    hit = json.loads(monitor("hits", "--json", "--topic", "Taiwan Strait").out)
    assert hit["state"] == "pending"
    assert (hit["feed"], hit["link"]) == ("Alpha Wire", "https://news.example.org/strait")
    assert hit["found_at"] == (NOW - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    (span,) = hit["spans"]
    assert (span["field"], span["text"], span["clause"]) == ("summary", "Taiwan Strait", '"Taiwan Strait"')


def test_csv_is_for_spreadsheets_and_holds_no_formula(monitor: Call, desk: Desk) -> None:
    desk.poll(entry("evil", '=HYPERLINK("https://evil") Cuba'), now=NOW)
    rows = list(csv.DictReader(io.StringIO(monitor("hits", "--csv").out)))
    assert [row["topic"] for row in rows] == ["Cuba", "Taiwan Strait", "Cuba"]
    assert rows[0]["title"] == '\'=HYPERLINK("https://evil") Cuba'
    assert rows[1]["words"] == "Taiwan Strait"
    assert rows[2]["reason"].startswith("baseline")


def test_an_edited_entry_is_not_marked_where_the_words_no_longer_stand(monitor: Call, desk: Desk) -> None:
    desk.poll(entry("old", "Power is back in Cuba, at last"), now=NOW)
    shown = monitor("hits", "--topic", "Cuba").out
    assert "Power is back in Cuba" in shown
    assert "*" not in shown


def test_no_hits_is_said_and_is_no_error(monitor: Call, desk: Desk) -> None:
    done = monitor("hits", "--topic", "Cuba", "--since", "1m")
    assert (done.code, done.out, done.err) == (0, "", "no hits\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "yesterday"], "'yesterday': a duration (2d, 12h) or a date (2024-05-01) is expected"),
        (["--json", "--csv"], "--json and --csv exclude each other"),
    ],
)
def test_wrong_use_is_told_in_one_line(monitor: Call, desk: Desk, arguments: list[str], words: str) -> None:
    done = monitor("hits", *arguments)
    assert (done.code, done.err) == (2, f"error: {words}\n")


def test_without_a_database_nothing_is_made(monitor: Call, directory: object) -> None:
    done = monitor("hits")
    assert done.code == 2
    first, hint = done.err.splitlines()
    assert first.startswith("error: there is no database at")
    assert hint == "`monitor poll` and `monitor run` make one, --db FILE names another"


def test_a_database_alone_is_enough_and_a_broken_feeds_file_does_not_matter(
    monitor: Call, desk: Desk
) -> None:
    path = desk.config.settings.database
    (path.parent / "feeds.yaml").write_text("feeds: [", encoding="utf-8")
    assert len(monitor("hits", "--json").out.splitlines()) == 2
    for file in path.parent.glob("*.yaml"):
        file.unlink()
    assert len(monitor("hits", "--json", "--db", path).out.splitlines()) == 2


def test_a_wide_character_table_fits_a_terminal_of_80_columns(desk: Desk) -> None:
    """On a pseudo-terminal, in colour, with headlines of wide characters."""
    import os
    import pty

    desk.poll(entry("wide", "古巴 Cuba 恢复供电 " * 8), now=NOW)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "monitor", "hits", "--db", str(desk.config.settings.database)]
    env = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    env.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=follower, stdin=subprocess.DEVNULL, env=env) as running:
        os.close(follower)
        shown = b""
        try:
            while piece := os.read(leader, 65536):
                shown += piece
        except OSError:  # how Linux says that nobody writes any more
            pass
        os.close(leader)
        assert running.wait(30) == 0
    from rich.text import Text

    lines = Text.from_ansi(shown.decode()).plain.splitlines()
    assert max(Text(line.rstrip()).cell_len for line in lines) <= 80
    assert b"\x1b[1;30;43mCuba" in shown
