"""Feeds that have moved for good."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from monitor.egress import Egress
from monitor.errors import RetrieveError
from monitor.feeds.moved import after_answer, after_failure, asked_url, has_moved
from monitor.feeds.retrieve import retrieve
from monitor.feeds.state import FeedState
from monitor.feeds.subscription import Subscription
from tests.faultserver import FaultServer, rss

OLD, NEW, OTHER = "https://old.example/feed", "https://new.example/feed", "https://other.example/feed"
SUBSCRIPTION = Subscription(url=OLD)
STATE = FeedState(feed_id=1, url=OLD)


def answered(*moves: str, state: FeedState = STATE, subscription: Subscription = SUBSCRIPTION) -> FeedState:
    """The state after good answers that permanent redirects led to these addresses."""
    for moved_to in moves:
        state = after_answer(state, subscription, moved_to)
    return state


def test_after_three_equal_answers_the_new_address_is_asked() -> None:
    assert [asked_url(SUBSCRIPTION, answered(*[NEW] * times)) for times in range(5)] == [OLD] * 3 + [NEW] * 2


@pytest.mark.parametrize("moves", [[NEW, NEW, OTHER], [NEW, NEW, ""], [NEW, "", NEW, NEW], [NEW, OTHER] * 9])
def test_answers_that_differ_are_not_believed(moves: list[str]) -> None:
    assert asked_url(SUBSCRIPTION, answered(*moves)) == OLD


def test_who_is_at_its_new_address_stays_there() -> None:
    assert asked_url(SUBSCRIPTION, answered(NEW, NEW, NEW, "", "", "")) == NEW


def test_a_new_address_that_fails_is_forgotten() -> None:
    moved = answered(NEW, NEW, NEW)
    assert has_moved(moved)
    assert asked_url(SUBSCRIPTION, after_failure(moved)) == OLD


def test_a_new_address_that_moves_on_must_be_proven_from_the_old_one() -> None:
    moving = answered(NEW, NEW, NEW, OTHER)
    assert asked_url(SUBSCRIPTION, moving) == OLD
    assert asked_url(SUBSCRIPTION, answered(OTHER, OTHER, state=moving)) == OTHER


@pytest.mark.parametrize(
    "secret",
    [
        Subscription(url=OLD, headers={"Authorization": "x"}),
        Subscription(url="https://user:word@old.example/feed"),
    ],
)
def test_who_has_secrets_is_always_asked_at_its_own_address(secret: Subscription) -> None:
    """They must not be sent to another, nor be missing there."""
    assert asked_url(secret, answered(NEW, NEW, NEW, NEW, subscription=secret)) == secret.url


# --- on the wire ---


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as server:
        yield server


async def polled(server: FaultServer, state: FeedState) -> FeedState:
    subscription = Subscription(url=state.url, allow_private=True)
    async with Egress(timeout=60) as egress:
        try:
            retrieved = await retrieve(egress, subscription, state)
        except RetrieveError:
            return after_failure(state)
    return replace(after_answer(state, subscription, retrieved.moved_to), etag=retrieved.etag)


@pytest.mark.parametrize(("status", "asked"), [(301, 3), (308, 3), (302, 5), (307, 5)])
async def test_only_permanent_redirects_are_remembered(server: FaultServer, status: int, asked: int) -> None:
    server.serve("/new", rss("Here"), etag='"1"')
    state = FeedState(feed_id=1, url=server.url(f"/redirect?status={status}&to={server.url('/new')}"))
    for _ in range(5):
        state = await polled(server, state)
    assert server.count("/redirect") == asked
    assert server.count("/new") == 5


async def test_a_feed_that_comes_home_is_found_again(server: FaultServer) -> None:
    server.serve("/new", rss("Here"))
    state = FeedState(feed_id=1, url=server.url(f"/redirect?status=301&to={server.url('/new')}"))
    for _ in range(4):
        state = await polled(server, state)
    del server.documents["/new"]
    server.serve("/redirect", rss("Home"))
    state = await polled(server, state)
    assert not has_moved(state)
    await polled(server, state)
    assert server.seen[-1].path == "/redirect"
