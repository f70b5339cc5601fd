"""Hubs: websub.rocks' cases for subscribers, in its numbering, and what else may go wrong with a hub."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.hubs import HubReport
from monitor.sandbox import Sandbox
from tests.hubserver import Hub, hub_server
from tests.loopback import rss
from tests.pushed import HOUR, HUB, World, only, pushed, with_links

LEASE = timedelta(hours=2)
"""What the hub gives."""


pytestmark = pytest.mark.asyncio(loop_scope="module")  # that of the children who read


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as state:
        yield state


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path: Path, hub: Hub, readers: Sandbox) -> AsyncIterator[World]:
    async with pushed(tmp_path, hub, readers) as made:
        yield made


def told(world: World) -> list[str]:
    return [one.outcome for one in world.reports if isinstance(one, HubReport)]


# --- discovery ---


async def test_100_hub_and_self_in_the_link_header(world: World, hub: Hub) -> None:
    link = f'<{world.feed}>; rel="self", <{hub.url(HUB)}>; rel="hub"'
    world.shows("One", hub="", Link=link)
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "live"
    assert [form["hub.topic"] for form in hub.asked] == [world.feed]


async def test_101_a_page_is_no_feed_whatever_hub_it_names(world: World, hub: Hub) -> None:
    """Of websub.rocks' kinds of documents this is the one that we do not follow."""
    link = f'<html><head><link rel="hub" href="{hub.url(HUB)}"><title>A blog</title></head></html>'
    hub.pages["/feed"] = (link.encode(), {"Content-Type": "text/html"})
    await world.poll()
    assert "HTML" in (await world.row()).state.error
    assert await world.ask() == 0


@pytest.mark.parametrize("case", ["102 Atom", "103 RSS"])
async def test_hub_and_self_in_the_document(world: World, hub: Hub, case: str) -> None:
    links = f'<link rel="hub" href="{hub.url(HUB)}"/><link rel="self" href="{world.feed}"/>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{links}</feed>'
    world.shows("One")
    if case == "102 Atom":
        hub.pages["/feed"] = (atom.encode(), {})
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "live"


async def test_104_the_link_header_goes_before_the_document(world: World, hub: Hub) -> None:
    link = f"<{world.feed}>; rel=self, <{hub.url(HUB)}>; rel=hub"
    world.shows("One", hub=hub.url("/wrong"), Link=link)
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "live"
    assert "/wrong" not in hub.requests


# --- subscribing ---


async def test_200_the_topic_is_what_the_feed_calls_itself(world: World, hub: Hub) -> None:
    world.shows("One", itself=f"{world.feed}?self=other")
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "live"
    assert [form["hub.topic"] for form in hub.asked] == [f"{world.feed}?self=other"]


@pytest.mark.parametrize(("case", "status"), [(201, 302), (202, 301)])
async def test_a_feed_that_is_redirected_is_asked_for_as_it_calls_itself(
    world: World, hub: Hub, case: int, status: int
) -> None:
    there = hub.url("/feed?redirect=complete")
    links = f"<{there}>; rel=self, <{hub.url(HUB)}>; rel=hub"
    hub.moves["/feed"] = (status, there)
    hub.pages["/feed?redirect=complete"] = (rss("One"), {"Link": links})
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "live"
    assert [form["hub.topic"] for form in hub.asked] == [there]


@pytest.mark.parametrize(("case", "status"), [(203, 307), (204, 308), ("older", 302), ("older", 301)])
async def test_a_hub_that_has_moved_is_asked_the_same_where_it_is_now(
    world: World, hub: Hub, case: object, status: int
) -> None:
    hub.moves[HUB] = (status, hub.url("/hub/there"))
    await world.subscribe("One")
    assert hub.requests[-2:] == [HUB, "/hub/there"]
    assert len(hub.asked[0]["hub.secret"]) >= 32


async def test_a_hub_that_has_moved_to_another_host_is_asked_there_too(world: World, hub: Hub) -> None:
    with hub_server() as other:
        hub.moves[HUB] = (308, other.url("/there"))
        await world.subscribe("One")
        assert len(other.asked) == 1


async def test_205_a_question_about_another_topic_is_answered_404(world: World, hub: Hub) -> None:
    hub.topic = "https://b.example/feed"
    world.shows("One")
    await world.poll()
    await world.ask()
    assert hub.answers == [404]
    pact = await world.pact()
    assert (pact.state, pact.reason) == ("due", "the hub answers 400: the callback does not know")


