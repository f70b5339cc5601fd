"""A file's text with the items of its list and their places: what every edit begins with.

The list is a watchlist's topics, or the feeds. Reads what stands there, also where there are errors; changes
nothing.
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
class Listing:
    """A list that is edited: the key under which it stands, and the key that a bare text stands for."""

    key: str
    bare: str


TOPICS = Listing(key="topics", bare="name")
FEEDS = Listing(key="feeds", bare="url")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPlace:
    """A topic or feed and where it stands: the `index`th of its list. `node` has its references put in.

    `name` is what tells it from others: a topic's name, a feed's URL.
    """

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
    """A file's text and what stands where in it. `listed` is the place of the list."""

    listing: Listing
    source: Source
    root: tree.Node | None
    layout: Place | None
    listed: Place | None
    items: tuple[ItemPlace, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source.text

    def named(self, name: str) -> list[ItemPlace]:
        """The items of this name."""
        return [item for item in self.items if item.key == topic_key(name)]

    def line(self, item: ItemPlace) -> int:
        """The line, counted from 1, on which an item begins."""
        return self.source.line_of(item.place.start) + 1


def topic_key(name: str) -> str:
    """A topic's name as names are compared."""
    return " ".join(name.split()).casefold()


def read_draft(path: Path, text: str, *, environ: Mapping[str, str], listing: Listing = TOPICS) -> Draft:
    """The draft of a text; raises ConfigError where it is not YAML."""
    read = tree.read_tree(Source(path=path, text=text))
    if read.problems:
        raise refusal(read.problems)
    if read.root is None:
        return Draft(listing=listing, source=read.source, root=None, layout=None, listed=None, items=())
    directory = path.parent.parent if listing is TOPICS else path.parent
    root = Expansion(directory=directory, environ=environ).apply(read.root)
    layout = read_layout(text)
    listed = _listed(root, layout, listing)
    return Draft(
        listing=listing,
        source=read.source,
        root=read.root,
        layout=layout,
        listed=listed[1] if listed else None,
        items=_items(*listed, listing) if listed else (),
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


def _listed(root: tree.Node, layout: Place | None, listing: Listing) -> tuple[tree.Node, Place] | None:
    """The list and its place: the root, or what stands under the list's key."""
    if layout is None or isinstance(root, tree.Scalar):
        return None
    if isinstance(root, tree.Sequence):
        return root, layout
    names = list(root.pairs)
    if listing.key not in names or len(names) * 2 != len(layout.parts):
        return None
    return root.pairs[listing.key][1], layout.parts[names.index(listing.key) * 2 + 1]


def _items(listed: tree.Node, place: Place, listing: Listing) -> tuple[ItemPlace, ...]:
    if not isinstance(listed, tree.Sequence) or len(listed.items) != len(place.parts):
        return ()
    pairs = zip(listed.items, place.parts, strict=True)
    return tuple(
        ItemPlace(name=name_of(node, listing.bare), index=index, node=node, place=part)
        for index, (node, part) in enumerate(pairs)
    )


def name_of(node: tree.Node, key: str = TOPICS.bare) -> str:
    """What an item is called, "" where it has no name."""
    if isinstance(node, tree.Mapping) and key in node.pairs:
        node = node.pairs[key][1]
    return " ".join(node.text.split()) if isinstance(node, tree.Scalar) else ""
