"""Composes ordinary YAML by libyaml, twenty times faster than ruamel.yaml. The only file that knows PyYAML.

Watchlists may have many thousand topics. Whatever libyaml refuses, or might read differently, is left to
ruamel.yaml, which has the last word on what is YAML and on what is wrong with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

MAX_DEPTH = 60
_ODD = re.compile("[\t\x85\u2028\u2029\ufeff]")
"""Tabs and line ends that only one of the two accepts, and marks that they count differently."""


class UnsureError(Exception):
    """This text is to be read by ruamel.yaml."""


@dataclass(slots=True)
class Composed:
    """A node as ruamel.yaml would compose it, as far as it is looked at."""

    id: str
    value: Any
    tag: str
    style: str | None
    start_mark: Any
    end_mark: Any


def compose(text: str) -> Composed | None:
    """The root of the text's one document, None where there is nothing in it."""
    if _ODD.search(text):
        raise UnsureError
    try:
        root = _Composer(iter(yaml.parse(text, Loader=yaml.CSafeLoader))).document()
    except (yaml.YAMLError, AttributeError, ValueError) as error:
        # AttributeError: PyYAML was built without libyaml.
        raise UnsureError from error
    if root is not None and root.id == "scalar":
        raise UnsureError  # a block scalar that is a whole document begins in another column for each
    return root


def events(text: str) -> Iterator[Any]:
    """The text's events as they come, for those who look at places only."""
    if _ODD.search(text):
        raise UnsureError
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, AttributeError, ValueError) as error:
        raise UnsureError from error


class _Composer:
    """Makes nodes of events. libyaml's own composer follows any nesting until the stack is full."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Composed] = {}

    def document(self) -> Composed | None:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        root = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise UnsureError
        return root

    def _node(self, event: Any, depth: int) -> Composed:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise UnsureError
            return self._anchors[event.anchor]
        if depth > MAX_DEPTH:
            raise UnsureError
        node = _begun(event)
        if event.anchor:
            self._anchors[event.anchor] = node
        if node.id != "scalar":
            self._fill(node, depth)
        return node

    def _fill(self, node: Composed, depth: int) -> None:
        """The nodes of a list, or the pairs of a mapping, up to its end."""
        children = list(self._children(node, depth))
        node.value = (
            list(zip(children[::2], children[1::2], strict=True)) if node.id == "mapping" else children
        )

    def _children(self, node: Composed, depth: int) -> Iterator[Composed]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                node.end_mark = event.end_mark
                return
            yield self._node(event, depth + 1)


def _begun(event: Any) -> Composed:
    """The node that an event begins; a list or mapping is filled later, for its own alias may stand in it."""
    tag = event.tag if event.tag not in (None, "!") else "tag:yaml.org,2002:str"
    if isinstance(event, yaml.ScalarEvent):
        return Composed("scalar", event.value, tag, event.style, event.start_mark, event.end_mark)
    name = "sequence" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
    return Composed(name, [], tag, None, event.start_mark, event.end_mark)