async def test_a_hub_may_come_back_later(world: World, hub: Hub) -> None:
    hub.slow = True
    world.shows("One")
    await world.poll()
    await world.ask()
    assert (await world.pact()).state == "due"
    world.now += timedelta(minutes=30)
    assert await asyncio.to_thread(hub.come_back, hub.asked[0]) == 200
    assert (await world.pact()).state == "live"


async def test_a_hub_that_comes_back_too_late_is_asked_again_first(world: World, hub: Hub) -> None:
    hub.slow = True
    world.shows("One")
    await world.poll()
    await world.ask()
    world.now += HOUR + timedelta(seconds=1)
    assert await asyncio.to_thread(hub.come_back, hub.asked[0]) == 404
    assert await world.ask() == 1
    assert await asyncio.to_thread(hub.come_back, hub.asked[1]) == 200


async def test_a_verification_that_nobody_asked_for_is_answered_404(world: World, hub: Hub) -> None:
    pact = await world.subscribe("One")
    form = hub.asked[0]
    world.now += timedelta(minutes=61)
    assert await asyncio.to_thread(hub.come_back, form) == 404
    unsubscribe = {**form, "hub.mode": "unsubscribe"}
    assert await asyncio.to_thread(hub.come_back, unsubscribe) == 404
    guessed = {**form, "hub.callback": form["hub.callback"][:-1]}
    assert await asyncio.to_thread(hub.come_back, guessed) == 404
    assert await world.pact() == pact


async def test_a_feed_whose_hub_is_denied_to_us_says_why(world: World, hub: Hub) -> None:
    await world.subscribe("One")
    assert await asyncio.to_thread(hub.deny, "not you") == 200
    pact = await world.pact()
    assert (pact.state, pact.reason) == ("denied", "not you")
    assert await world.publish(only("Two", 1)) == 410
    world.now += timedelta(days=6)
    assert await world.ask() == 0
    world.now += timedelta(days=1)
    await world.ask()
    assert (await world.pact()).state == "live"


async def test_a_feed_without_a_site_of_ours_is_not_asked_for(world: World, hub: Hub) -> None:
    world.configure(site="")
    world.shows("One")
    await world.poll()
    assert await world.ask() == 0
    assert (await world.row()).state.hub == hub.url(HUB)
    world.configure()
    assert await world.ask() == 1, "what the feed offers was known already"


# --- leases ---


async def test_the_lease_is_what_the_hub_gives_and_is_renewed_before_it_ends(world: World, hub: Hub) -> None:
    pact = await world.subscribe("One")
    assert pact.until == world.now + LEASE
    world.now += LEASE / 2 - timedelta(seconds=1)
    assert await world.ask() == 0
    world.now += LEASE * 0.3 + timedelta(seconds=1)
    assert await world.ask() == 1
    renewed = await world.pact()
    assert (renewed.until, renewed.since) == (world.now + LEASE, pact.since)
    first, second = hub.asked
    assert first == second, "the same callback and the same secret"


async def test_a_renewal_that_fails_is_tried_again_and_the_lease_holds_meanwhile(
    world: World, hub: Hub
) -> None:
    await world.subscribe("One")
    hub.refuses = (503, "")
    world.now += LEASE * 0.8
    assert await world.ask() == 1
    pact = await world.pact()
    assert (pact.state, pact.reason, pact.attempts) == ("live", "the hub answers 503", 1)
    assert await world.publish(only("Two", 1)) == 202
    assert pact.next_at < world.now + timedelta(minutes=2)
    hub.refuses = None
    world.now += timedelta(minutes=2)
    assert await world.ask() == 1
    assert (await world.pact()).reason == ""


@pytest.mark.parametrize("lease", ["0", "", "soon", "-1", "9" * 30])
async def test_a_lease_that_makes_no_sense_does_no_harm(world: World, hub: Hub, lease: str) -> None:
    hub.lease = lease
    pact = await world.subscribe("One")
    assert pact.until is not None
    assert world.now <= pact.until <= world.now + timedelta(days=30)
    assert pact.next_at >= world.now + timedelta(minutes=5)


@pytest.mark.parametrize("status", [400, 403, 404, 422, 429, 500, 502, 503])
async def test_a_hub_that_refuses_is_asked_again_ever_more_rarely(
    world: World, hub: Hub, status: int
) -> None:
    hub.refuses = (status, "no")
    world.shows("One")
    await world.poll()
    waits = []
    for _ in range(4):
        assert await world.ask() == 1
        pact = await world.pact()
        assert pact.reason == f"the hub answers {status}: no"
        waits.append(pact.next_at - world.now)
        world.now = pact.next_at
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=2)


