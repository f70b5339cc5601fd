"""Real articles, matched with topics drawn from them, compiled and in plain Python: the same spans."""

import random
from functools import cache
from pathlib import Path

import pytest

from benchmarks.corpora import article_texts
from benchmarks.drawn import DRAWS
from benchmarks.percolate import parsed
from monitor.topics.document import Document
from monitor.topics.text import words_of
from tests.topics.twins import Twins, leave_out_where_nothing_is_compiled

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
TOPICS = 2_000

leave_out_where_nothing_is_compiled()
if not CORPORA.is_dir():
    pytest.skip("the corpora are not here", allow_module_level=True)


@cache
def articles() -> list[tuple[str, str]]:
    return list(article_texts(CORPORA))


@pytest.mark.parametrize("draw", DRAWS)
def test_articles_match_alike(draw: str) -> None:
    """As they stand, and with their words read before."""
    drawn = DRAWS[draw](articles(), random.Random(7))
    topics, _ = parsed([drawn.draw() for _ in range(TOPICS)])
    twins, matches = Twins(topics), 0
    for number, (title, text) in enumerate(articles()):
        words = words_of(title, "", text) if number % 2 else None
        matches += len(twins.match(Document(title=title, content=text, words=words)))
    print(f"\n{draw}: {matches:,} matches of {len(articles()):,} articles")
    assert matches > len(articles())
    assert not twins.quick.broken
