"""Words, wordings and their fingerprints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.terms import words_of
from monitor.stories.wording import FEWEST, SHINGLE, SKETCH, fingerprint_of, shared, sketch_of
from tests.stories.telling import FERRY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Trump’s ‘Shadow Diplomacy’ slammed", ["trump", "shadow", "diplom", "slamme"]),
        ("1,300 dead, 6.2 magnitude, $1.3M", ["1300", "dead", "6.2", "magnit", "1.3", "m"]),
        ("Учёные связали", ["учёные", "связал"]),
        ("外交部发言人说", ["外交", "交部", "部发", "发言", "言人", "人说"]),
        ("在台湾海峡2026年", ["在台", "台湾", "湾海", "海峡", "2026", "年"]),
        ("삼성전자가", ["삼성", "성전", "전자", "자가"]),
        ("Ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]),
        ("", []),
        ("\0\ufffe… — !", []),
    ],
)
def test_words_are_folded_cut_and_paired(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_any_text_has_words_and_none_is_empty(text: str) -> None:
    assert all(words_of(text))


NUMBERS = st.lists(st.integers(1, 8), min_size=0, max_size=SKETCH)


@given(NUMBERS, NUMBERS)
def test_of_short_texts_the_shared_part_is_exact(one: list[int], other: list[int]) -> None:
    def shingles(words: list[int]) -> set[tuple[int, ...]]:
        return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}

    fewer = min(len(shingles(one)), len(shingles(other)))
    exact = len(shingles(one) & shingles(other)) / fewer if fewer >= FEWEST else 0.0
    assert shared(set(sketch_of(one)), sketch_of(other)) == exact


def test_of_a_text_within_a_longer_one_all_is_shared() -> None:
    long = list(range(200))
    assert shared(set(sketch_of(long[:60])), sketch_of(long)) > 0.8


def test_the_same_beginning_has_the_same_fingerprint_and_a_stock_title_has_none() -> None:
    words = words_of(" ".join(FERRY[0]))
    assert fingerprint_of(words) == fingerprint_of([*words, "source", "link"])
    assert fingerprint_of(words) != fingerprint_of(words_of(" ".join(FERRY[1])))
    assert fingerprint_of(words_of("Weather forecast for Monday")) is None