async def test_a_hub_that_asks_to_wait_is_left_alone(world: World, hub: Hub) -> None:
    hub.refuses, hub.retry_after = (429, ""), "7200"
    world.shows("One")
    await world.poll()
    await world.ask()
    assert (await world.pact()).next_at == world.now + timedelta(hours=2)


@pytest.mark.parametrize("before", ["wrong secret ", "x" * 170, "x " * 490])
async def test_a_hub_that_says_our_secret_aloud_is_not_repeated(world: World, hub: Hub, before: str) -> None:
    world.shows("One")
    await world.poll()
    hub.refuses = (400, "x")
    await world.ask()
    hub.refuses = (400, f"{before}{hub.asked[0]['hub.secret']}")
    world.now += HOUR
    await world.ask()
    assert (await world.pact()).reason == "the hub answers 400"


async def test_a_hub_in_a_private_network_is_not_asked(world: World, hub: Hub) -> None:
    """As it would be with a feed that may not lead there."""
    world.shows("One")
    await world.poll()
    one = world.setup.subscriptions[world.feed]
    world.setup.subscriptions = {world.feed: replace(one, allow_private=False)}
    world.setup.callback_site = "https://news.example.org"
    await world.ask()
    pact = await world.pact()
    assert "allow_private" in pact.reason
    assert hub.asked == []
    assert pact.next_at >= world.now + timedelta(hours=24)


async def test_a_hub_that_does_not_exist_is_said_in_words(world: World) -> None:
    world.shows("One", hub="http://127.0.2.9:1/hub")
    await world.poll()
    await world.ask()
    assert "refused" in (await world.pact()).reason


async def test_a_feed_that_is_reached_by_a_detour_is_not_asked_for(world: World, hub: Hub) -> None:
    """Its hub would learn who follows it, and from where."""
    world.shows("One")
    await world.poll()
    one = world.setup.subscriptions[world.feed]
    passage = replace(one.passage, proxy="http://127.0.0.1:9")
    world.setup.subscriptions = {world.feed: replace(one, passage=passage)}
    assert await world.ask() == 0


# --- the end ---


async def test_of_a_feed_that_nobody_follows_any_more_we_are_told_no_more(world: World, hub: Hub) -> None:
    await world.subscribe("One")
    world.configure(follow=False)
    await world.follow()
    await world.ask()
    assert [form["hub.mode"] for form in hub.asked] == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in hub.asked[1]
    assert hub.agreed == {}
    assert await world.pacts() == []
    assert told(world)[-2:] == ["left", "asked"]


async def test_a_hub_that_pushes_after_a_farewell_is_told_that_it_is_over(world: World, hub: Hub) -> None:
    await world.subscribe("One")
    hub.slow = True
    world.configure(follow=False)
    await world.follow()
    await world.ask()
    assert await world.publish(only("Two", 1)) == 410


async def test_a_feed_that_changes_its_hub_has_a_new_pact_and_takes_leave_of_the_old(
    world: World, hub: Hub
) -> None:
    old = await world.subscribe("One")
    world.shows("Two", "One", hub=hub.url("/new"))
    world.now += HOUR
    await world.poll()
    assert await world.ask() == 2
    pact = await world.pact()
    assert (pact.hub, pact.state) == (hub.url("/new"), "live")
    assert {pact.token, pact.secret}.isdisjoint({old.token, old.secret})
    assert sorted(form["hub.mode"] for form in hub.asked) == ["subscribe", "subscribe", "unsubscribe"]


async def test_a_feed_that_names_no_hub_any_more_is_polled_as_before(world: World, hub: Hub) -> None:
    await world.subscribe("One")
    world.shows("Two", "One", hub="")
    world.now += HOUR
    await world.poll()
    await world.ask()
    assert await world.pacts() == []


async def test_without_the_desk_nothing_is_agreed_any_more(world: World, hub: Hub) -> None:
    await world.subscribe("One")
    world.configure(site="")
    assert await world.ask() == 0
    assert await world.pacts() == []
    assert len(hub.asked) == 1, "the hub could not ask us back"


async def test_links_in_the_head_are_where_the_tests_mean_them() -> None:
    assert with_links(rss("One"), "<x/>").startswith(b"<rss version='2.0'><channel><x/>")
