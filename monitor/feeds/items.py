"""A feed's document cut into head, items and tail, by a fast pass over its bytes. Pure; understands no XML.

So that only what is new need be parsed: an item's hash says whether it was there before. Where the cut is not
sure there is none, and the whole document is parsed. Works on UTF-8.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

_VERSION = b"\x01"
_FIRST_ITEM = re.compile(rb"<(item|entry)(?=[\s>])")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z][^>]*>(?:\s*<channel\b[^>]*>)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document in pieces: its items, their hashes, and what stands before, between and after them.

    A hash is of an item's bytes and of the document's outermost tags, on which its meaning depends.
    """

    name: bytes
    head: bytes
    items: tuple[bytes, ...]
    hashes: tuple[bytes, ...]
    between: bytes
    tail: bytes

    def document(self, wanted: Collection[int]) -> bytes:
        """A document with only some of the items, by their numbers.

        In the place of the first item stands an empty one where it is not wanted: feedparser lets some of
        what it read in the head leak into the item that follows.
        """
        first = b"" if 0 in wanted else b"<%s></%s>" % (self.name, self.name)
        some = (self.items[number] for number in sorted(wanted))
        return b"".join((self.head, first, *some, self.between, self.tail))


def cut(document: bytes) -> Cut | None:
    """Cut a document into its items; None where there are none, or where it is not sure what they are."""
    first = _FIRST_ITEM.search(document)
    if first is None:
        return None
    name = first[1]
    items: list[bytes] = []
    between: list[bytes] = []
    end = first.start()
    for start, after in _spans(document, name, first.start()):
        item = document[start:after]
        if not _is_one_item(item, name):
            return None
        items.append(item)
        between.append(document[end:start].strip())
        end = after
    head, tail = document[: first.start()], document[end:]
    if not items or _starts(tail, name):
        return None
    return Cut(
        name=name,
        head=head,
        items=tuple(items),
        hashes=tuple(map(_hasher(head), items)),
        between=b"".join(between),
        tail=tail,
    )


def _spans(document: bytes, name: bytes, start: int) -> Iterator[tuple[int, int]]:
    """From the start of each item to its end; ends where an item does not."""
    opening, closing = b"<" + name, b"</" + name + b">"
    while start >= 0:
        after = document.find(closing, start)
        if after < 0:
            return
        after += len(closing)
        yield start, after
        start = _find_start(document, opening, after)


def _find_start(document: bytes, opening: bytes, start: int) -> int:
    """Where the next such tag starts; `<items>` is no `<item>`."""
    found = document.find(opening, start)
    while found >= 0 and document[found + len(opening) : found + len(opening) + 1] not in b" >\n\r\t":
        found = document.find(opening, found + 1)
    return found


def _starts(piece: bytes, name: bytes) -> bool:
    return _find_start(piece, b"<" + name, 0) >= 0


def _is_one_item(item: bytes, name: bytes) -> bool:
    """Whether this is an item from its start to its own end, and not to one in a text or in an inner item."""
    return (
        _find_start(item, b"<" + name, 1) < 0
        and item.count(b"<![CDATA[") == item.count(b"]]>")
        and (_comments_end(item) or _comments_end(_CDATA.sub(b"", item)))
    )


def _comments_end(item: bytes) -> bool:
    return item.count(b"<!--") <= item.count(b"-->")


def _hasher(head: bytes) -> Callable[[bytes], bytes]:
    root = _ROOT.search(head)
    context = hashlib.blake2b(head[: root.end()] if root else head, digest_size=15)

    def hashed(item: bytes) -> bytes:
        one = context.copy()
        one.update(item)
        return _VERSION + one.digest()

    return hashed
