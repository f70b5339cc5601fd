"""Pushes: websub.rocks' cases of distribution; forged, replayed, oversized; what a push may not touch."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.feeds.state import FeedState
from monitor.ingest import MISSED
from monitor.pushes import MOST_WAITING, Ignored
from monitor.sandbox import Sandbox
from tests.hubserver import Hub, ask, hub_server
from tests.loopback import rss
from tests.pushed import HOUR, World, only, pushed

QUARTER = timedelta(minutes=15)


pytestmark = pytest.mark.asyncio(loop_scope="module")  # that of the children who read


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as state:
        yield state


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path: Path, hub: Hub, readers: Sandbox) -> AsyncIterator[World]:
    async with pushed(tmp_path, hub, readers) as made:
        yield made


async def counts(world: World) -> dict[str, int]:
    return await world.run(lambda store: store.push_counts())


def ignored(world: World) -> list[str]:
    return [one.outcome for one in world.reports if isinstance(one, Ignored)]


# --- what is told ---


async def test_300_what_is_told_is_answered_2xx_and_ingested(world: World) -> None:
    await world.subscribe("One")
    assert await world.publish(only("Cuba without light", 1)) == 202
    assert world.rung == ["push"]
    (report,) = await world.read()
    assert report.ingested is not None
    assert [one.entry.title for one in report.ingested.entries] == ["Cuba without light"]
    assert [one.hit.topic for one in report.ingested.hits] == ["Cuba"]
    (waiting,) = await world.run(lambda store: store.waiting_hits())
    assert waiting.labels["feed"] == "A"


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
async def test_every_strong_signature_is_good(world: World, method: str) -> None:
    await world.subscribe("One")
    await world.publish(only("Two", 1), method=method)
    await world.read()
    assert await world.titles() == {"One", "Two"}


async def test_301_what_is_wrongly_signed_is_ignored_and_who_forges_does_not_learn_it(world: World) -> None:
    await world.subscribe("One")
    assert await world.publish(only("Two", 1), secret="guessed") == 202
    assert world.rung == []
    assert await world.read() == []
    assert await world.titles() == {"One"}
    assert await counts(world) == {"wrong": 1}
    assert ignored(world) == ["wrong"]
    assert (await world.pact()).ignored == 1


async def test_302_what_is_not_signed_is_ignored(world: World) -> None:
    await world.subscribe("One")
    assert await world.publish(only("Two", 1), method="") == 202
    assert await world.read() == []
    assert await counts(world) == {"missing": 1}


async def test_what_is_signed_by_sha1_is_ignored_but_its_feed_is_polled(world: World) -> None:
    await world.subscribe("One")
    world.now += timedelta(minutes=2)
    assert await world.publish(only("Two", 1), method="sha1") == 202
    assert await world.read() == []
    assert await counts(world) == {"weak": 1}
    assert (await world.row()).next_poll_at == world.now


async def test_where_sha1_is_allowed_what_is_signed_by_it_is_ingested(
    tmp_path: Path, hub: Hub, readers: Sandbox
) -> None:
    async with pushed(tmp_path, hub, readers, settings="push: {allow_sha1: true}\n") as world:
        await world.subscribe("One")
        await world.publish(only("Two", 1), method="sha1")
        await world.read()
        assert await world.titles() == {"One", "Two"}


async def test_what_comes_again_is_stored_once_and_told_once(world: World) -> None:
    await world.subscribe("One")
    for _ in range(3):
        await world.publish(only("Cuba", 1))
        await world.read()
        world.now += HOUR
    await world.publish(rss("One", "Cuba"))
    await world.read()
    assert await world.titles() == {"One", "Cuba"}
    assert len(await world.run(lambda store: store.hits(topic="Cuba"))) == 1


async def test_what_was_told_is_not_new_when_it_is_polled(world: World) -> None:
    await world.subscribe("One")
    await world.publish(only("Two", 1))
    await world.read()
    world.shows("One", "Two")
    world.now += HOUR
    await world.poll()
    row = await world.row()
    assert (row.entries, row.state.pushed_until is not None) == (2, True)


async def test_what_is_too_large_is_refused_before_it_is_read_to_its_end(
    tmp_path: Path, hub: Hub, readers: Sandbox
) -> None:
    async with pushed(tmp_path, hub, readers, settings="poll: {max_bytes: 10kB}\n") as world:
        await world.subscribe("One")
        assert await world.publish(b"<rss/>" + b" " * 10_000) == 413
        assert await world.read() == []
        assert await counts(world) == {"too large": 1}


async def test_more_than_can_be_read_is_refused_until_some_is_read(world: World) -> None:
    await world.subscribe("One")
    for number in range(MOST_WAITING):
        assert await world.publish(only(f"Number {number}", number + 1)) == 202
    assert await world.publish(only("Too much", 99)) == 503
    await world.read()
    assert await world.publish(only("Too much", 99)) == 202


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<html>hello", b"{}", b"<rss", b"\xff" * 100])
async def test_what_is_no_feed_is_dropped_and_the_feed_is_polled_instead(world: World, body: bytes) -> None:
    await world.subscribe("One")
    world.now += timedelta(minutes=2)
    assert await world.publish(body) == 202
    (report,) = await world.read()
    assert report.error
    assert await counts(world) == {"unreadable": 1}
    row = await world.row()
    assert (row.next_poll_at, row.state.error, row.state.pushed_until) == (world.now, "", None)
    assert await world.run(lambda store: store.free_pushes(now=world.now, limit=1)) == []


async def test_a_hub_that_tells_nonsense_all_the_time_does_not_have_its_feed_polled_all_the_time(
    world: World,
) -> None:
    await world.subscribe("One")
    await world.publish(b"")
    await world.read()
    assert (await world.row()).next_poll_at == world.now + timedelta(minutes=1)


async def test_the_kind_that_the_hub_names_is_how_the_bytes_are_read(world: World) -> None:
    await world.subscribe("One")
    document = only("Übersee", 1).decode().encode("iso-8859-1")
    await world.publish(document, kind="application/rss+xml; charset=iso-8859-1")
    await world.read()
    assert await world.titles() == {"One", "Übersee"}


async def test_a_push_waits_while_its_feed_is_polled(world: World) -> None:
    await world.subscribe("One")
    lease = timedelta(minutes=5)
    await world.run(lambda store: store.claim_all(now=world.now, lease=lease))
    await world.publish(only("Two", 1))
    assert await world.read() == []
    world.now += lease
    assert len(await world.read()) == 1


# --- what a push may not touch ---


async def test_what_is_not_in_a_push_has_not_left_its_feed(world: World) -> None:
    await world.subscribe("One", "Two")
    world.now += HOUR
    await world.publish(only("Three", 2))
    await world.read()
    assert {"One", "Two"} <= await world.present()


async def test_not_even_where_all_of_a_push_is_known(world: World) -> None:
    await world.subscribe("One", "Two")
    world.shows("One", "Two", "Three")
    world.now += HOUR
    await world.poll()
    head = rss("One", "Two", "Three").partition(b"<item>")[0]
    first = b"<item>" + rss("One", "Two", "Three").split(b"<item>")[1] + b"</channel></rss>"
    await world.publish(head + first)
    (report,) = await world.read()
    assert report.ingested is not None
    assert report.ingested.entries == ()
    assert await world.present() == {"One", "Two", "Three"}


async def test_a_push_leaves_the_validators_and_all_that_only_a_poll_knows(world: World, hub: Hub) -> None:
    world.shows("One", ETag='"1"', **{"Last-Modified": "Mon, 02 Mar 2026 11:00:00 GMT"})
    await world.poll()
    await world.ask()
    before = await world.row()
    world.now += timedelta(minutes=3)
    await world.publish(only("Two", 1).replace(b"<channel>", b"<channel><ttl>600</ttl>"))
    await world.read()
    after = await world.row()
    same = replace(after.state, rhythm=before.state.rhythm, last_new_at=before.state.last_new_at)
    assert replace(same, pushed_until=None) == before.state
    assert after.state.last_new_at == world.now
    assert (after.next_poll_at, after.note) == (before.next_poll_at, before.note)


async def test_a_push_shares_nothing_with_the_document_and_is_no_gap(world: World) -> None:
    await world.subscribe("One", "Two")
    world.now += HOUR
    await world.publish(only("Ninety", 90))
    await world.read()
    assert await world.run(lambda store: store.gaps(world.now - HOUR)) == []
    assert (await world.row()).state.pace is None


async def test_a_window_that_ran_over_between_polls_is_a_gap_although_a_push_bridges_it(world: World) -> None:
    """What came between the document and the one that was told may be lost."""
    await world.subscribe("One", "Two")
    await world.publish(only("Five", 4))
    await world.read()
    world.now += HOUR
    world.shows("One", "Two", "Three", "Four", "Five", "Six", "Seven")
    document, headers = world.hub.pages["/feed"]
    start = document.index(b"<item>")
    newest = document[start:].split(b"</item>")[:3]
    world.hub.pages["/feed"] = (
        document[:start] + b"</item>".join(newest) + b"</item></channel></rss>",
        headers,
    )
    await world.poll()
    assert len(await world.run(lambda store: store.gaps(world.now - HOUR))) == 1


async def test_where_all_was_told_a_window_that_ran_over_is_no_gap(world: World) -> None:
    await world.subscribe("One", "Two")
    for number, title in enumerate(["Three", "Four", "Five"], 2):
        await world.publish(only(title, number))
        await world.read()
    world.now += HOUR
    document = rss("One", "Two", "Three", "Four", "Five").split(b"<item>")
    world.hub.pages["/feed"] = (
        b"<item>".join([world.hub.pages["/feed"][0].split(b"<item>")[0], *document[1:4]])
        + b"</channel></rss>",
        {},
    )
    await world.poll()
    assert await world.run(lambda store: store.gaps(world.now - HOUR)) == []
    assert (await world.row()).state.pushed_until is not None


async def test_an_entry_that_a_push_edits_and_that_had_left_is_not_back_in_the_document(world: World) -> None:
    await world.subscribe("One")
    world.shows("One", "Two")
    world.hub.pages["/feed"] = (with_only(world, "Two", 1), {})
    world.now += HOUR
    await world.poll()
    await world.publish(only("One, corrected", 0))
    (report,) = await world.read()
    assert report.ingested is not None
    assert [one.revised for one in report.ingested.entries] == [True]
    assert await world.present() == {"Two"}


def with_only(world: World, title: str, number: int) -> bytes:
    """The feed's document with one entry, and the head that it had."""
    head = world.hub.pages["/feed"][0].split(b"<item>")[0]
    return head + b"<item>" + only(title, number).split(b"<item>")[1]


