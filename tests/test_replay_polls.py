"""Histories of odd feeds through the whole way, and the slow truth that they are measured by."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.histories import Appearance, Capture, Truth, appearances, plain
from benchmarks.replay_polls import Outcome, replay

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def item(number: int, *, guid: str = "", link: str = "", title: str = "", date: str = "") -> str:
    guid = guid or f"tag:a.example,{number}"
    title = title or f"Story number {number} of many"
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
        f"<link>{link or f'https://a.example/stories/{number}'}</link><pubDate>{date}</pubDate>"
        f"<description>What there is to say about story number {number}, in some words.</description></item>"
    )


def captured(*documents: Sequence[str], every: timedelta = HOUR) -> list[Capture]:
    """A history: a document each hour."""
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>A</title>"
    return [
        Capture(BEGAN + number * every, f"{head}{''.join(items)}</channel></rss>".encode())
        for number, items in enumerate(documents)
    ]


async def outcome(*documents: Sequence[str], every: timedelta = HOUR) -> Outcome:
    found = await replay("odd", captured(*documents, every=every), interval=timedelta(minutes=30))
    assert (found.recall, found.twice, found.quiet_wrote, found.failed) == (1.0, 0, 0, 0), found
    return found


async def test_a_feed_that_flips_between_two_disjoint_sets() -> None:
    one, other = [item(n) for n in range(9)], [item(n) for n in range(20, 29)]
    found = await outcome(*(one, other) * 8, [item(30), *one])
    assert (found.entries, found.edited, found.gaps) == (19, 0, 1), (
        "only the first flip may have lost something"
    )


async def test_a_feed_that_rewrites_its_dates_every_hour() -> None:
    dates = (f"Sun, 01 Mar 2026 {hour:02}:00:00 GMT" for hour in range(20))
    found = await outcome(*([item(n, date=date) for n in range(9)] for date in dates))
    assert (found.entries, found.edited, found.gaps) == (9, 0, 0)


async def test_a_feed_whose_guids_change_at_every_poll() -> None:
    found = await outcome(
        *([item(n, guid=f"{poll}-{n}") for n in range(poll, poll + 9)] for poll in range(9))
    )
    assert (found.entries, found.edited, found.gaps) == (17, 0, 0)


async def test_a_feed_that_is_empty_now_and_then() -> None:
    full = [item(n) for n in range(9)]
    found = await outcome([], full, [], full, [], [], [item(9), *full], [])
    assert (found.entries, found.gaps) == (10, 0)


async def test_titles_that_are_edited_are_all_stored() -> None:
    found = await outcome(
        *([item(n, title=f"Story {n}, edition {poll}") for n in range(5)] for poll in range(4))
    )
    assert (found.titles, found.titles_stored, found.edited) == (20, 20, 15)


async def test_a_feed_that_outruns_its_polls_is_polled_more_often() -> None:
    """Ten items, all new every twenty minutes: half an hour is too long, and that is noticed."""
    documents = [[item(n) for n in range(poll * 10, poll * 10 + 10)] for poll in range(36)]
    found = await replay("fast", captured(*documents, every=HOUR / 3), interval=timedelta(minutes=30))
    assert (found.twice, found.quiet_wrote) == (0, 0)
    assert found.gaps > 20
    assert found.recall > 0.95
    assert found.polls > found.recorded


def test_the_truth_joins_what_shares_a_guid_or_a_link_with_its_title() -> None:
    one, edited = Appearance("1", "https://a.example/x", "One"), Appearance("1", "https://a.example/y", "Two")
    moved = Appearance("2", "https://a.example/y", "Two")
    other = Appearance("3", "https://a.example/y", "Another")
    truth = Truth([[one], [edited, other], [moved]])
    assert len(truth.entries) == 2
    assert truth.entry(one) == truth.entry(moved) != truth.entry(other)
    assert {title for _, title in truth.edited_titles} == {"One", "Two"}


def test_the_truth_reads_documents_plainly() -> None:
    (capture,) = captured(
        [item(1, title="A &lt;b&gt;bold&lt;/b&gt; &amp;amp; new  day", link="https://a.example/1/")]
    )
    (found,) = appearances(capture.body)
    assert (found.guid, found.link, found.title) == (
        "tag:a.example,1",
        "https://a.example/1",
        "A bold & new day",
    )
    assert plain(" a\n b ") == "a b"
