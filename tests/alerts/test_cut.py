"""Cutting where a reader sees a character end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.cut import Unit, cut, grapheme_end, size

FAMILY = "👩‍👩‍👧‍👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "👍🏽",
        FAMILY,
        "❤️‍🔥",
        "1️⃣",
        ENGLAND,
        "क्षि",
        "නි",
        "각",
        "\u1112\u1161\u11ab",
        "ก็",
        "\r\n",
        "❤️",
    ],
    ids=ascii,
)
def test_what_reads_as_one_character_is_not_cut(character: str) -> None:
    text = f"ab{character}cd"
    ends = {grapheme_end(text, at) for at in range(len(text) + 1)}
    assert ends == {0, 1, 2, 2 + len(character), 3 + len(character), 4 + len(character)}


def test_flags_are_kept_in_pairs() -> None:
    flags = "🇨🇺🇹🇼🇺🇸"
    assert [grapheme_end(flags, at) for at in range(7)] == [0, 0, 2, 2, 4, 4, 6]


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert cut("Havana", 6) == "Havana"


def test_a_text_ends_with_a_word_where_one_ends_nearby() -> None:
    assert cut("Chinese warships transit the strait", 20) == "Chinese warships…"


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert cut("解放军军舰穿越台湾海峡", 6) == "解放军军舰…"


def test_a_service_that_counts_bytes_is_served_in_bytes() -> None:
    assert cut("解放军军舰穿越台湾海峡", 12, "bytes") == "解放军…"


@pytest.mark.parametrize(("limit", "left"), [(0, ""), (1, "…"), (2, "a…")])
def test_tiny_limits(limit: int, left: str) -> None:
    assert cut("abcdef", limit) == left


@given(st.text(), st.integers(0, 60), st.sampled_from(["characters", "bytes"]))
def test_what_was_cut_fits_and_is_a_beginning(text: str, limit: int, unit: Unit) -> None:
    left = cut(text, limit, unit)
    assert size(left, unit) <= limit
    assert left == text or text.startswith(left.removesuffix("…"))
