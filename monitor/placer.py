"""New entries → their stories and origins: where the memory of the window meets the store.

The memory belongs to the process and is made of the store when it is first asked; it is caught up when
another process has placed entries meanwhile, and made anew when a commit that it had seen was rolled back.
Does not decide who is told (alerts/), nor what is alike (stories/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.entry import Entry
from monitor.store.store import Store
from monitor.store.stories import Member, NewMember
from monitor.stories.origins import Origin, origin_of, publisher_of
from monitor.stories.piece import Piece, Placed
from monitor.stories.stories import WINDOW, Stories
from monitor.stories.terms import words_of
from monitor.stories.wording import fingerprint_of
from monitor.topics.document import Document
from monitor.topics.markup import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an entry is in its story; `first_seen` is when its text was, None where that is now."""

    story: int
    origin: str
    first_seen: datetime | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """What routes see of it."""
        return {"story": str(self.story), "origin": self.origin}


class Placer:
    """Places new entries, one after the other, inside the commit that stores them."""

    def __init__(self) -> None:
        self._stories = Stories()
        self._newest = 0
        """The newest entry that is remembered."""

    def place(
        self, store: Store, entry_id: int, entry: Entry, document: Document, *, owner: str, now: datetime
    ) -> Telling:
        """Place a new entry; it is stored with its story."""
        self._catch_up(store, now)
        text = lead_of(document)
        placed = self._stories.place(
            Piece(
                id=entry_id, title=document.title, lead=text, at=now, publisher=document.site or document.feed
            )
        )
        self._newest = entry_id
        publisher = publisher_of(owner=owner, site=document.site, feed=document.feed)
        origin = _origin(store, placed, origin_of(text, author=entry.author, publisher=publisher))
        fingerprint = fingerprint_of(words_of(f"{document.title} {text}"))
        first_seen = store.first_seen(fingerprint) if fingerprint is not None else None
        store.add_member(
            NewMember(
                entry_id=entry_id,
                story_id=placed.story,
                tie=placed.tie,
                copy_of=placed.copy_of,
                origin=origin,
                fingerprint=fingerprint,
                reason=placed.reason,
            ),
            at=now,
        )
        store.join_stories(placed.absorbed, into=placed.story)
        return Telling(story=placed.story, origin=origin, first_seen=first_seen)

    def _catch_up(self, store: Store, now: datetime) -> None:
        newest = store.newest_member()
        if newest < self._newest:
            self._stories, self._newest = Stories(), 0
        if newest > self._newest:
            for member in store.members_since(now - WINDOW, after=self._newest):
                self._stories.recall(_piece(member), story=member.story_id)
            self._newest = newest


def told_again(store: Store, entry_id: int) -> Telling | None:
    """What an entry that was placed before is in its story."""
    for member in store.members([entry_id]):
        return Telling(story=member.story_id, origin=member.origin)
    return None


def lead_of(document: Document) -> str:
    """What follows the title: the content where the feed carries it, else the summary."""
    return max(document.summary, document.content, key=len)


def _origin(store: Store, placed: Placed, own: Origin) -> str:
    """A copy that credits nobody is told by whom it copies."""
    if own.credited or placed.copy_of is None:
        return own.name
    for copied in store.members([placed.copy_of]):
        return copied.origin
    return own.name


def _piece(member: Member) -> Piece:
    entry = member.stored.entry
    lead = max(text_of(entry.summary), text_of(entry.content), key=len)
    stored = member.stored
    publisher = entry.site or stored.feed
    return Piece(id=stored.entry_id, title=entry.title, lead=lead, at=stored.seen_at, publisher=publisher)
