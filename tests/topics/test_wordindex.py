"""The index of words between blanks finds what a plain look for each spelling at every place finds."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.topics.twins import leave_out_where_nothing_is_compiled

leave_out_where_nothing_is_compiled()

from monitor.topics import wordindex  # noqa: E402 - what is not there can not be imported before

Spelling = tuple[str, int, int]
Found = dict[int, list[tuple[int, int, int]]]

LETTERS = ("a", "b", "ab", "\xe1", "\u0144", "\u4e00", "\ud800", "\U0001f388", "\0", "\x02", "!", "\x1f")
"""Letters of each width, some of whose lower bytes are those of others, or of a blank's neighbours."""

WORDS = st.one_of(
    st.lists(st.sampled_from(LETTERS[:3]), min_size=1, max_size=3).map("".join),
    st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3).map("".join),
    st.sampled_from(["a", "b", "a" * 300, "\u0120", "\u2020", "\U00012020"]),
)
NEIGHBOURS = st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
SPELLINGS = st.lists(NEIGHBOURS, max_size=30).flatmap(
    lambda all_of_them: st.tuples(
        *[
            st.tuples(st.just(f" {words} "), st.integers(0, len(words) + 2), st.integers(0, 9))
            for words in all_of_them
        ]
    )
)


def texts_of(spellings: tuple[Spelling, ...]) -> st.SearchStrategy[str]:
    """Texts of these spellings and of others, with blanks between, or none, or several, and at the ends."""
    known = st.sampled_from([spelling for spelling, _, _ in spellings] or [" a "])
    piece = known | known.map(str.strip) | known.map(str.rstrip) | known.map(str.lstrip) | NEIGHBOURS
    between = st.sampled_from(["", " ", " ", "  "])
    return st.lists(st.tuples(piece, between).map("".join), max_size=12).map("".join)


BOTH = SPELLINGS.flatmap(lambda spellings: st.tuples(st.just(spellings), texts_of(spellings)))


def found_slowly(spellings: tuple[Spelling, ...] | list[Spelling], text: str) -> Found:
    """Each spelling at every place."""
    found: Found = {}
    for spelling, covers, number in spellings:
        start = text.find(spelling)
        while start >= 0:
            found.setdefault(number, []).append((0, start, start + covers))
            start = text.find(spelling, start + 1)
    return {number: sorted(hits) for number, hits in found.items()}


def check(spellings: tuple[Spelling, ...] | list[Spelling], text: str) -> Found:
    """The same hits for each word, in order of where they start."""
    found: Found = {}
    wordindex.WordIndex(list(spellings)).find(text, found)
    starts = {number: [start for _, start, _ in hits] for number, hits in found.items()}
    assert all(each == sorted(each) for each in starts.values())
    assert {number: sorted(hits) for number, hits in found.items()} == found_slowly(spellings, text)
    return found


@examples(600)
@given(BOTH)
@example(((), ""))
@example(((), "a a"))
@example((((" a ", 3, 0),), " a"))
@example((((" a ", 3, 0),), "a "))
@example((((" a ", 3, 0),), "xa "))
@example((((" a ", 3, 0), (" a a ", 5, 0), (" a a a a a ", 2, 0)), " a" * 9))
@example((((" a ", 3, 0), (" a ", 2, 0), (" a ", 3, 0), (" a ", 3, 1)), " a a "))
def test_spellings_are_found_wherever_they_stand(both: tuple[tuple[Spelling, ...], str]) -> None:
    """Several words of one spelling, one word of several, some that begin like others, all widths."""
    check(*both)


@pytest.mark.parametrize("letter", ["", "\xe9", "\u4e00", "\ud800", "\U0001f388"])
@pytest.mark.parametrize("other", ["", "\xe9", "\u4e00", "\ud800", "\U0001f388"])
def test_spellings_and_texts_may_be_of_other_widths(letter: str, other: str) -> None:
    """And what stands behind the text, or behind the spellings, is none of theirs."""
    spellings = [(" ab ", 4, 0), (f" a{letter} ", 2, 1), (" ab cd ", 4, 2)]
    text = f" ab cd {other} a{other} a{letter} ab"
    assert check(spellings, text)[0] == [(0, 0, 4)]


