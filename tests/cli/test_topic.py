"""`monitor topic test`, `diff`, `precision` and `hits mark`: from the command line to the answer."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.chart import chart, day_name
from monitor.cli.program import run
from monitor.workshop.backtest import DayCount
from tests.stocked import Stock

WATCH = """
topics:
  - name: Cuba
    query: Cuba NOT baseball
  - spy balloon
"""


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    stock = Stock(
        tmp_path, queries={"Cuba": "Cuba NOT baseball", "spy balloon": '"spy balloon"'}, now=datetime.now(UTC)
    )
    stock.write(WATCH, runs=True)
    yield stock
    stock.store.close()


@pytest.fixture
def monitor(stock: Stock, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command over the stock; gives the exit code and what it printed."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run([*arguments, "--db", str(stock.path), "--config", str(stock.folder / "config")])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


Monitor = Callable[..., tuple[int, str, str]]


# topic test


def test_what_a_poll_left_out_of_the_index_is_found_and_indexed(stock: Stock, monitor: Monitor) -> None:
    stock.see("Havana, Cuba", "Peru", stays=False)
    assert stock.store.count_unindexed() == 2
    code, said, _ = monitor("topic", "test", "Cuba")
    assert (code, stock.store.count_unindexed()) == (0, 0)
    assert "1 entry since" in said


def test_where_it_can_not_be_indexed_it_is_found_all_the_same(
    stock: Stock, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.cli.options.PATIENCE_SECONDS", 0)
    stock.see("Havana, Cuba", "Peru", stays=False)
    with stock.store.transaction():  # nobody else can write
        code, said, _ = monitor("topic", "test", "Cuba")
    assert (code, stock.store.count_unindexed()) == (0, 2)
    assert "1 entry since" in said


def test_a_query_is_tried_on_the_stored_entries(stock: Stock, monitor: Monitor) -> None:
    stock.see("Havana, Cuba", "Peru", days_ago=2)
    stock.see("Cuba's visit", days_ago=1)
    code, said, _ = monitor("topic", "test", "Cuba")
    assert code == 0
    assert said.index("*Cuba's* visit") < said.index("Havana, *Cuba*")
    assert "2 entries since" in said
    assert "Peru" not in said


def test_the_days_are_drawn_and_fit_the_terminal(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba one", "Cuba two", days_ago=3)
    _, said, _ = monitor("topic", "test", "Cuba", "--since", "300d")
    drawn = next(line for line in said.splitlines() if "█" in line)
    assert set(re.sub(r"\w{3} \d+( \d{4})?", "", drawn)) == {" ", "·", "█"}
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "each sign is 6 days" in said


def test_nothing_found_is_exit_code_1(stock: Stock, monitor: Monitor) -> None:
    stock.see("Peru")
    code, said, _ = monitor("topic", "test", "Cuba")
    assert code == 1
    assert "0 entries since" in said


def test_a_wrong_query_is_shown_with_a_caret(monitor: Monitor) -> None:
    code, _, said = monitor("topic", "test", "Cuba AND (")
    assert code == 2
    assert "^" in said


def test_only_the_newest_are_shown_and_all_are_counted(stock: Stock, monitor: Monitor) -> None:
    stock.see(*[f"Cuba {number}" for number in range(8)])
    _, said, _ = monitor("topic", "test", "Cuba", "--limit", "2")
    assert said.count("*Cuba*") == 2
    assert "… and 6 more" in said
    assert "8 entries since" in said


def test_a_topic_is_tried_by_its_name_with_its_precision(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "Cuba libre", "Cuba baseball")
    stock.judge("relevant", titles=["Cuba visit"])
    stock.judge("wrong", titles=["Cuba libre"])
    code, said, _ = monitor("topic", "test", "--topic", "cuba")
    assert code == 0
    assert "2 entries since" in said
    assert "precision: 1 of 2 judged (50 %), last 30 days 1 of 2" in said


def test_an_unknown_topic_is_named_with_what_was_perhaps_meant(monitor: Monitor) -> None:
    code, _, said = monitor("topic", "test", "--topic", "Kuba")
    assert code == 2
    assert "did you mean 'Cuba'" in said


def test_a_query_and_a_topic_exclude_each_other(monitor: Monitor) -> None:
    assert monitor("topic", "test", "Cuba", "--topic", "Cuba")[0] == 2
    assert monitor("topic", "test")[0] == 2


def test_programs_get_the_answer_as_json(stock: Stock, monitor: Monitor) -> None:
    (entry_id,) = stock.see("Cuba visit")
    code, said, _ = monitor("topic", "test", "Cuba", "--json", "--since", "2d")
    answer = json.loads(said)
    assert code == 0
    assert (answer["query"], answer["total"], answer["looked_at"]) == ("Cuba", 1, 1)
    assert [day["count"] for day in answer["days"]] == [0, 0, 1]
    (newest,) = answer["newest"]
    assert (newest["entry"], newest["title"]) == (entry_id, "Cuba visit")
    assert newest["spans"][0]["text"] == "Cuba"


def test_without_a_database_there_is_nothing_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["topic", "test", "Cuba", "--db", str(tmp_path / "none.db")]) == 2
    assert "there is no database" in capsys.readouterr().err


# chart


def days(*counts: int) -> list[DayCount]:
    first = date(2026, 1, 1)
    return [DayCount(day=first + timedelta(days=number), count=count) for number, count in enumerate(counts)]


def test_the_highest_sign_is_for_the_most_and_any_is_more_than_none() -> None:
    assert chart(days(0, 1, 50, 100)).line == "·▁▄█"


def test_days_share_a_sign_where_they_are_too_many() -> None:
    drawn = chart(days(1, 1, 0, 0, 4), width=3)
    assert (drawn.line, drawn.days_a_sign) == ("▄·█", 2)


def test_a_day_of_another_year_says_so() -> None:
    assert day_name(date(2026, 3, 9), year=2026) == "Mar 9"
    assert day_name(date(2025, 3, 9), year=2026) == "Mar 9 2025"


# hits mark


def hits_of(monitor: Monitor, *arguments: str) -> list[dict[str, Any]]:
    _, said, _ = monitor("hits", "--json", *arguments)
    return [json.loads(line) for line in said.splitlines()]


def test_hits_are_listed_as_before(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "the spy balloon")
    assert {hit["topic"] for hit in hits_of(monitor)} == {"Cuba", "spy balloon"}
    assert [hit["title"] for hit in hits_of(monitor, "--topic", "Cuba")] == ["Cuba visit"]
    code, said, _ = monitor("hits", "--limit", "1")
    assert code == 0
    assert "balloon" in said


def test_hits_are_marked_and_the_topics_precision_is_told(
    stock: Stock, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "ann")
    stock.see("Cuba visit", "Cuba libre")
    one, two = (str(hit["id"]) for hit in hits_of(monitor))
    code, said, _ = monitor("hits", "mark", one, two, "wrong", "--note", "a drink")
    assert code == 0
    assert "marked 2 hits as wrong" in said
    assert "Cuba: 0 of 2 judged (0 %)" in said
    judgement = hits_of(monitor)[0]["judgement"]
    assert (judgement["verdict"], judgement["who"], judgement["note"]) == ("wrong", "ann", "a drink")


def test_a_mind_can_be_changed(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit")
    (hit,) = hits_of(monitor)
    monitor("hits", "mark", str(hit["id"]), "wrong")
    _, said, _ = monitor("hits", "mark", str(hit["id"]), "relevant", "--json")
    answer = json.loads(said)
    assert (answer["marked"], answer["as"]) == ([hit["id"]], "relevant")
    assert (answer["precision"][0]["relevant"], answer["precision"][0]["judged"]) == (1, 1)


def test_nothing_is_marked_where_a_hit_is_missing(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit")
    (hit,) = hits_of(monitor)
    code, _, said = monitor("hits", "mark", str(hit["id"]), "999", "wrong")
    assert code == 2
    assert "there is no hit 999" in said
    assert hits_of(monitor)[0]["judgement"] is None


def test_a_word_that_is_no_verdict_is_refused(monitor: Monitor) -> None:
    assert monitor("hits", "mark", "1", "good")[0] == 2


def test_options_before_mark_are_not_lost_silently(stock: Stock, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hits", "--db", str(stock.path), "mark", "1", "wrong"]) == 2
    assert "stand behind its name" in capsys.readouterr().err


def test_a_topics_hits_are_listed_with_verdicts_and_precision(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit")
    stock.judge("relevant", titles=["Cuba visit"])
    _, said, _ = monitor("hits", "--topic", "Cuba")
    assert re.search(r"\brelevant\b", said)
    assert "precision: 1 of 1 judged (100 %)" in said


# topic precision


def test_precision_is_shown_for_all_topics_and_for_one(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "Cuba libre", "spy balloon")
    stock.judge("relevant", titles=["Cuba visit", "spy balloon"])
    stock.judge("wrong", titles=["Cuba libre"])
    code, said, _ = monitor("topic", "precision")
    assert code == 0
    assert "50 %" in said
    assert "100 %" in said
    _, said, _ = monitor("topic", "precision", "Cuba")
    assert f"{stock.now.astimezone():%Y-%m}" in said
    (record,) = json.loads(monitor("topic", "precision", "Cuba", "--json")[1])
    assert (record["relevant"], record["judged"]) == (1, 2)


def test_without_judged_hits_precision_is_exit_code_1(monitor: Monitor) -> None:
    assert monitor("topic", "precision")[0] == 1


# topic diff


def test_an_edit_is_compared_with_what_runs(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "Cuba libre", "Havana", "the spy balloon")
    stock.write(
        """
        topics:
          - name: Cuba
            query: (Cuba NOT libre) OR Havana
          - name: Balloons
            query: '"spy balloon"'
          - Peru
        """
    )
    code, said, _ = monitor("topic", "diff")
    assert code == 0
    assert "Cuba  +1 / −1 hits" in said
    assert re.search(r"\+ \S+  \*Havana\*", said)
    assert re.search(r"− \S+  \*Cuba\* libre", said)
    assert "Balloons  renamed, was spy balloon" in said
    assert "Peru  new  +0 / −0 hits" in said
    assert all(len(line) <= 80 for line in said.splitlines())


def test_an_edit_that_loses_relevant_hits_says_so_loudly(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "Cuba libre")
    stock.judge("relevant", titles=["Cuba visit"])
    stock.judge("wrong", titles=["Cuba libre"])
    stock.write("topics: [spy balloon]")
    code, said, _ = monitor("topic", "diff")
    assert code == 1
    assert "LOSES 1 hit marked relevant" in said
    assert "drops 1 hit marked wrong" in said
    code, said, _ = monitor("topic", "diff", "--json")
    (diff,) = json.loads(said)["topics"]
    assert (code, diff["kind"], diff["lost"]["count"]) == (1, "removed", 2)
    assert [catch["title"] for catch in diff["lost"]["marked_relevant"]] == ["Cuba visit"]


def test_an_edit_that_changes_nothing_says_so(stock: Stock, monitor: Monitor) -> None:
    stock.write(WATCH + "# a comment\n")
    code, said, _ = monitor("topic", "diff")
    assert (code, said) == (0, "no topic has changed\n")


def test_a_topic_that_an_edit_breaks_is_called_broken(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit")
    stock.write("topics:\n  - name: Cuba\n    query: Cuba AND (\n  - spy balloon\n")
    _, said, complaint = monitor("topic", "diff")
    assert "Cuba  broken: it would be left out  +0 / −1 hits" in said
    assert "left out" in complaint


def test_what_ran_at_a_moment_can_be_compared_too(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba visit", "Havana")
    stock.now += timedelta(seconds=2)
    stock.write("topics: [Havana]", runs=True)
    assert monitor("topic", "diff")[1] == "no topic has changed\n"
    moment = (stock.now - timedelta(seconds=1)).isoformat()
    _, said, _ = monitor("topic", "diff", "--against", moment)
    assert "Havana  new  +1 / −0 hits" in said
    assert "Cuba  removed  +0 / −1 hits" in said


def test_where_nothing_ever_ran_there_is_nothing_to_compare(
    stock: Stock, monitor: Monitor, tmp_path: Path
) -> None:
    code, _, said = monitor("topic", "diff", "--against", "2000-01-01")
    assert code == 2
    assert "no watchlist that ran at that moment" in said


# topic suggest


def test_edits_are_suggested_with_what_they_would_add(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba baseball", "the spy baloon", *[f"Cuba and Havana {number}" for number in range(6)])
    stock.see("Havana alone", *[f"something else {number}" for number in range(200)])
    code, said, _ = monitor("topic", "suggest", "Cuba")
    assert code == 0
    assert "6 hits looked at; precision: no hit judged yet" in said
    assert "+1  without NOT baseball" in said
    assert "e.g. *Cuba* baseball" in said
    assert "+1  havana" in said
    assert all(len(line) <= 80 for line in said.splitlines())
    _, said, _ = monitor("topic", "suggest", "spy balloon")
    assert '+1  "spy baloon" beside "spy balloon"' in said


def test_suggestions_are_json_for_programs(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba baseball")
    code, said, _ = monitor("topic", "suggest", "Cuba", "--json")
    answer = json.loads(said)
    (near,) = answer["near"]
    assert code == 0
    assert (near["kind"], near["query"], near["adds"]) == ("clause", "Cuba", 1)
    assert near["example"]["title"] == "Cuba baseball"
    assert (answer["words"], answer["exclusions"]) == ([], [])


def test_exclusions_are_suggested_from_hits_marked_wrong(stock: Stock, monitor: Monitor) -> None:
    wrong = [f"Cuba Gooding {number}" for number in range(4)]
    relevant = [f"Cuba talks {number}" for number in range(4)]
    stock.see(*wrong, *relevant)
    stock.judge("wrong", titles=wrong)
    stock.judge("relevant", titles=relevant)
    _, said, _ = monitor("topic", "suggest", "Cuba")
    assert "−4 wrong −0 relevant (−4 hits in all)  NOT gooding" in said


def test_that_there_is_nothing_to_suggest_is_no_error(stock: Stock, monitor: Monitor) -> None:
    stock.see("Cuba")
    code, said, _ = monitor("topic", "suggest", "Cuba")
    assert (code, said.count(": none")) == (0, 3)
