"""The shipped topics on headlines of our own writing, and the arithmetic that measures them."""

from collections import Counter

import pytest

from benchmarks import relevance
from benchmarks.judged import HALVES, HEADLINES, LABELS, digest_of, half_of, read_headlines, read_labels
from benchmarks.relevance import TOPICS, all_ways, precision_and_recall, rate, substring


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str, str], relevance.Score]:
    """Every way's score on the headlines of our own writing, by topic, half and way."""
    measured = relevance.measure(list(read_headlines(HEADLINES)), all_ways())
    return {(score.topic, score.half, score.way): score for score in measured if score.source == "all"}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("topic", TOPICS.values())
def test_the_shipped_topics_find_what_a_desk_wants_and_little_else(
    scores: dict[tuple[str, str, str], relevance.Score], topic: str, half: str
) -> None:
    """Nine of ten wanted headlines are found, and nine of ten that are found are wanted."""
    score = scores[topic, half, "watchlist"]
    assert (score.recall.share or 0) >= 0.9, score
    assert (score.precision.share or 0) >= 0.9, score


def test_a_bare_phrase_misses_most_of_it(scores: dict[tuple[str, str, str], relevance.Score]) -> None:
    """The reason why the watchlist is longer than three strings."""
    assert (scores["Taiwan Strait", "report", "phrase"].recall.share or 0) < 0.2
    assert (scores["spy balloon", "report", "phrase"].recall.share or 0) < 0.2


def test_no_headline_is_judged_twice() -> None:
    """Neither among our own headlines nor among the labels."""
    written = Counter(headline.text for headline in read_headlines(HEADLINES))
    labels = Counter(label.key for label in read_labels(LABELS))
    assert [text for text, count in written.items() if count > 1] == []
    assert [key for key, count in labels.items() if count > 1] == []


def test_labels_name_known_desks_only() -> None:
    """A desk without a topic would never be measured."""
    desks = {desk for label in read_labels(LABELS) for desk in label.desks}
    desks |= {desk for headline in read_headlines(HEADLINES) for desk in headline.desks}
    assert desks == set(TOPICS)


def test_a_headline_stays_in_its_half() -> None:
    """What was held back for the report must never move to where the queries are tuned."""
    assert [half_of(digest_of(text)) for text in ("Taiwan", "balloon", "Cuba")] == ["tune", "tune", "report"]
    halves = Counter(half_of(digest_of(str(number))) for number in range(1000))
    assert halves["tune"] == pytest.approx(500, abs=50)


def test_precision_counts_what_was_found_and_recall_what_was_wanted() -> None:
    """Two found, one of them wanted; three wanted."""
    precision, recall = precision_and_recall([(True, True), (False, True), (True, False), (True, False)])
    assert (precision.hits, precision.of, recall.hits, recall.of) == (1, 2, 1, 3)


def test_the_interval_is_wilsons() -> None:
    """Against the published values for 8 of 10 and 10 of 10."""
    eight, ten = rate(8, 10), rate(10, 10)
    assert (eight.low, eight.high) == pytest.approx((0.490, 0.943), abs=0.001)
    assert (ten.low, ten.high) == pytest.approx((0.722, 1.0), abs=0.001)


def test_a_rate_of_nothing_is_unknown() -> None:
    """It is neither 0 nor 1."""
    assert rate(0, 0).share is None


def test_a_substring_finds_incubators() -> None:
    """What word bounds are for."""
    assert substring("Hospital buys incubators") == {"cuba"}
