"""Whatever comes, is edited or forgotten, and whoever indexes it: a look finds all that holds a word."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.indexing import index_all, index_some
from monitor.store import open_store
from monitor.store.records import NewEntry
from monitor.store.sqlite import SQLiteStore
from tests.examples import examples
from tests.store.contract import NOW, followed, new_entry

WORDS = ("cuba", "balloon", "strait")
LATER = NOW + timedelta(days=400)
SOME = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
NUMBER = st.integers(0, 5)
STEPS: st.SearchStrategy[list[Callable[["Kept"], object]]] = st.lists(
    st.one_of(
        st.builds(lambda words, later: lambda kept: kept.add(words, index_later=later), SOME, st.booleans()),
        st.builds(lambda which, word: lambda kept: kept.edit(which, word), NUMBER, st.sampled_from(WORDS)),
        st.builds(lambda most: lambda kept: index_some(kept.store, most=most), st.integers(1, 3)),
        st.builds(lambda which: lambda kept: kept.forget(which), st.sets(NUMBER)),
    ),
    max_size=12,
)


class Kept:
    """A store, and what its entries say."""

    def __init__(self, store: SQLiteStore) -> None:
        self.store = store
        self.said: dict[int, str] = {}
        self._feed_id = followed(store).feed_id
        self._number = 0

    def add(self, words: list[str], *, index_later: bool) -> None:
        new = [self._new(word, index_later=index_later) for word in words]
        ids = self.store.add_entries(new, now=NOW)
        self.said |= dict(zip(ids, words, strict=True))

    def edit(self, which: int, word: str) -> None:
        for entry_id in list(self.said)[which : which + 1]:
            self.store.revise_entry(entry_id, self._new(word), now=NOW)
            self.said[entry_id] = word

    def forget(self, which: set[int]) -> None:
        kept = {one for number, one in enumerate(self.said) if number not in which}
        self.store.mark_present(self._feed_id, kept, now=NOW)
        self.store.forget(before=LATER, left_before=LATER)
        self.said = {one: word for one, word in self.said.items() if one in kept}

    def holding(self, word: str) -> list[int]:
        """The slow way."""
        return sorted((one for one, said in self.said.items() if said == word), reverse=True)

    def waiting(self) -> set[int]:
        return {one.entry_id for one in self.store.unindexed(most=100)}

    def _new(self, word: str, *, index_later: bool = False) -> NewEntry:
        self._number += 1
        return new_entry(self._feed_id, str(self._number), title=word, index_later=index_later)


@examples(60)
@given(STEPS)
def test_a_look_finds_each_entry_that_holds_a_word_once_and_of_others_only_what_waits(
    steps: list[Callable[[Kept], object]],
) -> None:
    kept = Kept(open_store(":memory:"))
    for step in steps:
        step(kept)
        for word in WORDS:
            found, holding = kept.store.candidates(f'"{word}"'), kept.holding(word)
            assert found == sorted({*found}, reverse=True)
            assert {*holding} <= {*found} <= {*holding} | kept.waiting()
    index_all(kept.store)
    assert [kept.store.candidates(f'"{word}"') for word in WORDS] == [kept.holding(word) for word in WORDS]
    kept.store.close()
