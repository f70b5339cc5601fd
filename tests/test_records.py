"""Records are dataclasses in everything but the time that they take to be made."""

import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from monitor import records


def _made(kind: Callable[..., Any]) -> tuple[Any, Any]:
    """The same two classes by one maker of classes: a feed's, and one whose fields go by their places."""

    @kind(frozen=True, slots=True, kw_only=True)
    class Shelf:
        """A shelf."""

        name: str
        books: list[str] = field(default_factory=list)
        metres: float = 1.0
        note: str = field(default="", compare=False, repr=False)

        def __post_init__(self) -> None:
            if self.metres < 0:
                raise ValueError("shorter than nothing")

    @kind(frozen=True, slots=True)
    class Place:
        """A place."""

        row: int
        column: int = field(default=3, kw_only=True)
        level: int = 0

    return Shelf, Place


FAST = _made(records.dataclass)
PLAIN = _made(dataclass)
SHELVES = [
    {"name": "a"},
    {"name": "a", "note": "by the door"},
    {"name": "a", "books": ["x"]},
    {"name": "b", "metres": 2.5},
]


@records.dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Where pickle finds it."""

    left: int
    right: tuple[int, ...] = ()


@pytest.mark.parametrize("values", SHELVES)
def test_a_record_says_of_itself_what_a_dataclass_says(values: dict[str, Any]) -> None:
    fast, plain = FAST[0](**values), PLAIN[0](**values)
    assert repr(fast) == repr(plain)
    assert asdict(fast) == asdict(plain)
    assert asdict(replace(fast, metres=9.0)) == asdict(replace(plain, metres=9.0))


@pytest.mark.parametrize("left", SHELVES)
@pytest.mark.parametrize("right", SHELVES)
def test_records_are_equal_where_dataclasses_are(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert (FAST[0](**left) == FAST[0](**right)) is (PLAIN[0](**left) == PLAIN[0](**right))
    assert FAST[0](**left) != PLAIN[0](**left)


def test_equal_records_are_one_in_a_set_and_fields_that_are_not_compared_have_no_say() -> None:
    assert {Pair(left=1), Pair(left=1), Pair(left=2)} == {Pair(left=1), Pair(left=2)}
    with pytest.raises(TypeError, match="unhashable"):
        hash(FAST[0](name="a"))


def test_each_record_has_a_list_of_its_own() -> None:
    first, second = FAST[0](name="a"), FAST[0](name="a")
    first.books.append("x")
    assert second.books == []


def test_nothing_of_a_record_can_be_changed() -> None:
    pair = Pair(left=1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'left'"):
        pair.left = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'left'"):
        del pair.left
    assert not hasattr(pair, "__dict__")


def test_what_is_looked_at_after_a_record_is_made_still_is() -> None:
    with pytest.raises(ValueError, match="shorter than nothing"):
        FAST[0](name="a", metres=-1.0)


def test_a_record_is_called_as_a_dataclass_is() -> None:
    for fast, plain in zip(FAST, PLAIN, strict=True):
        ours, theirs = inspect.signature(fast), inspect.signature(plain)
        assert [(one.name, one.kind) for one in ours.parameters.values()] == [
            (one.name, one.kind) for one in theirs.parameters.values()
        ]
    assert FAST[1](1, 2, column=5).level == 2
    with pytest.raises(TypeError, match="name"):
        FAST[0]()


def test_a_record_by_places_can_be_matched_by_them() -> None:
    assert FAST[1].__match_args__ == PLAIN[1].__match_args__


def test_a_record_comes_back_from_a_pickle() -> None:
    pair = Pair(left=1, right=(2, 3))
    assert pickle.loads(pickle.dumps(pair)) == pair


def test_other_tools_take_a_record_for_a_dataclass() -> None:
    assert dataclasses.is_dataclass(Pair)
    assert [one.name for one in fields(Pair)] == ["left", "right"]


def test_what_is_not_frozen_is_not_made_here() -> None:
    make: Any = records.dataclass
    with pytest.raises(TypeError, match="only frozen, slotted"):
        make(frozen=False, slots=True)(Pair)


@pytest.mark.parametrize("odd", [field(init=False, default=1), field(hash=False)])
def test_a_field_that_would_be_another_than_a_dataclass_has_is_not_made_here(odd: Any) -> None:
    with pytest.raises(TypeError, match=r"Odd: a field .*\(name\)"):
        records.dataclass(frozen=True, slots=True)(
            type("Odd", (), {"__annotations__": {"name": int}, "name": odd})
        )


def test_records_have_no_order() -> None:
    with pytest.raises(TypeError, match="order"):
        records.dataclass(frozen=True, slots=True, order=True)
