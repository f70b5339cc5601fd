"""A feed's document cut into head, items and tail, by a fast pass over its bytes. Pure; understands no XML.

So that only what is new need be parsed: an item's hash says whether it was there before. Where the cut is not
sure there is none, and the whole document is parsed. Works on UTF-8.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    spans = _spans(document, name, first.start())
    items = tuple(document[start:end] for start, end in spans)
    if not items or not _whole(document, items):
        return None
    head = document[: spans[0][0]]
    between = (document[end:start].strip() for (_, end), (start, _) in pairwise(spans))
    return Cut(
        name=name,
        head=head,
        items=items,
        hashes=tuple(map(_hasher(head), items)),
        between=b"".join(between),
        tail=document[spans[-1][1] :],
    )


def _spans(document: bytes, name: bytes, start: int) -> list[tuple[int, int]]:
    """From the start of each item to its end; none where one has no end, or begins in another."""
    opening, closing = b"<" + name, b"</" + name + b">"
    spans = []
    while start >= 0:
        end = document.find(closing, start) + len(closing)
        following = _find_start(document, opening, start + 1)
        if end < len(closing) or 0 <= following < end:
            return []
        spans.append((start, end))
        start = following
    return spans


def _find_start(document: bytes, opening: bytes, start: int) -> int:
    """Where the next such tag starts; `<items>` is no `<item>`."""
    found = document.find(opening, start)
    while found >= 0 and document[found + len(opening) : found + len(opening) + 1] not in b" >\n\r\t":
        found = document.find(opening, found + 1)
    return found


def _whole(document: bytes, items: Sequence[bytes]) -> bool:
    """Whether each item ends with its own end, and not with one in a text or in a comment."""
    texts = b"]]>" in document and any(item.count(b"<![CDATA[") != item.count(b"]]>") for item in items)
    return not texts and (b"<!--" not in document or all(map(_comments_end, items)))


def _comments_end(item: bytes) -> bool:
    if item.count(b"<!--") <= item.count(b"-->"):
        return True
    bare = _CDATA.sub(b"", item)
    return bare.count(b"<!--") <= bare.count(b"-->")


def _hasher(head: bytes) -> Callable[[bytes], bytes]:
    root = _ROOT.search(head)
    context = hashlib.blake2b(head[: root.end()] if root else head, digest_size=15)

    def hashed(item: bytes) -> bytes:
        one = context.copy()
        one.update(item)
        return _VERSION + one.digest()

    return hashed
