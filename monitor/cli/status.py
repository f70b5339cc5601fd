"""How everything is: what `monitor status` and `health` look at, and the judgement. Does not print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from monitor.alerts.silence import Silence
from monitor.cli.console import iso, span_of
from monitor.config.secrets import mask_feed_url
from monitor.feeds.moved import has_moved
from monitor.store.feeds import FeedRow
from monitor.store.gaps import Gap
from monitor.store.pacts import live_pacts
from monitor.store.records import Counts, DaemonRow, Delivery
from monitor.store.store import Store

State = Literal["running", "silent", "stopped", "never"]

SILENT_AFTER = timedelta(seconds=60)
"""A daemon that has not said for so long that it lives does not."""
GAPS_SINCE = timedelta(days=7)
"""How far back lost entries are of interest."""
LISTED = 100
"""How many dead letters and retries are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What was seen in the database at a moment."""

    at: datetime
    database: Path
    daemon: DaemonRow | None
    feeds: tuple[FeedRow, ...]
    counts: Counts
    retrying: tuple[Delivery, ...]
    dead: tuple[Delivery, ...]
    gaps: tuple[Gap, ...] = ()
    pages: Mapping[str, int] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    pushed: int = 0
    """How many feeds' hubs tell us now."""
    pushes: Mapping[str, int] = field(default_factory=dict)
    """All pushes that ever came, by what became of them."""

    @property
    def failing(self) -> list[FeedRow]:
        """Feeds whose last poll failed, the longest failing first."""
        failing = [feed for feed in self.feeds if feed.state.error]
        return sorted(failing, key=lambda feed: -feed.state.failures)

    @property
    def moved(self) -> list[FeedRow]:
        """Feeds that have moved for good, and are asked at their new addresses."""
        return [feed for feed in self.feeds if has_moved(feed.state)]

    @property
    def unpolled(self) -> int:
        """How many feeds were never polled."""
        return sum(feed.state.last_polled_at is None for feed in self.feeds)

    @property
    def next_poll_at(self) -> datetime | None:
        """When the next feed is due."""
        return min((feed.next_poll_at for feed in self.feeds if feed.next_poll_at), default=None)


def look(store: Store, database: Path, *, now: datetime) -> Status:
    """Look at everything once."""
    due = store.deliveries(state="due", limit=LISTED)
    return Status(
        at=now,
        database=database,
        daemon=store.daemon(),
        feeds=tuple(store.feeds()),
        counts=store.counts(),
        retrying=tuple(delivery for delivery in due if delivery.attempts),
        dead=tuple(store.deliveries(state="dead", limit=LISTED)),
        gaps=tuple(store.gaps(now - GAPS_SINCE)),
        pages=store.page_counts(),
        silences=tuple(store.silences(since=now)),
        pushed=len(live_pacts(store.pacts(), now=now)),
        pushes=store.push_counts(),
    )


def daemon_state(row: DaemonRow | None, now: datetime) -> tuple[State, str]:
    """Whether the daemon runs and works, and how one says so."""
    if row is None:
        return "never", "no daemon has run on this database yet"
    if row.stopped_at is not None:
        return "stopped", f"the daemon was stopped {span_of(now - row.stopped_at)} ago"
    if now - row.beat_at > SILENT_AFTER:
        silence = span_of(now - row.beat_at)
        return "silent", f"the daemon (process {row.pid}) has not said for {silence} that it lives"
    return "running", f"running for {span_of(now - row.started_at)}, process {row.pid}, version {row.version}"


def status_facts(status: Status) -> dict[str, Any]:
    """The status as JSON shows it."""
    return {
        "at": iso(status.at),
        "database": str(status.database),
        "daemon": _daemon_facts(status),
        "feeds": {
            "followed": len(status.feeds),
            "never_polled": status.unpolled,
            "next_poll_at": _iso(status.next_poll_at),
            "pushed": status.pushed,
            "failing": [_feed_facts(feed) for feed in status.failing],
            "moved": [_moved_facts(feed) for feed in status.moved],
            "gaps": [_gap_facts(gap) for gap in status.gaps],
        },
        "entries": status.counts.entries,
        "pages": {state: status.pages.get(state, 0) for state in ("due", "read", "unreadable")},
        "pushes": dict(status.pushes),
        "hits": {state: status.counts.hits.get(state, 0) for state in ("pending", "told", "kept")},
        "alerts": status.counts.alerts,
        "silences": [silence.name for silence in status.silences],
        "deliveries": {
            state: status.counts.deliveries.get(state, 0) for state in ("due", "delivered", "dead")
        },
        "retrying": [_delivery_facts(delivery) for delivery in status.retrying],
        "dead_letters": [_delivery_facts(delivery) for delivery in status.dead],
    }


def _daemon_facts(status: Status) -> dict[str, Any]:
    state, words = daemon_state(status.daemon, status.at)
    facts: dict[str, Any] = {"state": state, "detail": words}
    if status.daemon is None:
        return facts
    row = status.daemon
    moments = (
        "started_at",
        "beat_at",
        "stopped_at",
        "config_loaded_at",
        "config_error_since",
        "offline_since",
    )
    facts |= {"pid": row.pid, "version": row.version, "config_error": row.config_error}
    return facts | {name: _iso(getattr(row, name)) for name in moments}


def _feed_facts(feed: FeedRow) -> dict[str, Any]:
    return {
        "name": feed.name,
        "url": mask_feed_url(feed.state.url),
        "error": feed.state.error,
        "failures": feed.state.failures,
        "last_ok_at": _iso(feed.state.last_ok_at),
        "next_poll_at": _iso(feed.next_poll_at),
    }


def _moved_facts(feed: FeedRow) -> dict[str, Any]:
    return {
        "name": feed.name,
        "url": mask_feed_url(feed.state.url),
        "moved_to": mask_feed_url(feed.state.moved_to),
    }


def _gap_facts(gap: Gap) -> dict[str, Any]:
    """Between these moments entries may have come and gone."""
    url = mask_feed_url(gap.url)
    return {
        "name": "" if gap.feed == gap.url else gap.feed,
        "url": url,
        "from": iso(gap.from_at),
        "to": iso(gap.to_at),
    }


def _delivery_facts(delivery: Delivery) -> dict[str, Any]:
    return {
        "alert": delivery.alert.id,
        "receiver": delivery.receiver,
        "target": delivery.label,
        "attempts": delivery.attempts,
        "first_at": _iso(delivery.first_at),
        "next_at": _iso(delivery.next_at) if delivery.state == "due" else None,
        "ended_at": _iso(delivery.ended_at),
        "error": delivery.error,
        "titles": [hit.headline.text for hit in delivery.alert.hits],
    }


def _iso(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
