"""The poller: many feeds at once, each failing alone, committed together."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.courier import DeliveryReport
from monitor.dispatcher import Dispatched
from monitor.following import follows_of
from monitor.once import poll_once
from monitor.parts import load_config
from monitor.poller import PollReport, spread_out
from monitor.reports import Report
from monitor.store import open_store
from monitor.store.feeds import FeedRow
from tests.faultserver import FaultServer
from tests.loopback import Loopback, loopback, rss

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("kept_children")]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        yield state


class Home:
    """A configuration on loopback, polled by hand."""

    def __init__(self, directory: Path, server: Loopback) -> None:
        self.directory = directory
        self.server = server
        self.database = directory / "monitor.db"
        (directory / "watchlists").mkdir()
        (directory / "watchlists" / "one.yaml").write_text("- Cuba\n")
        (directory / "monitor.yaml").write_text("allow_private: true\n")
        (directory / "alerts.yaml").write_text(
            "route: {receiver: desk}\n"
            f"receivers: [{{name: desk, urls: ['{server.url('/alerts', 'json')}'], allow_private: true}}]\n"
        )

    def follow(self, **pages: bytes | None) -> None:
        """Follow these pages: a name each, None for one that is not there."""
        for name, body in pages.items():
            if body is not None:
                self.server.pages[f"/{name}"] = body
        names = "".join(f"- url: {self.server.url('/' + name)}\n  name: {name}\n" for name in pages)
        (self.directory / "feeds.yaml").write_text(names)

    async def poll(
        self,
        *,
        backfill: timedelta | None = None,
        send: bool = False,
        on_report: Callable[[Report], None] = lambda _: None,
    ) -> list[Report]:
        """Poll everything once."""
        reports: list[Report] = []

        def keep(report: Report) -> None:
            reports.append(report)
            on_report(report)

        config = load_config(self.directory)
        tell = config if send else None
        await poll_once(config, self.database, backfill=backfill, tell=tell, on_report=keep)
        return reports

    def rows(self) -> dict[str, FeedRow]:
        """What the store says of each feed."""
        store = open_store(self.database)
        rows = {row.name: row for row in store.feeds()}
        store.close()
        return rows


@pytest.fixture
def home(tmp_path: Path, server: Loopback) -> Home:
    return Home(tmp_path, server)


def polls(reports: list[Report]) -> dict[str, PollReport]:
    return {report.subscription.name: report for report in reports if isinstance(report, PollReport)}


async def test_a_feed_that_fails_is_said_in_words_and_the_others_go_on(home: Home, server: Loopback) -> None:
    server.hangs.add("/hangs")
    (home.directory / "monitor.yaml").write_text("allow_private: true\npoll: {timeout: 1s}\n")
    home.follow(good=rss("Cuba"), missing=None, hangs=None, garbage=b"\x00\x01 nothing", page=b"<html>hello")
    reports = polls(await home.poll())
    assert len(reports["good"].ingested.entries) == 1
    errors = {name: row.state.error for name, row in home.rows().items()}
    assert errors.pop("good") == ""
    assert all(errors.values())
    assert "404" in errors["missing"]
    assert "HTML" in errors["page"]
    assert {row.state.failures for name, row in home.rows().items() if name != "good"} == {1}


async def test_the_same_document_is_neither_parsed_nor_stored_again(home: Home) -> None:
    home.follow(a=rss("Cuba"))
    await home.poll()
    before = home.rows()["a"]
    (report,) = polls(await home.poll()).values()
    assert report.unchanged
    assert report.ingested.arrival.parsed is None
    assert home.rows()["a"].entries == before.entries


async def test_only_what_is_new_in_a_changed_document_is_read(home: Home) -> None:
    home.follow(a=rss("Cuba", "Peru"))
    await home.poll()
    home.follow(a=rss("Cuba", "Peru", "Chile"))
    (report,) = polls(await home.poll()).values()
    parsed = report.ingested.arrival.parsed
    assert parsed is not None
    assert [entry.title for entry in parsed.entries] == ["Chile"]
    assert home.rows()["a"].entries == 3


async def test_a_document_with_other_bytes_and_no_new_item_is_unchanged(home: Home) -> None:
    home.follow(a=rss("Cuba", "Peru"))
    await home.poll()
    home.follow(a=rss("Cuba", "Peru").replace(b"A feed", b"The feed"))
    (report,) = polls(await home.poll()).values()
    assert report.unchanged
    state = home.rows()["a"].state
    (again,) = polls(await home.poll()).values()
    assert again.ingested.arrival.left_out == {}, "the bytes are known by now"
    assert home.rows()["a"].state.body_hash == state.body_hash


async def test_a_document_in_doubt_is_read_again_whole_in_the_same_poll(home: Home) -> None:
    """A new story comes under the guid of one that is still there."""
    home.follow(a=rss("Cuba", "Peru"))
    await home.poll()
    third = (
        b"<item><guid isPermaLink='false'>0</guid><title>Chile</title><link>https://a.example/9</link></item>"
    )
    home.follow(a=rss("Cuba", "Peru").replace(b"<item>", third + b"<item>", 1))
    (report,) = polls(await home.poll()).values()
    assert [one.entry.title for one in report.ingested.entries] == ["Chile"]
    assert report.ingested.arrival.left_out == {}
    assert home.rows()["a"].entries == 3


async def test_a_feed_that_recovers_is_well_again(home: Home, server: Loopback) -> None:
    home.follow(a=None)
    await home.poll()
    assert home.rows()["a"].state.failures == 1
    server.pages["/a"] = rss("Cuba")
    await home.poll()
    state = home.rows()["a"].state
    assert (state.failures, state.error) == (0, "")


async def test_a_hundred_feeds_are_polled_in_one_go(home: Home) -> None:
    home.follow(**{f"feed{number}": rss(f"Cuba {number}") for number in range(100)})
    reports = polls(await home.poll())
    assert len(reports) == 100
    assert all(row.entries == 1 for row in home.rows().values())


async def test_backfill_and_send_tell_what_is_in_a_first_document(home: Home, server: Loopback) -> None:
    home.follow(a=rss("Cuba without light", "Peru"))
    reports = await home.poll(backfill=timedelta(days=2), send=True)
    assert [len(one.alerts) for one in reports if isinstance(one, Dispatched)] == [1]
    assert [one.state for one in reports if isinstance(one, DeliveryReport)] == ["delivered"]
    ((_, body),) = server.posted
    assert "without light" in body.decode()
    again = await home.poll(backfill=timedelta(days=2), send=True)
    assert not [one for one in again if isinstance(one, DeliveryReport)]


async def test_a_good_target_is_not_repeated_because_its_neighbour_failed(
    home: Home, server: Loopback
) -> None:
    """Two targets, one of them refuses: the other gets its alert once."""
    server.failing.add("/bad")
    (home.directory / "alerts.yaml").write_text(
        "route: {receiver: desk}\n"
        "receivers:\n  - name: desk\n    allow_private: true\n"
        f"    urls: ['{server.url('/bad', 'json')}', '{server.url('/good', 'json')}']\n"
    )
    home.follow(a=rss("Cuba"))
    reports = await home.poll(backfill=timedelta(days=2), send=True)
    states = sorted(one.state for one in reports if isinstance(one, DeliveryReport))
    assert states == ["delivered", "due"]
    await home.poll(send=True)
    assert [path for path, _ in server.posted] == ["/good"]


async def test_a_slow_host_holds_no_slots_that_others_need(home: Home, server: Loopback) -> None:
    """Three slots, three feeds of a host that does not answer before another, behind them, was read."""

    def let_go(report: Report) -> None:
        if isinstance(report, PollReport) and report.subscription.name == "good":
            server.done.set()

    slow = [f"slow{number}" for number in range(3)]
    server.hangs.update(f"/{name}" for name in slow)
    home.follow(**dict.fromkeys(slow))
    async with FaultServer(host="127.0.1.1") as other:
        with (home.directory / "feeds.yaml").open("a") as feeds:
            feeds.write(f"- url: {other.serve('/good', rss('Cuba'))}\n  name: good\n")
        (home.directory / "monitor.yaml").write_text("allow_private: true\npoll: {concurrency: 3}\n")
        reports = [one for one in await home.poll(on_report=let_go) if isinstance(one, PollReport)]
    assert reports[0].subscription.name == "good"
    assert len(reports) == 4


async def test_when_no_server_can_be_reached_no_feed_is_blamed(home: Home) -> None:
    """Not even those that failed before that was clear."""
    home.follow(a=rss("Cuba"))
    urls = [f"http://127.0.2.{number}:1/feed" for number in range(1, 9)]
    (home.directory / "feeds.yaml").write_text("".join(f"- url: {url}\n  name: {url}\n" for url in urls))
    reports = [one for one in await home.poll() if isinstance(one, PollReport)]
    assert all("refused" in one.error for one in reports)
    assert sum(one.offline for one in reports) == 4
    states = [row.state for row in home.rows().values()]
    assert {(state.failures, state.error) for state in states} == {(0, "")}


async def test_a_few_feeds_that_can_not_be_reached_beside_good_ones_are_to_blame(home: Home) -> None:
    home.follow(**{f"good{number}": rss(f"Cuba {number}") for number in range(3)})
    with (home.directory / "feeds.yaml").open("a") as feeds:
        feeds.write(
            "".join(f"- {{url: http://127.0.2.{number}:1/, name: bad{number}}}\n" for number in range(1, 4))
        )
    await home.poll()
    assert sorted(row.state.failures for row in home.rows().values()) == [0, 0, 0, 1, 1, 1]


async def test_after_a_long_stop_feeds_that_are_due_part_and_new_ones_are_polled_at_once(home: Home) -> None:
    home.follow(old=rss("Cuba"))
    await home.poll()
    home.follow(old=rss("Cuba"), new=rss("Cuba"))
    store, due = open_store(home.database), home.rows()["old"].next_poll_at
    assert due is not None
    now = due + timedelta(days=1)
    store.follow(follows_of(load_config(home.directory)), now=now)
    assert spread_out(store, now=now) == 1
    assert spread_out(store, now=now) == 0
    store.close()
    rows = home.rows()
    assert rows["new"].next_poll_at == now
    assert now < (rows["old"].next_poll_at or now) <= now + timedelta(minutes=1)
    assert "did not run" in rows["old"].note


async def test_after_a_short_stop_nothing_is_put_off(home: Home) -> None:
    home.follow(old=rss("Cuba"))
    await home.poll()
    store, due = open_store(home.database), home.rows()["old"].next_poll_at
    assert due is not None
    assert spread_out(store, now=due + timedelta(seconds=50)) == 0
    store.close()
    assert home.rows()["old"].next_poll_at == due
