"""A row of the feeds ↔ what is known of a feed between its polls."""

import json
import sqlite3
from datetime import datetime, timedelta

from monitor.feeds.rhythm import Rhythm
from monitor.feeds.shown import NOTHING_SHOWN, Shown
from monitor.feeds.state import FeedState
from monitor.feeds.wishes import NO_WISHES, Wishes
from monitor.store.moment import interval_to_micros, to_json, to_moment
from monitor.store.shown import shown_of


def feed_state(
    row: sqlite3.Row, *, shown: Shown = NOTHING_SHOWN, pushed_until: datetime | None = None
) -> FeedState:
    """What a row of the feeds says of a feed between polls, and what other tables do."""
    return FeedState(
        feed_id=row["id"],
        url=row["url"],
        host=row["host"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        identity=row["identity"],
        baseline_at=to_moment(row["baseline_at"]),
        last_polled_at=to_moment(row["last_polled_at"]),
        last_ok_at=to_moment(row["last_ok_at"]),
        last_new_at=to_moment(row["last_new_at"]),
        failures=row["failures"],
        error=row["error"],
        empty_since=to_moment(row["empty_since"]),
        pace=time_or_none(row["pace"]),
        rhythm=Rhythm.from_bytes(row["rhythm"]) if row["rhythm"] else None,
        wishes=_wishes(row["wishes"]),
        moved_to=row["moved_to"],
        moved_times=row["moved_times"],
        hub=row["hub"],
        topic=row["topic"],
        min_interval=time_or_none(row["min_interval"]),
        max_interval=time_or_none(row["max_interval"]),
        overrun_at=to_moment(row["overrun_at"]),
        interval=timedelta(microseconds=row["interval"]),
        shown=shown,
        pushed_until=pushed_until,
    )


def claimed_feed(row: sqlite3.Row) -> FeedState:
    """The same, with what its last document showed and how long its hub tells."""
    """What is known of a feed that is claimed, with what its last document showed."""
    return feed_state(row, shown=shown_of(row), pushed_until=to_moment(row["pushed_until"]))


def micros_or_none(time: timedelta | None) -> int | None:
    """A stretch of time as a column holds it."""
    return None if time is None else interval_to_micros(time)


def time_or_none(micros: int | None) -> timedelta | None:
    """A stretch of time as a column held it."""
    return None if micros is None else timedelta(microseconds=micros)


def wishes_to_json(wishes: Wishes) -> str:
    """Nearly no feed asks for anything."""
    if wishes == NO_WISHES:
        return ""
    return to_json(
        [interval_to_micros(wishes.every), wishes.by, list(wishes.skip_hours), list(wishes.skip_days)]
    )


def _wishes(text: str) -> Wishes:
    if not text:
        return NO_WISHES
    every, by, hours, days = json.loads(text)
    return Wishes(every=timedelta(microseconds=every), by=by, skip_hours=tuple(hours), skip_days=tuple(days))
