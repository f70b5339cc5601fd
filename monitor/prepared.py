"""What can be made of an entry by itself, whatever the store knows; and a first document, read in a child.

All entries of a feed's first document are new, so that all of it is needed; made in the child, it takes the
monitor's own thread no time. Of other documents it is made of what is new.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.feeds.entry import Entry, Parsed
from monitor.feeds.keys import EntryKeys, keys_of
from monitor.feeds.parse import parse, warm_up
from monitor.topics.batch import Batch, Texts, batch_of
from monitor.topics.document import Words
from monitor.topics.markup import loose_text_of, text_of
from monitor.topics.text import words_of

__all__ = ["Prepared", "entry_words", "parse_first", "warm_up", "words_of_all"]


class Prepared(NamedTuple):
    """What is made of a document's entries: the keys of each, and the words of all."""

    keys: tuple[EntryKeys, ...]
    words: Batch


def entry_words(entry: Entry) -> Words:
    """The words that topics look for in an entry, and that it is found by."""
    return words_of(*_texts(entry))


def words_of_all(entries: Sequence[Entry]) -> Batch:
    """The words of several entries."""
    loose = [(one.title, loose_text_of(one.summary), loose_text_of(one.content)) for one in entries]
    return batch_of(loose, lambda at: _texts(entries[at]))


def _texts(entry: Entry) -> Texts:
    return entry.title, text_of(entry.summary), text_of(entry.content)


def parse_first(document: bytes, *, url: str, content_type: str = "") -> "Packed":
    """`parse` the whole document, and prepare its entries."""
    parsed = parse(document, url=url, content_type=content_type)
    entries, keys = parsed.entries, map(keys_of, parsed.entries)
    return Packed(
        replace(parsed, entries=()), list(map(tuple, entries)), list(map(tuple, keys)), words_of_all(entries)
    )


class Packed(NamedTuple):
    """A document with its prepared entries, as they come back from a child: in bare tuples, twice as fast."""

    parsed: Parsed
    entries: list[tuple[object, ...]]
    keys: list[tuple[object, ...]]
    words: Batch

    def unpacked(self) -> tuple[Parsed, Prepared]:
        """The same as the monitor knows it."""
        parsed = replace(self.parsed, entries=tuple(map(Entry._make, self.entries)))
        return parsed, Prepared(tuple(map(EntryKeys._make, self.keys)), self.words)
