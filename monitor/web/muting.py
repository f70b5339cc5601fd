"""The story of a hit muted, on a page or by a program, and heard again."""

from datetime import datetime

from starlette.exceptions import HTTPException

from monitor.alerts.mute import LASTS, muted_stories, story_matcher
from monitor.store.store import Store

FORGOTTEN = "there is no such hit; it may have been forgotten"


def mute_story(store: Store, hit_id: int, *, on: bool, who: str, now: datetime) -> int:
    """Keep the hits of this hit's story to ourselves for as long as a story lives, or tell them again.

    A story that is muted already stays as it is. Returns the story.
    """
    story = _story(store, hit_id)
    muted = muted_stories(store.silences(since=now), now=now).get(str(story), ())
    if on and not muted:
        ends, why = now + LASTS, "story muted on the desk"
        store.add_silence([story_matcher(story)], starts_at=now, ends_at=ends, comment=why, who=who)
    if not on:
        store.expire_silences([silence.number for silence in muted], now=now)
    return story


def _story(store: Store, hit_id: int) -> int:
    entries = [hit.entry.entry_id for hit in store.hits(ids=[hit_id])]
    for story in store.story_sums(entries).values():
        return story.story_id
    raise HTTPException(404, "this hit is in no story" if entries else FORGOTTEN)
