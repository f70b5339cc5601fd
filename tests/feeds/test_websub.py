"""What a hub is asked, and which of its questions are answered with yes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.egress.passage import Passage
from monitor.feeds.offers import Offer
from monitor.feeds.subscription import Subscription
from monitor.feeds.websub import (
    DENIED_REST,
    LEASE_LONGEST,
    LEASE_WANTED,
    LONGEST_RETRY,
    OPEN,
    RENEW_SOONEST,
    Offering,
    Pact,
    Question,
    answer,
    lease_of,
    may_be_pushed,
    renew_after,
    request_of,
    retry_after,
    settle,
    standing,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL, HUB, SITE = "https://a.example/feed", "https://hub.example/", "https://news.example.org"
OFFER = Offer(hub=HUB, topic=URL)
OFFERING = Offering(feed_id=1, url=URL, offer=OFFER)
PACT = Pact(
    pact_id=1, feed_id=1, feed_url=URL, hub=HUB, topic=URL, site=SITE, token="t0ken", secret="s3cret",
    next_at=NOW, asked_at=NOW,
)  # fmt: skip
LIVE = replace(PACT, state="live", until=NOW + timedelta(days=9))
ASKED = Question(mode="subscribe", topic=URL, challenge="abc", lease_seconds="1000")


def form(pact: Pact) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request_of(pact).decode()).items()}


def test_a_hub_is_asked_with_a_callback_a_lease_and_a_secret() -> None:
    assert form(PACT) == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": f"{SITE}/push/t0ken",
        "hub.lease_seconds": "864000",
        "hub.secret": "s3cret",
    }


def test_a_hub_that_is_to_tell_us_no_more_is_not_told_the_secret_again() -> None:
    assert form(replace(PACT, state="leaving")) == {
        "hub.mode": "unsubscribe",
        "hub.topic": URL,
        "hub.callback": f"{SITE}/push/t0ken",
    }


def test_neither_token_nor_secret_are_shown_where_a_pact_is() -> None:
    assert "t0ken" not in repr(PACT)
    assert "s3cret" not in repr(PACT)


# --- what is to be agreed ---


def test_what_a_feed_offers_is_agreed_once() -> None:
    assert settle([OFFERING], [], site=SITE, wanted={URL}).new == (OFFERING,)
    settled = settle([OFFERING], [PACT], site=SITE, wanted={URL})
    assert (settled.new, settled.over) == ((), ())


@pytest.mark.parametrize("state", ["live", "denied"])
def test_a_pact_stays_whatever_became_of_it(state: str) -> None:
    pact = replace(PACT, state=state)  # type: ignore[arg-type]
    settled = settle([OFFERING], [pact], site=SITE, wanted={URL})
    assert (settled.new, settled.over) == ((), ())


@pytest.mark.parametrize(
    "change", [{"hub": "https://new.example/"}, {"topic": "https://a.example/new"}, {"site": "https://old.x"}]
)
def test_what_has_changed_is_agreed_anew_and_the_old_pact_is_over(change: dict[str, str]) -> None:
    old = replace(LIVE, **change)  # type: ignore[arg-type]
    settled = settle([OFFERING], [old], site=SITE, wanted={URL})
    assert (settled.new, settled.over) == ((OFFERING,), (old,))


def test_a_feed_that_nobody_wants_any_more_and_one_that_offers_nothing_more_are_over() -> None:
    assert settle([OFFERING], [LIVE], site=SITE, wanted=()).over == (LIVE,)
    assert settle([], [LIVE], site=SITE, wanted={URL}).over == (LIVE,)


def test_without_a_site_that_hubs_reach_nothing_is_agreed() -> None:
    settled = settle([OFFERING], [LIVE], site="", wanted={URL})
    assert (settled.new, settled.over) == ((), (LIVE,))


@pytest.mark.parametrize(
    ("subscription", "site", "told"),
    [
        (Subscription(url=URL), SITE, True),
        (Subscription(url=URL), "https://8.8.8.8:444", True),
        (Subscription(url=URL), "http://192.168.0.7:8600", False),
        (Subscription(url=URL), "http://[::1]:8600", False),
        (Subscription(url=URL), "http://localhost:8600", False),
        (Subscription(url=URL, allow_private=True), "http://192.168.0.7:8600", True),
        (Subscription(url=URL, passage=Passage(proxy="socks5://127.0.0.1:9050")), SITE, False),
        (Subscription(url="file:///etc/feed.xml", local=True), SITE, False),
        (Subscription(url="exec:feed", local=True), SITE, False),
    ],
)
def test_hubs_are_asked_of_feeds_that_they_may_know_us_to_follow(
    subscription: Subscription, site: str, told: bool
) -> None:
    assert may_be_pushed(subscription, site=site) is told


def test_what_is_over_already_is_not_over_again() -> None:
    settled = settle([OFFERING], [replace(PACT, state="leaving")], site=SITE, wanted={URL})
    assert (settled.new, settled.over) == ((OFFERING,), ())


@given(st.integers(0, 10_000), st.text(max_size=20))
def test_a_hub_that_fails_is_asked_again_ever_more_rarely(attempts: int, url: str) -> None:
    wait = retry_after(replace(PACT, attempts=attempts, feed_url=url))
    longer = retry_after(replace(PACT, attempts=attempts + 2, feed_url=url))
    assert timedelta(seconds=45) <= wait <= LONGEST_RETRY * 1.25
    assert longer >= min(wait, LONGEST_RETRY * 0.75)


@pytest.mark.parametrize(
    ("pact", "word"),
    [
        (None, ""),
        (PACT, "asked"),
        (replace(PACT, reason="503"), "refused"),
        (LIVE, "pushed"),
        (replace(LIVE, reason="503"), "pushed"),
        (replace(LIVE, until=NOW), "lapsed"),
        (replace(PACT, state="denied", reason="no"), "denied"),
        (replace(LIVE, state="leaving"), ""),
    ],
)
def test_how_we_stand_with_a_hub_is_a_word(pact: Pact | None, word: str) -> None:
    assert standing(pact, now=NOW) == word


# --- what a hub asks us ---


def test_what_we_have_asked_for_is_agreed_with_the_lease_that_the_hub_gives() -> None:
    given_ = answer(ASKED, PACT, now=NOW)
    assert (given_.verdict, given_.until) == ("agreed", NOW + timedelta(seconds=1000))
    assert given_.next_at is not None
    assert timedelta(seconds=500) <= given_.next_at - NOW <= timedelta(seconds=800)


def test_a_renewal_is_agreed_as_the_first_time() -> None:
    assert answer(ASKED, LIVE, now=NOW).verdict == "agreed"


@pytest.mark.parametrize(
    ("question", "pact", "verdict"),
    [
        (ASKED, None, "unknown"),
        (replace(ASKED, topic="https://b.example/feed"), PACT, "other topic"),
        (replace(ASKED, topic=""), PACT, "other topic"),
        (ASKED, replace(PACT, asked_at=None), "not asked"),
        (ASKED, replace(PACT, asked_at=NOW - OPEN - timedelta(seconds=1)), "not asked"),
        (ASKED, replace(PACT, asked_at=NOW + timedelta(hours=1)), "not asked"),
        (replace(ASKED, mode="unsubscribe"), LIVE, "not asked"),
        (ASKED, replace(PACT, state="leaving"), "not asked"),
        (replace(ASKED, mode="query"), PACT, "not asked"),
        (replace(ASKED, challenge=""), PACT, "not asked"),
    ],
)
def test_nothing_else_is_agreed(question: Question, pact: Pact | None, verdict: str) -> None:
    assert answer(question, pact, now=NOW).verdict == verdict


def test_a_farewell_that_we_have_asked_for_is_answered() -> None:
    question = replace(ASKED, mode="unsubscribe", lease_seconds="")
    assert answer(question, replace(PACT, state="leaving"), now=NOW).verdict == "left"


def test_a_hub_may_refuse_at_any_time_and_its_reason_is_kept_in_one_line() -> None:
    question = Question(mode="denied", topic=URL, reason="we do not\nknow you\x1b[31m")
    for pact in (PACT, replace(LIVE, asked_at=None)):
        said = answer(question, pact, now=NOW)
        assert (said.verdict, said.reason) == ("denied", "we do not know you[31m")
        assert said.next_at == NOW + DENIED_REST
    assert answer(replace(question, reason=""), PACT, now=NOW).reason == "it gave no reason"


@pytest.mark.parametrize(
    ("text", "lease"),
    [
        ("1000", timedelta(seconds=1000)),
        ("0", timedelta()),
        ("99999999999999999999", LEASE_LONGEST),
        ("", LEASE_WANTED),
        ("-5", LEASE_WANTED),
        ("1e9", LEASE_WANTED),
        ("\u0663", LEASE_WANTED),
        ("soon", LEASE_WANTED),
    ],
)
def test_a_lease_is_what_the_hub_says_within_reason(text: str, lease: timedelta) -> None:
    assert lease_of(text) == lease


@given(st.integers(375, 10**9), st.text(max_size=30))
def test_a_lease_is_renewed_between_its_half_and_four_fifths_of_it(seconds: int, url: str) -> None:
    lease = timedelta(seconds=seconds)
    assert max(lease * 0.5, RENEW_SOONEST) <= renew_after(lease, url) <= max(lease * 0.8, RENEW_SOONEST)


def test_not_all_leases_are_renewed_at_once() -> None:
    moments = {renew_after(timedelta(days=10), f"https://a.example/{number}") for number in range(50)}
    assert len(moments) == 50


def test_a_hub_that_promises_nothing_is_not_asked_all_the_time() -> None:
    assert renew_after(timedelta(), URL) == RENEW_SOONEST


def test_a_question_is_read_from_whatever_stands_in_the_query() -> None:
    query = {"hub.mode": "subscribe", "hub.topic": URL, "foo": "1"}
    assert Question.of(query) == Question(mode="subscribe", topic=URL)
    assert Question.of({}) == Question()
