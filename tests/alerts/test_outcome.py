"""What the evidence of the wire says of a message that was not delivered."""

import pytest

from monitor.alerts.outcome import Evidence, Kind, Outcome, outcome_of


def http(code: int, **more: object) -> Evidence:
    return Evidence(what="http", code=code, **more)  # type: ignore[arg-type]  # fields of Evidence


def smtp(code: int, words: str = "") -> Evidence:
    return Evidence(what="smtp", code=code, words=words)


def judged(*seen: Evidence) -> Outcome:
    return outcome_of(seen, otherwise="no reason")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (200, "permanent"),
        (301, "permanent"),
        (400, "refused"),
        (401, "permanent"),
        (404, "permanent"),
        (408, "retry"),
        (413, "refused"),
        (429, "retry"),
        (500, "retry"),
        (503, "retry"),
        (599, "retry"),
    ],
)
def test_a_status_decides_whether_trying_again_can_help(code: int, kind: Kind) -> None:
    assert judged(http(code)).kind == kind


def test_the_detail_says_the_status_in_words_with_what_the_service_added() -> None:
    assert judged(http(404, words="no such channel")).detail == "HTTP 404 not found: no such channel"
    assert judged(http(200)).detail == "HTTP 200, but it was not taken"


def test_a_reply_of_200_that_speaks_of_too_many_is_tried_again() -> None:
    assert judged(http(200, rate_limited=True, retry_after=3.0)).retry_after == 3.0


def test_the_last_failure_of_several_requests_decides() -> None:
    assert judged(http(200), http(500)).kind == "retry"
    assert judged(http(404), http(500), http(200)).kind == "retry"


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("forbidden", "permanent"),
        ("unsendable", "permanent"),
        ("unreachable", "retry"),
        ("unanswered", "uncertain"),
    ],
)
def test_what_did_not_come_to_a_reply(what: str, kind: Kind) -> None:
    assert judged(Evidence(what=what, words="why")) == Outcome(kind=kind, detail="why")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([smtp(220), smtp(250), smtp(550), smtp(250), smtp(221)], "permanent"),
        ([smtp(220), smtp(250), smtp(451), smtp(250), smtp(221)], "retry"),
        ([smtp(220), smtp(250), smtp(250), smtp(354)], "uncertain"),
        ([smtp(220), smtp(250)], "retry"),
    ],
)
def test_a_mail_server_is_understood_whatever_follows_its_refusal(
    replies: list[Evidence], kind: Kind
) -> None:
    assert judged(*replies).kind == kind


def test_where_nothing_was_seen_the_senders_own_words_are_kept() -> None:
    assert judged() == Outcome(kind="retry", detail="no reason")
