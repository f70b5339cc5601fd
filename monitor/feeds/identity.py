"""Which entries of a document are new, which are edited, which were there before. Pure; dates never decide.

    keys_of(entry)          guid, link, title and text, as hashes
    nothing in common       nor with what is known: all are new, as in most first documents
    what says nothing       a guid or link that different stories of this document share
    what the feed is like   guids that change at every poll are not believed: link, then text
    which entry it is       two that agree (of guid, link, title) beat one that does not
    new | revised | seen    each entry of the document once

Does not know what is stored, nor how; what it must know of that comes as an argument.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple

from monitor.feeds.entry import Entry
from monitor.feeds.keys import EntryKeys, content_hash, keys_of
from monitor.feeds.recognition import Known, Recognised, Recognition, Verdict

__all__ = [
    "EntryKeys",
    "Known",
    "Recognised",
    "Recognition",
    "Verdict",
    "content_hash",
    "keys_of",
    "recognise",
]

CHURN = 0.8
"""Part of the guids (or links) that must be unknown before a feed is suspected of changing them."""
WITNESSES = 3
"""Entries, and half of the unknown ones, that must be known by something else to prove it."""


def recognise(
    entries: Sequence[Entry], keys: Sequence[EntryKeys], known: Mapping[bytes, Known], identity: str
) -> Recognition:
    """Tell what each entry is; `known` has those of the entries' `keys` that the feed has shown before.

    `identity` is what this feed can be recognised by: "guid", "link" or "text".
    """
    items = [_Item(at, *one) for at, one in enumerate(zip(entries, keys, strict=True))]
    every = [its.all for its in keys]
    if not known and _have_nothing_in_common(every):
        first = [_first_seen(item, its) for item, its in zip(items, every, strict=True) if its]
        return Recognition(items=tuple(first), identity=identity)
    said = [item for item, its in zip(items, every, strict=True) if its]
    return _compared(_without_void_keys(said), _Book(known), identity)


def _have_nothing_in_common(every: Sequence[Sequence[bytes]]) -> bool:
    """Whether no two have a key in common, as in most documents: then there is nothing to compare."""
    keys = list(chain.from_iterable(every))
    return len(set(keys)) == len(keys)


def _first_seen(item: "_Item", keys: tuple[bytes, ...]) -> Recognised:
    return Recognised(
        entry=item.entry,
        at=item.at,
        keys=keys,
        entry_id=None,
        verdict="new",
        content_hash=item.keys.content,
        new_keys=keys,
        places=(item.at,),
    )


def _compared(items: Sequence["_Item"], book: "_Book", identity: str) -> Recognition:
    """What each is beside the others, and beside what is known."""
    believed, note = _what_to_believe(items, book, identity)
    if believed == "text":
        items = _without_void_titles(items)
    groups: dict[int, list[_Item]] = defaultdict(list)
    # In an order that does not depend on the document's: the same entries are always recognised alike.
    for item in sorted(items, key=_rank):
        entry_id = _which(item.keys, book, believed)
        groups[book.note_down(item.keys.all, entry_id)].append(item)
    shared = _held_by_two(groups)
    found = (_recognised(entry_id, group, book, shared) for entry_id, group in groups.items())
    in_order = sorted(found, key=lambda pair: pair[0])
    return Recognition(items=tuple(one for _, one in in_order), identity=believed, note=note)


class _Item(NamedTuple):
    at: int
    entry: Entry
    keys: EntryKeys


class _Book:
    """Which entry a key means: what the store knows, and below zero the new entries of this document."""

    def __init__(self, known: Mapping[bytes, Known]) -> None:
        self._known = known
        self._hashes = {one.entry_id: one.content_hash for one in known.values()}
        self._fresh: dict[bytes, int] = {}
        self._next = -1

    def entry(self, key: bytes | None) -> int | None:
        """The entry that a key means."""
        if key is None:
            return None
        found = self._known.get(key)
        return self._fresh.get(key) if found is None else found.entry_id

    def says(self, entry_id: int, keys: EntryKeys) -> bool:
        """Whether an entry said this last, or ever."""
        if self._hashes.get(entry_id) == keys.content:
            return True
        known = self._known.get(keys.text) if keys.text else None
        return known is not None and known.entry_id == entry_id

    def note_down(self, keys: Iterable[bytes], entry_id: int | None) -> int:
        """Remember the keys for the rest of this document; a new entry gets a number."""
        if entry_id is None:
            entry_id, self._next = self._next, self._next - 1
        for key in keys:
            self._fresh.setdefault(key, entry_id)
        return entry_id

    def unknown(self, keys: Iterable[bytes]) -> tuple[bytes, ...]:
        """Those of the keys that nobody has yet."""
        return tuple(key for key in keys if key not in self._known)

    def to_take(self, keys: Iterable[bytes], entry_id: int, shared: Set[bytes]) -> tuple[bytes, ...]:
        """Those of the keys that this entry has not, and may have.

        What entries of one document share stays with the one that has it: else they take it by turns.
        """
        known = self._known
        return tuple(
            key for key in keys if key not in known or (known[key].entry_id != entry_id and key not in shared)
        )


# --- what says nothing ---


def _without_void_keys(items: Sequence[_Item]) -> list[_Item]:
    """The items without the guids and links that different stories of the document share."""
    void = {
        *_shared(items, lambda keys: keys.guid, lambda keys: (keys.title, keys.link)),
        *_shared(items, lambda keys: keys.link, lambda keys: (keys.title, keys.guid)),
    }
    return [item._replace(keys=_without(item.keys, void)) for item in items] if void else list(items)


def _without_void_titles(items: Sequence[_Item]) -> list[_Item]:
    """The items without the titles that different texts of the document share."""
    void = _shared(items, lambda keys: keys.title, lambda keys: (keys.title, keys.text))
    return [
        item._replace(keys=item.keys._replace(title=None)) if item.keys.title in void else item
        for item in items
    ]


def _shared(
    items: Sequence[_Item],
    key_of: Callable[[EntryKeys], bytes | None],
    others_of: Callable[[EntryKeys], tuple[bytes | None, bytes | None]],
) -> set[bytes]:
    """Keys under which there are different titles, or different texts at different addresses."""
    groups: dict[bytes, list[_Item]] = defaultdict(list)
    for item in items:
        if key := key_of(item.keys):
            groups[key].append(item)
    return {key for key, group in groups.items() if len(group) > 1 and _differ(group, others_of)}


def _differ(
    group: Sequence[_Item], others_of: Callable[[EntryKeys], tuple[bytes | None, bytes | None]]
) -> bool:
    titles, addresses = zip(*(others_of(item.keys) for item in group), strict=True)
    texts = {item.keys.text for item in group}
    return len(set(titles)) > 1 or (len(set(addresses)) > 1 and len(texts) > 1)


def _without(keys: EntryKeys, void: set[bytes]) -> EntryKeys:
    guid = None if keys.guid in void else keys.guid
    link = None if keys.link in void else keys.link
    left = keys._replace(guid=guid, link=link, moved=keys.moved if guid else None)
    return left if left.all else keys  # what has nothing else is known by that


# --- what the feed is like ---


def _what_to_believe(items: Sequence[_Item], book: _Book, identity: str) -> tuple[str, str]:
    """What the feed is recognised by, and a note where that changes."""
    keys = [item.keys for item in items]
    guids = [one for one in keys if one.guid and identity == "guid"]
    links = [one for one in keys if one.link and identity != "text" and not (one.guid and identity == "guid")]
    unknown_guids = [one for one in guids if book.entry(one.guid) is None]
    unknown_links = [one for one in links if book.entry(one.link) is None]
    if _churn(len(guids), len(unknown_guids), sum(_by_link(one, book) for one in unknown_guids)):
        return "link", "its guids change from poll to poll: its entries are recognised by their links"
    if _churn(len(guids), len(unknown_guids), sum(_by_text(one, book) for one in unknown_guids)):
        return (
            "text",
            "its guids and links change from poll to poll: its entries are recognised by their text",
        )
    if _churn(len(links), len(unknown_links), sum(_by_text(one, book) for one in unknown_links)):
        return "text", "its links change from poll to poll: its entries are recognised by their text"
    return identity, ""


def _churn(count: int, unknown: int, witnesses: int) -> bool:
    """Whether nearly all of some keys are unknown, although many of their entries are known otherwise."""
    proven = witnesses >= WITNESSES and witnesses * 2 >= unknown
    return proven and unknown >= CHURN * count


def _by_link(keys: EntryKeys, book: _Book) -> bool:
    link = book.entry(keys.link)
    return link is not None and link in (book.entry(keys.title), book.entry(keys.text))


def _by_text(keys: EntryKeys, book: _Book) -> bool:
    return (keys.telling_text or keys.telling_title) and book.entry(keys.text) is not None


# --- which entry it is ---


def _which(keys: EntryKeys, book: _Book, identity: str) -> int | None:
    """The known entry that this is; None for a new one."""
    if identity == "guid" and keys.guid is not None:
        return _which_by_guid(keys, book)
    if identity != "text" and keys.link is not None:
        return book.entry(keys.link)
    text = book.entry(keys.text)
    if text is None and identity == "text" and keys.telling_title:
        return book.entry(keys.title)  # an edit: the feed's stories are known to come again under other ids
    return text


def _which_by_guid(keys: EntryKeys, book: _Book) -> int | None:
    guid, link, title, text = (book.entry(key) for key in (keys.guid, keys.link, keys.title, keys.text))
    if guid is None:  # unless nothing else changed, an unknown guid is an unknown entry
        return link if link is not None and link == text else None
    if guid in (link, title, text, book.entry(keys.moved)):
        return guid
    if keys.link is None or keys.title is None:
        return guid  # too little to contradict it
    return link  # the guid was given to another story: a new one, or one known by its link


# --- what becomes of it ---


def _held_by_two(groups: Mapping[int, Sequence[_Item]]) -> set[bytes]:
    """The keys that more than one entry of the document has."""
    counts = Counter(key for group in groups.values() for key in {k for item in group for k in item.keys.all})
    return {key for key, count in counts.items() if count > 1}


def _recognised(
    entry_id: int, group: Sequence[_Item], book: _Book, shared: Set[bytes]
) -> tuple[int, Recognised]:
    """One of an entry's appearances in the document, with all their keys, and the place of the first."""
    same = [item for item in group if book.says(entry_id, item.keys)]
    shown = max(same or group, key=_richness)
    verdict: Verdict = "new" if entry_id < 0 else "seen" if same else "revised"
    keys = tuple(dict.fromkeys(key for item in group for key in item.keys.all))
    recognised = Recognised(
        entry=shown.entry,
        at=shown.at,
        keys=keys,
        entry_id=None if entry_id < 0 else entry_id,
        verdict=verdict,
        content_hash=shown.keys.content,
        # What says nothing new takes nothing from others, nor back from one that has left.
        new_keys=book.unknown(keys) if verdict == "seen" else book.to_take(keys, entry_id, shared),
        places=tuple(item.at for item in group),
    )
    return min(item.at for item in group), recognised


def _rank(item: _Item) -> tuple[tuple[bytes, ...], bytes, str, str]:
    return item.keys.all, item.keys.content, item.entry.guid, item.entry.link


def _richness(item: _Item) -> tuple[int, bytes]:
    return len(item.entry.content) + len(item.entry.summary), item.keys.content