def test_tens_of_thousands_of_spellings_are_told_apart() -> None:
    """In words and neighbours that begin alike, and each is found in a text of them all."""
    words = [f"{number:x}" for number in range(20_000)]
    spellings = [(f" {word} ", len(word), number) for number, word in enumerate(words)]
    spellings += [
        (f" {one} {other} ", 2, 20_000 + number)
        for number, (one, other) in enumerate(zip(words, words[1::2], strict=False))
    ]
    found: Found = {}
    wordindex.WordIndex(spellings).find(f" {' '.join(words)} ", found)
    assert [number for number in found if number < 20_000] == list(range(20_000))
    assert [number for number in found if number >= 20_000] == [20_000]
    assert {len(hits) for hits in found.values()} == {1}
    missing: Found = {}
    wordindex.WordIndex(spellings).find("".join(f" {word}g" for word in words), missing)
    assert not missing


@pytest.mark.parametrize("before", [0, 1, 126, 127, 128, 129, 254, 255, 256, 257])
def test_neighbours_are_found_behind_so_many_words(before: int) -> None:
    """As many are looked up at once, and what begins among them may end among the next."""
    spellings = [(" a b c ", 7, 0), (" b ", 3, 1), (" x x ", 5, 2)]
    found = check(spellings, " x" * before + " a b c ")
    assert found[0] == [(0, 2 * before, 2 * before + 7)]


def test_hits_are_added_to_those_of_others() -> None:
    found: Found = {7: [(3, 0, 1)]}
    wordindex.WordIndex([(" a ", 3, 7), (" b ", 3, 8)]).find(" a b ", found)
    assert found == {7: [(3, 0, 1), (0, 0, 3)], 8: [(0, 2, 5)]}


# --- garbage ----------------------------------------------------------------------------------------------


class _Longer(str):
    """Says that it is longer than it is, and without blanks."""

    def __len__(self) -> int:
        return 1_000_000

    def count(self, *args: Any) -> int:
        return 0


class _Grows:
    """A number that, when it is looked at, adds to the list it is in."""

    def __int__(self) -> int:
        GROWING.extend([(" a b c d e f ", 1, number) for number in range(1000)])
        return 1


class _Other:
    """Something else each time it is looked at."""

    def __init__(self) -> None:
        self.spelling = " a "

    def __iter__(self) -> Any:
        self.spelling *= 9
        return iter((self.spelling.replace("  ", " "), 1, 1))


GROWING: list[Any] = []


@pytest.mark.parametrize(
    "garbage",
    [
        None, (), "ab", 5, [1], [None], [" a "], [(" a ",)], [(" a ", 3)], [(" a ", 3, 0, 0)],
        [(None, 3, 0)], [(b" a ", 3, 0)], [(5, 3, 0)], [([" ", " "], 3, 0)], [(_Longer(" a "), 3, 0)],
        [(" a ", "3", 0)], [(" a ", None, 0)], [(" a ", 3, None)], [(" a ", 3, {})],
        [("", 0, 0)], [(" ", 1, 0)], [("  ", 2, 0)], [("a", 1, 0)], [(" a", 2, 0)], [("a ", 2, 0)],
        [("\xa0a\xa0", 3, 0)], [(" a  b ", 6, 0)], [("  a ", 4, 0)], [(" a  ", 4, 0)], [_Other()],
        [(" a ", 3, 0), (" b", 2, 0)], [(" a ", -1, 0)], [(" a ", 4, 0)], [(" a ", 1 << 32, 0)],
        [(" a ", 3, -1)], [(" a ", 3, 1 << 31)],
    ],
)  # fmt: skip
def test_what_are_no_spellings_is_refused(garbage: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        wordindex.WordIndex(garbage)


def test_a_list_that_grows_meanwhile_is_taken_as_it_was() -> None:
    GROWING[:] = [(" a ", _Grows(), 5), (" b ", 1, 6)]
    found: Found = {}
    wordindex.WordIndex(GROWING).find(" a b a b c d e f ", found)
    assert found == {5: [(0, 0, 1), (0, 4, 5)], 6: [(0, 2, 3), (0, 6, 7)]}


@pytest.mark.parametrize(
    ("text", "found"),
    [(None, {}), (b" a ", {}), (5, {}), (" a ", None), (" a ", []), (" a ", {5: ()}), (" a ", {5: None})],
)
def test_what_is_no_text_or_holds_no_hits_is_refused(text: Any, found: Any) -> None:
    with pytest.raises(TypeError):
        wordindex.WordIndex([(" a ", 3, 5)]).find(text, found)
