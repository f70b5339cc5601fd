"""Recorded histories of feeds through the monitor, poll by poll, on a simulated clock.

    python -m benchmarks.replay_polls [CORPORA] [--interval 900] [--feed NAME] [--json]

The poller, retrieval (with conditional requests), parsing in the sandbox, recognising, storing and cadence
are those of production; only wire and clock are made: a request is answered with what the feed showed at that
time. The monitor decides itself when it polls next. What is right is found the slow way, by histories.py.

    recall        part of all the entries that were ever in a document that were stored as new
    twice         entries that were stored as new more than once
    titles        of the titles of entries whose title changed, how many were stored
    edited        entries stored as edited (title or text)
    gaps          windows that ran over, by the monitor's own account
    quiet wrote   polls that found what the poll before found, and wrote more than the state of the feed
    polls         how often it polled, and how many documents were recorded
"""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.corpora import arguments, machine, table
from benchmarks.histories import Appearance, Capture, Truth, appearances, histories, plain
from monitor.config.settings import PollSettings
from monitor.egress.response import Headers, Response
from monitor.feeds.retrieve import body_hash
from monitor.feeds.subscription import Subscription
from monitor.following import follow_of
from monitor.poller import Poller, PollReport
from monitor.sandbox import Sandbox
from monitor.store import open_store
from monitor.store.sqlite import SQLiteStore
from monitor.store.store import Store
from monitor.store.thread import StoreThread
from monitor.watch import Watch

