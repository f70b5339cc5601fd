"""Whether a feed's window ran over between two polls."""

from datetime import timedelta

import pytest

from monitor.feeds.overrun import lost_words, ran_over


@pytest.mark.parametrize(
    ("before", "stayed", "shown", "new", "over"),
    [
        (10, 0, 10, 10, True),
        (10, 1, 10, 9, False),
        (10, 10, 10, 0, False),
        (0, 0, 10, 10, False),  # there was nothing that could be lost
        (10, 0, 10, 0, False),  # another part of what is known: some feeds show their entries by turns
        (10, 0, 11, 1, False),
        (10, 0, 10, 9, True),  # one old entry has come back, the others are new
        (1, 0, 1, 1, True),  # a feed of one entry: every new one may have had company
        (10, 0, 0, 0, False),
    ],
)
def test_a_window_ran_over_where_nothing_stayed_and_most_is_new(
    before: int, stayed: int, shown: int, new: int, over: bool
) -> None:
    assert ran_over(before=before, stayed=stayed, shown=shown, new=new) is over


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (timedelta(seconds=5), "of 1 min before"),
        (timedelta(minutes=15), "of 15 min before"),
        (timedelta(hours=5), "of 5 h before"),
        (timedelta(days=9), "of 9 days before"),
    ],
)
def test_it_is_said_in_words(lost: timedelta, words: str) -> None:
    assert words in lost_words(lost)
