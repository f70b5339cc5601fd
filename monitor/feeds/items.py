"""A feed's document cut into head, items and tail, by a fast pass over its bytes. Pure; understands no XML.

So that only what is new need be parsed: an item's hash says whether it was there before. Where the cut is not
sure there is none, and the whole document is parsed. Works on UTF-8, in time that grows with the document's
length and no faster, whatever is in it.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256  # processors have it built in
from typing import NamedTuple

from monitor.records import dataclass

_VERSION = b"\x01"
_FIRST_ITEM = re.compile(rb"<(item|entry)(?=[\s>])")
_OPENINGS = {name: re.compile(rb"<%s(?=[\s>])" % name) for name in (b"item", b"entry")}
"""`<items>` is no `<item>`."""
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?")
_TAG = re.compile(rb"<[A-Za-z]")
_CHANNEL = re.compile(rb"\s*<channel\b")


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

    def unknown(self, known: Collection[bytes]) -> list[int]:
        """The numbers of the items whose hashes are not among these."""
        return [number for number, hashed in enumerate(self.hashes) if hashed not in known]

    def document(self, wanted: Collection[int]) -> bytes:
        """A document with only some of the items, by their numbers.

        In the place of the first item stands an empty one where it is not wanted: feedparser lets some of
        what it read in the head leak into the item that follows.
        """
        first = b"" if 0 in wanted else b"<%s></%s>" % (self.name, self.name)
        some = (self.items[number] for number in sorted(wanted))
        return b"".join((self.head, first, *some, self.between, self.tail))


def cut(document: bytes, known: Collection[bytes] = (), *, most: int | None = None) -> Cut | None:
    """Cut a document into its items; None where there are none, or where it is not sure what they are.

    Into items whose hashes are `known` nobody looks again. With more than `most` items it is not sure either.
    """
    first = _FIRST_ITEM.search(document)
    if first is None:
        return None
    name, head = first[1], document[: first.start()]
    pieces = _pieces(document[first.start() :], name, most)
    if pieces is None:
        return None
    hashes = _hashes(head, pieces.items)
    new = (item for hashed, item in zip(hashes, pieces.items, strict=True) if hashed not in known)
    opening = _OPENINGS[name]
    if not all(_sure(item, opening) for item in new):
        return None
    return Cut(
        name=name, head=head, items=pieces.items, hashes=hashes, between=pieces.between, tail=pieces.tail
    )


class _Pieces(NamedTuple):
    """A document's items, and what stands between and after them."""

    items: tuple[bytes, ...]
    between: bytes
    tail: bytes


def _pieces(document: bytes, name: bytes, most: int | None) -> _Pieces | None:
    """From the start of each item to the next end of one; None where one has none, or there are too many."""
    opening, end = _OPENINGS[name], b"</%s>" % name
    *pieces, tail = document.split(end, -1 if most is None else most)
    if not pieces or opening.search(tail):
        return None
    begins = b"<%s>" % name, b"<%s " % name
    items, between = [], []
    for piece in pieces:
        item = piece.lstrip()
        if not item.startswith(begins):
            found = opening.search(item)
            between.append(item[: found.start()].strip() if found else item + end)
            if found is None:
                continue
            item = item[found.start() :]
        items.append(item + end)
    return _Pieces(tuple(items), b"".join(between), tail)


def _sure(item: bytes, opening: re.Pattern[bytes]) -> bool:
    """Whether an item ends with its own end, and not with one of another, in a text or in a comment."""
    if opening.search(item, 1) or item.count(b"<![CDATA[") != item.count(b"]]>"):
        return False
    return _comments_end(item) or _comments_end(b"".join(_without_texts(item)))


def _comments_end(item: bytes) -> bool:
    return item.count(b"<!--") <= item.count(b"-->")


def _without_texts(item: bytes) -> Iterator[bytes]:
    before, *texts = item.split(b"<![CDATA[")
    yield before
    for text in texts:
        yield text.partition(b"]]>")[2]


def _hashes(head: bytes, items: Iterable[bytes]) -> tuple[bytes, ...]:
    context = sha256(_outermost(head)).digest()
    return tuple([_VERSION + sha256(context + item).digest()[:15] for item in items])


def _outermost(head: bytes) -> bytes:
    """The head up to the end of its outermost tags, without what says how the bytes are to be read."""
    declared = _DECLARATION.match(head)
    start = declared.end() if declared else 0
    tag = _TAG.search(head, start)
    end = head.find(b">", tag.end()) if tag else -1
    channel = _CHANNEL.match(head, end + 1) if end >= 0 else None
    if channel:
        end = head.find(b">", channel.end())
    return head[start : end + 1] if end >= 0 else head[start:]
