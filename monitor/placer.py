"""New entries → their stories and origins: where the memory of the window meets the store.

The memory belongs to the process and is made of the store when it is first asked; it is caught up when
another process has placed entries meanwhile, and made anew when a commit that it had seen was rolled back.
Does not decide who is told (alerts/), nor what is alike (stories/).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.arrival import FoundEntry
from monitor.feeds.entry import Entry, host_of
from monitor.feeds.subscription import Subscription
from monitor.store.records import StoredEntry
from monitor.store.store import Store
from monitor.store.stories import Member, NewMember
from monitor.store.unplaced import Unplaced
from monitor.stories.memory import kept, remembered
from monitor.stories.origins import origin_of, publisher_of, site_of
from monitor.stories.piece import Piece, Placed
from monitor.stories.stories import Stories
from monitor.stories.window import WINDOW
from monitor.telling import Telling
from monitor.topics.document import Document
from monitor.topics.markup import text_of

KEEP_AFTER = 500
"""Entries that a start may have to recall, at the least, before the memory is kept anew."""
RECALLED_AT_ONCE = 250
"""Entries that are recalled between two other pieces of work, when a memory begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """An entry that is in no story yet: the piece that it is, and what says who told it."""

    piece: Piece
    feed: str
    site: str
    owner: str
    author: str

    @property
    def entry_id(self) -> int:
        return self.piece.id


class Placer:
    """Places new entries, one after the other, inside the commit that stores them."""

    def __init__(self) -> None:
        self._stories = Stories()
        self._newest = 0
        """The newest entry that is remembered."""
        self._behind = 0
        """Entries that the kept memory does not know."""

    def place(
        self, store: Store, found: Sequence[FoundEntry], *, subscription: Subscription, now: datetime
    ) -> dict[int, Telling]:
        """Place entries of a feed that are in no story yet; they are stored with their stories."""
        coming = [_coming(one, url=subscription.url, owner=subscription.owner, now=now) for one in found]
        return self._place(store, coming, now=now)

    def place_stored(self, store: Store, entries: Sequence[Unplaced], *, now: datetime) -> dict[int, Telling]:
        """The same with entries that were stored before, all at this moment."""
        return self._place(store, [_coming_late(one) for one in entries], now=now)

    def _place(self, store: Store, coming: Sequence[_Coming], *, now: datetime) -> dict[int, Telling]:
        if not coming:
            return {}
        while not self.catch_up(store, now=now, most=RECALLED_AT_ONCE):
            pass
        # First: where one of them fails, the memory has those before it and must be made anew, too.
        self._newest = max(self._newest, *(one.entry_id for one in coming))
        placed = [(one, self._stories.place(one.piece)) for one in coming]
        self._behind += len(coming)
        first_seen = store.first_seen([place.fingerprint for _, place in placed if place.fingerprint])
        origins = _origins(store, placed)
        store.add_members(
            [_member_of(one.entry_id, place, origins[one.entry_id]) for one, place in placed], at=now
        )
        for _, place in placed:
            store.join_stories(place.absorbed, into=place.story)
        return {
            one.entry_id: Telling(
                story=place.story,
                origin=origins[one.entry_id],
                first_seen=first_seen.get(place.fingerprint or 0),
            )
            for one, place in placed
        }

    def keep(self, store: Store) -> None:
        """Have the store keep the memory, where the one that it has lacks so much that it is worth it."""
        if self._behind > max(KEEP_AFTER, len(self._stories) // 50):
            store.keep_memory(kept(self._stories), newest=self._newest)
            self._behind = 0

    def catch_up(self, store: Store, *, now: datetime, most: int) -> bool:
        """Recall up to so many entries that others have placed; whether all are known now."""
        newest = store.newest_member()
        if newest < self._newest or not self._newest:
            self._begin(store)
        if newest > self._newest:
            members = store.members_since(now - WINDOW, after=self._newest, most=most)
            self._recall(members)
            self._newest = members[-1].stored.entry_id if len(members) == most else newest
            for name, into in store.merged_stories(since=now - WINDOW).items():
                self._stories.joined(name, into=into)
        return self._newest >= newest

    def _recall(self, members: Sequence[Member]) -> None:
        for member in members:
            is_copy = member.tie == "copy"
            self._stories.recall(_piece(member.stored), story=member.story_id, is_copy=is_copy)
        self._behind += len(members)

    def _begin(self, store: Store) -> None:
        """Begin with what is kept; with nothing where nothing is, or what is kept is of no use."""
        memory = store.memory()
        stories = remembered(memory.parts) if memory else None
        self._stories = stories or Stories()
        self._newest = memory.newest if memory and stories else 0
        self._behind = 0


def lead_of(document: Document) -> str:
    """What follows the title: the content where the feed carries it, else the summary."""
    return max(document.summary, document.content, key=len)


def _origins(store: Store, placed: Sequence[tuple[_Coming, Placed]]) -> dict[int, str]:
    """Who told each entry first; a copy that credits nobody is told by whom it copies."""
    copied = {place.copy_of for _, place in placed if place.copy_of is not None}
    origins = store.origins(copied - {one.entry_id for one, _ in placed})
    for one, place in placed:
        publisher = publisher_of(owner=one.owner, site=one.site, feed=one.feed)
        own = origin_of(one.piece.lead, author=one.author, publisher=publisher)
        told = own.name if own.credited or place.copy_of is None else origins.get(place.copy_of, own.name)
        origins[one.entry_id] = told
    return origins


def _member_of(entry_id: int, placed: Placed, origin: str) -> NewMember:
    return NewMember(
        entry_id=entry_id,
        story_id=placed.story,
        tie=placed.tie,
        copy_of=placed.copy_of,
        origin=origin,
        fingerprint=placed.fingerprint,
        reason=placed.reason,
    )


def _coming(one: FoundEntry, *, url: str, owner: str, now: datetime) -> _Coming:
    document, site = one.document, _site(one.entry, url)
    piece = Piece(
        id=one.entry_id,
        title=document.title,
        lead=lead_of(document),
        at=now,
        publisher=site or document.feed,
    )
    return _Coming(piece=piece, feed=document.feed, site=site, owner=owner, author=one.entry.author)


def _coming_late(one: Unplaced) -> _Coming:
    stored = one.stored
    return _Coming(
        piece=_piece(stored),
        feed=stored.feed,
        site=_site(stored.entry, stored.feed_url),
        owner=one.owner,
        author=stored.entry.author,
    )


def _piece(stored: StoredEntry) -> Piece:
    entry = stored.entry
    lead = max(text_of(entry.summary), text_of(entry.content), key=len)
    publisher = _site(entry, stored.feed_url) or stored.feed
    return Piece(id=stored.entry_id, title=entry.title, lead=lead, at=stored.seen_at, publisher=publisher)


def _site(entry: Entry, feed_url: str) -> str:
    return site_of(link=entry.site, source=host_of(entry.source), feed=host_of(feed_url))
