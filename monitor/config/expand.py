"""Puts in what `${NAME}`, `${NAME:-default}` and `${file:PATH}` stand for; `$$` is a dollar sign.

Works on a tree's scalars and keeps track of what came from where. What was put in is never read again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from monitor.config import tree
from monitor.config.problem import Problem

MAX_SECRET_BYTES = 64 * 1024
_REFERENCE = re.compile(r"\$(?:\$|\{(?P<inside>[^{}]*)\}|(?P<open>\{))")
_NAME = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """Where values come from, and what was seen on the way: what was put in for what, and what was wrong."""

    directory: Path
    environ: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict, repr=False)
    problems: list[Problem] = field(default_factory=list)

    def apply(self, node: tree.Node) -> tree.Node:
        """The node with every reference below it put in. Keys stay as they are."""
        if isinstance(node, tree.Scalar):
            return self._scalar(node) if "$" in node.text else node
        if isinstance(node, tree.Sequence):
            return replace(node, items=tuple(self.apply(item) for item in node.items))
        return replace(
            node, pairs={name: (key, self.apply(value)) for name, (key, value) in node.pairs.items()}
        )

    def _scalar(self, scalar: tree.Scalar) -> tree.Scalar:
        text, pieces = "", []
        at = 0
        for found in _REFERENCE.finditer(scalar.typed):
            text += scalar.typed[at : found.start()]
            value = "$" if found[0] == "$$" else self._value(scalar, found)
            pieces.append(
                tree.Piece(start=len(text), end=len(text) + len(value), at=found.start(), to=found.end())
            )
            text, at = text + value, found.end()
        return replace(scalar, text=text + scalar.typed[at:], pieces=tuple(pieces))

    def _value(self, scalar: tree.Scalar, found: re.Match[str]) -> str:
        """What a reference stands for; what is wrong with it is reported, and it stands for nothing."""
        try:
            return self._looked_up(found["inside"])
        except LookupError as error:
            message, hint = error.args
            # The scalar as typed: its references are only now being put in.
            self.problems.append(scalar.problem(message, found.start(), found.end(), hint=hint))
            return ""

    def _looked_up(self, inside: str | None) -> str:
        if inside is None:
            raise LookupError("this `${` is never closed", "a dollar sign itself is written `$$`")
        kind, colon, rest = inside.partition(":")
        if kind == "file" and colon and not rest.startswith("-"):
            return self._from_file(rest.strip())
        return self._from_environment(inside)

    def _from_environment(self, inside: str) -> str:
        found = _NAME.fullmatch(inside)
        if found is None:
            raise LookupError(
                "the name of an environment variable is expected between `${` and `}`",
                "${NAME}, ${NAME:-default} or ${file:PATH}; a dollar sign itself is written `$$`",
            )
        name, default = found["name"], found["default"]
        value = self.environ.get(name)
        if value or (value is not None and default is None):
            self.values[name] = value
            return value
        if default is None:
            raise LookupError(f"the environment variable {name} is not set", self._near(name))
        return default

    def _near(self, name: str) -> str:
        near = get_close_matches(name, self.environ, n=1, cutoff=0.8)
        return f"did you mean {near[0]}?" if near else f"set it, or give a default: ${{{name}:-…}}"

    def _from_file(self, name: str) -> str:
        path = self.directory / Path(name).expanduser()
        value = _read_secret(path, name)
        self.values[f"file:{name}"] = value
        return value


def _read_secret(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise LookupError(f"the file {name!r} can not be read: {reason}", f"looked for {path}") from error
    if len(data) > MAX_SECRET_BYTES:
        raise LookupError(f"the file {name!r} is too large for a secret", f"{MAX_SECRET_BYTES} bytes at most")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LookupError(f"the file {name!r} is not UTF-8 text", "") from error
    return text.removesuffix("\n").removesuffix("\r")
