"""A topic's precision: of the judged hits so many were relevant, in all, lately, by month, by version."""

from datetime import UTC, datetime, timedelta, timezone

from monitor.store.judgements import Judgement, Verdict
from monitor.workshop.precision import record_of, records_of

NOW = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def judged(
    verdict: Verdict, *, days_ago: int = 0, version: str = "1-a", topic: str = "Cuba", hit: int = 1
) -> Judgement:
    return Judgement(
        verdict=verdict,
        topic=topic,
        version=version,
        hit_id=hit,
        entry_id=hit,
        found_at=NOW - days_ago * DAY,
        judged_at=NOW,
        who="ann",
        note="",
    )


def test_a_record_reads_as_a_line() -> None:
    judgements = [judged("relevant", days_ago=40), judged("wrong", days_ago=40), judged("relevant")]
    record = record_of("Cuba", judgements, now=NOW, zone=UTC)
    assert str(record) == "2 of 3 judged (67 %), last 30 days 1 of 1"


def test_a_topic_without_judged_hits_says_so() -> None:
    record = record_of("Cuba", [], now=NOW, zone=UTC)
    assert str(record) == "no hit judged yet"
    assert record.whole.share is None


def test_months_are_those_of_the_zone_and_in_order() -> None:
    judgements = [judged("relevant"), judged("wrong", days_ago=1), judged("relevant", days_ago=50)]
    record = record_of("Cuba", judgements, now=NOW, zone=timezone(timedelta(hours=-5)))
    assert [(month, one.relevant, one.judged) for month, one in record.months] == [
        ("2026-01", 1, 1),
        ("2026-02", 1, 2),
    ]


def test_versions_of_the_query_are_told_apart_the_oldest_first() -> None:
    judgements = [
        judged("relevant", version="1-b"),
        judged("wrong", version="1-a", days_ago=3),
        judged("wrong", version="1-b"),
    ]
    record = record_of("Cuba", judgements, now=NOW, zone=UTC)
    assert [(version, one.relevant, one.wrong) for version, one in record.versions] == [
        ("1-a", 0, 1),
        ("1-b", 1, 1),
    ]


def test_every_judged_topic_has_a_record() -> None:
    records = records_of([judged("wrong", topic="Spy"), judged("relevant")], now=NOW, zone=UTC)
    assert [(record.topic, record.whole.relevant) for record in records] == [("Cuba", 1), ("Spy", 0)]