URL = "https://feed.example/feed.xml"
INTERVAL = timedelta(minutes=15)
_WRITES = re.compile(
    r"\s*(?:INSERT|REPLACE|UPDATE|DELETE)\b[^;]*?\b(?:entries|revisions|entry_keys|entries_fts|hits|gaps)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a history."""

    feed: str
    entries: int
    recall: float
    twice: int
    titles: int
    titles_stored: int
    edited: int
    gaps: int
    quiet: int
    quiet_wrote: int
    polls: int
    recorded: int
    failed: int


def main() -> None:
    """Replay and print."""
    parser = arguments(__doc__.partition("\n")[0])
    parser.add_argument("--interval", type=int, default=900, help="seconds (default %(default)s)")
    parser.add_argument("--feed", default="", help="only this one")
    chosen = parser.parse_args()
    interval = timedelta(seconds=chosen.interval)
    outcomes = []
    for name, captures in histories(chosen.corpora):
        if chosen.feed in ("", name):
            print(f"{name}: {len(captures):,} documents …", file=sys.stderr)
            outcomes.append(asyncio.run(replay(name, captures, interval=interval)))
    if chosen.json:
        print(json.dumps({"machine": machine(), "feeds": [asdict(one) for one in outcomes]}, indent=1))
        return
    print(f"{machine()}\n")
    print(table([row(one) for one in outcomes]))


def row(one: Outcome) -> Mapping[str, Any]:
    """An outcome as the table shows it."""
    return {
        "feed": one.feed,
        "entries": one.entries,
        "recall": one.recall,
        "twice": one.twice,
        "titles": f"{one.titles_stored}/{one.titles}",
        "edited": one.edited,
        "gaps": one.gaps,
        "quiet wrote": f"{one.quiet_wrote}/{one.quiet}",
        "polls": f"{one.polls}/{one.recorded}",
    }


async def replay(name: str, captures: Sequence[Capture], *, interval: timedelta = INTERVAL) -> Outcome:
    """Let the monitor follow a feed from its first captured document to some time after its last."""
    run = _Run(captures, interval)
    await run.drive()
    documents = [appearances(capture.body) for capture in captures]
    truth = Truth(documents)
    new = Counter(truth.entry(one) for one, revised in run.stored if not revised)
    titles = {(truth.entry(one), one.title) for one, _ in run.stored}
    return Outcome(
        feed=name,
        entries=len(truth.entries),
        recall=len(truth.entries & new.keys()) / len(truth.entries) if truth.entries else 1.0,
        twice=sum(count - 1 for count in new.values()),
        titles=len(truth.edited_titles),
        titles_stored=len(truth.edited_titles & titles),
        edited=sum(revised for _, revised in run.stored),
        gaps=run.gaps,
        quiet=len(run.quiet(documents)),
        quiet_wrote=sum(bool(writes) for writes in run.quiet(documents)),
        polls=len(run.polls),
        recorded=len(captures),
        failed=run.failed,
    )


@dataclass(slots=True)
class _Wire:
    """The egress's place: answers with what the feed showed at the simulated moment."""

    captures: Sequence[Capture]
    now: datetime
    showing: int = 0

    async def request(self, method: str, url: str, *, headers: Mapping[str, str], **_: object) -> Response:
        assert method == "GET"
        while self.showing + 1 < len(self.captures) and self.captures[self.showing + 1].at <= self.now:
            self.showing += 1
        body = self.captures[self.showing].body
        etag = f'"{body_hash(body)}"'
        known = headers.get("If-None-Match") == etag
        said = Headers([("ETag", etag), ("Content-Type", "application/xml")])
        return Response(url=url, status=304 if known else 200, headers=said, body=b"" if known else body)


@dataclass(slots=True)
class _Follows:
    """What the poller asks of a configuration: one feed, and no topics."""

    subscriptions: Mapping[str, Subscription] = field(default_factory=lambda: {URL: Subscription(url=URL)})
    watch: Watch = field(default_factory=lambda: Watch.of([]))


class _Run:
    """A history on its way through the monitor; keeps what was stored and which poll wrote."""

    def __init__(self, captures: Sequence[Capture], interval: timedelta) -> None:
        self.stored: list[tuple[Appearance, bool]] = []
        """Every new or edited entry: as it was stored, and whether as an edit."""
        self.polls: list[tuple[int, int]] = []
        """For each poll which document it met, and how many statements wrote more than the feed's state."""
        self.failed = self.gaps = 0
        self._wire = _Wire(captures, captures[0].at)
        self._interval = interval
        self._until = captures[-1].at + timedelta(days=1)
        self._writes = 0

    async def drive(self) -> None:
        """From poll to poll, as they become due."""
        store = StoreThread(self._open)
        await store.open()
        follow = follow_of(Subscription(url=URL), PollSettings(interval=self._interval))
        await store.run(lambda opened: opened.follow([follow], now=self._wire.now))
        with Sandbox(1, preload=("monitor.feeds.parse",)) as sandbox:
            poller = Poller(
                store=store,
                egress=self._wire,  # type: ignore[arg-type]  # as much of one as retrieval asks for
                sandbox=sandbox,
                follows=_Follows(),
                clock=lambda: self._wire.now,
                on_report=self._saw,
                on_trouble=_raise,
            )
            while self._wire.now < self._until:
                await poller.tick()
                await poller.drain()
                self._wire.now = await store.run(_next_poll)
            await poller.close()
        began = self._wire.captures[0].at
        self.gaps = await store.run(lambda opened: len(opened.gaps(began)))
        await store.close()

    def quiet(self, documents: Sequence[Sequence[Appearance]]) -> list[int]:
        """How much each of those polls wrote that found the very entries that the one before had found."""
        pairs = zip(self.polls, self.polls[1:], strict=False)
        return [
            writes for (before, _), (met, writes) in pairs if set(documents[before]) == set(documents[met])
        ]

    def _open(self) -> SQLiteStore:
        store = open_store(":memory:")
        store._conn.set_trace_callback(self._wrote)  # to see what nobody is told of
        return store

    def _wrote(self, statement: str) -> None:
        self._writes += bool(_WRITES.match(statement))

    def _saw(self, report: PollReport) -> None:
        self.polls.append((self._wire.showing, self._writes))
        self._writes = 0
        self.failed += bool(report.error)
        for found in report.ingested.entries:
            entry = found.entry
            self.stored.append(
                (Appearance(entry.guid, entry.link.rstrip("/"), plain(entry.title)), found.revised)
            )


def _next_poll(store: Store) -> datetime:
    (row,) = store.feeds()
    assert row.next_poll_at is not None, row.note
    return row.next_poll_at


def _raise(error: Exception) -> None:
    raise error


if __name__ == "__main__":
    main()
