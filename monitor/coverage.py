"""What was looked at in a stretch of time, and what was not: the statement on which silence can be trusted.

Reads the store; the judgements are pure. A feed that fails now and then is not blind: what it has shown in
the meantime is read at its next good poll, and where that came too late there is a gap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from monitor.alerts.route import Receiver
from monitor.feeds.cadence import PUSHED_LONGEST, PUSHED_MOST
from monitor.notice import Notice
from monitor.store.feeds import FeedRow
from monitor.store.gaps import Gap
from monitor.store.pacts import live_pacts
from monitor.store.store import Store

BLIND_AFTER = timedelta(hours=1)
"""A feed that fails is blind after three intervals, or after this if they are shorter."""
_WATCH_BREAK = timedelta(hours=1)
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """When something last arrived at all targets of a receiver; None: at one of them nothing ever did."""

    receiver: str
    arrived_at: datetime | None
    targets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was looked at between two moments.

    `hits` counts them by topic. `watched_since` is when the present watch began, and `watched_until` when
    somebody last looked; None if nobody watches now. Breaks of less than an hour are none.
    """

    since: datetime
    at: datetime
    feeds: int
    blind: tuple[FeedRow, ...]
    entries: int
    hits: Mapping[str, int]
    gaps: tuple[Gap, ...]
    proofs: tuple[Proof, ...]
    watched_since: datetime | None
    watched_until: datetime | None = None
    pushed: int = 0
    """Of how many feeds hubs tell us."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing can have been missed as far as anybody knows."""
        return self.is_watched and not self.blind and not self.gaps

    @property
    def is_watched(self) -> bool:
        """Whether somebody has watched all the time."""
        return self.watched_since is not None and self.watched_since <= self.since

    @property
    def line(self) -> str:
        """In a line: `212 of 214 feeds polled, 3,120 entries read; 2 blind: …`."""
        seen = self.feeds - len(self.blind)
        entries = f"{self.entries:,} {'entry' if self.entries == 1 else 'entries'}"
        pushed = f", hubs tell of {self.pushed:,}" if self.pushed else ""
        said = [f"{seen:,} of {self.feeds:,} feeds polled{pushed}, {entries} read"]
        if self.blind:
            said.append(f"{len(self.blind):,} blind: {_names(feed_name(feed) for feed in self.blind)}")
        if self.gaps:
            said.append(f"gaps in {_names(dict.fromkeys(gap.feed for gap in self.gaps))}")
        return "; ".join(said)


def coverage_of(
    store: Store, receivers: Mapping[str, Receiver], *, since: datetime, now: datetime, topic: str = ""
) -> Coverage:
    """What was looked at since a moment; of the hits those of one topic, or of all but our own."""
    feeds, arrivals = store.feeds(), store.last_arrivals()
    counts = store.hit_counts(since=since)
    watched_since, watched_until = _watched(store, now)
    return Coverage(
        since=since,
        at=now,
        feeds=len(feeds),
        blind=tuple(feed for feed in feeds if is_blind(feed, now=now)),
        entries=store.entries_read(since),
        hits={
            name: count
            for name, count in counts.items()
            if name == topic or (not topic and not name.startswith("_"))
        },
        gaps=tuple(store.gaps(since)),
        proofs=tuple(_proof(receiver, arrivals) for receiver in receivers.values()),
        watched_since=watched_since,
        watched_until=watched_until,
        pushed=len(live_pacts(store.pacts(), now=now)),
    )


def daily_notice(coverage: Coverage, *, day: date) -> Notice:
    """What was looked at, for those who want to read it each day."""
    unproven = [proof.receiver for proof in coverage.proofs if proof.arrived_at is None]
    lines = [
        f"{sum(coverage.hits.values()):,} hits of {len(coverage.hits):,} topics.",
        "" if coverage.watched_since else "Nobody was watching.",
        f"Nothing has arrived yet at: {_names(unproven)}." if unproven else "",
    ]
    return Notice(
        key=f"coverage:{day.isoformat()}",
        kind="coverage",
        title=coverage.line,
        text=" ".join(filter(None, lines)),
        severity="info" if coverage.is_whole else "warning",
    )


def day_told(at: time, *, zone: tzinfo, now: datetime) -> date:
    """The day whose message has last become due: today's from this time of the clock on."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= at else local.date() - timedelta(days=1)


def is_blind(feed: FeedRow, *, now: datetime) -> bool:
    """Whether entries that this feed shows now would not be seen: it fails, is gone, or was never read."""
    state = feed.state
    if state.last_ok_at is None or feed.next_poll_at is None:
        return True
    patience = max(3 * state.interval, BLIND_AFTER)
    if state.pushed_until and state.pushed_until > now:  # it is polled rarely: one failure is no blindness
        patience += min(state.interval * PUSHED_MOST, PUSHED_LONGEST)
    is_overdue = now - max(feed.next_poll_at, state.last_ok_at) > patience
    return is_overdue or (bool(state.failures) and now - state.last_ok_at > patience)


def feed_name(feed: FeedRow) -> str:
    """How a feed is called."""
    return feed.name or feed.state.url


def _proof(receiver: Receiver, arrivals: Mapping[str, datetime]) -> Proof:
    moments = [arrivals.get(target.key) for target in receiver.targets]
    known = [moment for moment in moments if moment is not None]
    whole = bool(moments) and len(known) == len(moments)
    return Proof(receiver=receiver.name, arrived_at=min(known) if whole else None, targets=len(moments))


def _watched(store: Store, now: datetime) -> tuple[datetime, datetime] | tuple[None, None]:
    watched = store.watched()
    return (None, None) if watched is None or now - watched[1] > _WATCH_BREAK else watched


def _names(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMED:,} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more
