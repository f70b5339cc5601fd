"""Bytes → entries: RSS 0.9x, 1.0, 2.0 and Atom through feedparser, JSON Feed without it.

    unzip ─ JSON Feed? ─ to UTF-8 ─ cut into items ─ leave out the known ones ─ plain? ─ entries
                                         └── not sure: the whole document ──────┘  └─ feedparser ┘

Runs in a child of the sandbox: there are small documents that keep feedparser busy for half a minute.
The one file that knows feedparser. Does not decide which entries are new.
"""

import codecs
import io
import re
import zlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

from monitor.errors import ParseError
from monitor.feeds.entry import Parsed
from monitor.feeds.found import entries_of, feed_of
from monitor.feeds.fresh import Fresh
from monitor.feeds.items import Cut, cut
from monitor.feeds.jsonfeed import looks_like_json, parse_json
from monitor.feeds.plain import UnsureError, plain
from monitor.feeds.text import line
from monitor.records import dataclass
from monitor.steps import Measured

MAX_UNZIPPED = 10 * 1024 * 1024
MAX_ENTRIES = 5_000

_HEAD_BYTES = 64 * 1024
_WIDE_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_XML = "application/xml; charset=utf-8"
_DOCTYPE = re.compile(rb"\s*<\?xml[^>]*>[^<]*(<!DOCTYPE[^\[>]*\[.*?\]\s*>)", re.DOTALL)
_ENTITY_OF_ENTITIES = re.compile(rb"""<!ENTITY\b[^"'<>]*["'][^"'<>]*&[^#]""")
_BAD_CHARACTER = re.compile(rb"&#(?:0*(\d{1,12})|[xX]0*([0-9a-fA-F]{1,12}));?")


def warm_up() -> None:
    """Load what parsing needs: the sandbox does so once for all its children."""
    import feedparser.api

    # It looks for another XML parser in each call, by an import that fails.
    feedparser.api.PREFERRED_XML_PARSERS = []


def parse(
    document: bytes, *, url: str, content_type: str = "", known: Collection[bytes] = frozenset()
) -> Parsed:
    """Read a feed's document; `url` is where it came from, for its relative links.

    Items whose hashes are `known`, from the `items` of what was parsed before, are left out.
    Raises ParseError, saying what the document is, where there is no feed in it. What is wrong with single
    entries, or with the document but did not stop us, is said in the warnings.
    """
    document = _unzipped(document)
    if looks_like_json(document):
        return parse_json(document, url=url, most=MAX_ENTRIES)
    utf8, encoding_error = _to_utf8(document, content_type)
    reading = _read(utf8, frozenset(known), _found)
    if not reading.found["entries"] and not reading.found.get("version"):
        from monitor.feeds.diagnose import not_a_feed  # with what reads HTML, where there is some

        raise ParseError(not_a_feed(document, url=url))
    return _parsed(reading, url, encoding_error)


def parse_new(new: Fresh, *, url: str) -> Measured[Parsed]:
    """What is new in a document as `parse` would read it, without feedparser, and so without danger.

    Goes by steps; raises UnsureError, also where it shows other items than were cut.
    """
    has_mark = new.document.startswith(codecs.BOM_UTF8)
    found = plain(new.document[len(codecs.BOM_UTF8) :] if has_mark else new.document.lstrip())
    places = [place for place in new.places if place is not None]
    if len(found["entries"]) != len(new.places):
        raise UnsureError("other items than were cut")
    del found["entries"][: len(new.places) - len(places)]
    left_out = len(new.items) - len(places)
    reading = _Reading(found=found, head=new.head, items=new.items, places=places, left_out=left_out)
    yield 0
    return _parsed(reading, url, ())


