"""A story from the feeds to the alerts: told once, told again with a new origin, counted otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.alert import Alert
from monitor.alerts.pending import Rules
from monitor.alerts.route import Matcher, Route
from monitor.alerts.story import COUNTED
from monitor.dispatcher import dispatch
from monitor.feeds.entry import Entry
from monitor.replay import Archived, Event, replay
from monitor.store import open_store
from tests.stories.telling import FERRY, OTHERS, glued, odd_quotes, with_footer
from tests.test_placer import WATCH, Newsroom

WAIT = timedelta(minutes=1)
ROOT = Route(receiver="desk", group_wait=WAIT, group_interval=WAIT)
DAMAGES = (str, glued, odd_quotes, with_footer)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    store = open_store(":memory:")
    room = Newsroom(store)
    for number, (title, lead) in enumerate(OTHERS):
        room.show(title, lead, site=f"other{number}.example")
    yield room
    store.close()


def tell(room: Newsroom) -> tuple[Alert, ...]:
    """What is told once everything has waited long enough."""
    return dispatch(room.store, rules=Rules(root=ROOT), now=room.now + WAIT).alerts


def wire(number: int) -> tuple[str, str]:
    """The agency's text as one of its customers prints it."""
    damage = DAMAGES[number % len(DAMAGES)]
    return FERRY[0][0], damage(FERRY[0][1])


def test_a_story_of_twelve_feeds_in_three_wordings_is_one_alert_an_update_and_ten_counted(
    room: Newsroom,
) -> None:
    told = []
    for number in range(12):
        # An outlet's own wording, and another from the same house; all others print what the agency wrote.
        title, lead = {5: FERRY[1], 8: FERRY[2]}.get(number) or wire(number)
        owner = "Baltic Media" if number in (5, 8) else ""
        room.show(title, lead, site=f"feed{number}.example", owner=owner)
        told.append(tell(room))
    assert [number for number, alerts in enumerate(told) if alerts] == [0, 5]
    ((first,), (update,)) = (alerts for alerts in told if alerts)
    assert [hit.story for hit in (*first.hits, *update.hits)] == [
        "single source: Reuters",
        "2 origins: Reuters, Baltic Media · 4 copies",
    ]
    assert first.thread == update.thread
    reasons = [hit.reason for hit in room.store.hits(topic="Ferry")]
    assert reasons.count(COUNTED) == 10
    (story,) = room.store.stories(topic="Ferry")
    assert (len(story.members), story.copies, list(story.origins)) == (12, 9, ["Reuters", "Baltic Media"])


def test_what_comes_in_one_poll_is_one_alert_that_has_the_number(room: Newsroom) -> None:
    for number in range(4):
        room.show(*wire(number), site=f"feed{number}.example")
    ((hit,),) = (alert.hits for alert in tell(room))
    assert (hit.story, hit.other_feeds) == ("single source: Reuters · 3 copies", 3)


def test_what_a_feed_tells_by_one_pattern_is_told_each_time(room: Newsroom) -> None:
    for number in range(3):
        room.show(f"Ferry notice number {number:03}: route closed", "", site="notices.example")
        assert len(tell(room)) == 1
    assert COUNTED not in {hit.reason for hit in room.store.hits(topic="Ferry")}


def test_an_archive_gives_the_same_stories_on_every_run() -> None:
    def played() -> list[Event]:
        store = open_store(":memory:")
        archive = [
            Archived(feed=f"feed{number % 5}", seen_at=at(number), entry=entry(number, *text))
            for number, text in enumerate((*OTHERS, *FERRY, *OTHERS, *map(wire, range(8))))
        ]
        return list(replay(archive, store=store, watch=WATCH, rules=Rules(root=ROOT)))

    one, other = played(), played()
    assert [event.to_json() for event in one] == [event.to_json() for event in other]
    hits = [event.facts for event in one if event.event == "hit"]
    assert len(hits) == 11
    assert len({hit["labels"]["story"] for hit in hits}) == 1


def at(number: int) -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=20 * number)


def entry(number: int, title: str, lead: str) -> Entry:
    return Entry(guid=str(number), link=f"https://{number}.example/", title=title, summary=lead)


def test_what_a_silence_keeps_does_not_count_as_told(room: Newsroom) -> None:
    matcher = Matcher(label="feed", op="=", value="feed0.example")
    ends_at = room.now + timedelta(days=1)
    room.store.add_silence([matcher], starts_at=room.now, ends_at=ends_at, comment="", who="")
    for number in range(2):
        room.show(*wire(number), site=f"feed{number}.example")
    ((hit,),) = (alert.hits for alert in tell(room))
    assert hit.feed == "feed1.example"
