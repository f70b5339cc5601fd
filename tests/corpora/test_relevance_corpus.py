"""The shipped topics on real headlines that were judged by reading them."""

from pathlib import Path

import pytest

from benchmarks.judged import read_judged
from benchmarks.relevance import Score, all_ways, measure

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"

if not CORPORA.is_dir():
    pytest.skip("the corpora are not here", allow_module_level=True)


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str, str, str], Score]:
    """Every way's score, by topic, half, source and way; no label may be without its headline."""
    judged, missing = read_judged(CORPORA)
    assert missing == 0
    measured = measure(judged, all_ways())
    return {(score.topic, score.half, score.source, score.way): score for score in measured}


@pytest.mark.parametrize("topic", ["Taiwan Strait", "spy balloon", "Cuba"])
def test_the_half_held_back_is_answered_as_well(
    scores: dict[tuple[str, str, str, str], Score], topic: str
) -> None:
    """At least nine of ten, both ways, where nobody looked while tuning."""
    score = scores[topic, "report", "all", "watchlist"]
    assert (score.recall.share or 0) >= 0.9, score
    assert (score.precision.share or 0) >= 0.9, score


@pytest.mark.parametrize("topic", ["Taiwan Strait", "Cuba"])
def test_real_headlines_alone_are_answered_well(
    scores: dict[tuple[str, str, str, str], Score], topic: str
) -> None:
    """Without the headlines of our own writing; of balloons the corpora hold only two."""
    score = scores[topic, "report", "corpora", "watchlist"]
    assert (score.recall.share or 0) >= 0.9, score
    assert (score.precision.share or 0) >= 0.85, score
