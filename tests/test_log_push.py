"""What the log says of hubs and pushes, and that nothing in it is what hubs and we share as a secret."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from monitor.feeds.subscription import Subscription
from monitor.feeds.websub import Pact
from monitor.hubs import HubOutcome, HubReport
from monitor.log import configure, log_report
from monitor.pushes import Ignored, PushReport
from monitor.reports import Report
from tests.store.contract import NOW

PACT = Pact(
    pact_id=1, feed_id=1, feed_url="https://a.example/feed", hub="https://hub.example/", topic="https://a.example/",
    site="https://news.example.org", token="t0ken", secret="s3cret", next_at=NOW, attempts=1,
)  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    out = io.StringIO()
    configure(form="json", level="debug", mask=lambda text: text, stream=out)
    yield out
    structlog.reset_defaults()


def said(log: io.StringIO, report: Report) -> dict[str, Any]:
    before = len(log.getvalue())
    log_report(report)
    line: dict[str, Any] = json.loads(log.getvalue()[before:])
    assert "t0ken" not in str(line)
    assert "s3cret" not in str(line)
    return line


def hub(outcome: HubOutcome, **changes: Any) -> HubReport:
    return HubReport(pact=replace(PACT, **changes), at=NOW, outcome=outcome, reason="why", until=NOW)


@pytest.mark.parametrize(
    ("report", "level", "event"),
    [
        (hub("asked"), "debug", "hub asked"),
        (hub("agreed"), "info", "hub tells us"),
        (hub("agreed", state="live"), "debug", "hub tells us"),
        (hub("refused"), "warning", "hub refuses"),
        (hub("refused", attempts=2), "debug", "hub refuses"),
        (hub("denied"), "warning", "hub refuses"),
        (hub("left"), "info", "hub tells us no more"),
        (Ignored(pact=PACT, outcome="wrong", times=1), "warning", "push ignored"),
        (Ignored(pact=PACT, outcome="wrong", times=2), "debug", "push ignored"),
    ],
)
def test_what_is_news_is_said_aloud_once(log: io.StringIO, report: Report, level: str, event: str) -> None:
    line = said(log, report)
    assert (line["level"], line["event"], line["feed"]) == (level, event, PACT.feed_url)


def test_a_push_that_can_not_be_read_says_why(log: io.StringIO) -> None:
    feed = Subscription(url=PACT.feed_url, name="A")
    line = said(log, PushReport(subscription=feed, at=NOW, came_at=NOW - timedelta(seconds=1), error="empty"))
    assert (line["level"], line["event"], line["feed"], line["error"]) == (
        "warning",
        "push unreadable",
        "A",
        "empty",
    )
