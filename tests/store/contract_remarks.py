"""What every store must do with stars and notes."""

from datetime import timedelta

from monitor.store.desk import HitQuery
from monitor.store.remarks import NO_REMARK, Remark
from monitor.store.store import Store
from tests.store.contract import NOW, entries_titled, new_hit

LATER = NOW + timedelta(days=1)


def two_hits(store: Store) -> tuple[int, int]:
    """The ids of two hits."""
    first, second = store.add_hits([new_hit(entry) for entry in entries_titled(store, "one", "two")])
    assert first is not None
    assert second is not None
    return first, second


class RemarksContract:
    """Stars and notes."""

    def test_a_star_is_put_on_and_taken_off(self, store: Store) -> None:
        first, second = two_hits(store)
        assert store.star([first], on=True, who="ann", now=NOW) == []
        assert store.remarks([first, second]) == {first: Remark(starred=True, who="ann", at=NOW)}
        assert [hit.hit_id for hit in store.desk_hits(HitQuery(starred=True), limit=9)] == [first]
        store.star([first], on=False, who="ben", now=LATER)
        assert store.remarks([first]) == {}
        assert store.desk_hits(HitQuery(starred=True), limit=9) == []

    def test_a_star_that_is_there_is_whose_it_was(self, store: Store) -> None:
        first, _ = two_hits(store)
        for who in ("ann", "ben"):
            store.star([first], on=True, who=who, now=NOW)
        assert store.remarks([first])[first].who == "ann"

    def test_a_note_is_kept_edited_and_taken_away(self, store: Store) -> None:
        first, _ = two_hits(store)
        assert store.note(first, "call the embassy", who="ann", now=NOW)
        assert store.note(first, "called", who="ben", now=LATER)
        assert store.remarks([first]) == {first: Remark(note="called", who="ben", at=LATER)}
        assert store.note(first, "", who="ben", now=LATER)
        assert store.remarks([first]) == {}

    def test_a_note_leaves_the_star_and_the_star_the_note(self, store: Store) -> None:
        first, _ = two_hits(store)
        store.star([first], on=True, who="ann", now=NOW)
        store.note(first, "why", who="ann", now=NOW)
        store.star([first], on=False, who="ann", now=NOW)
        assert store.remarks([first]).get(first, NO_REMARK).note == "why"

    def test_where_one_hit_is_missing_none_gets_a_star(self, store: Store) -> None:
        first, _ = two_hits(store)
        assert store.star([first, 98, 99], on=True, who="", now=NOW) == [98, 99]
        assert not store.note(99, "x", who="", now=NOW)
        assert store.remarks([first, 98, 99]) == {}

    def test_what_has_a_star_or_a_note_is_not_forgotten(self, store: Store) -> None:
        first, second = two_hits(store)
        store.settle([first, second], state="told", reason="")
        store.star([first], on=True, who="", now=NOW)
        store.forget(before=LATER, left_before=LATER)
        assert [hit.hit_id for hit in store.hits()] == [first]
        store.star([first], on=False, who="", now=NOW)
        store.forget(before=LATER, left_before=LATER)
        assert store.hits() == []
