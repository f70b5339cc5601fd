"""Where every value of a YAML text stands, to the character: what an edit must know to touch nothing else.

Reads the parsers' events, which tell the places of aliases and brackets too. What the values mean, and what
is wrong with the text, the tree says: only texts that it has read come here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from monitor.config import libyaml

Kind = Literal["scalar", "list", "mapping"]

_COLON = re.compile(r"(?:\s|#[^\r\n]*)*:")
_KEEPS = re.compile(r"[&!\w\s-]*[|>][1-9]?\+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value's place: [start, end) of the text, trailing blanks and comments not included.

    `parts` are a list's items; a mapping's are its keys and values in turn. An alias is a scalar here.
    `flow` tells a list or mapping in brackets.
    """

    kind: Kind
    start: int
    end: int
    flow: bool = False
    parts: tuple["Place", ...] = ()

    def pairs(self) -> list[tuple["Place", "Place"]]:
        """A mapping's keys with their values; a list has none."""
        return [] if self.kind != "mapping" else list(zip(self.parts[::2], self.parts[1::2], strict=True))


def read_layout(text: str) -> Place | None:
    """The place of the text's root; None where nothing is in it but comments."""
    try:
        return _root(text, libyaml.events(text))
    except libyaml.UnsureError:
        from ruamel.yaml import YAML

        return _root(text, iter(YAML(typ="safe", pure=True).parse(text)))


def _root(text: str, events: Iterator[Any]) -> Place | None:
    for event in events:
        if type(event).__name__ == "DocumentStartEvent":
            root = _place(text, next(events), events)
            return root if root.end > root.start else None
    return None


def _place(text: str, event: Any, events: Iterator[Any]) -> Place:
    kind = type(event).__name__
    if kind == "SequenceStartEvent":
        return _collection("list", text, event, events)
    if kind == "MappingStartEvent":
        return _collection("mapping", text, event, events)
    start, end = event.start_mark.index, event.end_mark.index
    return Place(kind="scalar", start=start, end=_scalar_end(text, start, end))


def _collection(kind: Kind, text: str, opening: Any, events: Iterator[Any]) -> Place:
    parts: list[Place] = []
    for event in events:
        if type(event).__name__ in ("SequenceEndEvent", "MappingEndEvent"):
            break
        parts.append(_place(text, event, events))
        if kind == "mapping" and len(parts) % 2 == 0:
            parts[-1] = _after_colon(text, parts[-2], parts[-1])
    start = opening.start_mark.index
    flow = bool(opening.flow_style)
    # A block ends, for the parser, where the next thing begins: for us with its last value.
    end = event.end_mark.index if flow or not parts else parts[-1].end
    return Place(kind=kind, start=start, end=end, flow=flow, parts=tuple(parts))


def _after_colon(text: str, key: Place, value: Place) -> Place:
    """The value; one that is not written stands behind its key's colon, not where the next thing begins."""
    found = _COLON.match(text, key.end)
    if value.kind != "scalar" or value.end > value.start or found is None:
        return value
    return Place(kind="scalar", start=found.end(), end=found.end())


def _scalar_end(text: str, start: int, end: int) -> int:
    """Where a scalar's last character is; a block's last line end and the blank lines below are not its."""
    if _KEEPS.match(text, start, end):
        return end
    return start + len(text[start:end].rstrip(" \t\r\n"))
