"""A muted story: a silence of that story and of nothing else. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.alerts.route import Matcher
from monitor.alerts.silence import Silence
from monitor.alerts.story import STORY

LASTS = timedelta(days=7)
"""As long as entries are put into a story that nobody tells any more."""


def story_matcher(story: int) -> Matcher:
    """What matches the hits of a story."""
    return Matcher(label=STORY, op="=", value=str(story))


def muted_stories(silences: Iterable[Silence], *, now: datetime) -> dict[str, list[Silence]]:
    """The stories that are muted now, by which silences, the one that ends last at the end."""
    muted: dict[str, list[Silence]] = {}
    for silence in sorted(silences, key=lambda one: one.ends_at):
        if silence.starts_at <= now < silence.ends_at and (story := _story_of(silence)):
            muted.setdefault(story, []).append(silence)
    return muted


def _story_of(silence: Silence) -> str:
    """The story that a silence mutes, "" where it is about anything else or more."""
    is_one = [(one.label, one.op) for one in silence.matchers] == [(STORY, "=")]
    return silence.matchers[0].value if is_one else ""
