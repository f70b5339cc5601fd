"""A mapping of a configuration file against its pydantic model, and what is wrong with it in our words."""

from typing import Any, ClassVar, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, model_validator

from monitor.config.fields import WrongValueError, is_empty, kind_of
from monitor.config.problem import Problem
from monitor.config.suggest import did_you_mean
from monitor.config.tree import Mapping, Node, Scalar, Sequence


class Section(BaseModel):
    """A mapping with known keys. `bare` is the key that a bare text stands for, `listed` a bare list."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, defer_build=True)
    bare: ClassVar[str] = ""
    listed: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, node: object, info: ValidationInfo) -> object:
        """The mapping's known keys; unknown and missing ones go to the problems in the context."""
        if isinstance(node, dict):
            return node  # made by us, not read
        if isinstance(node, Scalar) and cls.bare and not is_empty(node):
            return {cls.bare: node}
        if isinstance(node, Sequence) and cls.listed:
            return {cls.listed: node}
        if not isinstance(node, Mapping):
            raise WrongValueError(cls._expected(node))
        known = {field.alias or name: field for name, field in cls.model_fields.items()}
        problems = cast(list[Problem], info.context)
        problems += [_unknown(node.key(name), known) for name in node.pairs if name not in known]
        given = {
            name: value for name, (_, value) in node.pairs.items() if name in known and not is_empty(value)
        }
        required = [name for name, field in known.items() if field.is_required() and name not in given]
        problems += [_missing(node, name) for name in required]
        return given

    @classmethod
    def _expected(cls, node: object) -> str:
        choices = ["a text"] * bool(cls.bare) + ["a list"] * bool(cls.listed) + ["a mapping (`name: value`)"]
        found = "there is nothing" if is_empty(node) else f"this is {kind_of(node)}"
        return f"{' or '.join(choices)} is expected here, {found}"


S = TypeVar("S", bound=Section)


def validate(model: type[S], node: Node, problems: list[Problem]) -> S | None:
    """The section, or None where it can not be used; all that was wrong joins `problems`."""
    try:
        return model.model_validate(node, context=problems)
    except ValidationError as error:
        # A missing key was reported with its place already, by the section that misses it.
        problems += [_problem(node, detail) for detail in error.errors() if detail["type"] != "missing"]
        return None


def _problem(root: Node, detail: Any) -> Problem:
    node = _at(root, detail["loc"])
    wrong = detail.get("ctx", {}).get("error")
    hint = wrong.hint if isinstance(wrong, WrongValueError) else ""
    return node.problem(str(wrong or detail["msg"]), hint=hint)


def _at(node: Node, loc: tuple[int | str, ...]) -> Node:
    """The node that pydantic means; a bare value stands for a whole section, so its steps lead nowhere."""
    for step in loc:
        if isinstance(node, Mapping) and step in node.pairs:
            node = node.pairs[str(step)][1]
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    return node


def _unknown(key: Scalar, known: dict[str, Any]) -> Problem:
    hint = did_you_mean(key.text, known) or f"known here: {', '.join(known)}"
    return key.problem(f"unknown key `{key.text}`", hint=hint)


def _missing(node: Mapping, name: str) -> Problem:
    if name in node.pairs:
        return node.key(name).problem(f"`{name}` has no value")
    return node.problem(f"`{name}` is missing here")
