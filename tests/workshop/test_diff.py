"""Two sets of topics against each other: which differ, and what each gains and loses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.topics.topic import Topic
from monitor.workshop.diff import TopicDiff, diffs, paired, possible
from tests.stocked import Stock, topic

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def kinds(
    before: Sequence[Topic], after: Sequence[Topic], broken: Sequence[str] = ()
) -> list[tuple[str, str]]:
    return [(pair.name, pair.kind) for pair in paired(before, after, broken=broken)]


def test_a_topic_that_is_as_it_was_is_no_difference() -> None:
    assert kinds([topic("Cuba", "Cuba")], [topic("Cuba", "Cuba")]) == []


def test_what_does_not_change_its_catch_is_no_difference() -> None:
    assert kinds([topic("Cuba", "Cuba")], [replace(topic("Cuba", "Cuba"), labels={"desk": "x"})]) == []


def test_topics_are_changed_new_or_removed() -> None:
    before = [topic("Cuba", "Cuba"), topic("Spy", "spy")]
    after = [topic("Cuba", "Cuba OR Havana"), topic("Peru", "Peru")]
    assert kinds(before, after) == [("Cuba", "changed"), ("Peru", "new"), ("Spy", "removed")]


def test_a_topic_with_another_name_and_the_same_query_is_renamed() -> None:
    (pair,) = paired([topic("Cuba", "Cuba")], [topic("Kuba", "Cuba")])
    assert (pair.kind, pair.name, pair.before and pair.before.name) == ("renamed", "Kuba", "Cuba")


def test_a_topic_that_can_not_be_read_any_more_is_broken_not_removed() -> None:
    assert kinds([topic("Cuba", "Cuba")], [], broken=["Cuba"]) == [("Cuba", "broken")]


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    stock = Stock(tmp_path, queries={"Cuba": "Cuba", "Spy": "spy"}, now=NOW)
    yield stock
    stock.store.close()


def compared(stock: Stock, before: Sequence[Topic], after: Sequence[Topic]) -> dict[str, TopicDiff]:
    pairs = paired(before, after)
    found = diffs(
        stock.store,
        pairs,
        possible(stock.store, pairs, since=None),
        judgements=stock.store.judgements(),
        looked=lambda: None,
    )
    return {diff.pair.name: diff for diff in found}


def titles(side: object) -> list[str]:
    return [catch.stored.entry.title for catch in side.newest]  # type: ignore[attr-defined]


def test_what_only_one_side_catches_is_gained_or_lost(stock: Stock) -> None:
    stock.see("Cuba", "Cuba Gooding", "Havana", "Peru")
    diff = compared(stock, [topic("Cuba", "Cuba")], [topic("Cuba", "(Cuba NOT Gooding) OR Havana")])["Cuba"]
    assert (titles(diff.gained), titles(diff.lost)) == (["Havana"], ["Cuba Gooding"])


def test_a_new_topic_only_gains_and_a_removed_one_only_loses(stock: Stock) -> None:
    stock.see("Cuba", "Spies: a spy", "spy")
    found = compared(stock, [topic("Spy", "spy")], [topic("Cuba", "Cuba")])
    assert (found["Cuba"].gained.count, found["Cuba"].lost.count) == (1, 0)
    assert (found["Spy"].gained.count, found["Spy"].lost.count) == (0, 2)


def test_all_are_counted_though_few_are_kept(stock: Stock) -> None:
    stock.see(*[f"Havana {number}" for number in range(25)])
    diff = compared(stock, [topic("Cuba", "Cuba")], [topic("Cuba", "Cuba OR Havana")])["Cuba"]
    assert diff.gained.count == 25
    assert titles(diff.gained)[0] == "Havana 24"
    assert len(diff.gained.newest) == 10


def test_hits_that_were_judged_are_told_apart(stock: Stock) -> None:
    stock.see("Cuba visit", "Cuba Gooding", "Cuba libre")
    stock.judge("relevant", titles=["Cuba visit"])
    stock.judge("wrong", titles=["Cuba Gooding"])
    diff = compared(stock, [topic("Cuba", "Cuba")], [topic("Cuba", "Cuba AND libre")])["Cuba"]
    assert diff.loses_relevant
    assert [catch.stored.entry.title for catch in diff.lost.judged["relevant"]] == ["Cuba visit"]
    assert diff.lost.how_many("wrong") == 1


def test_a_renamed_topic_is_not_matched_again(stock: Stock) -> None:
    stock.see("Cuba")
    pairs = paired([topic("Cuba", "Cuba")], [topic("Kuba", "Cuba")])
    assert possible(stock.store, pairs, since=None) == []
