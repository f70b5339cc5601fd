"""Which hits are news: told, or kept with a named reason; told alone, or all in one summary. Pure.

in the feed's first document     kept, unless backfill asks for it
old, and shown as new            kept: recycled
an edit of an entry              kept, unless its topic asks to hear of edits
after a long silence             told, with a label that makes one alert a receiver of all that came then
anything else                    told
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from monitor.alerts.alert import EDITED, RETURNED
from monitor.feeds.entry import Entry
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from monitor.records import dataclass
from monitor.store.records import Hit, HitState
from monitor.stories.recycled import recycled
from monitor.topics.topic import Topic

LONG_SILENCE = timedelta(days=2)
"""After it what a feed shows is told in one: the feed was down, or we were, or a backup was restored."""
INTERVALS = 3
"""A feed that is polled rarely is silent for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a document came: whether as the feed's first, and after how long a silence (zero: no long one)."""

    baseline: bool = False
    silence: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What becomes of a hit: its state and why, and what its labels say of how it came."""

    state: HitState = "pending"
    reason: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def showing_of(state: FeedState, *, heard_at: datetime | None, now: datetime) -> Showing:
    """How a document came; `heard_at` is the poll before that went well."""
    if state.baseline_at is None:
        return Showing(baseline=True)
    heard = min((at for at in (heard_at, state.empty_since) if at), default=now)
    silence = now - heard
    return Showing(
        silence=silence if silence > max(LONG_SILENCE, INTERVALS * state.interval) else timedelta()
    )


def news_of(
    entry: Entry,
    topic: Topic,
    showing: Showing,
    subscription: Subscription,
    *,
    revised: bool,
    now: datetime,
    first_seen: datetime | None = None,
) -> News:
    """What becomes of a topic's hit in an entry that is new, or `revised`; its text was `first_seen` then."""
    if is_old(entry, showing, subscription, now=now):
        return News(state="kept", reason="baseline: it was in the feed's first document")
    if revised and topic.on_edit == "silent":
        return News(
            state="kept", reason="edited: it matched only when the entry was edited (on_edit: silent)"
        )
    expected = revised or showing.baseline or bool(showing.silence)
    if old := recycled(
        now=now,
        first_seen=None if revised else first_seen,
        published=entry.published,
        link=entry.link,
        dated=not expected,
    ):
        return News(state="kept", reason=old)
    labels = {EDITED: "yes"} if revised else {}
    if showing.silence:
        labels[RETURNED] = in_days(showing.silence)
    return News(labels=labels)


def no_news_after_all(hit: Hit, first_seen: datetime | None, *, now: datetime) -> str:
    """Why a hit that waits is no news, now that it is known when its text was first seen; "" where it is."""
    if hit.state != "pending" or EDITED in hit.labels:
        return ""
    return recycled(now=now, first_seen=first_seen, published=None, link="")


def is_old(entry: Entry, showing: Showing, subscription: Subscription, *, now: datetime) -> bool:
    """Whether the entry was there before the feed was followed, and nobody asked for what was."""
    return showing.baseline and not _within_backfill(entry, subscription.backfill, now)


def in_days(silence: timedelta) -> str:
    """A long time in words: 3 days, 5 weeks."""
    return f"{silence.days} days" if silence.days < 14 else f"{silence.days // 7} weeks"


def _within_backfill(entry: Entry, backfill: timedelta, now: datetime) -> bool:
    """Whether the entry is young enough; one without a date counts as young where backfill is asked for."""
    if not backfill:
        return False
    moment = entry.published or entry.updated
    return moment is None or moment >= now - backfill
