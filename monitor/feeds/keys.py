"""What an entry is recognised by: hashes of its guid, link, title and text. Pure.

A key says with its first byte how it was made: those made in another way are other keys.
"""

import html
import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

from monitor.blanks import single_blanks
from monitor.feeds.entry import Entry
from monitor.feeds.links import canonical, place, same_but_scheme

_VERSION = b"\x01"
_TELLING_TITLE = 20
_TELLING_BODY = 60
"""Letters from which on a title, or a body, is hardly ever that of another story."""

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_CODE = re.compile(r"<(script|style)\b", re.IGNORECASE)
_CODE_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_REVISION = re.compile(r"#\d{1,3}$")


class EntryKeys(NamedTuple):
    """The keys of an entry, None for what it does not have, and the hash of its content.

    `link` is that of the canonical link, `text` that of the title with all text, `title` of the title alone,
    `moved` of the guid with the article's id in the link, which outlives a move to another section.
    `telling_title` and `telling_text` say whether these are long enough to stand for one story.
    A tuple, because many come back from a child: they are pickled in a third of the time.
    """

    content: bytes
    guid: bytes | None = None
    link: bytes | None = None
    text: bytes | None = None
    title: bytes | None = None
    moved: bytes | None = None
    telling_title: bool = False
    telling_text: bool = False

    @property
    def all(self) -> tuple[bytes, ...]:
        """Every key that there is."""
        return tuple(filter(None, self[1:6]))


def keys_of(entry: Entry) -> EntryKeys:
    """The keys of an entry."""
    link = canonical(entry.link) if entry.link else ""
    guid = _guid(entry.guid.strip(), link)
    article = place(entry.link) if guid and link and guid != link else ""
    title, summary, content = _spaced(entry.title), _text(entry.summary), _text(entry.content)
    says = _part(title) + _part(summary) + _part(content)
    return EntryKeys(
        content=_key(b"content", says),
        guid=_key(b"guid", _part(guid)) if guid else None,
        link=_key(b"link", _part(link)) if link else None,
        text=_key(b"text", says) if title or summary or content else None,
        title=_key(b"title", _part(_folded(title))) if title else None,
        moved=_key(b"moved", _part(guid) + _part(article)) if article else None,
        telling_title=len(title) >= _TELLING_TITLE,
        telling_text=max(len(summary), len(content)) >= _TELLING_BODY,
    )


def content_hash(entry: Entry) -> bytes:
    """The hash of what an entry says: its title and text; not its dates, its mark-up or its spaces."""
    return keys_of(entry).content


def _guid(guid: str, link: str) -> str:
    """A guid that is the link with the number of a revision stands for the link."""
    guid = same_but_scheme(guid)
    if not link or "#" not in guid:
        return guid
    unrevised = _REVISION.sub("", guid)
    return link if unrevised != guid and canonical(unrevised) == link else guid


def _text(markup: str) -> str:
    if "<" not in markup and "&" not in markup:
        return _spaced(markup)
    return _spaced(html.unescape(_TAG.sub(" ", _without_code(markup))))


def _without_code(markup: str) -> str:
    """The mark-up without what scripts and styles contain; one step through it, however they are nested."""
    pieces, start = [], 0
    found = _CODE.search(markup)
    while found and (end := _CODE_ENDS[found[1].lower()].search(markup, found.end())):
        pieces.append(markup[start : found.start()])
        start = end.start()
        found = _CODE.search(markup, start)
    return "".join((*pieces, markup[start:]))


def _spaced(text: str) -> str:
    return single_blanks(text if text.isascii() else unicodedata.normalize("NFC", text))


def _folded(spaced: str) -> str:
    """The text, whatever its case; other forms of a letter may bring blanks of their own."""
    if spaced.isascii():
        return spaced.lower()
    return single_blanks(unicodedata.normalize("NFKC", spaced).casefold())


def _part(text: str) -> bytes:
    """A part of what is hashed, with its length before it: none can run into the next."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "little") + data


def _key(kind: bytes, data: bytes) -> bytes:
    """16 bytes: the version and a hash."""
    return _VERSION + blake2b(data, digest_size=15, person=kind).digest()
