"""What follows an attempt to read a page."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.articles.reading import LONGEST_ASKED, WAITS, after_status, again

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "login"),
        (402, "paywall"),
        (403, "refuses"),
        (404, "no such page"),
        (410, "gone"),
        (418, "no page"),
    ],
)
def test_a_page_that_is_refused_is_not_asked_for_again(status: int, words: str) -> None:
    verdict = after_status(status, retry_after="", attempts=1, now=NOW)
    assert (verdict.state, verdict.next_at) == ("unreadable", None)
    assert words in verdict.reason


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again_ever_more_rarely(status: int) -> None:
    waits = []
    for attempts in range(1, len(WAITS) + 1):
        verdict = after_status(status, retry_after="", attempts=attempts, now=NOW)
        assert verdict.next_at
        waits.append(verdict.next_at - NOW)
    assert waits == list(WAITS)


def test_after_the_last_wait_a_page_is_given_up_with_its_reason() -> None:
    verdict = again("connection refused", attempts=len(WAITS) + 1, now=NOW)
    assert verdict.state == "unreadable"
    assert "connection refused" in verdict.reason


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("600", timedelta(minutes=10)),
        ("Sun, 01 Mar 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("99999999999999", LONGEST_ASKED),
        ("1", WAITS[0]),
        ("soon", WAITS[0]),
        ("Sun, 01 Mar 2020 12:30:00 GMT", WAITS[0]),
    ],
)
def test_a_server_that_asks_for_patience_gets_it_within_reason(asked: str, wait: timedelta) -> None:
    assert after_status(429, retry_after=asked, attempts=1, now=NOW).next_at == NOW + wait