# --- polling meanwhile ---


async def wait_after_poll(world: World) -> timedelta:
    await world.poll()
    at = (await world.row()).next_poll_at
    assert at is not None
    return at - world.now


async def state(world: World) -> FeedState:
    return (await world.row()).state


async def test_a_feed_is_polled_more_rarely_only_once_its_hub_has_told_something(world: World) -> None:
    world.hub.lease = "864000"
    await world.subscribe("One")
    world.now += HOUR
    assert await wait_after_poll(world) == QUARTER
    await world.publish(only("Two", 1))
    await world.read()
    assert await wait_after_poll(world) == 4 * QUARTER
    assert (await world.row()).note == "every 1 h: its hub tells what is new"


async def test_when_the_lease_dies_the_feed_is_polled_as_before(world: World) -> None:
    await world.subscribe("One")
    await world.publish(only("Two", 1))
    await world.read()
    world.now += timedelta(minutes=90)
    assert await wait_after_poll(world) == timedelta(minutes=30), "the lease is one of two hours"
    world.now += timedelta(minutes=30)
    assert await wait_after_poll(world) == QUARTER


async def test_a_hub_that_is_not_ours_any_more_has_its_feed_polled_at_once(world: World) -> None:
    await world.subscribe("One")
    await world.publish(only("Two", 1))
    await world.read()
    await world.poll()
    world.now += timedelta(minutes=1)
    await asyncio.to_thread(world.hub.deny, "no more")
    assert (await world.row()).next_poll_at == world.now
    assert (await state(world)).pushed_until is None


