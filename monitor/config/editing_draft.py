"""A watchlist's text with its topics and their places: what every edit begins with.

Reads what stands there, also in a watchlist that has errors; changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config import tree
from monitor.config.editing_layout import Place, read_layout
from monitor.config.editing_values import Data
from monitor.config.expand import Expansion
from monitor.config.problem import refusal
from monitor.config.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPlace:
    """A topic and where it stands: the `index`th of its list. `node` has its references put in."""

    name: str
    index: int
    node: tree.Node
    place: Place

    @property
    def key(self) -> str:
        """What two topics may not share: the name, its case ignored."""
        return topic_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A watchlist's text and what stands where in it. `listed` is the place of the list of topics."""

    source: Source
    root: tree.Node | None
    layout: Place | None
    listed: Place | None
    topics: tuple[TopicPlace, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source.text

    def named(self, name: str) -> list[TopicPlace]:
        """The topics of this name."""
        return [topic for topic in self.topics if topic.key == topic_key(name)]

    def line(self, topic: TopicPlace) -> int:
        """The line, counted from 1, on which a topic begins."""
        return self.source.line_of(topic.place.start) + 1


def topic_key(name: str) -> str:
    """A topic's name as names are compared."""
    return " ".join(name.split()).casefold()


def read_draft(path: Path, text: str, *, environ: Mapping[str, str]) -> Draft:
    """The draft of a watchlist's text; raises ConfigError where it is not YAML."""
    read = tree.read_tree(Source(path=path, text=text))
    if read.problems:
        raise refusal(read.problems)
    if read.root is None:
        return Draft(source=read.source, root=None, layout=None, listed=None, topics=())
    root = Expansion(directory=path.parent.parent, environ=environ).apply(read.root)
    layout = read_layout(text)
    listed = _listed(root, layout)
    return Draft(
        source=read.source,
        root=read.root,
        layout=layout,
        listed=listed[1] if listed else None,
        topics=_topics(*listed) if listed else (),
    )


def data_of(node: tree.Node | None) -> Data:
    """What a node says, as typed."""
    if node is None:
        return ""
    if isinstance(node, tree.Scalar):
        return node.typed
    if isinstance(node, tree.Sequence):
        return [data_of(item) for item in node.items]
    return {name: data_of(value) for name, (_, value) in node.pairs.items()}


def _listed(root: tree.Node, layout: Place | None) -> tuple[tree.Node, Place] | None:
    """The list of topics and its place: the root, or what stands under `topics`."""
    if layout is None or isinstance(root, tree.Scalar):
        return None
    if isinstance(root, tree.Sequence):
        return root, layout
    names = list(root.pairs)
    if "topics" not in names or len(names) * 2 != len(layout.parts):
        return None
    return root.pairs["topics"][1], layout.parts[names.index("topics") * 2 + 1]


def _topics(listed: tree.Node, place: Place) -> tuple[TopicPlace, ...]:
    if not isinstance(listed, tree.Sequence) or len(listed.items) != len(place.parts):
        return ()
    pairs = zip(listed.items, place.parts, strict=True)
    return tuple(
        TopicPlace(name=name_of(node), index=index, node=node, place=part)
        for index, (node, part) in enumerate(pairs)
    )


def name_of(node: tree.Node) -> str:
    """What a topic is called, "" where it has no name."""
    if isinstance(node, tree.Mapping) and "name" in node.pairs:
        node = node.pairs["name"][1]
    return " ".join(node.text.split()) if isinstance(node, tree.Scalar) else ""
