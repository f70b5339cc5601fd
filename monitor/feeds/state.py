"""What is remembered of a feed between polls. Data only; the store keeps it."""

from datetime import datetime, timedelta

from monitor.feeds.rhythm import Rhythm
from monitor.feeds.shown import NOTHING_SHOWN, Shown
from monitor.feeds.wishes import NO_WISHES, Wishes
from monitor.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between polls.

    `etag` and `last_modified` are the validators of the last document that was ingested, `body_hash` the
    hash of its bytes (versioned text, see feeds.retrieve). `baseline_at` is when its first document was
    ingested (None: never). `failures` counts the failed polls since the last good one, `error` says the
    last failure in plain words ("" when the last poll was good).
    `empty_since` is when its documents began to have no entries. After its window ran over, at `overrun_at`,
    `pace` is a guess at how often it must be polled for that not to happen.
    `shown` are the items of the last document, so that they need not be parsed again.
    `rhythm` is when it brings its entries, `wishes` what it asks of those who poll it, `moved_to` where
    permanent redirects led, so often in a row (see feeds/moved.py).
    `hub` and `topic` are what it offers to those who want to be told (see feeds/offers.py), `pushed_until` is
    the end of the lease while its hub tells us all that is new.
    `host` is where polls take turns. `interval` is the time between polls that the subscription or
    the settings ask for, `min_interval` and `max_interval` the limits between which the rhythm may move it.
    """

    feed_id: int
    url: str
    host: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    baseline_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0
    error: str = ""
    identity: str = "guid"
    empty_since: datetime | None = None
    pace: timedelta | None = None
    overrun_at: datetime | None = None
    shown: Shown = NOTHING_SHOWN
    rhythm: Rhythm | None = None
    wishes: Wishes = NO_WISHES
    moved_to: str = ""
    moved_times: int = 0
    hub: str = ""
    topic: str = ""
    pushed_until: datetime | None = None
    interval: timedelta = timedelta(minutes=15)
    min_interval: timedelta | None = None
    max_interval: timedelta | None = None