async def test_a_hub_that_forgot_to_tell_is_not_relied_upon_until_it_tells_again(world: World) -> None:
    world.hub.lease = "864000"
    await world.subscribe("One")
    await world.publish(only("Two", 1))
    await world.read()
    world.now += HOUR
    world.shows("One", "Two", "Never told")
    assert await wait_after_poll(world) == QUARTER
    assert (await world.row()).note == MISSED
    assert await wait_after_poll(world) == QUARTER
    world.now += HOUR
    await world.publish(only("Four", 3))
    await world.read()
    assert await wait_after_poll(world) == 4 * QUARTER


# --- the callback ---


async def test_nobody_else_is_answered(world: World) -> None:
    paths = ("", "x", "a" * 5000, "x/y", "%00", "%c3%a9", "../login", "%2e%2e/feeds")
    for path in paths:
        for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
            url = f"http://127.0.0.1:{world.port}/push/{path}"
            status, _ = await asyncio.to_thread(ask, method, url, b"<rss/>")
            assert status in (404, 405), (method, path)
    assert await counts(world) == {}


async def test_garbage_at_the_callback_is_answered_404_and_changes_nothing(world: World) -> None:
    pact = await world.subscribe("One")
    for query in (
        "",
        "hub.mode=subscribe",
        "hub.mode=subscribe&hub.topic=%00&hub.challenge=x",
        "hub.mode=denied",
        "hub.mode=%ff%fe&hub.topic=%ff",
        "hub.mode=" + "a" * 10_000,
        "&&&===",
    ):
        status, body = await asyncio.to_thread(ask, "GET", f"{pact.callback}?{query}")
        assert (status, "<" in body) == (404, False), query
    assert await world.pact() == pact


async def test_a_head_request_agrees_to_nothing(world: World, hub: Hub) -> None:
    hub.slow = True
    world.shows("One")
    await world.poll()
    await world.ask()
    pact = await world.pact()
    query = f"hub.mode=subscribe&hub.topic={pact.topic}&hub.challenge=x&hub.lease_seconds=100"
    await asyncio.to_thread(ask, "HEAD", f"{pact.callback}?{query}")
    assert (await world.pact()).state == "due"


async def test_a_push_for_what_is_not_agreed_yet_is_not_taken(world: World, hub: Hub) -> None:
    hub.slow = True
    world.shows("One")
    await world.poll()
    await world.ask()
    hub.agreed[hub.asked[0]["hub.callback"]] = hub.asked[0]
    assert await world.publish(only("Two", 1)) == 404


async def test_a_strangers_site_is_not_answered_at_the_callback(world: World) -> None:
    pact = await world.subscribe("One")
    status, _ = await asyncio.to_thread(ask, "POST", pact.callback, b"x", {"Host": "evil.example"})
    assert status == 421
