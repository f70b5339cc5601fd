"""A topic: a standing information need. Data only; the configuration makes it, the percolator runs it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from monitor.records import dataclass
from monitor.topics.query import Node

OnEdit = Literal["silent", "alert"]

DEFAULT_FIELDS = ("title", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A standing information need: its name, its query, where it looks and how it is labelled.

    `name` is unique over all watchlists. `query` has no alias left in it (the parser put them in).
    `fields` are the query's default fields ("title" and "body", where body is summary and content).
    `on_edit` says what becomes of an entry that matches because it was edited: kept, or told (again).
    `feeds` and `langs` narrow it to feeds by name (case ignored) and to languages ("en" takes "en-GB" and
    entries of unknown language); empty means all. `stem` is a Snowball language ("english", "en") or "".
    """

    name: str
    query: Node
    watchlist: str = ""
    fields: tuple[str, ...] = DEFAULT_FIELDS
    feeds: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    stem: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    full_text: bool = False
    on_edit: OnEdit = "silent"
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
