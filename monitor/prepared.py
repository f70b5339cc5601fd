"""What can be made of an entry by itself, whatever the store knows; and a first document, read in a child.

All entries of a feed's first document are new, so that all of it is needed; made in the child, it takes the
monitor's own thread no time. Of other documents it is made of what is new.
"""

from typing import NamedTuple

from monitor.feeds.entry import Entry, Parsed
from monitor.feeds.keys import EntryKeys, keys_of
from monitor.feeds.parse import parse, warm_up
from monitor.topics.document import Words
from monitor.topics.markup import text_of
from monitor.topics.text import words_of

__all__ = ["Prepared", "entry_words", "parse_first", "warm_up"]


class Prepared(NamedTuple):
    """What is made of one entry: a tuple, for these are pickled and read back in no time."""

    keys: EntryKeys
    words: Words


def entry_words(entry: Entry) -> Words:
    """The words that topics look for in an entry, and that it is found by."""
    return words_of(entry.title, text_of(entry.summary), text_of(entry.content))


def parse_first(document: bytes, *, url: str, content_type: str = "") -> tuple[Parsed, tuple[Prepared, ...]]:
    """`parse` the whole document, and prepare each of its entries."""
    parsed = parse(document, url=url, content_type=content_type)
    return parsed, tuple(Prepared(keys_of(entry), entry_words(entry)) for entry in parsed.entries)
