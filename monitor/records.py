"""Frozen dataclasses, made in a quarter of the time: a start makes over a hundred. No business logic.

The standard library writes the source of six methods for each class and compiles them one by one. Here only
`__init__` is written; the others are the same for all classes. In everything else the two are alike, and what
would not be (an order, fields with `init` or `hash`) is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as standard
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[type], Any]:
        """A class decorator, as `dataclasses.dataclass` is; only of what is frozen and slotted."""
        if not (frozen and slots):
            raise TypeError("only frozen, slotted dataclasses are made here")

        def made(cls: type) -> Any:
            return _made(cls, kw_only=kw_only)

        return made


_Fields = tuple[Field[Any], ...]


class _Shared:
    """The methods that are the same for all: they ask their class for its fields."""

    __slots__ = ()
    __puts__: tuple[Callable[[Any, Any], None], ...]
    __names__: tuple[str, ...]
    __values__: Callable[[Any], tuple[object, ...]]
    __compared__: Callable[[Any], tuple[object, ...]]
    __names_shown__: tuple[str, ...]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__names_shown__)
        return f"{type(self).__qualname__}({values})"

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        compared = self.__class__.__compared__
        return compared(self) == compared(other)

    def __hash__(self) -> int:
        return hash(self.__class__.__compared__(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> tuple[object, ...]:
        return self.__class__.__values__(self)

    def __setstate__(self, values: tuple[object, ...]) -> None:
        for put, value in zip(self.__puts__, values, strict=True):
            put(self, value)


_METHODS = {name: value for name, value in vars(_Shared).items() if callable(value)}


def _made(cls: type, *, kw_only: bool) -> Any:
    own = vars(cls).keys()
    made: Any = standard(slots=True, init=False, repr=False, eq=False, kw_only=kw_only)(cls)
    its = fields(made)
    if unlike := [one.name for one in its if not one.init or one.hash is not None]:
        raise TypeError(f"{made.__qualname__}: a field with init or hash is not made here ({unlike[0]})")
    made.__puts__ = tuple(getattr(made, one.name).__set__ for one in its)
    made.__names__ = tuple(one.name for one in its)
    made.__values__ = _getter(made.__names__)
    made.__compared__ = _getter([one.name for one in its if one.compare])
    made.__names_shown__ = tuple(one.name for one in its if one.repr)
    for name, method in (_METHODS | {"__init__": _init(made, its)}).items():
        if name not in own:
            setattr(made, name, method)
    return made


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[object, ...]]:
    """What gets these of a record: for one name alone `attrgetter` makes no tuple."""
    return (
        attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, one) for one in names)
    )


def _init(made: Any, its: _Fields) -> Any:
    """The one method that is written: with arguments by their own names nothing is looked up for a call."""
    known: dict[str, Any] = {"_missing": MISSING}
    lines: list[str] = []
    for at, (one, put) in enumerate(zip(its, made.__puts__, strict=True)):
        known |= {f"_put{at}": put, f"_default{at}": one.default, f"_make{at}": one.default_factory}
        is_made = one.default_factory is not MISSING
        value = f"_make{at}() if {one.name} is _missing else {one.name}" if is_made else one.name
        lines.append(f"_put{at}(self, {value})")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    source = f"def __init__({_signature(its)}): {'; '.join(lines) or 'pass'}"
    exec(source, known)  # noqa: S102 - as dataclasses does it, of names that stand in our own code
    init = known["__init__"]
    init.__module__, init.__qualname__ = made.__module__, f"{made.__qualname__}.__init__"
    return init


def _signature(its: _Fields) -> str:
    said = [(one, f"{one.name}{_default(at, one)}") for at, one in enumerate(its)]
    by_keyword = [words for one, words in said if one.kw_only]
    return ", ".join(
        ("self", *(words for one, words in said if not one.kw_only), *("*",) * bool(by_keyword), *by_keyword)
    )


def _default(at: int, one: Field[Any]) -> str:
    if one.default is not MISSING:
        return f"=_default{at}"
    return "=_missing" if one.default_factory is not MISSING else ""
