"""A YAML file as a tree of nodes that know their places. The one file here that knows ruamel.yaml.

Scalars stay the text that was typed: `no`, `1.10` and `12:30:45` are strings until a setting asks for
something else. What the nodes mean is decided elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from monitor.config import libyaml
from monitor.config.problem import Problem
from monitor.config.scalars import places
from monitor.config.secrets import loose_spans
from monitor.config.source import Source
from monitor.config.syntax import Explained, explain_character, explain_syntax

MAX_NODES = 5_000_000
"""Aliases counted as often as they are used: a few lines of YAML can stand for billions of nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What was put in for a `${…}`: [start, end) of a scalar's text, [at, to) of it as typed."""

    start: int
    end: int
    at: int
    to: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Scalar:
    """A value that is neither list nor mapping. `text` is its text, with every `${…}` put in.

    `typed` is the text as YAML reads it, `style` how it is quoted ("" for plain), [start, end) its place.
    """

    source: Source = field(repr=False)
    text: str
    typed: str
    style: str
    start: int
    end: int
    pieces: tuple[Piece, ...] = ()

    def problem(
        self, message: str, start: int | None = None, end: int | None = None, *, hint: str = ""
    ) -> Problem:
        """A problem with this value, or with the characters [start, end) of its text."""
        return self.source.problem(message, *self.span(start, end), hint=hint)

    def span(self, start: int | None = None, end: int | None = None) -> tuple[int, int]:
        """Where the characters [start, end) of the text stand in the file."""
        if start is None:
            return self.start, self.end
        end = start + 1 if end is None else max(end, start + 1)
        first = self._places[self._as_typed(start, first=True)]
        if start >= len(self.text):
            return first, first + 1
        # The end is found from the last character: what lies behind it may be on another line.
        last = self._as_typed(min(end, len(self.text)), first=False)
        return first, max(self._behind(last - 1), first + 1)

    def seen_from(self, other: "Scalar") -> str:
        """Where this is, for a message about the other: `line 3`, or with the file if it is another."""
        line = self.source.line_of(self.start) + 1
        same = self.source.path == other.source.path
        return f"on line {line}" if same else f"{self.source.path}:{line}"

    def _behind(self, index: int) -> int:
        """The position behind one character of the typed text: where the next begins, on the same line."""
        here, following = self._places[index], self._places[index + 1]
        return following if self.source.line_of(following) == self.source.line_of(here) else here + 1

    def _as_typed(self, index: int, *, first: bool) -> int:
        """The index in the typed text of an index in the text; inside a piece, one of the piece's ends."""
        moved = 0
        for piece in self.pieces:
            if piece.start <= index < piece.end or (not first and piece.start < index <= piece.end):
                return piece.at if first else piece.to
            if piece.end <= index:
                moved = piece.to - piece.end
        return min(index + moved, len(self.typed))

    @cached_property
    def _places(self) -> tuple[int, ...]:
        return places(self.source.text, self.start, self.end, style=self.style, value=self.typed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sequence:
    """A list."""

    source: Source = field(repr=False)
    items: tuple["Node", ...]
    start: int
    end: int

    def problem(self, message: str, *, hint: str = "") -> Problem:
        """A problem with the list as a whole."""
        return self.source.problem(message, self.start, self.end, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapping:
    """A mapping; its keys are unique (later ones of the same name were reported and dropped)."""

    source: Source = field(repr=False)
    pairs: dict[str, tuple[Scalar, "Node"]]
    start: int
    end: int

    def problem(self, message: str, *, hint: str = "") -> Problem:
        """A problem with the mapping as a whole."""
        return self.source.problem(message, self.start, self.end, hint=hint)

    def key(self, name: str) -> Scalar:
        """The key itself, as it stands in the file."""
        return self.pairs[name][0]


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What was read of a file: its root (None: nothing in it, or not readable) and what was wrong."""

    source: Source
    root: Node | None = None
    problems: tuple[Problem, ...] = ()


def read_tree(source: Source) -> Tree:
    """The tree of a file's text; broken YAML is a problem in plain words."""
    try:
        composed = _compose(source.text)
    except _BrokenError as broken:
        return Tree(source=source, problems=_told(source, [broken.explained]))
    if composed is None or (composed.id == "scalar" and not composed.value and not composed.style):
        return Tree(source=source)
    converter = _Converter(source)
    root = converter.convert(composed)
    return Tree(source=source, root=root, problems=_told(source, converter.wrong))


def scalars_of(node: Node) -> Iterator[Scalar]:
    """Every scalar below a node, keys not included, in the order of the file."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars_of(item)
    else:
        for _, value in node.pairs.values():
            yield from scalars_of(value)


def _told(source: Source, wrong: list[Explained]) -> tuple[Problem, ...]:
    """What is wrong as problems. Nobody can say yet which values are secret: all that looks so is starred."""
    if wrong:
        source.secret.extend(loose_spans(source.text))
    return tuple(source.problem(each.message, each.start, each.end, hint=each.hint) for each in wrong)


class _BrokenError(Exception):
    """The text is not YAML that is read here."""

    def __init__(self, explained: Explained) -> None:
        super().__init__(explained.message)
        self.explained = explained


def _compose(text: str) -> Any:
    """The nodes of the text; no Python object is ever constructed of them."""
    try:
        return libyaml.compose(text)
    except libyaml.UnsureError:
        return _compose_surely(text)


def _compose_surely(text: str) -> Any:
    """The nodes as ruamel.yaml composes them, or what it complains of."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = libyaml.MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        return yaml.compose(text)
    except ReaderError as error:
        message = explain_character(error.character)
        raise _BrokenError(Explained(message=message, start=error.position)) from error
    except MarkedYAMLError as error:
        marks = (_index(error.problem_mark), _index(error.context_mark))
        raise _BrokenError(explain_syntax(text, error.problem, *marks)) from error
    except (RuntimeError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError) as error:
        # `\UFFFFFFFF` and the like trip the scanner where it does not expect it.
        raise _BrokenError(Explained(message="this is not YAML that can be read", start=0)) from error


def _index(mark: Any) -> int | None:
    return None if mark is None else int(mark.index)


class _Converter:
    """Turns ruamel.yaml's nodes into ours, keeping shared ones shared, and collects what is wrong."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.wrong: list[Explained] = []
        self._done: dict[int, tuple[Node, int]] = {}
        self._open: set[int] = set()

    def convert(self, composed: Any) -> Node | None:
        """The node, or None where it refers to itself or to too much."""
        found = self._convert(composed)
        return found[0] if found else None

    def _convert(self, composed: Any) -> tuple[Node, int] | None:
        """The node and its size with aliases followed."""
        if (done := self._done.get(id(composed))) is not None:
            return done
        if id(composed) in self._open:
            self._report(composed, "an anchor's alias (`*name`) stands inside the anchor itself")
            return None
        if len(self._open) >= libyaml.MAX_DEPTH:
            self._report(composed, "lists and mappings are nested too deeply here")
            return None
        self._open.add(id(composed))
        node, size = self._made(composed)
        self._open.discard(id(composed))
        if size > MAX_NODES:
            self._report(composed, "too much is repeated here by aliases (`*name`)")
            return None
        self._done[id(composed)] = (node, size)
        return node, size

    def _made(self, composed: Any) -> tuple[Node, int]:
        self._check_tag(composed)
        if composed.id == "scalar":
            return self._scalar(composed), 1
        if composed.id == "sequence":
            return self._sequence(composed)
        return self._mapping(composed)

    def _scalar(self, composed: Any) -> Scalar:
        start, end = composed.start_mark.index, composed.end_mark.index
        text = composed.value
        style = composed.style or ""
        return Scalar(source=self.source, text=text, typed=text, style=style, start=start, end=end)

    def _sequence(self, composed: Any) -> tuple[Node, int]:
        found = [converted for item in composed.value if (converted := self._convert(item))]
        node = Sequence(
            source=self.source,
            items=tuple(item for item, _ in found),
            start=composed.start_mark.index,
            end=composed.end_mark.index,
        )
        return node, 1 + sum(size for _, size in found)

    def _mapping(self, composed: Any) -> tuple[Node, int]:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        for composed_key, composed_value in composed.value:
            key, value = self._key(composed_key), self._convert(composed_value)
            if key is None or value is None:
                continue
            size += 1 + value[1]
            if key.text in pairs:
                first = pairs[key.text][0].seen_from(key)
                self._report(composed_key, f"the key `{key.text}` stands here twice; the first is {first}")
            else:
                pairs[key.text] = (key, value[0])
        start, end = composed.start_mark.index, composed.end_mark.index
        return Mapping(source=self.source, pairs=pairs, start=start, end=end), size

    def _key(self, composed: Any) -> Scalar | None:
        if composed.id != "scalar":
            self._report(composed, "a key is a single word or text, not a list or mapping")
            return None
        return self._scalar(composed)

    def _check_tag(self, composed: Any) -> None:
        tag = str(composed.tag)
        if not tag.startswith("tag:yaml.org,2002:"):
            self._report(composed, f"YAML tags like `{tag}` are not read here", "put quotes around the text")

    def _report(self, composed: Any, message: str, hint: str = "") -> None:
        start, end = composed.start_mark.index, composed.end_mark.index
        self.wrong.append(Explained(message=message, start=start, end=end, hint=hint))
