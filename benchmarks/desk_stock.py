"""A desk's folder with a million entries: a configuration, a database, stories and hits in it.

Entries are made as benchmarks/backtest.py makes them, of 200 feeds. Each is in a story (one to nine of them
tell one, a third are copies), and five in a hundred are hits, one after the other.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.backtest import A_COMMIT, DAYS, address_of, build
from monitor.store import open_store
from monitor.store.records import NewHit
from monitor.store.stories import NewMember
from monitor.topics.match import Span
from monitor.web.keys import digest_of

FEEDS = tuple(f"Paper {number}" for number in range(200))
TOPICS = ("Taiwan Strait", "spy balloon", "Cuba", "Sahel", "Arctic", "chips", "grain", "Suez", "OPEC")
ORIGINS = ("Reuters", "AP", "AFP", "CNA", "dpa", *(f"paper{number}.example" for number in range(30)))
HITS = 5
"""Of a hundred entries so many are hits."""
KEY = "a key of the benchmark"


def stock(folder: Path, *, entries: int, corpora: Path) -> None:
    """A configuration, and a database with entries, their stories and hits."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = "".join(f"- url: {address_of(name)}\n  name: {name}\n" for name in FEEDS)
    write(folder / "feeds.yaml", feeds)
    write(folder / "watchlists" / "news.yaml", "topics:\n" + "".join(f"  - {name}\n" for name in TOPICS))
    write(folder / "monitor.yaml", "web: {listen: '127.0.0.1:0'}\ndatabase: monitor.db\n")
    path = folder / "monitor.db"
    build(path, entries=entries, corpora=corpora, feeds=FEEDS)
    tell(path, random.Random(1))


def tell(path: Path, chance: random.Random) -> None:
    """Put the entries of a database into stories, and make some of them hits."""
    store, now = open_store(path), datetime.now(UTC)
    entries = store.counts().entries
    members = stories(entries, chance)
    for first in range(1, entries + 1, A_COMMIT):
        at = now - timedelta(days=DAYS) * (1 - first / entries)
        some = [next(members) for _ in range(min(A_COMMIT, entries - first + 1))]
        store.add_members(some, at=at)
        store.add_hits([hit_of(member, chance, at) for member in some if member.entry_id % 100 < HITS])
    for number in range(1, entries * HITS // 100, 500):
        store.star([number], on=True, who="ann", now=now)
        store.note(number, "Call them back.", who="ann", now=now)
    store.add_session(digest_of(KEY), who="ann", now=now)
    store.close()


def stories(entries: int, chance: random.Random) -> Iterator[NewMember]:
    """Each entry in its story: so many tell the same one after the other, as when something has happened."""
    entry = 0
    while entry < entries:
        first, size = entry + 1, chance.choice((1, 1, 1, 2, 3, 5, 9))
        for entry in range(first, first + size):
            tie = "first" if entry == first else chance.choice(("copy", "happening", "happening"))
            yield NewMember(
                entry_id=entry,
                story_id=first,
                tie=tie,
                copy_of=first if tie == "copy" else None,
                origin=chance.choice(ORIGINS),
                fingerprint=None,
                reason="told together",
            )


def hit_of(member: NewMember, chance: random.Random, at: datetime) -> NewHit:
    """A hit of some topic; the first letters of its title are marked."""
    topic = chance.choice(TOPICS)
    labels = {"topic": topic, "severity": "high", "story": str(member.story_id), "origin": member.origin}
    return NewHit(
        topic=topic,
        entry_id=member.entry_id,
        watchlist="news",
        version="1",
        spans=(Span(field="title", start=0, end=4, text="", clause=topic),),
        labels=labels,
        found_at=at,
        state="told",
    )


def write(path: Path, text: str) -> None:
    """A file of the configuration."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
