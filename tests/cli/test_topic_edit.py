"""`monitor topic add|edit|disable|enable|remove|list`, on real files, with a real editor."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.configs import page
from tests.edits import GEO, Home, make_home, while_waiting


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Home:
    return make_home(tmp_path, capsys, monkeypatch)


def test_a_name_alone_is_a_phrase(home: Home) -> None:
    said = home.monitor("topic", "add", "spy  balloon")
    assert said.code == 0
    assert "topic spy balloon added  watchlists/geo.yaml" in said.out
    assert home.geo() == GEO + "\n  - spy balloon\n"


def test_a_topic_is_written_with_all_that_was_said_of_it(home: Home) -> None:
    said = home.monitor(
        "topic", "add", "Haiti", "Haiti OR Port-au-Prince", "--label", "desk=americas", "-l", "severity=high",
        "--must-match", "Haiti: gangs", "--must-match", "Port au Prince", "--must-not-match", "Havana",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert home.geo().removeprefix(GEO) == (
        "\n  - name: Haiti\n    query: Haiti OR Port-au-Prince\n"
        "    labels: {desk: americas, severity: high}\n"
        "    must_match:\n      - 'Haiti: gangs'\n      - Port au Prince\n"
        "    must_not_match:\n      - Havana\n"
    )


def test_a_query_that_is_wrong_is_shown_at_its_character_and_not_written(home: Home) -> None:
    said = home.monitor("topic", "add", "Haiti", "Haiti OR (x")
    assert said.code == 1
    assert home.geo() == GEO
    assert said.err == (
        "watchlists/geo.yaml:10:21: this parenthesis is not closed\n"
        "        query: Haiti OR (x\n"
        "                        ^\n"
        "error: nothing was written\n"
    )


def test_a_refusal_as_json_has_its_problems(home: Home) -> None:
    said = home.monitor("topic", "add", "Haiti", "Haiti OR (x", "--json")
    facts = json.loads(said.out)
    assert (said.code, facts["changed"], facts["detail"]) == (1, False, "nothing was written")
    assert [(one["line"], one["column"]) for one in facts["problems"]] == [(10, 21)]


def test_a_topic_without_a_name_is_a_wrong_use(home: Home) -> None:
    said = home.monitor("topic", "add", " ")
    assert (said.code, said.err, home.geo()) == (2, "error: a topic needs a name\n", GEO)


def test_what_the_terminal_can_not_say_is_not_written(home: Home) -> None:
    assert home.monitor("topic", "add", "a\udcff").code != 0
    assert home.geo() == GEO


def test_a_test_that_fails_keeps_the_topic_out(home: Home) -> None:
    said = home.monitor("topic", "add", "Haiti", "--must-match", "Port-au-Prince")
    assert said.code == 1
    assert "must_match fails" in said.err
    assert home.geo() == GEO


def test_a_topic_that_is_there_is_not_added_again(home: Home) -> None:
    said = home.monitor("topic", "add", "CUBA")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: there is a topic 'CUBA' already: watchlists/geo.yaml:6;")


def test_among_several_watchlists_one_has_to_be_named(home: Home) -> None:
    (home.directory / "watchlists" / "asia.yaml").write_text("- Peking\n")
    said = home.monitor("topic", "add", "Haiti")
    assert (said.code, said.err) == (2, "error: which watchlist? --watchlist asia | geo\n")
    assert home.monitor("topic", "add", "Haiti", "-w", "gea").err.endswith("did you mean `geo`?\n")
    assert home.monitor("topic", "add", "Haiti", "-w", "asia").code == 0
    assert (home.directory / "watchlists" / "asia.yaml").read_text() == "- Peking\n- Haiti\n"


def test_the_first_topic_of_all_makes_its_watchlist(home: Home) -> None:
    (home.directory / "watchlists" / "geo.yaml").unlink()
    assert home.monitor("topic", "add", "Haiti").code == 0
    assert (home.directory / "watchlists" / "topics.yaml").read_text() == "topics:\n  - Haiti\n"


def test_a_label_is_written_name_is_value(home: Home) -> None:
    said = home.monitor("topic", "add", "Haiti", "--label", "desk")
    assert said.code == 2
    assert "name=value" in said.err


def test_a_topic_is_disabled_and_enabled_and_nothing_is_left_of_it(home: Home) -> None:
    assert "topic Cuba disabled" in home.monitor("topic", "disable", "cuba").out
    assert "    disabled: true\n" in home.geo()
    assert "nothing had to be changed" in home.monitor("topic", "disable", "Cuba").out
    assert home.monitor("topic", "enable", "Cuba").code == 0
    assert home.geo() == GEO


def test_a_removed_topic_takes_its_comment_along(home: Home) -> None:
    assert home.monitor("topic", "remove", "cuba").code == 0
    assert home.geo() == "# Geo\ntopics:\n  - Taiwan Strait   # as a phrase\n"


def test_a_topic_that_there_is_not_is_a_wrong_use(home: Home) -> None:
    for command in ("edit", "disable", "enable", "remove"):
        said = home.monitor("topic", command, "Cube")
        assert (said.code, said.err) == (2, "error: there is no topic 'Cube'; did you mean `Cuba`?\n")


def test_errors_elsewhere_are_told_and_keep_nobody_from_editing(home: Home) -> None:
    (home.directory / "watchlists" / "other.yaml").write_text("- {name: x, query: y OR (}\n")
    said = home.monitor("topic", "remove", "Cuba")
    assert said.code == 0
    assert "none of it runs until they are gone" in said.err
    assert "watchlists/other.yaml:1:" in said.err


# --- what the running monitor makes of it ---


def test_without_a_monitor_it_takes_effect_with_the_next_start(home: Home) -> None:
    said = home.monitor("topic", "remove", "Cuba")
    assert said.out.endswith("no monitor is running; it takes effect with the next start\n")
    home.keep_database()
    assert "no monitor is running" in home.monitor("topic", "add", "Cuba").out


def test_what_the_monitor_took_up_is_running_now(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.say()
    while_waiting(monkeypatch, lambda: home.say(config_loaded_at=datetime.now(UTC)))
    said = home.monitor("topic", "remove", "Cuba")
    assert said.out == "topic Cuba removed  watchlists/geo.yaml, version 2\nrunning now\n"


def test_what_the_monitor_refused_is_said_with_its_errors(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.say()
    while_waiting(monkeypatch, lambda: home.say(config_error="feeds.yaml:1:1: bad"))
    said = home.monitor("topic", "remove", "Cuba", "--json")
    facts = json.loads(said.out)
    assert (facts["topic"], facts["version"], facts["monitor"]) == ("Cuba", 2, "refused")
    assert facts["detail"] == "refused by the running monitor:\nfeeds.yaml:1:1: bad"


def test_a_monitor_that_says_nothing_is_not_waited_for_for_long(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.say()
    while_waiting(monkeypatch, lambda: None)
    assert "has not taken it up yet" in home.monitor("topic", "remove", "Cuba").out


# --- the list ---


def test_topics_are_listed_with_place_query_and_labels(home: Home) -> None:
    home.monitor("topic", "add", "Haiti", "--label", "desk=americas")
    home.monitor("topic", "disable", "Cuba")
    said = home.monitor("topic", "list")
    assert [line.rstrip() for line in said.out.splitlines()][2:] == page(
        """
        Taiwan Strait   "Taiwan Strait"                                                –
        geo.yaml:3
        Cuba            Cuba NOT libre                                               off
        geo.yaml:6
        Haiti           "Haiti"                                                        –
        geo.yaml:10     desk=americas
        """
    ).splitlines()
    assert max(map(len, said.out.splitlines())) <= 80


def test_the_list_as_json_has_a_line_a_topic(home: Home) -> None:
    home.keep_database()
    said = home.monitor("topic", "list", "--json", "--watchlist", "geo")
    first, second = map(json.loads, said.out.splitlines())
    assert first == {
        "topic": "Taiwan Strait", "watchlist": "geo", "file": "watchlists/geo.yaml", "line": 3, "query": None,
        "labels": {}, "enabled": True, "hits_7d": 0,
    }  # fmt: skip
    assert second["query"] == "Cuba NOT libre"


def test_a_watchlist_that_is_broken_hides_nothing_of_the_others(home: Home) -> None:
    (home.directory / "watchlists" / "bad.yaml").write_text("topics: [\n")
    said = home.monitor("topic", "list")
    assert "Taiwan Strait" in said.out
    assert "watchlists/bad.yaml:1:10:" in said.err


# --- the editor ---


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that copies `next-1`, `next-2` … over the file, and keeps in `seen-1` … what it was shown."""
    desk = tmp_path / "desk"
    desk.mkdir()
    script = desk / "editor"
    script.write_text(
        f"#!/bin/sh\ncd '{desk}'\nn=$(($(cat count 2>/dev/null || echo 0) + 1))\necho $n > count\n"
        'cp "$1" seen-$n\nif [ -f next-$n ]; then cp next-$n "$1"; fi\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.setenv("TMPDIR", str(desk))
    monkeypatch.setattr("tempfile.tempdir", str(desk))
    return desk


def left(editor: Path) -> list[Path]:
    return list(editor.glob("topic-*"))


def test_the_editor_is_shown_the_topics_own_lines(home: Home, editor: Path) -> None:
    said = home.monitor("topic", "edit", "cuba")
    assert (said.code, said.err) == (0, "unchanged: the topic stays as it is\n")
    shown = (editor / "seen-1").read_text()
    assert shown.startswith("#! ")
    assert shown.endswith("give up.\n# about Cuba\n- name: Cuba\n  query: Cuba NOT libre\n")
    assert home.geo() == GEO
    assert left(editor) == []


def test_what_was_edited_is_put_in_its_place(home: Home, editor: Path) -> None:
    (editor / "next-1").write_text("# about Cuba\n- name: Cuba\n  query: |\n    Cuba OR\n    Havana\n")
    said = home.monitor("topic", "edit", "cuba")
    assert (said.code, said.out.splitlines()[0]) == (0, "topic Cuba edited  watchlists/geo.yaml")
    assert home.geo() == GEO.replace("query: Cuba NOT libre\n", "query: |\n      Cuba OR\n      Havana\n")


def test_what_is_wrong_comes_back_as_a_comment_at_its_line(home: Home, editor: Path) -> None:
    (editor / "next-1").write_text("- name: Cuba\n  query: Cuba AND (x\n  querry: y\n")
    (editor / "next-2").write_text("#! left over\n- name: Cuba\n  query: Cuba AND x\n")
    said = home.monitor("topic", "edit", "Cuba")
    assert said.code == 0, said.err
    shown = (editor / "seen-2").read_text().split("give up.\n")[1]
    assert (
        shown
        == page(
            """
        - name: Cuba
          query: Cuba AND (x
        #!                ^ this parenthesis is not closed
          querry: y
        #!^^^^^^ unknown key `querry`
        #! hint: did you mean `query`?
        """
        )
        + "\n"
    )
    assert home.geo().endswith("phrase\n\n  - name: Cuba\n    query: Cuba AND x\n")


def test_who_leaves_an_error_as_it_is_gives_up_and_loses_nothing(home: Home, editor: Path) -> None:
    (editor / "next-1").write_text("- name: Cuba\n  query: (x\n")
    said = home.monitor("topic", "edit", "Cuba")
    assert said.code == 1
    assert home.geo() == GEO
    (kept,) = left(editor)
    assert f"kept in desk/{kept.name}" in said.err
    assert "query: (x" in kept.read_text()


@pytest.mark.parametrize("text", ["", "\n\n", "#! only this\n"])
def test_what_is_left_empty_changes_nothing(home: Home, editor: Path, text: str) -> None:
    (editor / "next-1").write_text(text)
    said = home.monitor("topic", "edit", "Cuba")
    assert said.code == 0
    assert "left empty" in said.err
    assert home.geo() == GEO


def test_what_is_no_yaml_and_what_is_no_topic_are_said_too(home: Home, editor: Path) -> None:
    (editor / "next-1").write_text("- name: 'Cuba\n")
    (editor / "next-2").write_text("# nothing\n")
    said = home.monitor("topic", "edit", "Cuba")
    assert said.code == 1
    assert "this quote (') is never closed" in (editor / "seen-2").read_text()
    assert "#! a list item is expected here" in (editor / "seen-3").read_text()
    assert home.geo() == GEO


def test_an_editor_that_fails_changes_nothing(
    home: Home, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "false")
    said = home.monitor("topic", "edit", "Cuba")
    assert (said.code, said.err) == (2, "error: the editor ended with code 1; the topic stays as it is\n")
    monkeypatch.setenv("VISUAL", "/nowhere/ed --wait")
    assert "can not be started" in home.monitor("topic", "edit", "Cuba").err


def test_a_topic_that_was_changed_meanwhile_is_not_overwritten(home: Home, editor: Path) -> None:
    geo = home.directory / "watchlists" / "geo.yaml"
    (editor / "next-1").write_text("- name: Cuba\n  query: x\n")
    script = editor / "editor"
    script.write_text(script.read_text() + f"sed -i s/libre/Gooding/ '{geo}'\n")
    said = home.monitor("topic", "edit", "Cuba")
    assert said.code == 1
    assert "was changed by somebody else meanwhile" in said.err
    assert home.geo() == GEO.replace("libre", "Gooding")
    assert "query: x" in left(editor)[0].read_text()


@pytest.mark.parametrize("command", ["add", "edit", "disable", "enable", "remove", "list"])
def test_every_command_has_help_with_an_example(home: Home, command: str) -> None:
    said = home.monitor("topic", command, "--help")
    assert "Examples" in said.out
    assert f"monitor topic {command}" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
