"""How many alerts a recorded day of many feeds makes, entry by entry, topic by topic, and story by story.

    python -m benchmarks.grouping [CORPORA] [--json]

The captured feeds' entries of the two days that most of them tell of go through the real ingest, dispatcher
and rendering, each seen when it was published; a topic matches nearly every English text. The figures are
those of one receiver without a limit, with the waits that routes have by default.
"""

import json
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.corpora import arguments, machine, table
from monitor.alerts.pending import Rules
from monitor.alerts.route import Receiver, Route
from monitor.alerts.story import COUNTED
from monitor.errors import ParseError
from monitor.feeds.entry import Entry
from monitor.feeds.parse import parse
from monitor.replay import Archived, replay
from monitor.store import open_store
from monitor.topics.parser import parse as parse_query
from monitor.topics.topic import Topic
from monitor.watch import Watch

EVERYTHING = Topic(name="everything", query=parse_query("the OR a OR of OR to OR in OR and").node)
WAYS = {
    "every entry": Route(
        receiver="desk", group_by=("...", "entry"), group_wait=timedelta(), group_interval=timedelta()
    ),
    "topic": Route(receiver="desk", group_by=("topic",)),
    "topic and story": Route(receiver="desk", group_by=("topic", "story")),
}


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__.partition("\n")[0]).parse_args()
    day = busiest(list(entries(chosen.corpora)))
    result: dict[str, Any] = {
        "machine": machine(),
        "from": min(one.seen_at for one in day).isoformat(),
        "entries": len(day),
        "feeds": len({one.feed for one in day}),
        "rows": [{"grouped by": name, **told(day, route)} for name, route in WAYS.items()],
    }
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['entries']} entries of {result['feeds']} feeds from {result['from']}")
    print(table(result["rows"]))


def entries(corpora: Path) -> Iterator[Archived]:
    """The dated entries of all captured feeds."""
    with tarfile.open(corpora / "feeds" / "feeds.tar.xz") as captured:
        for member in captured:
            file = captured.extractfile(member)
            for entry in _parsed(file.read() if file else b"", member.name):
                if entry.published:
                    yield Archived(feed=member.name, seen_at=entry.published, entry=entry)


def busiest(archive: Sequence[Archived]) -> list[Archived]:
    """The entries of the two days that most feeds tell of."""
    feeds = Counter(day for day, _ in {(one.seen_at.date(), one.feed) for one in archive})
    day = max(feeds, key=lambda day: (feeds[day] + feeds[day + timedelta(days=1)], day))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return [one for one in archive if start <= one.seen_at < start + timedelta(days=2)]


def told(day: Sequence[Archived], route: Route) -> dict[str, Any]:
    """What the receiver hears of the day."""
    store = open_store(":memory:")
    rules = Rules(root=route, receivers={"desk": Receiver(name="desk", limit=None)})
    played = replay(day, store=store, watch=Watch.of([EVERYTHING]), rules=rules)
    events = Counter(one.event for one in played)
    stories = store.stories(topic=EVERYTHING.name, limit=len(day))
    reasons = Counter(hit.reason for hit in store.hits(limit=len(day)))
    return {
        "hits": events["hit"],
        "stories": len(stories),
        "told by several": sum(1 for story in stories if len(story.members) > 1),
        "alerts": events["alert"],
        "a story": round(events["alert"] / max(1, len(stories)), 2),
        "counted": reasons[COUNTED],
    }


def _parsed(document: bytes, name: str) -> Sequence[Entry]:
    try:
        return parse(document, url=f"https://{name}/").entries
    except ParseError:
        return ()


if __name__ == "__main__":
    main()
