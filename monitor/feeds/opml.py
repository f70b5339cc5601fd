"""OPML ↔ feeds in folders. Pure.

Reads the lists that feed readers export, with what is wrong with single outlines said and left out; a
document that declares entities, is nested without end or is no OPML is refused with its place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.entities import name2codepoint
from xml.parsers import expat

from monitor.errors import ParseError
from monitor.feeds.sniff import what_is
from monitor.feeds.text import clean, line

FOLDER = "folder"
"""The label that stands for the folders, where nothing else is said."""
DEEPEST = 32
"""Outlines within outlines; no honest list has more."""
MOST = 100_000
MAX_BYTES = 64 * 1024 * 1024
_OUTLINE = re.compile(rb"<outline\b.*?(?=<outline\b|</outline|</body|</opml|\Z)", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""\s(?:text|title|type|xmlUrl|htmlUrl|description|url|category|language|version|created)\s{0,9}=\s{0,9}\"""",
    re.IGNORECASE,
)
"""Those of an outline: mark-up inside a value has others."""
_AMPERSAND = re.compile(rb"&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """A feed of a list: its address, its title, and the folders in which it stands, the outermost first."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An outline that is no feed, and why."""

    line: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """What a list holds, in its order."""

    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[Skipped, ...] = ()


def read_opml(document: bytes) -> Outlines:
    """The feeds of an OPML document; raises ParseError with line and column where it can not be one."""
    if len(document) > MAX_BYTES:
        raise ParseError(f"this is too large for a list of feeds: more than {MAX_BYTES // 1024**2} MiB")
    try:
        return _read(document)
    except ParseError as error:
        repaired = _AMPERSAND.sub(_escape_ampersand, _OUTLINE.sub(_escape_values, document))
        try:
            return _read(repaired)
        except ParseError:
            raise error from None  # its place is that in the document as it is


def _read(document: bytes) -> Outlines:
    reader = _Reader()
    try:
        reader.parser.Parse(document.lstrip(), True)
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, "not well-formed")
        raise ParseError(_at(error.lineno, error.offset, f"this is not XML: {words}")) from error
    except ParseError:
        raise  # it is a ValueError too
    except (LookupError, ValueError) as error:  # an encoding that nobody knows, or that expat does not read
        raise ParseError(f"this can not be read: {error}") from error
    return Outlines(feeds=tuple(reader.feeds), skipped=tuple(reader.skipped))


def _escape_values(found: re.Match[bytes]) -> bytes:
    """An outline whose values have the signs escaped that end a value, or begin a tag."""
    outline = found[0]
    names = list(_ATTRIBUTE.finditer(outline))
    ends = [name.start() for name in names[1:]] + [len(outline)]
    pieces = [outline[: names[0].start()] if names else outline]
    for name, end in zip(names, ends, strict=True) if names else ():
        value, quote, rest = outline[name.end() : end].rpartition(b'"')
        for sign, written in ((b'"', b"&quot;"), (b"<", b"&lt;"), (b">", b"&gt;")):
            value = value.replace(sign, written)
        pieces += [name[0], value, quote, rest]
    return b"".join(pieces)


def _escape_ampersand(found: re.Match[bytes]) -> bytes:
    """An ampersand that nobody escaped, and a name that only HTML knows."""
    name = found[1].decode() if found[1] else ""
    if found[0] == b"&" or (name and name not in name2codepoint and name not in _XML_NAMES):
        return b"&amp;" + found[0][1:]
    return b"&#%d;" % name2codepoint[name] if name and name not in _XML_NAMES else found[0]


def write_opml(feeds: Iterable[OpmlFeed], *, title: str) -> str:
    """The feeds as OPML 2.0, those that share a folder together."""
    head = f"<head><title>{_escaped(title)}</title></head>"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', head, "<body>"]
    return "\n".join([*lines, *_written(list(feeds), depth=0), "</body>", "</opml>", ""])


@dataclass(slots=True)
class _Outline:
    """An outline that is open: `inside` tells whether anything stood in it."""

    title: str
    line: int
    is_feed: bool
    inside: bool = False


class _Reader:
    """Takes the parser's events, one after the other."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self.feeds: list[OpmlFeed] = []
        self.skipped: list[Skipped] = []
        self._open: list[_Outline] = []
        self._root = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._root:
            self._root = name
            if name.lower() != "opml":
                raise ParseError(self._here(f"an <opml> is expected here, this is <{clean(name)[:40]}>"))
        elif name.lower() == "outline":
            self._outline({key.lower(): value for key, value in attributes.items()})

    def _outline(self, given: Mapping[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise ParseError(self._here(f"outlines are nested more than {DEEPEST} deep"))
        if len(self.feeds) >= MOST:
            raise ParseError(self._here(f"more than {MOST:,} feeds"))
        title = line(given.get("title", "")) or line(given.get("text", ""))
        url = "".join(clean(given.get("xmlurl", "")).split())
        at = self.parser.CurrentLineNumber
        if self._open:
            self._open[-1].inside = True
        if url:
            folders = tuple(one.title for one in self._open if one.title and not one.is_feed)
            self.feeds.append(OpmlFeed(url=url, title=title, folders=folders, line=at))
        self._open.append(_Outline(title, at, is_feed=bool(url)))

    def _end(self, name: str) -> None:
        if name.lower() != "outline" or not self._open:
            return
        ended = self._open.pop()
        if not ended.is_feed and not ended.inside:
            reason = "it has no xmlUrl, and nothing stands in it"
            self.skipped.append(Skipped(line=ended.line, title=ended.title, reason=reason))

    def _entity(self, name: str, *_: object) -> None:
        raise ParseError(
            self._here(f"entities are not expanded here, and this one is declared: {clean(name)[:40]}")
        )

    def _here(self, words: str) -> str:
        return _at(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber, words)


def _at(number: int, column: int, words: str) -> str:
    return f"line {number}, column {column + 1}: {words}"


def why_not_opml(document: bytes, error: ParseError) -> str:
    """The error, with what the document is in the place of a list."""
    is_list = b"<opml" in document[:4096].lower()
    return str(error) if is_list else f"this is {what_is(document)}, not an OPML list of feeds ({error})"


def _written(feeds: Sequence[OpmlFeed], *, depth: int) -> Iterator[str]:
    """The lines of these feeds and of the folders that they stand in, by order of first sight."""
    indent = "  " * (depth + 1)
    folders: dict[str, list[OpmlFeed]] = {}
    for feed in feeds:
        if len(feed.folders) > depth:
            folders.setdefault(feed.folders[depth], []).append(feed)
        else:
            title = _quoted(feed.title or feed.url)
            yield f'{indent}<outline type="rss" text={title} title={title} xmlUrl={_quoted(feed.url)}/>'
    for folder, inside in folders.items():
        yield f"{indent}<outline text={_quoted(folder)}>"
        yield from _written(inside, depth=depth + 1)
        yield f"{indent}</outline>"


def _quoted(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # with all of urllib.request

    return quoteattr(clean(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(text: str) -> str:
    return clean(text).replace("&", "&amp;").replace("<", "&lt;")
