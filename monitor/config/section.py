"""A mapping of a configuration file, read key by key, and what is wrong with it in our words."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar, overload

from monitor.config import tree
from monitor.config.fields import Reader, is_empty, kind_of
from monitor.config.problem import Problem
from monitor.config.suggest import did_you_mean

T = TypeVar("T")


class Given(Generic[T]):
    """A key that may stand in a section: what was read of it, None where it was not written."""

    needed = False

    def __init__(self, read: Reader[T], *, key: str = "") -> None:
        self.read = read
        self.key = key
        self.attribute = key

    def __set_name__(self, _: type, name: str) -> None:
        self.key, self.attribute = self.key or name, name

    @overload
    def __get__(self, section: None, _: type) -> "Given[T]": ...
    @overload
    def __get__(self, section: "Section", _: type) -> T | None: ...
    def __get__(self, section: "Section | None", _: type) -> "Given[T] | T | None":
        """Asked only for what was not written: what was stands in the section itself."""
        return self if section is None else None


class Needed(Given[T]):
    """A key that must stand in a section."""

    needed = True

    @overload
    def __get__(self, section: None, _: type) -> "Needed[T]": ...
    @overload
    def __get__(self, section: "Section", _: type) -> T: ...
    def __get__(self, section: "Section | None", _: type) -> "Needed[T] | T":
        """Asked only of the class: no section is without it."""
        if section is None:
            return self
        raise AttributeError(self.attribute)


class Section:
    """A mapping with known keys. `bare` is the key that a bare text stands for, `listed` a bare list."""

    bare: ClassVar[str] = ""
    listed: ClassVar[str] = ""
    keys: ClassVar[Mapping[str, Given[Any]]] = {}
    needed: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        own = {one.key: one for one in vars(cls).values() if isinstance(one, Given)}
        cls.keys = {**cls.keys, **own}
        cls.needed = tuple(name for name, key in cls.keys.items() if key.needed)

    def __init__(self, **written: object) -> None:
        vars(self).update(written)


S = TypeVar("S", bound=Section)


def validate(model: type[S], node: tree.Node, problems: list[Problem]) -> S | None:
    """The section, or None where it can not be used; all that was wrong joins `problems`."""
    pairs = _pairs(model, node, problems)
    if pairs is None:
        return None
    missing = [name for name in model.needed if name not in pairs]
    problems += [_missing(node, name) for name in missing]
    keys = model.keys
    written = {keys[name].attribute: keys[name].read(value, problems) for name, value in pairs.items()}
    return None if missing or None in written.values() else model(**written)


def _pairs(model: type[Section], node: tree.Node, problems: list[Problem]) -> Mapping[str, tree.Node] | None:
    """What is written, by its known key; None where no section is."""
    if isinstance(node, tree.Mapping):
        known = model.keys
        problems += [_unknown(node.key(name), known) for name in node.pairs if name not in known]
        return {
            name: value for name, (_, value) in node.pairs.items() if name in known and not is_empty(value)
        }
    if isinstance(node, tree.Scalar) and model.bare and not is_empty(node):
        return {model.bare: node}
    if isinstance(node, tree.Sequence) and model.listed:
        return {model.listed: node}
    problems.append(node.problem(_expected(model, node)))
    return None


def _expected(model: type[Section], node: tree.Node) -> str:
    choices = ["a text"] * bool(model.bare) + ["a list"] * bool(model.listed) + ["a mapping (`name: value`)"]
    found = "there is nothing" if is_empty(node) else f"this is {kind_of(node)}"
    return f"{' or '.join(choices)} is expected here, {found}"


def _unknown(key: tree.Scalar, known: Iterable[str]) -> Problem:
    hint = did_you_mean(key.text, known) or f"known here: {', '.join(known)}"
    return key.problem(f"unknown key `{key.text}`", hint=hint)


def _missing(node: tree.Node, name: str) -> Problem:
    if isinstance(node, tree.Mapping) and name in node.pairs:
        return node.key(name).problem(f"`{name}` has no value")
    return node.problem(f"`{name}` is missing here")


def part(model: type[S]) -> Reader[S]:
    """A section inside another."""
    return lambda node, problems: validate(model, node, problems)
