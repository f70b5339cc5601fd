"""What is kept of the stories: the same decisions after it as without, and nothing where it is not whole."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import memory
from monitor.stories.memory import kept, remembered
from monitor.stories.stories import Stories
from tests.stories.telling import BACK_TRANSLATED, FERRY, OTHERS, Stream, glued

GLUED = tuple((title, glued(lead)) for title, lead in FERRY)
TEXTS = (*FERRY, *OTHERS, *GLUED, BACK_TRANSLATED, ("渡轮搁浅", "渡轮在岛旁搁浅，乘客获救。"), ("", ""))
TOLD = st.tuples(
    st.sampled_from(TEXTS), st.sampled_from(["a.example", "b.example", "\ud800"]), st.integers(0, 100)
)


@given(st.lists(TOLD, max_size=12), st.lists(TOLD, max_size=12))
def test_what_was_kept_places_as_if_it_had_never_been_put_away(
    before: list[tuple[tuple[str, str], str, int]], after: list[tuple[tuple[str, str], str, int]]
) -> None:
    one, other = Stream(background=False), Stream(background=False)
    for stream in (one, other):
        tell(stream, before)
    other.stories = back(other.stories)
    assert tell(one, after) == tell(other, after)
    assert len(one.stories) == len(other.stories)


def tell(stream: Stream, told: list[tuple[tuple[str, str], str, int]]) -> list[object]:
    return [
        stream.tell(title, lead, publisher=publisher, after=timedelta(hours=hours))
        for (title, lead), publisher, hours in told
    ]


def back(stories: Stories) -> Stories:
    """The stories, kept and remembered."""
    found = remembered(list(kept(stories)))
    assert found is not None
    return found


def test_what_is_kept_again_unopened_is_the_same() -> None:
    parts = list(kept(Stream().stories))
    assert list(kept(back(Stream().stories))) == parts


def test_nothing_is_remembered_where_a_part_is_damaged_or_none_is_there() -> None:
    parts = list(kept(Stream().stories))
    for at in range(len(parts)):
        damaged = [part[:-1] + b"?" if number == at else part for number, part in enumerate(parts)]
        assert remembered(damaged) is None
    assert remembered([b"", b"short"]) is None
    assert remembered([]) is None


def test_nothing_is_remembered_of_words_that_were_made_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = list(kept(Stream().stories))
    monkeypatch.setattr(memory, "_PROBE", "other words")
    memory._how.cache_clear()
    assert remembered(parts) is None
    monkeypatch.undo()
    memory._how.cache_clear()
    assert remembered(parts) is not None
