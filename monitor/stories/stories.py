"""Places pieces in stories, one after the other, in the order in which they came. Knows no clock, no store.

    terms, wording ─ index ─ candidates ─┬─ one has another of its kind   → not that one
                                         ├─ one words it alike ────────→ copy
                                         ├─ one tells it alike enough ─→ same happening; its kin are absorbed
                                         └─ none ──────────────────────→ a story of its own

Alike enough is what chance does not offer. `BASE` is asked where little else is told; more where much is told
(`PER_CROWD`: among ten times as many pieces the likest stranger is liker), and more where a second story is
nearly as alike (`PER_RIVAL`: what fits two happenings names neither). What was last told long ago counts
less: half after `HALF_LIFE`, since two happenings of one kind are days apart and two reports of one, hours.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import chain, islice
from math import log
from operator import itemgetter
from typing import NamedTuple

from monitor.stories.frequencies import Frequencies, Term
from monitor.stories.gist import Gist, gist_of
from monitor.stories.index import RareTerms
from monitor.stories.packing import Unpacking, pack, pack_bytes
from monitor.stories.piece import Piece, Placed
from monitor.stories.shelf import Shelf
from monitor.stories.story import Story
from monitor.stories.window import WINDOW
from monitor.stories.wording import COPY, shared

BASE = 0.19
PER_CROWD = 0.04
CROWD = 50
"""Pieces within a half-life that make no crowd."""
PER_RIVAL = 0.5
HALF_LIFE = timedelta(days=2)
KIN = 0.3
"""Two stories this alike are one, once a piece comes that belongs to both; as rivals they never count."""

CANDIDATES = 24
"""Stories that are looked at closely: those that share the most weight of rare terms."""
COPIED = 5
"""Stories whose wordings are compared: a copy shares nearly all its terms with what it copies."""

LOOKED_AT = COPIED + 2
"""Stories that decide: the likest, those that may be its kin, and one that is a rival if they all are."""

STORIES_A_PART = 2_000
"""Stories that are packed together when they are kept."""
_NO_TIME = timedelta()
MOST = 500_000
"""Pieces in the window: above, it is shorter."""


class _Near(NamedTuple):
    """A candidate: how alike it is to the piece that asks."""

    likeness: float
    story: Story


class Stories:
    """The stories of the window."""

    def __init__(self) -> None:
        self._stories = Shelf()
        self._absorbed: dict[int, int] = {}
        """Stories that turned out to be another, each with the name of that one."""
        self._index = RareTerms()
        self._frequencies = Frequencies()
        self._crowd = 0.0
        self._at: datetime | None = None
        self._turned_at: datetime | None = None
        self._since_turn = 0

    def __len__(self) -> int:
        return len(self._stories)

    def place(self, piece: Piece) -> Placed:
        """Where the piece belongs; it is remembered there."""
        at = self._pass(piece.at)
        gist = gist_of(piece.title, piece.lead)
        terms, wording = self._frequencies.terms_of(gist.words), gist.wording(piece.id, piece.publisher)
        others = (one for one in self._near(terms, at) if not one.story.has_another_like(wording))
        near = list(islice(others, LOOKED_AT))
        placed = _copy(near, set(wording.sketch)) or self._happening(near) or self._first(piece, near)
        for name in placed.absorbed:
            self._absorb(name, into=placed.story)
        story = self._stories.begun(placed.story, at)
        if placed.tie != "copy":
            story.remember(wording)
        self._remember(story, terms, gist, at)
        return replace(placed, fingerprint=gist.fingerprint)

    def recall(self, piece: Piece, *, story: int, is_copy: bool = False) -> None:
        """Remember a piece where it was placed before, by this process or another."""
        at = self._pass(piece.at)
        gist = gist_of(piece.title, piece.lead)
        terms = self._frequencies.terms_of(gist.words)
        known = self._stories.begun(story, at)
        if not is_copy:
            known.remember(gist.wording(piece.id, piece.publisher))
        self._remember(known, terms, gist, at)

    def joined(self, name: int, *, into: int) -> None:
        """A story turned out to be another, as whoever placed its last piece knows."""
        if name in self._stories and name != into:
            self._stories.begun(into, self._stories[name].last_at)
            self._absorb(name, into=into)

    def to_bytes(self) -> Iterator[bytes]:
        """All that is remembered, as it is kept: what holds for all stories, then a part for many of them."""
        moments = (moment and moment.isoformat() for moment in (self._at, self._turned_at))
        state = (*moments, self._crowd, self._since_turn)
        yield b"".join(
            (
                pack_bytes(json.dumps(state).encode()),
                pack("q", chain.from_iterable(self._absorbed.items())),
                self._frequencies.to_bytes(),
                self._index.to_bytes(),
            )
        )
        stories = self._stories.packed()
        while some := list(islice(stories, STORIES_A_PART)):
            yield b"".join(map(pack_bytes, some))

    @classmethod
    def from_bytes(cls, parts: Sequence[bytes]) -> "Stories":
        """What `to_bytes` made."""
        stories, packed = cls(), Unpacking(memoryview(parts[0]))
        at, turned_at, stories._crowd, stories._since_turn = json.loads(bytes(packed.bytes()))
        stories._at, stories._turned_at = (
            moment and datetime.fromisoformat(moment) for moment in (at, turned_at)
        )
        absorbed = packed.array("q")
        stories._absorbed = dict(zip(absorbed[::2], absorbed[1::2], strict=True))
        stories._frequencies, stories._index = Frequencies.read(packed), RareTerms.read(packed)
        every = (data for part in parts[1:] for data in Unpacking(memoryview(part)).all())
        stories._stories = Shelf({Story.name_of(data): data for data in every})
        return stories

    def _near(self, terms: Sequence[Term], at: datetime) -> list[_Near]:
        """The likest stories, the likest first."""
        weights = dict(terms)
        near = []
        for story in self._candidates(terms):
            likeness, age = story.likeness(weights), at - story.last_at
            counted = likeness * 0.5 ** (age / HALF_LIFE) if age > _NO_TIME else likeness
            near.append((-counted, story.name, story))
        return [_Near(-unlike, story) for unlike, _, story in sorted(near)]

    def _candidates(self, terms: Sequence[Term]) -> Iterable[Story]:
        shared = self._index.candidates(terms)
        for name in self._absorbed.keys() & shared.keys():
            into = self._absorbed[name]
            shared[into] = max(shared.get(into, 0.0), shared.pop(name))
        best = nlargest(CANDIDATES, shared.items(), key=itemgetter(1))
        return [self._stories[name] for name, _ in best if name in self._stories]

    def _happening(self, near: Sequence[_Near]) -> Placed | None:
        if not near:
            return None
        best, *others = near
        if best.likeness < self._needed((), ()):
            return None
        kin = [one for one in others[:COPIED] if best.story.kinship(one.story) >= KIN]
        needed = self._needed(others, kin)
        if best.likeness < needed:
            return None
        one = [best.story.name, *(each.story.name for each in kin if each.likeness >= needed)]
        oldest = min(one)
        return Placed(
            story=oldest,
            tie="happening",
            likeness=best.likeness,
            needed=needed,
            absorbed=tuple(sorted(name for name in one if name != oldest)),
        )

    def _first(self, piece: Piece, near: Sequence[_Near]) -> Placed:
        likest = near[0].likeness if near else 0.0
        return Placed(story=piece.id, tie="first", likeness=likest, needed=self._needed(near[1:], ()))

    def _needed(self, others: Sequence[_Near], kin: Sequence[_Near]) -> float:
        """How alike the likest must be."""
        rival = next((one.likeness for one in others if one not in kin), 0.0)
        return BASE + PER_CROWD * log(max(1.0, self._crowd / CROWD)) + PER_RIVAL * rival

    def _absorb(self, name: int, *, into: int) -> None:
        self._stories[into].absorb(self._stories.pop(name))
        for absorbed, story in self._absorbed.items():
            if story == name:
                self._absorbed[absorbed] = into
        self._absorbed[name] = into

    def _remember(self, story: Story, terms: Sequence[Term], gist: Gist, at: datetime) -> None:
        story.add(terms, at=at)
        self._index.add(terms, story.name)
        self._frequencies.count(gist.words)
        self._crowd += 1
        self._since_turn += 1

    def _pass(self, at: datetime) -> datetime:
        """Let time pass; a clock that was set back stands still until it is caught up."""
        at = max(at, self._at or at)
        self._crowd *= 0.5 ** ((at - (self._at or at)) / HALF_LIFE)
        self._at = at
        self._turned_at = self._turned_at or at
        if at - self._turned_at > WINDOW / 2 or self._since_turn >= MOST // 2:
            self._turn(at)
        return at

    def _turn(self, at: datetime) -> None:
        """Forget the generation before the last."""
        oldest = self._turned_at or at
        self._stories.forget(oldest)
        self._absorbed = {name: into for name, into in self._absorbed.items() if into in self._stories}
        self._index.turn()
        self._frequencies.turn()
        self._turned_at, self._since_turn = at, 0


def _copy(near: Sequence[_Near], sketch: set[int]) -> Placed | None:
    """The piece as a copy of the likest wording, if one is like enough."""
    best, copied, story = COPY, None, 0
    for one in near[:COPIED]:
        for wording in one.story.wordings:
            share = shared(sketch, wording.sketch)
            if share > best:
                best, copied, story = share, wording.piece, one.story.name
    if copied is None:
        return None
    return Placed(story=story, tie="copy", copy_of=copied, likeness=best, needed=COPY)
