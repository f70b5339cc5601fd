"""Ten months of three news feeds, as they were polled, through replay under a busy policy."""

import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.pending import Rules
from monitor.config import load
from monitor.feeds.parse import parse
from monitor.replay import Archived, Event, replay
from monitor.setup import rules_of
from monitor.store import open_store
from monitor.watch import Watch

POLLS = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "polls"
pytestmark = [
    pytest.mark.skipif(not POLLS.is_dir(), reason="needs the captured feeds"),
    pytest.mark.slow,
]

PRAGUE = ZoneInfo("Europe/Prague")
TOPICS = """
- {name: Markets, query: market* OR stock* OR shares}
- {name: Trade, query: tariff* OR trade, labels: {severity: high}}
- {name: Banks, query: bank* OR "interest rates"}
- {name: Jobs, query: jobs OR unemployment OR workers, labels: {severity: low}}
"""
ALERTS = """
route:
  receiver: desk
  group_by: [topic, feed]
  cooldown: 20m
  routes:
    - {matchers: [severity = low], digest: Mon-Fri 08:00}
    - {matchers: [severity = high], cooldown: 0s, continue: true}
    - {matchers: [severity = high], receiver: phone}
receivers:
  - {name: desk, urls: 'stdout://', quiet: {times: "22:00-07:00", except: severity = high}, limit: 4/h}
  - {name: phone, urls: 'stdout://', digest: "08:00,18:00", escalate: [{after: 2h, receiver: boss}]}
  - {name: boss, urls: 'stdout://', quiet: 20:00-08:00}
"""


@cache
def archive() -> tuple[Archived, ...]:
    return tuple(one for name in ("ft-home", "wsj-econ", "nyt-econ") for one in _polled(name))


def _polled(name: str) -> Iterator[Archived]:
    """Each entry as it was first seen."""
    known: set[bytes] = set()
    with tarfile.open(POLLS / f"{name}.tar.xz") as captured:
        for member in captured:
            file = captured.extractfile(member)
            if file is None:
                continue
            seen_at = datetime.strptime(Path(member.name).stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            parsed = parse(file.read(), url=f"https://{name}.example/", known=known)
            known.update(parsed.items)
            yield from (Archived(feed=name, seen_at=seen_at, entry=entry) for entry in parsed.entries)


def alerts(folder: Path) -> tuple[list[Event], list[Event]]:
    """The alerts and the hits of a run."""
    for name, text in (
        ("alerts", ALERTS),
        ("feeds", "- https://a.example/\n"),
        ("monitor", "time_zone: Europe/Prague\n"),
    ):
        (folder / f"{name}.yaml").write_text(text)
    (folder / "watchlists").mkdir(exist_ok=True)
    (folder / "watchlists" / "news.yaml").write_text(TOPICS)
    config = load(folder, environ={})
    rules: Rules = rules_of(config)
    events = list(replay(archive(), store=open_store(":memory:"), watch=Watch.of(config.topics), rules=rules))
    return [one for one in events if one.event == "alert"], [one for one in events if one.event == "hit"]


def test_a_recorded_history_gives_the_same_alerts_on_every_run_and_keeps_to_its_policy(
    tmp_path: Path,
) -> None:
    told, hits = alerts(tmp_path)
    again, _ = alerts(tmp_path)
    assert [one.to_json() for one in told] == [one.to_json() for one in again]
    assert len(hits) > 500

    of = {name: [one for one in told if one.facts["receiver"] == name] for name in ("desk", "phone", "boss")}
    assert {one.facts["kind"] for one in of["desk"]} == {"alert", "digest"}
    assert {one.facts["kind"] for one in of["phone"]} == {"digest"}
    assert {one.facts["kind"] for one in of["boss"]} == {"escalation"}

    # Quiet hours, an hour's limit, one digest a time and local day.
    assert not [one for one in of["boss"] if not 8 <= one.at.astimezone(PRAGUE).hour < 20]
    for start in of["desk"]:
        within = [one for one in of["desk"] if start.at <= one.at < start.at + timedelta(hours=1)]
        assert len(within) <= 8
    digests = Counter((f"{one.at.astimezone(PRAGUE):%F %H:%M}") for one in of["phone"])
    assert set(digests.values()) == {1}
    assert {moment[-5:] for moment in digests} == {"08:00", "18:00"}
