"""What of a document is new, seen without parsing it. Pure, and quick enough for the event loop.

Only where nothing can be doubted: UTF-8, of a common size, cut into items some of which are known. All other
documents are read in a child, where parse.py makes the same cut with more care.
"""

import re
from collections.abc import Collection

from monitor.feeds.items import Cut, cut
from monitor.feeds.jsonfeed import looks_like_json
from monitor.records import dataclass

LARGEST = 2 * 1024 * 1024
MOST_ITEMS = 1_000
"""What is larger, or has more items, could hold up the loop."""
CONTENT_TYPE = "application/xml; charset=utf-8"
"""Of the documents that are made here."""

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?[^>]{0,200}encoding\s*=\s*[\"']([^\"'>]{0,40})", re.IGNORECASE
)
_UTF8 = {"", "utf-8", "utf8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """The items of a document, by their hashes, and which of them are new.

    `document` is one of the new items only, empty where there are none; `head` is that of both. `places` are
    the numbers of its items among `items`, None for one that only holds a place (`Cut.document`), whose hash
    is `placeholder`.
    """

    items: tuple[bytes, ...]
    head: bytes = b""
    document: bytes = b""
    places: tuple[int | None, ...] = ()
    placeholder: bytes = b""


def fresh(document: bytes, *, content_type: str, known: Collection[bytes]) -> Fresh | None:
    """What is new in a document of which some items are `known`; None where it must be read in a child."""
    if not known or len(document) > LARGEST or looks_like_json(document):
        return None
    if not _is_utf8(document, content_type):
        return None
    pieces = cut(document, known, most=MOST_ITEMS)
    unknown = pieces.unknown(known) if pieces else []
    if pieces is None or len(unknown) == len(pieces.items):
        return None
    return _only(pieces, unknown) if unknown else Fresh(items=pieces.hashes)


def _only(pieces: Cut, unknown: list[int]) -> Fresh | None:
    document = pieces.document(unknown)
    try:
        document.decode()  # the known items were in UTF-8 when they became known
    except UnicodeDecodeError:
        return None
    places: tuple[int | None, ...] = tuple(unknown)
    placeholder = b""
    if 0 not in unknown:
        again = cut(pieces.document([]))
        places, placeholder = (None, *places), again.hashes[0] if again else b""
    return Fresh(
        items=pieces.hashes, head=pieces.head, document=document, places=places, placeholder=placeholder
    )


def _is_utf8(document: bytes, content_type: str) -> bool:
    """Whether header and declaration say UTF-8, or nothing."""
    charset = _CHARSET.search(content_type)
    declared = _DECLARED.match(document)
    said = (charset[1] if charset else "", declared[1].decode("ascii", "replace") if declared else "")
    return all(one.lower() in _UTF8 for one in said)
