"""Plays the demo: starts the loopback server, writes a configuration, runs the monitor, publishes, checks.

sample feeds ──► run_monitor (the daemon's own body) ──► Apprise ──► receiver
     ▲                     │ reports                                   │
     └── publish, in turn  └──────► Stage (shows), Witness (checks) ◄──┘
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from monitor.daemon import run_monitor
from monitor.demo.promises import Witness
from monitor.demo.samples import FEEDS, TOPICS, SampleFeed
from monitor.demo.server import ALERTS, LoopbackServer, Received
from monitor.demo.stage import Stage
from monitor.parts import load_config
from monitor.poller import PollReport
from monitor.reports import Report

LONGEST = 16.0
"""Seconds after which the demo waits no longer for what has not happened."""
PAUSE = 1.0
"""Seconds to read, before the next entry is published."""
PATIENCE = 5.0
"""Seconds to wait for an entry to be told before the next one is published nevertheless."""
CALM = 1.5
"""Seconds of further polls in the end, which must tell nothing more."""
LOOK = 0.05
"""Seconds between looks at what has happened."""


def play(console: Console, *, clock: Callable[[], datetime], program: str = "monitor") -> bool:
    """Show the pipeline at work; returns whether everything that was promised really happened."""
    with TemporaryDirectory(prefix="feed-monitor-demo-") as folder:
        demo = _Demo(console, folder=Path(folder), started=clock())
        asyncio.run(demo.run())
        return demo.end(program)


class _Demo:
    """The server, those who look on, and the order in which things are published."""

    def __init__(self, console: Console, *, folder: Path, started: datetime) -> None:
        self._folder = folder
        self._started = started
        self._deadline = time.monotonic() + LONGEST
        self._stage = Stage(console, {feed.name: feed.kind for feed in FEEDS})
        self._witness = Witness(feeds=FEEDS)
        self._server = LoopbackServer(on_alert=self._received)
        self._polls = 0

    async def run(self) -> None:
        """Play it from the first poll to the last alert."""
        await self._server.start()
        try:
            for feed in FEEDS:
                self._serve(feed, published=False)
            write_configuration(self._folder, self._server.port)
            topics = load_config(self._folder).topics
            self._stage.open((topic.name, str(topic.query)) for topic in topics)
            await self._monitor()
        finally:
            await self._server.stop()

    def end(self, program: str) -> bool:
        """Show what was promised and what comes next; returns whether all of it happened."""
        promises = list(self._witness.promises(not_modified=self._server.not_modified))
        self._stage.close(promises, self._polls)
        self._stage.what_next(program)
        return all(promise.kept for promise in promises)

    async def _monitor(self) -> None:
        """Run the monitor beside the script until that has ended; a monitor that fails ends both."""
        stop = asyncio.Event()
        monitor = asyncio.create_task(run_monitor(self._folder, None, on_report=self._saw, stop=stop))
        script = asyncio.create_task(self._publish_in_turn())
        await asyncio.wait((monitor, script), return_when=asyncio.FIRST_COMPLETED)
        script.cancel()
        stop.set()
        await monitor

    async def _publish_in_turn(self) -> None:
        skywatch, pacific = FEEDS[1], FEEDS[0]
        await self._told("havana")
        for feed in (skywatch, pacific):
            await asyncio.sleep(PAUSE)
            self._serve(feed, published=True)
            if feed.later:
                self._stage.published(feed, feed.later)
                await self._told(feed.later.slug)
        await asyncio.sleep(CALM)

    async def _told(self, slug: str) -> None:
        """Return when it has been told, or when it is time to go on without."""
        until = min(time.monotonic() + PATIENCE, self._deadline)
        while time.monotonic() < until and not self._witness.told(slug):
            await asyncio.sleep(LOOK)

    def _serve(self, feed: SampleFeed, *, published: bool) -> None:
        later = [feed.later] if published and feed.later else []
        document = feed.render([*later, *feed.first], self._started)
        self._server.documents[feed.path] = (feed.content_type, document)

    def _saw(self, report: Report) -> None:
        self._polls += isinstance(report, PollReport)
        self._witness.saw(report)
        self._stage.saw(report)

    def _received(self, received: Received) -> None:
        self._witness.received(received)
        self._stage.received(received)


def write_configuration(folder: Path, port: int) -> None:
    """The configuration as a user would write it; only the pace is that of a demo."""
    feeds = "".join(_feed_lines(feed, port) for feed in FEEDS)
    (folder / "watchlists").mkdir()
    (folder / "watchlists" / "demo.yaml").write_text(TOPICS, encoding="utf-8")
    (folder / "feeds.yaml").write_text(f"{_FEED_DEFAULTS}feeds:\n{feeds}", encoding="utf-8")
    (folder / "alerts.yaml").write_text(
        _ALERTS.format(url=f"json://127.0.0.1:{port}{ALERTS}"), encoding="utf-8"
    )


def _feed_lines(feed: SampleFeed, port: int) -> str:
    lines = f"  - url: http://127.0.0.1:{port}{feed.path}\n    name: {feed.name}\n"
    return lines + (f"    backfill: {feed.backfill}\n" if feed.backfill else "")


_FEED_DEFAULTS = """\
defaults:
  interval: 500ms
  allow_private: true   # 127.0.0.1 is a private address
"""
_ALERTS = """\
route:
  receiver: desk
  group_by: [topic]
  group_wait: 500ms
  group_interval: 1s
receivers:
  - name: desk
    urls: ["{url}"]
    allow_private: true
"""
