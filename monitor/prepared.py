"""A feed's first document, read in a child: its entries, and all that can be made of each by itself.

All of them are new, so that all of it is needed whatever the store knows; made there, it takes the monitor's
own thread no time. Of other documents most entries are known, and of these nothing is made but their keys.
"""

from typing import NamedTuple

from monitor.feeds.entry import Parsed
from monitor.feeds.keys import EntryKeys, keys_of
from monitor.feeds.parse import parse, warm_up
from monitor.topics.texts import Texts, texts_of

__all__ = ["Prepared", "parse_first", "warm_up"]


class Prepared(NamedTuple):
    """What is made of one entry: a tuple, for these are pickled and read back in no time."""

    keys: EntryKeys
    texts: Texts


def parse_first(document: bytes, *, url: str, content_type: str = "") -> tuple[Parsed, tuple[Prepared, ...]]:
    """`parse` the whole document, and prepare each of its entries."""
    parsed = parse(document, url=url, content_type=content_type)
    made = (
        Prepared(keys_of(entry), texts_of(entry.title, entry.summary, entry.content))
        for entry in parsed.entries
    )
    return parsed, tuple(made)
