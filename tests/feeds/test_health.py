"""Feeds' health: what deserves a notice, and that each is told once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.feeds.health import (
    SILENCES_KNOWN,
    TOLD_APART,
    Examined,
    Health,
    Patient,
    Rules,
    examine,
    silence_limit,
)
from monitor.feeds.state import FeedState

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RULES = Rules(dead_after=12 * HOUR, silent_at_least=DAY, watching_since=NOW - 400 * DAY)
ERROR = "403 from a bot wall: Cloudflare wants a browser"


class Ward:
    """Feeds as they come to be examined, and what is remembered of them."""

    def __init__(self, *, feeds: int = 1, rules: Rules = RULES, known: Health | None = None) -> None:
        self.rules = rules
        self.health = {
            number: replace(known or Health(feed_id=number), feed_id=number) for number in range(feeds)
        }

    def look(
        self, now: datetime, *, failing: Iterable[int] = (), gone: Iterable[int] = (), new_at: datetime
    ) -> Examined:
        """Examine all feeds at this moment; those that fail have failed three times."""
        patients = [
            Patient(
                state=FeedState(
                    feed_id=number,
                    url=f"https://{number}.example/feed",
                    last_polled_at=now,
                    last_ok_at=NOW if number in failing else now,
                    last_new_at=new_at,
                    failures=3 if number in failing or number in gone else 0,
                    error=ERROR if number in failing or number in gone else "",
                ),
                health=health,
                name=f"Feed {number}",
                gone=number in gone,
                labels={"region": "asia"},
            )
            for number, health in self.health.items()
        ]
        examined = examine(patients, rules=self.rules, now=now)
        self.health |= {health.feed_id: health for health in examined.healths}
        return examined


def kinds(examined: Examined) -> list[str]:
    return [notice.kind for notice in examined.notices]


def look_at(ward: Ward, moments: Sequence[datetime], *, failing: bool) -> list[str]:
    return [
        kind for now in moments for kind in kinds(ward.look(now, failing=[0] if failing else [], new_at=NOW))
    ]


def test_a_feed_that_fails_for_long_is_dead_and_told_once() -> None:
    moments = [NOW + hours * HOUR for hours in range(48)]
    assert look_at(Ward(), moments, failing=True) == ["dead"]


def test_a_feed_that_fails_for_less_is_not_dead() -> None:
    moments = [NOW + hours * HOUR for hours in range(12)]
    assert look_at(Ward(), moments, failing=True) == []


def test_a_failure_in_between_that_ended_begins_anew() -> None:
    ward = Ward()
    assert look_at(ward, [NOW, NOW + 11 * HOUR], failing=True) == []
    assert look_at(ward, [NOW + 12 * HOUR], failing=False) == []
    assert look_at(ward, [NOW + 13 * HOUR, NOW + 24 * HOUR], failing=True) == []


def test_it_recovers_once_and_may_die_again() -> None:
    ward = Ward()
    assert look_at(ward, [NOW, NOW + 12 * HOUR], failing=True) == ["dead"]
    assert look_at(ward, [NOW + 13 * HOUR, NOW + 14 * HOUR], failing=False) == ["recovered"]
    assert look_at(ward, [NOW + 15 * HOUR, NOW + 28 * HOUR], failing=True) == ["dead"]


def test_a_notice_says_why_and_carries_the_feeds_labels() -> None:
    ward = Ward()
    ward.look(NOW, failing=[0], new_at=NOW)
    (notice,) = ward.look(NOW + 12 * HOUR, failing=[0], new_at=NOW).notices
    assert notice.title == "Feed dead: Feed 0"
    assert notice.text == (
        f"{ERROR}. It last answered at 2026-03-01 12:00 UTC; "
        "since 2026-03-01 12:00 UTC every poll has failed, 3 in a row."
    )
    assert notice.all_labels == {
        "topic": "_monitor",
        "kind": "dead",
        "severity": "warning",
        "feed": "Feed 0",
        "region": "asia",
    }


def test_a_feed_that_is_gone_for_good_is_dead_at_once() -> None:
    assert kinds(Ward().look(NOW, gone=[0], new_at=NOW)) == ["dead"]


def test_time_in_which_nobody_was_watching_kills_no_feed() -> None:
    ward = Ward(
        rules=replace(RULES, watching_since=NOW + 20 * HOUR), known=Health(feed_id=0, failing_since=NOW)
    )
    assert look_at(ward, [NOW + 20 * HOUR, NOW + 31 * HOUR], failing=True) == []
    assert look_at(ward, [NOW + 32 * HOUR], failing=True) == ["dead"]


def rhythm(ward: Ward, gaps: Iterable[timedelta]) -> datetime:
    """The feed shows something new after each of these gaps; returns when it last did."""
    at = NOW
    ward.look(at, new_at=at)
    for gap in gaps:
        at += gap
        ward.look(at, new_at=at)
    return at


def test_a_feed_that_is_silent_for_longer_than_ever_is_told_once_and_its_return_too() -> None:
    ward = Ward()
    at = rhythm(ward, [5 * HOUR] * SILENCES_KNOWN + [20 * HOUR])
    assert kinds(ward.look(at + 40 * HOUR, new_at=at)) == []
    assert kinds(ward.look(at + 41 * HOUR, new_at=at)) == ["silent"]
    assert kinds(ward.look(at + 99 * HOUR, new_at=at)) == []
    assert kinds(ward.look(at + 100 * HOUR, new_at=at + 100 * HOUR)) == ["recovered"]


def test_what_was_the_longest_silence_is_no_news_the_next_time() -> None:
    ward = Ward()
    at = rhythm(ward, [5 * HOUR] * SILENCES_KNOWN + [100 * HOUR])
    assert kinds(ward.look(at + 150 * HOUR, new_at=at)) == []


def test_a_busy_feeds_silence_is_not_told_before_the_least_that_the_settings_say() -> None:
    ward = Ward()
    at = rhythm(ward, [timedelta(minutes=5)] * SILENCES_KNOWN)
    assert kinds(ward.look(at + 24 * HOUR, new_at=at)) == []
    assert kinds(ward.look(at + 25 * HOUR, new_at=at)) == ["silent"]


def test_of_a_feed_that_is_hardly_known_no_silence_is_told() -> None:
    ward = Ward()
    at = rhythm(ward, [HOUR] * (SILENCES_KNOWN - 1))
    assert silence_limit(ward.health[0], RULES) is None
    assert kinds(ward.look(at + 300 * DAY, new_at=at)) == []


def test_a_silence_that_nobody_watched_is_not_measured() -> None:
    ward = Ward()
    at = rhythm(ward, [HOUR] * SILENCES_KNOWN)
    ward.rules = replace(RULES, watching_since=at + 9 * DAY)
    ward.look(at + 10 * DAY, new_at=at + 10 * DAY)
    assert ward.health[0].longest == HOUR


def test_a_failing_feed_is_not_silent() -> None:
    ward = Ward(known=Health(feed_id=0, new_at=NOW, longest=HOUR, silences=SILENCES_KNOWN))
    assert look_at(ward, [NOW, NOW + 30 * HOUR], failing=True) == ["dead"]


def test_feeds_that_die_together_are_one_notice() -> None:
    many = TOLD_APART + 1
    ward = Ward(feeds=many)
    ward.look(NOW, failing=range(many), new_at=NOW)
    (notice,) = ward.look(NOW + 12 * HOUR, failing=range(many), new_at=NOW).notices
    assert notice.title == f"{many} feeds dead at once"
    assert notice.text.startswith("Feed 0, Feed 1, ")
    assert notice.severity == "critical"
    (notice,) = ward.look(NOW + 13 * HOUR, new_at=NOW).notices
    assert (notice.kind, notice.severity) == ("recovered", "info")


def test_a_well_feed_changes_nothing() -> None:
    ward = Ward()
    ward.look(NOW, new_at=NOW)
    assert ward.look(NOW + HOUR, new_at=NOW) == Examined(healths=(), notices=())


def test_overruns_in_a_row_are_told_once() -> None:
    health = Health(feed_id=0)
    told: list[str] = []
    for hours in (0, 1, 2, 100, 100 + 7 * 24 - 1, 100 + 14 * 24):
        at = NOW + hours * HOUR
        state = FeedState(feed_id=0, url="https://0.example/feed", last_polled_at=at, last_ok_at=at)
        patient = Patient(state=state, health=health, name="A", gap=(at - HOUR, at))
        for _ in range(2):  # the same gap is seen at every look
            examined = examine([replace(patient, health=health)], rules=RULES, now=at)
            health = next(iter(examined.healths), health)
            told += [f"{notice.kind} {hours}" for notice in examined.notices]
    assert told == ["overrun 0", "overrun 436"]


def test_an_overrun_says_between_which_polls_entries_may_be_lost() -> None:
    state = FeedState(feed_id=0, url="https://0.example/feed", last_polled_at=NOW, last_ok_at=NOW)
    patient = Patient(state=state, health=Health(feed_id=0), name="A", gap=(NOW - HOUR, NOW))
    (notice,) = examine([patient], rules=RULES, now=NOW).notices
    assert notice.title == "Feed overrun: A"
    assert "poll at 2026-03-01 12:00 UTC shared nothing with the one at 2026-03-01 11:00 UTC" in notice.text
