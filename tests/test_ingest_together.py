"""Ingest of several documents in one commit: the same comes of it as of one after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.arrival import Arrival, Ingested
from monitor.feeds.entry import Entry, Feed, Parsed
from monitor.feeds.subscription import Subscription
from monitor.ingest import ingest
from monitor.placer import Placer
from monitor.store import open_store
from monitor.store.feeds import Follow
from monitor.store.sqlite import SQLiteStore
from monitor.topics.parser import parse
from monitor.topics.topic import Topic
from monitor.watch import Watch
from tests.examples import examples
from tests.stories.telling import FERRY

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch.of(
    [
        Topic(name="Ferry", query=parse("ferry").node, on_edit="alert"),
        Topic(name="Cuba", query=parse("Cuba").node, full_text=True),
    ]
)
FEEDS = [Subscription(url=f"https://{name}.example/feed", name=name) for name in "abc"]
TITLES = ("Cuba", "Peru", "A ferry is late")
TABLES = (
    *("feeds", "entries", "entry_keys", "revisions", "hits", "shown", "gaps", "pages"),
    *("stories", "entry_stories", "unplaced"),
)

entries = st.builds(
    lambda guid, title, text: Entry(guid=guid, link=f"https://a.example/{guid}", title=title, summary=text),
    st.sampled_from("123456"),
    st.sampled_from(TITLES),
    st.sampled_from(("", *(text for _, text in FERRY[:2]))),
)
documents = st.none() | st.lists(entries, max_size=4).map(tuple)
rounds = st.lists(st.tuples(st.integers(0, len(FEEDS) - 1), documents), max_size=6)


class Desk:
    """A store and its feeds; `together`: whether what comes in a round is one commit."""

    def __init__(self, *, together: bool, places: bool) -> None:
        self.store: SQLiteStore = open_store(":memory:")
        self.together = together
        self.placer = Placer() if places else None
        self.store.follow([Follow(url=one.url, name=one.name, interval=HOUR) for one in FEEDS], now=NOW)

    def show(self, round_: Sequence[tuple[int, tuple[Entry, ...] | None]], now: datetime) -> list[Any]:
        """What becomes of the documents of a round: entries, hits, doubts, by their ids."""
        states = self.store.claim_all(now=now, lease=timedelta(), urls=[one.url for one in FEEDS])
        arrivals = [
            Arrival(
                state=states[at],
                subscription=FEEDS[at],
                next_poll_at=now + HOUR,
                parsed=None if shown is None else Parsed(feed=Feed(), entries=shown),
                heard_at=states[at].last_ok_at,
            )
            for at, shown in round_
        ]
        groups = [arrivals] if self.together else [[one] for one in arrivals]
        return [facts for group in groups for facts in map(_facts, self._ingest(group, now))]

    def _ingest(self, arrivals: list[Arrival], now: datetime) -> tuple[Ingested, ...]:
        return ingest(self.store, arrivals, watch=WATCH, now=now, placer=self.placer)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is in the store."""
        rows = {name: self.store._conn.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
        return {name: sorted(found, key=repr) for name, found in rows.items()}


def _facts(ingested: Ingested) -> tuple[Any, ...]:
    entries_ = [(one.entry_id, one.revised, one.entry.title) for one in ingested.entries]
    hits = [(one.hit_id, one.hit.topic, one.hit.state, dict(one.hit.labels)) for one in ingested.hits]
    return entries_, hits, ingested.state, ingested.baseline, ingested.wished, ingested.lost, ingested.odd


@pytest.mark.parametrize("places", [True, False])
@examples(60)
@given(st.lists(rounds, max_size=4))
def test_documents_of_one_commit_are_taken_in_as_one_after_the_other(
    places: bool, shown: list[list[tuple[int, tuple[Entry, ...] | None]]]
) -> None:
    """Also where two are of the same feed, with edits, with entries that come again, and with none."""
    one, other = Desk(together=True, places=places), Desk(together=False, places=places)
    for number, round_ in enumerate(shown, 1):
        now = NOW + number * HOUR
        assert one.show(round_, now) == other.show(round_, now)
        assert one.tables() == other.tables()
    one.store.close()
    other.store.close()