def _parsed(reading: "_Reading", url: str, encoding_error: tuple[str, ...]) -> Parsed:
    found, warnings = reading.found, [*encoding_error, *reading.warnings]
    feed = feed_of(found, reading.head, url)
    numbered = list(entries_of(found["entries"][:MAX_ENTRIES], feed, url, warnings))
    return Parsed(
        feed=feed,
        entries=tuple(entry for _, entry in numbered),
        warnings=tuple(warnings),
        items=reading.items,
        places=tuple(reading.places[number] for number, _ in numbered) if reading.items else (),
        left_out=reading.left_out,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What feedparser found, in the whole document or in its unknown items; `places` are their numbers."""

    found: Any
    head: bytes
    items: tuple[bytes, ...] = ()
    places: Sequence[int] = ()
    left_out: int = 0
    warnings: tuple[str, ...] = ()


_Find = Callable[[bytes], Any]
"""What feedparser finds in a document; raises ParseError."""


def _read(utf8: bytes, known: frozenset[bytes], find: _Find) -> _Reading:
    pieces = cut(utf8, known)
    if pieces is None:
        return _whole(utf8, None, find)
    numbers = range(min(len(pieces.items), MAX_ENTRIES))
    unknown = [number for number in pieces.unknown(known) if number in numbers]
    if len(unknown) < len(pieces.items) and (
        reading := _some(pieces, unknown, find, left_out=len(numbers) - len(unknown))
    ):
        return reading
    return _whole(utf8 if len(numbers) == len(pieces.items) else pieces.document(numbers), pieces, find)


def _some(pieces: Cut, unknown: Sequence[int], find: _Find, *, left_out: int) -> _Reading | None:
    """Only these items; None where feedparser does not see in them what we see."""
    try:
        found = find(pieces.document(unknown))
    except ParseError:
        return None
    placeholder = 0 not in unknown
    if found.get("bozo") or len(found["entries"]) != len(unknown) + placeholder:
        return None
    del found["entries"][:placeholder]
    return _Reading(
        found=found,
        head=pieces.head,
        items=pieces.hashes[:MAX_ENTRIES],
        places=unknown,
        left_out=left_out,
        warnings=_too_many(len(pieces.items)),
    )


def _whole(utf8: bytes, pieces: Cut | None, find: _Find) -> _Reading:
    """The whole document; its items are to be known only where we and feedparser agree what they are."""
    try:
        found = find(utf8)
    except ParseError:
        if pieces is None:
            raise
        return _one_by_one(pieces)
    head = pieces.head if pieces else utf8[:_HEAD_BYTES]
    warnings = _too_many(len(found["entries"]))
    if found.get("bozo"):
        words = line(str(found.get("bozo_exception")))[:200]
        return _Reading(found=found, head=head, warnings=(f"not well-formed: {words}", *warnings))
    sure = pieces is not None and len(pieces.items) == len(found["entries"])
    items = pieces.hashes if pieces and sure else ()
    return _Reading(found=found, head=head, items=items, places=range(len(items)), warnings=warnings)


def _one_by_one(pieces: Cut) -> _Reading:
    """Something in the document is too much for feedparser: leave out the items that it is in."""
    found = _feedparser(pieces.document([]))
    found["entries"].clear()
    bad = 0
    for number in range(min(len(pieces.items), MAX_ENTRIES)):
        try:
            found["entries"] += _feedparser(pieces.document([number]))["entries"][-1:]
        except ParseError:
            bad += 1
    warning = f"{bad} {'entry' if bad == 1 else 'entries'} could not be read"
    return _Reading(found=found, head=pieces.head, warnings=(warning, *_too_many(len(pieces.items))))


def _too_many(count: int) -> tuple[str, ...]:
    return (f"only the first {MAX_ENTRIES} of {count} entries were read",) if count > MAX_ENTRIES else ()


def _unzipped(document: bytes) -> bytes:
    """Some feeds are files that were packed and are served as they are."""
    if not document.startswith(b"\x1f\x8b"):
        return document
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unzipped = inflater.decompress(document, MAX_UNZIPPED)
    except zlib.error as error:
        raise ParseError(f"this is a gzip archive that can not be read: {error}") from error
    if not unzipped:
        raise ParseError("this is a gzip archive with nothing in it")
    return unzipped


def _to_utf8(document: bytes, content_type: str) -> tuple[bytes, tuple[str, ...]]:
    """The document in UTF-8, decoded as feedparser does it: by header, BOM, declaration or guess."""
    from feedparser.encodings import convert_to_utf8
    from feedparser.exceptions import CharacterEncodingOverride

    wide = next((charset for bom, charset in _WIDE_BOMS.items() if document.startswith(bom)), "")
    if wide:  # stronger than what the server says (RFC 7303, 3.2)
        content_type = f"application/xml; charset={wide}"
    start = document[:_HEAD_BYTES].lstrip()
    if start.startswith(b"<"):
        document = start + document[_HEAD_BYTES:]  # a declaration must stand at the very start
    result: dict[str, Any] = {}
    try:
        utf8 = convert_to_utf8({"content-type": content_type} if content_type else {}, document, result)
    except Exception as error:
        raise ParseError(f"its encoding can not be read: {line(str(error))[:200]}") from error
    problem = result.get("bozo_exception")
    # us-ascii is what a header without a charset means by an old rule that nobody follows.
    wrong = isinstance(problem, CharacterEncodingOverride) and "us-ascii" not in str(problem)
    return _defused(utf8), ((str(problem),) if wrong else ())


def _defused(utf8: bytes) -> bytes:
    """The document without definitions of entities that are made of other entities: they multiply."""
    doctype = _DOCTYPE.match(utf8[:_HEAD_BYTES])
    if doctype is None or not _ENTITY_OF_ENTITIES.search(doctype[0]):
        return utf8
    return utf8[: doctype.start(1)] + utf8[doctype.end(1) :]


def _found(utf8: bytes) -> Any:
    """What feedparser finds; it is asked only where that is not plain."""
    try:
        return plain(utf8)
    except UnsureError:
        return _feedparser(utf8)


def _feedparser(utf8: bytes) -> Any:
    """What feedparser finds; it raises whatever its tolerance leads it into."""
    try:
        return _ask_feedparser(utf8)
    except Exception:  # noqa: BLE001 - see above
        repaired = _BAD_CHARACTER.sub(_repair, utf8)
    try:
        return _ask_feedparser(repaired)
    except Exception as error:
        raise ParseError(f"this can not be read: {type(error).__name__}: {error}") from error


def _ask_feedparser(utf8: bytes) -> Any:
    import feedparser

    return feedparser.parse(
        io.BytesIO(utf8),
        response_headers={"content-type": _XML},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _repair(found: re.Match[bytes]) -> bytes:
    """A reference to a character that does not exist becomes one to the sign for that."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    exists = number < 0xD800 or 0xDFFF < number < 0x110000
    return found[0] if exists else b"&#65533;"
