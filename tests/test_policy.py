"""A week of hits on a simulated clock, and the exact messages: the tables are in alerts/policy/*.yaml.

`config` is an alerts.yaml. Of what `happens`, a `hit` with its labels may come again (`times`, `every`); a
`silence` has its matchers and lasts `for` so long, unless it is told to `expire`; `ack` acknowledges what
this receiver was told last. `says` are the messages: when, to whom, of which kind and why, and of each topic
the headlines that are shown, the oldest first. `kept` are the hits that nobody is told of, and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from monitor.alerts.alert import Alert
from monitor.alerts.render import render
from monitor.config import load
from monitor.config.matchers import parse_matcher
from monitor.config.units import parse_duration
from monitor.dispatcher import Dispatched, dispatch
from monitor.setup import rules_of
from monitor.store import open_store
from monitor.store.records import NewHit
from monitor.store.sqlite import SQLiteStore
from tests.store.contract import followed, new_entry

TABLES = sorted((Path(__file__).parent / "alerts" / "policy").glob("*.yaml"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_week_of_hits_is_told_exactly_so(path: Path, tmp_path: Path) -> None:
    table = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    week = Week.of(table, tmp_path)
    said = "\n".join(week.play())
    assert said == "\n".join(table["says"])
    assert week.kept() == table.get("kept", {})


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_asked_every_minute_too_it_says_the_same(path: Path, tmp_path: Path) -> None:
    """A daemon's loop asks again and again: that nothing is due yet changes nothing."""
    table = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    week = Week.of(table, tmp_path)
    assert list(week.play(every=timedelta(minutes=7))) == table["says"]


def test_there_are_tables() -> None:
    assert len(TABLES) >= 7


@dataclass(kw_only=True)
class Week:
    """A store, the rules, and what happens."""

    store: SQLiteStore
    rules: Any
    zone: ZoneInfo
    happens: list[tuple[datetime, dict[str, Any]]]
    told: list[Alert] = field(default_factory=list)
    last: Dispatched | None = None

    @classmethod
    def of(cls, table: dict[str, Any], folder: Path) -> "Week":
        """The week that a table describes."""
        zone = ZoneInfo(table["zone"])
        (folder / "monitor.yaml").write_text(f"time_zone: {table['zone']}\n")
        (folder / "feeds.yaml").write_text("- https://a.example/feed\n")
        (folder / "alerts.yaml").write_text(table["config"])
        store = open_store(":memory:")
        followed(store)
        happens = [(at, each) for one in table["happens"] for at, each in _again(one, zone)]
        return cls(
            store=store,
            rules=rules_of(load(folder, environ={})),
            zone=zone,
            happens=sorted(happens, key=lambda pair: pair[0]),
        )

    def play(self, every: timedelta | None = None) -> Iterator[str]:
        """The messages, as lines, in the order in which they are told."""
        for at, what in self.happens:
            yield from self._until(at, every)
            self._happen(what, at)
            yield from self._dispatch(at)
        yield from self._until(None, every)

    def kept(self) -> dict[str, str]:
        """The hits that are kept, and why."""
        hits = sorted(self.store.hits(limit=1000), key=lambda hit: hit.hit_id)
        assert all(hit.state != "pending" for hit in hits)
        return {hit.entry.entry.title: hit.reason for hit in hits if hit.state == "kept"}

    def _until(self, moment: datetime | None, every: timedelta | None) -> Iterator[str]:
        while self.last and self.last.next_at and (moment is None or self.last.next_at < moment):
            at = self.last.next_at
            if every and self.last.asked:
                at = min(at, self.last.asked.at + every)
            yield from self._dispatch(at)

    def _dispatch(self, now: datetime) -> Iterator[str]:
        self.last = dispatch(self.store, rules=self.rules, now=now)
        for alert in self.last.alerts:
            self.told.append(alert)
            yield self._line(alert)

    def _line(self, alert: Alert) -> str:
        assert render(alert, zone=self.zone, service="text").text.endswith(alert.id)
        local = alert.created_at.astimezone(self.zone)
        what = alert.kind if alert.kind == "alert" else f"{alert.kind} ({alert.reason})"
        return f"{local:%a %m-%d %H:%M} {alert.receiver}, {what}: {_content(alert)}"

    def _happen(self, what: dict[str, Any], now: datetime) -> None:
        if "hit" in what:
            self._hit(what["hit"], what["labels"], now)
        elif "silence" in what:
            matchers = [parse_matcher(text) for text in what["silence"]]
            ends_at = now + parse_duration(what["for"])
            self.store.add_silence(matchers, starts_at=now, ends_at=ends_at, comment="", who="")
        elif "expire" in what:
            assert self.store.expire_silences([int(what["expire"])], now=now)
        else:
            alert = next(one for one in reversed(self.told) if one.receiver == what["ack"])
            assert self.store.acknowledge([alert.id, *alert.earlier], who="ann", note="", now=now)

    def _hit(self, title: str, labels: dict[str, str], now: datetime) -> None:
        (entry_id,) = self.store.add_entries([new_entry(1, title, title=title)], now=now)
        new = NewHit(
            topic=labels["topic"],
            entry_id=entry_id,
            watchlist="w",
            version="1",
            spans=(),
            labels=labels,
            found_at=now,
        )
        self.store.add_hits([new])


def _again(one: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """What happens at its moment, as often as it says, with a number where its text has one."""
    first = datetime.fromisoformat(one["at"]).replace(tzinfo=zone).astimezone(UTC)
    for number in range(int(one.get("times", 1))):
        numbered = yaml.load(yaml.safe_dump(one).replace("{n}", str(number + 1)), Loader=yaml.BaseLoader)
        yield first + number * parse_duration(one.get("every", "0s")), numbered


def _content(alert: Alert) -> str:
    if not alert.sections:
        return _told(alert.hits[0].topic, [hit.headline.text for hit in alert.hits], alert.more)
    return "; ".join(
        _told(section.topic, [hit.headline.text for hit in hits], section.more)
        for section, hits in alert.by_topic()
    )


def _told(topic: str, titles: list[str], more: int) -> str:
    shown = titles if len(titles) <= 5 else [titles[0], "…", titles[-1]]
    return f"{topic}: {', '.join(shown)}" + (f" and {more} more" if more else "")
