"""Replay: an archive through the real ingest, dispatcher and rendering, on a simulated clock."""

import json
from collections.abc import Sequence
from datetime import time, timedelta

import pytest

from monitor.alerts.limit import Limit
from monitor.alerts.pending import Rules
from monitor.alerts.route import Escalation, Quiet, Receiver, Route
from monitor.alerts.times import Interval, Schedule, Stretch
from monitor.errors import ParseError
from monitor.feeds.subscription import Subscription
from monitor.replay import Event, read_archive, replay
from monitor.store import open_store
from tests.test_ingest import WATCH

ROOT = Route(
    receiver="desk",
    group_by=("topic",),
    group_wait=timedelta(seconds=30),
    group_interval=timedelta(minutes=5),
)


def line(number: int, title: str, seen_at: str, **facts: str) -> str:
    link = f"https://a.example/{number}"
    return json.dumps(
        {"feed": "A", "id": f"id-{number}", "link": link, "title": title, "seen_at": seen_at, **facts}
    )


def events(
    lines: Sequence[str],
    subscriptions: Sequence[Subscription] = (),
    *,
    desk: Receiver = Receiver(name="desk"),  # noqa: B008  (frozen)
) -> list[Event]:
    store = open_store(":memory:")
    receivers = {"desk": desk}
    played = replay(
        read_archive(lines),
        store=store,
        watch=WATCH,
        rules=Rules(root=ROOT, receivers=receivers),
        subscriptions=subscriptions,
    )
    return list(played)


def kinds(lines: Sequence[str]) -> list[tuple[str, str]]:
    return [(event.at.strftime("%H:%M:%S"), event.event) for event in events(lines)]


def test_entries_hits_and_alerts_come_in_the_order_of_time() -> None:
    assert kinds(
        [
            line(2, "Peru", "2026-03-01T12:00:10Z"),
            line(1, "Cuba", "2026-03-01T12:00:00Z"),
            line(3, "Peru again", "2026-03-01T12:01:00Z"),
        ]
    ) == [
        ("12:00:00", "entry"),
        ("12:00:00", "hit"),
        ("12:00:10", "entry"),
        ("12:00:30", "alert"),
        ("12:01:00", "entry"),
    ]


def test_a_group_is_told_again_only_after_its_interval() -> None:
    lines = [line(number, f"Cuba {number}", f"2026-03-01T12:0{number}:00Z") for number in range(4)]
    alerts = [event for event in events(lines) if event.event == "alert"]
    assert [event.at.strftime("%H:%M:%S") for event in alerts] == ["12:00:30", "12:05:30"]
    assert [[hit["id"] for hit in event.facts["hits"]] for event in alerts] == [
        ["id-0"],
        ["id-1", "id-2", "id-3"],
    ]


def test_an_alert_carries_its_receiver_its_hits_and_its_text() -> None:
    (alert,) = [
        event for event in events([line(1, "Cuba", "2026-03-01T12:00:00Z")]) if event.event == "alert"
    ]
    assert alert.facts["receiver"] == "desk"
    assert alert.facts["hits"] == [
        {"topic": "Cuba", "feed": "A", "id": "id-1", "link": "https://a.example/1"}
    ]
    assert "https://a.example/1" in alert.facts["text"]
    assert alert.facts["id"] in alert.facts["text"]


BUSY = (
    Receiver(
        name="desk",
        digest=Schedule(times=(time(18),)),
        quiet=Quiet(interval=Interval(stretches=(Stretch(start=time(12, 10), end=time(20)),))),
        escalate=(Escalation(after=timedelta(hours=1), receiver="chief"),),
    ),
    Receiver(name="desk", limit=Limit(messages=2)),
)


@pytest.mark.parametrize("desk", [Receiver(name="desk"), *BUSY])
def test_two_runs_give_the_same_bytes(desk: Receiver) -> None:
    lines = [
        line(number, f"Cuba and the Taiwan Strait {number}", f"2026-03-01T12:{number:02}:00Z")
        for number in range(30)
    ]
    one, other = (events(lines, desk=desk) for _ in range(2))
    assert [event.to_json() for event in one] == [event.to_json() for event in other]
    assert one[-1].event == "alert"


def test_the_same_entry_seen_again_is_not_told_again() -> None:
    lines = [line(1, "Cuba", "2026-03-01T12:00:00Z"), line(1, "Cuba", "2026-03-02T12:00:00Z")]
    assert [kind for _, kind in kinds(lines)] == ["entry", "hit", "alert"]


def test_a_feed_is_the_subscription_of_its_name_or_url() -> None:
    subscription = Subscription(url="https://a.example/feed", name="A", labels={"region": "asia"})
    for feed in ("A", "https://a.example/feed"):
        found = events([line(1, "Cuba", "2026-03-01T12:00:00Z", feed=feed)], [subscription])
        assert found[1].facts["labels"]["region"] == "asia"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "archive:2: column 2: not JSON"),
        ("[]", "archive:2: an object is expected"),
        ('{"title": "x", "seen_at": "2026-03-01"}', "archive:2: 'feed' is missing"),
        ('{"feed": "A", "title": "x"}', "archive:2: 'seen_at' is missing"),
        ('{"feed": "A", "seen_at": "yesterday"}', "archive:2: Invalid isoformat string: 'yesterday'"),
        ('{"feed": "A", "seen_at": "2026-03-01", "title": {}}', "archive:2: title: a text is expected"),
    ],
)
def test_a_line_that_can_not_be_read_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        list(read_archive(["", text]))
    assert str(caught.value).startswith(words)


def test_an_empty_archive_is_no_news() -> None:
    assert events([]) == []
