"""A list of feeds → feeds to write: addresses checked, those that are followed already left out and named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.config.editing_values import NewFeed
from monitor.config.subscriptions import url_fault, url_key
from monitor.feeds.opml import OpmlFeed, Outlines

NAME_LENGTH = 80
"""Of a longer title this much becomes the feed's name."""

Why = Literal["broken", "duplicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What of a list is not imported: its line, what it is called, and why."""

    line: int
    name: str
    why: Why
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFeeds:
    """What a list came to."""

    feeds: tuple[NewFeed, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(kw_only=True)
class _Taking:
    taken: dict[str, str]
    labels: Mapping[str, str]
    folder_label: str
    feeds: list[NewFeed] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def take(self, feed: OpmlFeed) -> None:
        fault = url_fault(feed.url)
        first = self.taken.get(url_key(feed.url))
        if fault:
            self._leave_out(feed, "broken", f"{feed.url[:80]!r}: {fault}")
        elif first:
            self._leave_out(feed, "duplicate", f"followed already: {first}")
        else:
            self.taken[url_key(feed.url)] = f"line {feed.line}"
            folder = {self.folder_label: "/".join(feed.folders)} if feed.folders else {}
            labels = {**folder, **self.labels}
            self.feeds.append(NewFeed(url=feed.url, name=feed_name(feed.title), labels=labels))

    def _leave_out(self, feed: OpmlFeed, why: Why, reason: str) -> None:
        self.left_out.append(LeftOut(line=feed.line, name=feed.title, why=why, reason=reason))


def feeds_to_write(
    outlines: Outlines, *, taken: Mapping[str, str], labels: Mapping[str, str], folder_label: str
) -> ImportedFeeds:
    """The feeds of a list that are new. `taken` has the places of those that there are, by their URLs' keys.

    The folders in which a feed stands become one label, joined by `/`; `labels` are put on all.
    """
    taking = _Taking(taken=dict(taken), labels=labels, folder_label=folder_label)
    for feed in outlines.feeds:
        taking.take(feed)
    broken = [
        LeftOut(line=one.line, name=one.title, why="broken", reason=one.reason) for one in outlines.skipped
    ]
    every = sorted([*taking.left_out, *broken], key=lambda one: one.line)
    return ImportedFeeds(feeds=tuple(taking.feeds), left_out=tuple(every))


def feed_name(title: str) -> str:
    """A feed's title as its name: on one line, without what drives a terminal, of bearable length."""
    name = " ".join("".join(char if char.isprintable() else " " for char in title).split())
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"
